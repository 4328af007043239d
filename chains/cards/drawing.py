"""Draw: an artifact's diagrams as pictures."""

import asyncio

from chains.cards.cards import Cards
from chains.changing.workshop import Export
from chains.events import Person
from chains.sentences import refuse, say
from errors import ReplyError


class Drawings:
    """Draws the diagrams of artifacts, one at a time; `formats.mermaid_svg` keeps what it has drawn."""

    def __init__(self, cards: Cards) -> None:
        self._cards = cards
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

        # The engine has one thread, and two requests for one picture shall draw it once.
        async with self._drawing:
            try:
                return await asyncio.to_thread(svg, mermaid)
            except MermaidError as error:
                raise ReplyError(say("not-drawn", "en"), say("not-drawn", "zh"), detail=str(error)) from error
