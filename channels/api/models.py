"""`/v1/models`: the stages, as models that a client may choose from."""

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from channels import house
from channels.api.callers import key_caller, language_of
from channels.api.refusals import Refusal
from channels.api.written import Json
from errors import Language, NothingThere

if TYPE_CHECKING:
    from chains.cards.cards import StageInfo

_PREFIX = "stagecraft/"
# Clients show when a model was made; a stage has no such day, so that each is as old as the protocol's.
_CREATED = 1_700_000_000


def stage_of(model: str, language: Language) -> "StageInfo":
    """Return the stage that a model's name stands for. Raises Refusal, naming the nearest, where there is none."""
    name = model.strip().removeprefix(_PREFIX).replace("-", "_")
    try:
        return house.opened().assistant.stage(name, language)
    except NothingThere as error:
        raise Refusal(404, "model_not_found", error.sentence(language), "model") from error


async def models(request: Request) -> Response:
    """List the stages."""
    await key_caller(request, "ask")
    listed = house.opened().assistant.stages(language_of(request))
    return Json({"object": "list", "data": [_model(stage) for stage in listed]})


async def model(request: Request) -> Response:
    """Describe one stage."""
    await key_caller(request, "ask")
    return Json(_model(stage_of(request.path_params["name"], language_of(request))))


def _model(stage: "StageInfo") -> dict[str, Any]:
    told = {"title": stage.title, "about": stage.about, "phase": stage.phase, "upstream": stage.upstream, "next": stage.next}
    return {"id": stage.name, "object": "model", "created": _CREATED, "owned_by": "stagecraft", "stagecraft": told}
