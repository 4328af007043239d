"""`stagecraft ingest`: files, folders and repositories taken into the knowledge, once or whenever they change."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from channels.terminal.door import Door, knowledge_of

if TYPE_CHECKING:
    from assembly import House
    from channels.terminal.bars import Bars
    from knowledge.intake.ingest import Ingested

_GOES_ON = "Interrupted. What was taken in stays; the next run goes on from there."
_INTERRUPTED = 130


@click.command(short_help="Take packs, folders, repositories or files into the knowledge.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--watch", is_flag=True, help="Stay, and take in what changes, until interrupted.")
@click.option("--retry", is_flag=True, help="Read again what was refused, though it has not changed.")
@click.option("--as-pack", default="", metavar="NAME", help="Keep it under this name instead of the folder's.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print a JSON list, one object a path, and nothing else on standard output."
)
@click.pass_context
def ingest(context: click.Context, paths: tuple[Path, ...], *, watch: bool, retry: bool, as_pack: str, as_json: bool) -> None:
    """Take each PATH into the knowledge: a pack, a folder, a git repository, or one file.

    Markdown, text, HTML, DOCX, PDF, PPTX, XLSX, CSV, OpenAPI, Postman, Gherkin, Mermaid, PlantUML and git histories are
    read. Unchanged files are not touched, moved ones keep their history, and assets whose files are gone vanish. It may be
    stopped at any time and goes on at the next run. A server that runs beside it finds what is new within five seconds.

    Exit code 1 where a file was refused; the others are taken in.
    """
    from channels.terminal.bars import Bars

    door: Door = context.obj
    try:
        with Bars(sys.stderr) as bars:
            taking = _Taking(paths, retry, as_pack, bars, None if as_json else click.echo)
            door.run(taking.run_and_watch if watch else taking.run)
    except KeyboardInterrupt:
        click.echo(_GOES_ON, err=True)
        context.exit(_INTERRUPTED)
    if as_json:
        from channels.terminal.ingested import told_as_json

        click.echo(told_as_json(taking.told))
    context.exit(1 if taking.is_incomplete else 0)


@dataclass
class _Taking:
    """One run over several paths; what became of each is told as soon as it is known."""

    paths: tuple[Path, ...]
    retry: bool
    as_pack: str
    bars: "Bars"
    tell: Callable[[str], Any] | None
    told: "list[tuple[Path, Ingested | str]]" = field(default_factory=list)
    is_incomplete: bool = False

    async def run(self, house: "House") -> None:
        """Take every path in; one that cannot be taken in leaves the others."""
        for path in self.paths:
            await self._take(house, path, every_time=True)

    async def run_and_watch(self, house: "House") -> None:
        """Take every path in, then again whenever something below it changes."""
        from channels.terminal.watch import changed_paths

        await self.run(house)
        click.echo("Watching for changes; Ctrl-C ends it.", err=True)
        async for path in changed_paths(self.paths):
            await self._take(house, path, every_time=False)

    async def _take(self, house: "House", path: Path, *, every_time: bool) -> None:
        from channels.people import LOCAL_ANALYST
        from channels.terminal.ingested import is_quiet, told_as_text
        from errors import AssistantError

        try:
            found = await knowledge_of(house).ingest(
                path, self.bars.show, retry=self.retry, as_pack=self.as_pack, by=LOCAL_ANALYST.id
            )
        except AssistantError as error:
            self.is_incomplete = True
            self.told.append((path, str(error)))
            self.bars.close()
            click.echo(str(error), err=True)
            return
        self.is_incomplete |= any(problem.refused for problem in found.problems)
        self.told.append((path, found))
        self.bars.close()
        if self.tell is not None and (every_time or not is_quiet(found)):
            self.tell(told_as_text(found))
