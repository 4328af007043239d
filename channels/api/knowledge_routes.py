"""`/api`: what can be asked, what the organisation knows, and how answers were adopted."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from channels import house
from channels.api.refusals import Refusal
from channels.api.routing import BoundedRoute, Limit, Offset, Reader, Reads, sliced
from channels.api.sent import sent_passage, sent_terms
from channels.api.shapes import Listed, SentAdoption, SentPassage, SentStage, SentTerms
from channels.api.written import Json
from channels.texts import texts_in
from errors import Language
from records.ledger import Ledger

if TYPE_CHECKING:
    from knowledge.knowledge import Knowledge

router = APIRouter(route_class=BoundedRoute)
_Words = Annotated[str, Query(min_length=1, max_length=2000)]
_Few = Annotated[int, Query(ge=1, le=30)]


@router.get("/stages", response_model=Listed[SentStage])
async def stages(_caller: Reads, language: Reader, offset: Offset = 0, limit: Limit = 50) -> dict[str, Any]:
    """List the stages, those that rest on nothing first."""
    return sliced(house.opened().assistant.stages(language), offset, limit)


@router.get("/knowledge/search")
async def search(caller: Reads, language: Reader, q: _Words, limit: _Few = 6) -> list[SentPassage]:
    """Return the passages that answer a question, best first, among those that you may read."""
    hits = await _knowledge(language).search(q, groups=caller.person.reads, limit=limit)
    return [sent_passage(hit) for hit in hits]


@router.get("/terms")
async def terms(_caller: Reads, language: Reader, q: _Words) -> SentTerms:
    """Return the terms of the glossary that a text names."""
    return sent_terms(_knowledge(language).glossary, q)


@router.get("/adoption")
async def adoption(caller: Reads, language: Reader) -> list[SentAdoption]:
    """Return how answers were adopted, by stage and version of its prompt, over everybody's turns; for admins."""
    if "admin" not in caller.person.roles:
        raise Refusal(403, "admins_only", texts_in(language)("api_for_admins"))
    return [SentAdoption.model_validate(rate) for rate in await Ledger(house.opened().database).adoption_rates()]


@router.get("/openapi.json", include_in_schema=False)
async def described(request: Request, _caller: Reads) -> Response:
    """Return the description of everything here."""
    return Json(request.app.openapi())


def _knowledge(language: Language) -> "Knowledge":
    curation = house.opened().curation
    if curation is None:
        raise Refusal(503, "knowledge_unavailable", texts_in(language)("api_no_knowledge"))
    return curation.knowledge
