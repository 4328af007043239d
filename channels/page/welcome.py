"""What a person reads first: what Stagecraft does, which model answers, who they are here, and examples to try."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chains.events import Person
from channels.elements.cards import Json
from channels.people import LOCAL_ANALYST
from channels.texts import Texts

if TYPE_CHECKING:
    from chains.assistant import Status
    from chains.cards.cards import StageInfo


def welcome_props(
    status: "Status",
    stages: "Sequence[StageInfo]",
    texts: Texts,
    desks: Sequence[Json] = (),
    *,
    person: Person = LOCAL_ANALYST,
    links: bool = True,
) -> Json:
    """Return the properties of the welcome card; `desks` are those that the person may open.

    An example carries its stage, for it cannot choose one in the picker.
    """
    model = "welcome_demonstration" if status.demonstration else "welcome_model"
    return {
        "title": texts("welcome_title"),
        "lines": [texts("welcome_lead"), texts("welcome_promise")],
        "demonstration": status.demonstration,
        "model": texts(model, model=status.model),
        "person": _who(person, texts),
        "notices": list(status.notices),
        "desks": list(desks),
        "links": [{"href": "/account/keys", "title": texts("open_keys")}] if links else [],
        "startersTitle": texts("welcome_starters"),
        "stages": [
            {
                "title": stage.title,
                "about": stage.about,
                "starters": [{"label": starter.label, "brief": starter.brief} for starter in stage.starters],
            }
            for stage in stages
        ],
    }


def _who(person: Person, texts: Texts) -> str:
    """Say who is at the page, and where nobody signs in, that it is so."""
    if person == LOCAL_ANALYST:
        return texts("welcome_person", name=texts("local_analyst"))
    return texts("welcome_signed_in", name=person.name)
