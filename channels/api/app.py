"""The door of our own for scripts: everything below `/api`, with its own description."""

from fastapi import FastAPI
from starlette.exceptions import HTTPException

from channels.api import knowledge_routes, workspace_routes
from channels.api.v1 import unrouted

_ABOUT = """Workspaces, artifacts, exports, knowledge and adoption. Every call carries a personal key as a bearer token.

What is somebody else's is not found (404). A decision names the version that was looked at; 409 says that it is not current any more.
Errors are `{"error": {"message", "type", "param", "code"}}`."""


def api() -> FastAPI:
    """Return the application that is mounted at `/api`."""
    application = FastAPI(
        title="Stagecraft",
        version="1",
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        servers=[{"url": "/api"}],
    )
    application.include_router(workspace_routes.router)
    application.include_router(knowledge_routes.router)
    application.add_exception_handler(HTTPException, unrouted)
    return application
