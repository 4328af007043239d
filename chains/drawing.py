"""Draw: an artifact's diagrams as pictures, each drawn once."""

import asyncio
import hashlib
from collections import OrderedDict

from chains.cards import Cards
from chains.events import Person
from chains.sentences import refuse, say
from chains.workshop import Export
from errors import ReplyError

# Drawing takes about a second; a page asks for the same picture at every look.
_KEPT = 200


class Drawings:
    """Draws the diagrams of artifacts; what was drawn is kept by its source."""

    def __init__(self, cards: Cards) -> None:
        self._cards = cards
        self._drawn: OrderedDict[str, bytes] = OrderedDict()
        self._drawing = asyncio.Lock()

    async def diagram(self, artifact_id: str, person: Person, name: str, version: int | None) -> Export:
        """Return a diagram of an artifact as SVG.

        Raises BriefError where there is none of this name for this person, ReplyError where it cannot be drawn.
        """
        opened = await self._cards.opened(artifact_id, person, version)
        diagrams = opened.stage.stage.diagrams(opened.artifact, opened.version.artifact.language)
        chosen = next((diagram for diagram in diagrams if diagram.name == name), None)
        if chosen is None:
            raise refuse("no-diagram", name=name[:40])
        return Export(f"{name}.svg", "image/svg+xml", await self._picture(chosen.mermaid))

    async def _picture(self, mermaid: str) -> bytes:
        from formats.mermaid_svg import MermaidError, svg

        key = hashlib.sha256(mermaid.encode()).hexdigest()
        # One at a time: the engine has one thread, and two requests for one picture shall draw it once.
        async with self._drawing:
            if key not in self._drawn:
                try:
                    self._drawn[key] = await asyncio.to_thread(svg, mermaid)
                except MermaidError as error:
                    raise ReplyError(say("not-drawn", "en"), say("not-drawn", "zh"), detail=str(error)) from error
                if len(self._drawn) > _KEPT:
                    self._drawn.popitem(last=False)
            self._drawn.move_to_end(key)
            return self._drawn[key]
