"""What a person reads first: what Stagecraft does, which model answers, who they are here, and examples to try."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from channels.elements.cards import Json
from channels.texts import Texts

if TYPE_CHECKING:
    from chains.assistant import Status
    from chains.cards.cards import StageInfo


def welcome_props(status: "Status", stages: "Sequence[StageInfo]", texts: Texts, desks: Sequence[Json] = ()) -> Json:
    """Return the properties of the welcome card; `desks` are those that the person may open. An example carries its stage, for it cannot choose one in the picker."""
    model = "welcome_demonstration" if status.demonstration else "welcome_model"
    return {
        "title": texts("welcome_title"),
        "lines": [texts("welcome_lead"), texts("welcome_promise")],
        "demonstration": status.demonstration,
        "model": texts(model, model=status.model),
        "person": texts("welcome_person", name=texts("local_analyst")),
        "notices": list(status.notices),
        "desks": list(desks),
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
