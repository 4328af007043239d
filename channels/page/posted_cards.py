"""The cards that this page shows: an artifact with how it stands, posted once and brought up to date after every change."""

import contextlib
from typing import TYPE_CHECKING, Any, TypedDict

import chainlit as cl

from channels import house
from channels.elements.card_standing import with_standing
from channels.elements.cards import Json, card_props
from channels.page.session import page_texts, person
from errors import AssistantError

if TYPE_CHECKING:
    from chains.cards.cards import ArtifactCard


class Place(TypedDict):
    """Where a card is shown: its element, and the message that it hangs from."""

    id: str
    for_id: str


CARD = "ArtifactCard"
# The chat framework lets people judge a message that says something; this one says nothing that is seen.
JUDGED = " "
# Where this page shows artifacts, and turns that have none, by their ids.
_CARDS, _TURNS = "cards", "turns"


async def current_props(artifact_id: str, version: int | None = None) -> Json:
    """Return the properties of an artifact's card as things stand. Raises BriefError where there is none for this person."""
    return await _props_of(await house.opened().assistant.card(artifact_id, person(), version))


async def _props_of(card: "ArtifactCard") -> Json:
    assistant, texts, artifact_id = house.opened().assistant, page_texts(), card.artifact_id
    props = card_props(card, texts, assistant.marks)
    desk = assistant.desk
    if card.version != card.versions:
        return props
    stale = await desk.stale(artifact_id, person(), texts.language)
    proposals = await desk.proposals(artifact_id, person(), texts.language)
    open_points = await assistant.open_points(artifact_id, person())
    return with_standing(props, stale, proposals, open_points, texts)


async def shown(artifact_id: str, card: "ArtifactCard | None" = None) -> Json:
    """Show the artifact's new state, its card where that is at hand; a page that has lost track of it gets it in the answer."""
    props = await current_props(artifact_id) if card is None else await _props_of(card)
    return {"ok": True} if await update_card(artifact_id, props) else {"ok": True, "card": props}


async def shown_with_others(artifact_id: str, card: "ArtifactCard | None" = None) -> Json:
    """Show the new state of an artifact whose items have changed, and of every other card here: what rests on it may be stale now."""
    answer = await shown(artifact_id, card)
    for other in [held for held in _places(_CARDS) if held != artifact_id]:
        # The change is made, whatever keeps another card from being shown.
        with contextlib.suppress(AssistantError):
            await update_card(other, await current_props(other))
    return answer


async def post_card(artifact_id: str) -> None:
    """Post the card of an artifact that is on record."""
    element = cl.CustomElement(name=CARD, props=await current_props(artifact_id))
    await cl.Message(JUDGED, elements=[element]).send()
    remember(artifact_id, element)


def remember(artifact_id: str, element: Any) -> None:
    """Remember where this page shows an artifact."""
    cl.user_session.set(_CARDS, {**_places(_CARDS), artifact_id: _place(element)})


def remember_turn(turn_id: str, element: Any) -> None:
    """Remember where this page shows a turn."""
    cl.user_session.set(_TURNS, {**_places(_TURNS), turn_id: _place(element)})


def place_of_turn(turn_id: str) -> Place | None:
    """Return where this page shows a turn; None where it does not."""
    return _places(_TURNS).get(turn_id)


def forget_all() -> None:
    """Forget every card: a thread that is opened again says anew which it shows."""
    for kind in (_CARDS, _TURNS):
        cl.user_session.set(kind, {})


def _place(element: Any) -> Place:
    return {"id": element.id, "for_id": element.for_id}


def _places(kind: str) -> dict[str, Place]:
    return cl.user_session.get(kind) or {}


async def update_card(artifact_id: str, props: Json) -> bool:
    """Show new properties on the card that this page shows for an artifact; False where it shows none."""
    place = _places(_CARDS).get(artifact_id)
    if place is None:
        return False
    await cl.CustomElement(**place, name=CARD, props=props).update()
    return True
