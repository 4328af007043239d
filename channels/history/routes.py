"""The history's addresses, in front of Chainlit's own: a person's chats are listed, searched, renamed, deleted and judged by them alone.

Chainlit answers 401 for what is somebody else's, 500 for an id that is none, and lets anybody write anybody's thumbs.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from chains.events import Person
from channels.history.dictionaries import chat_dict, thread_dict
from channels.web.routes import attachment, told
from records.chat_pages import ChatPages
from records.chats import Chats, no_such_chat
from records.database import Database

_Value = Literal[0, 1]
_NO_STORE = {"Cache-Control": "no-store"}


class _Pagination(BaseModel):
    first: int = Field(20, ge=1, le=100)
    cursor: UUID | None = None


class _Filter(BaseModel):
    feedback: _Value | None = None
    search: str | None = Field(None, max_length=200)


class _Wanted(BaseModel):
    """A page of the list, as Chainlit's page asks for it."""

    pagination: _Pagination = _Pagination()
    filter: _Filter = _Filter()


class _Thread(BaseModel):
    threadId: UUID  # noqa: N815  named by Chainlit's page


class _Named(_Thread):
    name: Annotated[str, Field(min_length=1, max_length=200)]


class _Thumb(BaseModel):
    forId: UUID  # noqa: N815
    value: _Value
    comment: str | None = Field(None, max_length=4000)


class _Judged(BaseModel):
    feedback: _Thumb


class _Unjudged(BaseModel):
    feedbackId: UUID  # noqa: N815


def history_routes(database: Callable[[], Database], person_of: Callable[[Request], Person]) -> APIRouter:
    """Return the routes over the database that is there by then, for the person that `person_of` finds behind a request."""
    page, router = _Routes(database, person_of), APIRouter()
    for method, path, endpoint in (
        ("POST", "/project/threads", page.threads),
        ("GET", "/project/thread/{thread}", page.thread),
        ("GET", "/project/thread/{thread}/element/{element}", page.element),
        ("PUT", "/project/thread", page.rename),
        ("DELETE", "/project/thread", page.delete),
        ("PUT", "/feedback", page.judge),
        ("DELETE", "/feedback", page.unjudge),
        ("GET", "/chats/files/{element}", page.file),
    ):
        router.add_api_route(path, endpoint, methods=[method], response_class=Response, include_in_schema=False)
    return router


class _Routes:
    """The routes; each does one thing for the person behind the request, and what is not theirs is not found."""

    def __init__(self, database: Callable[[], Database], person_of: Callable[[Request], Person]) -> None:
        self._database = database
        self._person_of = person_of

    async def threads(self, request: Request, wanted: _Wanted) -> Response:
        """List a page of the chats, those alone that a search finds."""
        owner, chosen = self._person_of(request).id, wanted.filter

        async def answer() -> Response:
            after = str(wanted.pagination.cursor) if wanted.pagination.cursor else None
            page = await self._pages.page(
                owner, first=wanted.pagination.first, after=after, search=chosen.search or "", value=chosen.feedback
            )
            threads = [thread_dict(row, [], []) for row in page.threads]
            ends = (threads[0]["id"], threads[-1]["id"]) if threads else (None, None)
            told_ends = {"hasNextPage": page.more, "startCursor": ends[0], "endCursor": ends[1]}
            return _json({"pageInfo": told_ends, "data": threads})

        return await told(request, answer)

    async def thread(self, request: Request, thread: str) -> Response:
        """Send one chat with everything in it."""
        owner = self._person_of(request).id

        async def answer() -> Response:
            return _json(await self._chat(thread, owner))

        return await told(request, answer)

    async def element(self, request: Request, thread: str, element: str) -> Response:
        """Send one element of a chat."""
        owner = self._person_of(request).id

        async def answer() -> Response:
            found = [one for one in (await self._chat(thread, owner))["elements"] if one["id"] == element]
            if not found:
                raise no_such_chat()
            return _json(found[0])

        return await told(request, answer)

    async def rename(self, request: Request, named: _Named) -> Response:
        """Give a chat another name."""
        owner, thread = self._person_of(request).id, str(named.threadId)

        async def answer() -> Response:
            if await self._pages.owner_of(thread) != owner:
                raise no_such_chat()
            await self._chats.name(thread, owner, named.name.strip() or named.name)
            return _json({"success": True})

        return await told(request, answer)

    async def delete(self, request: Request, named: _Thread) -> Response:
        """Delete a chat for real."""
        owner = self._person_of(request).id

        async def answer() -> Response:
            await self._chats.delete_thread(str(named.threadId), owner)
            return _json({"success": True})

        return await told(request, answer)

    async def judge(self, request: Request, judged: _Judged) -> Response:
        """Keep a thumb and what is said with it."""
        owner, thumb = self._person_of(request).id, judged.feedback

        async def answer() -> Response:
            feedback = await self._chats.judge(owner, str(thumb.forId), thumb.value, (thumb.comment or "").strip())
            return _json({"success": True, "feedbackId": feedback})

        return await told(request, answer)

    async def unjudge(self, request: Request, unjudged: _Unjudged) -> Response:
        """Take a thumb back."""
        owner = self._person_of(request).id

        async def answer() -> Response:
            await self._chats.unjudge(owner, str(unjudged.feedbackId))
            return _json({"success": True})

        return await told(request, answer)

    async def file(self, request: Request, element: str) -> Response:
        """Send a file that was sent along with a message, to be saved and never to be opened here."""
        owner = self._person_of(request).id

        async def answer() -> Response:
            found = await self._pages.file(element, owner)
            if found is None:
                raise no_such_chat()
            name, content = found
            headers = {"Content-Disposition": attachment(name), **_NO_STORE}
            return Response(content, media_type="application/octet-stream", headers=headers)

        return await told(request, answer)

    async def _chat(self, thread: str, owner: str) -> dict[str, Any]:
        """Return a chat of this person. Raises BriefError where there is none."""
        chat = await self._pages.chat(thread, owner)
        if chat is None:
            raise no_such_chat()
        return chat_dict(chat)

    @property
    def _chats(self) -> Chats:
        return Chats(self._database())

    @property
    def _pages(self) -> ChatPages:
        return ChatPages(self._database())


def _json(value: Any) -> Response:
    return JSONResponse(value, headers=_NO_STORE)
