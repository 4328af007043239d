"""`/account/keys`: the page on which a person makes, sees and revokes their own keys."""

import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from channels import house
from channels.api.callers import language_of
from channels.people import person_in
from channels.texts import Texts, texts_in
from errors import AssistantError, BriefError, failure_id_of
from records.keys import SCOPES, Key, Keys, Scope

if TYPE_CHECKING:
    from jinja2 import Template

_log = logging.getLogger("stagecraft.api")
_PATH = "/account/keys"
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": _POLICY}
_USUAL: tuple[Scope, ...] = ("ask", "read")
_MOST_FIELDS = 20


def account_routes() -> APIRouter:
    """Return the routes of the page; whoever is signed in sees their own keys."""
    router = APIRouter()
    router.add_api_route(_PATH, _show, methods=["GET"], response_model=None)
    router.add_api_route(_PATH, _create, methods=["POST"], response_model=None)
    router.add_api_route(f"{_PATH}/{{key}}/revoke", _revoke, methods=["POST"], response_model=None)
    return router


async def _show(request: Request) -> Response:
    """Show the keys."""
    return await _page(request)


async def _create(request: Request) -> Response:
    """Make a key and show its text, this once."""
    async with request.form(max_files=0, max_fields=_MOST_FIELDS) as form:
        name, workspace = str(form.get("name", "")), str(form.get("workspace", ""))
        scopes = tuple(str(scope) for scope in form.getlist("scope"))
    try:
        text, _ = await _keys().create(person_in(request).id, name, cast(Sequence[Scope], scopes), workspace)
    except AssistantError as error:
        return await _page(request, error=error, name=name, workspace=workspace, scopes=scopes)
    return await _page(request, made=text)


async def _revoke(request: Request) -> Response:
    """End a key at once."""
    try:
        await _keys().revoke(request.path_params["key"][:64].replace("\x00", ""), person_in(request).id)
    except AssistantError as error:
        return await _page(request, error=error)
    return RedirectResponse(_PATH, 303, headers=_HEADERS)


def _keys() -> Keys:
    opened = house.opened()
    return Keys(opened.database, opened.api.key_lifetime)


async def _page(
    request: Request,
    *,
    made: str = "",
    error: AssistantError | None = None,
    name: str = "",
    workspace: str = "default",
    scopes: Sequence[str] = _USUAL,
) -> Response:
    texts = texts_in(language_of(request))
    person = person_in(request)
    try:
        held = await _keys().list(person.id)
    except AssistantError as trouble:
        held, error = (), trouble
    except Exception as bug:  # noqa: BLE001 - the one boundary of this page
        failure_id = failure_id_of(bug)
        _log.exception("failure %s at %s", failure_id, _PATH, extra={"failure": failure_id})
        return HTMLResponse(texts("unexpected_request", id=failure_id), 500, headers=_HEADERS)
    shown = _template().render(
        tag="zh-CN" if texts.language == "zh" else "en",
        text=texts.labels("keys_"),
        made=made,
        error=error.sentence(texts.language) if error else "",
        address=f"{request.url.scheme}://{request.headers.get('host', '')}",
        models=[stage.name for stage in house.opened().assistant.stages(texts.language)],
        name=name,
        workspace=workspace,
        scopes=[{"name": scope, "about": texts(f"scope_{scope}"), "chosen": scope in scopes} for scope in SCOPES],
        keys=[{"id": key.id, "name": key.name, "ending": key.ending, "about": _about(key, texts)} for key in held],
    )
    status = 200 if error is None else 400 if isinstance(error, BriefError) else 503
    return HTMLResponse(shown, status, headers=_HEADERS)


def _about(key: Key, texts: Texts) -> str:
    """Return what a key opens, how long, and when it was used."""
    facts = {"scopes": ", ".join(sorted(key.scopes)), "workspace": key.workspace, "until": f"{key.expires:%Y-%m-%d}"}
    used = texts("key_used", moment=f"{key.last_used:%Y-%m-%d %H:%M}") if key.last_used else texts("key_unused")
    return f"{texts('key_about', **facts)} {used}"


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    source = Path(__file__).with_name("keys.html.jinja").read_text("utf-8")
    options: dict[str, Any] = {"trim_blocks": True, "lstrip_blocks": True}
    return Environment(autoescape=True, undefined=StrictUndefined, **options).from_string(source)
