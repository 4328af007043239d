"""Whether what an artifact rests on may be seen where it is shown: a channel sees less than the person who asked there."""

from chains.cards.citations import closings, stored_sources
from chains.events import Person
from chains.gathering.gather import Known
from records.database import Database
from records.workspaces import Workspaces


class Resting:
    """Judges artifacts by the sources of their newest version."""

    def __init__(self, database: Database, known: Known) -> None:
        self._workspaces = Workspaces(database)
        self._known = known

    async def may_show(self, artifact_id: str, whole: Person, here: Person) -> bool:
        """Tell whether every source that the person may read may be read here too. Raises KnowledgeError, RecordsError."""
        if whole.reads == here.reads:
            return True
        found = await self._workspaces.artifact(artifact_id, None, owner=whole.id)
        if found is None:
            return True
        sources = stored_sources(found.sources)
        closed_here = await closings(sources, here, self._known)
        closed_anyway = await closings(sources, whole, self._known)
        return not closed_here.keys() - closed_anyway.keys()
