"""What curators and stewards work with, beside the assistant: the knowledge, its upkeep, uploads and the glossary's steward."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.events import Person

if TYPE_CHECKING:
    from knowledge.intake.uploads import Uploads
    from knowledge.knowledge import Knowledge
    from knowledge.terms.stewardship import Steward
    from knowledge.upkeep import Upkeep


@dataclass(frozen=True)
class Curation:
    """Opened with the house."""

    knowledge: "Knowledge"
    upkeep: "Upkeep"
    uploads: "Uploads"
    steward: "Steward"


def may_curate(person: Person) -> bool:
    """Tell whether a person may put files into the knowledge and change what is there."""
    return not person.roles.isdisjoint({"curator", "admin"})


def may_settle(person: Person) -> bool:
    """Tell whether a person may decide about terms."""
    return not person.roles.isdisjoint({"steward", "admin"})
