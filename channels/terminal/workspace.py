"""`stagecraft workspace`: what an initiative holds, how it hangs together, and the whole taken away and brought in."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from channels.terminal.door import Door
from channels.terminal.workspace_changes import approve, compare, refresh
from channels.terminal.workspace_desk import at_desk, json_option, language_option, reader_of
from errors import Language

if TYPE_CHECKING:
    from chains.events import Person
    from chains.workspace.desk import WorkspaceDesk

_name_argument = click.argument("name", default="default")


@click.group(short_help="See what an initiative holds; trace, refresh, compare, approve, export, import.")
def workspace() -> None:
    """Keep the artifacts of an initiative together: what rests on what, what has changed since, what is missing.

    NAME is a workspace's name, `default` where none is given; ARTIFACT is an artifact's id, as `workspace show` lists them.

    \b
    stagecraft workspace trace cards --output trace.xlsx
    stagecraft workspace export cards --output cards.zip
    stagecraft workspace import cards.zip --workspace cards-again
    """


@workspace.command("list", short_help="List your workspaces.")
@json_option
@click.pass_obj
def list_workspaces(door: Door, *, as_json: bool) -> None:
    """List your workspaces, with how many artifacts each holds and how many of them are approved."""
    from channels.terminal.workspace_told import as_data, workspaces_text

    rows = at_desk(door, lambda desk, person: desk.workspaces(person))
    click.echo(as_data(rows) if as_json else workspaces_text(rows, reader_of(door, None)))


@workspace.command(short_help="Show what a workspace, or one artifact, holds.")
@_name_argument
@click.option(
    "--artifact", "-a", default="", metavar="ID", help="Show this artifact's versions, stale items and proposals instead."
)
@language_option
@json_option
@click.pass_obj
def show(door: Door, name: str, artifact: str, language: Language | None, *, as_json: bool) -> None:
    """List the artifacts of workspace NAME along the life cycle: status, version, and how many items are stale.

    With --artifact: its versions with who made each and why, the stale items with the reasons, and what is proposed.
    """
    from channels.terminal.workspace_told import artifact_text, as_data, overview_text

    reader = reader_of(door, language)

    async def held(desk: "WorkspaceDesk", person: "Person") -> str:
        if not artifact:
            found = await desk.overview(name, person, reader)
            return as_data(found) if as_json else overview_text(found, reader)
        parts = {
            "versions": await desk.versions(artifact, person, reader),
            "stale": await desk.stale(artifact, person, reader),
            "proposals": await desk.proposals(artifact, person, reader),
        }
        return as_data(parts) if as_json else artifact_text(artifact, parts, reader)

    click.echo(at_desk(door, held))


@workspace.command(short_help="Trace every story to what was made of it.")
@_name_argument
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write an XLSX file instead."
)
@language_option
@json_option
@click.pass_obj
def trace(door: Door, name: str, output: Path | None, language: Language | None, *, as_json: bool) -> None:
    """Trace each story of workspace NAME to its scenarios, classes, endpoints, tests, release notes and questions.

    What is missing and what is stale is marked; what rests on no story stands in rows of its own.
    """
    from channels.terminal.workspace_told import as_data, trace_text

    reader = reader_of(door, language)
    if output is not None:
        taken = at_desk(door, lambda desk, person: desk.trace_xlsx(name, person, reader))
        return _write(taken.content, output)
    table = at_desk(door, lambda desk, person: desk.trace(name, person, reader))
    return click.echo(as_data(table) if as_json else trace_text(table, reader))


@workspace.command(short_help="Take a whole workspace away as a zip.")
@_name_argument
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE", help="Write to this file."
)
@language_option
@click.pass_obj
def export(door: Door, name: str, output: Path, language: Language | None) -> None:
    """Write all that workspace NAME holds to a zip: every artifact in the notations of its stage, feature files that behave
    runs, drawings with their sources, the trace as a spreadsheet, and JSON from which `import` restores every version.
    """
    reader = reader_of(door, language)
    _write(at_desk(door, lambda desk, person: desk.export(name, person, reader)).content, output)


@workspace.command("import", short_help="Bring in a workspace's zip, or a file.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--workspace", "-w", "name", default="default", show_default=True, metavar="NAME", help="Where to; made if need be."
)
@language_option
@json_option
@click.pass_obj
def import_file(door: Door, file: Path, name: str, language: Language | None, *, as_json: bool) -> None:
    """Bring FILE in: a zip of `workspace export`, a zip of other files, or one file that a stage reads, such as a feature
    file, a Mermaid diagram, an OpenAPI description or a changelog. What is refused is told; exit code 1 where nothing was kept.
    """
    from channels.terminal.texts import refused
    from channels.terminal.workspace_told import as_data, import_text

    reader = reader_of(door, language)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise refused("workspace_unreadable", file=file, reason=error.strerror) from error
    report = at_desk(door, lambda desk, person: desk.import_file(name, file.name, content, person, reader))
    click.echo(as_data(report) if as_json else import_text(report, reader))
    if not report.kept:
        click.get_current_context().exit(1)


for _command in (refresh, compare, approve):
    workspace.add_command(_command)


def _write(content: bytes, output: Path) -> None:
    """Write a file. Raises BriefError where it cannot be written."""
    from channels.terminal.texts import refused

    try:
        output.write_bytes(content)
    except OSError as error:
        raise refused("workspace_unwritable", file=output, reason=error.strerror) from error
    click.echo(f"{output}: {len(content):,} bytes", err=True)
