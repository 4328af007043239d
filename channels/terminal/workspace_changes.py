"""`stagecraft workspace refresh`, `compare` and `approve`: what follows from a change, seen and decided on in the terminal."""

from typing import TYPE_CHECKING, Any

import click

from channels.terminal.door import Door
from channels.terminal.workspace_desk import at_desk, json_option, language_option, reader_of
from errors import Language

if TYPE_CHECKING:
    from chains.events import Person
    from chains.workspace.desk import WorkspaceDesk


@click.command(short_help="Propose what follows from changes upstream.")
@click.argument("artifact")
@click.option("--item", default="", metavar="ITEM", help="Write this item anew, stale or not.")
@click.option("--remark", default="", metavar="TEXT", help="What to mind about --item.")
@click.option(
    "--still-right", multiple=True, metavar="ITEM", help="Leave this stale item as it is; may be repeated. Asks no model."
)
@click.option("--accept", is_flag=True, help="Accept all that is proposed, as one new version.")
@language_option
@json_option
@click.pass_obj
def refresh(
    door: Door,
    artifact: str,
    item: str,
    remark: str,
    still_right: tuple[str, ...],
    language: Language | None,
    *,
    accept: bool,
    as_json: bool,
) -> None:
    """Ask the model again for the stale items of ARTIFACT and show each proposed change word by word.

    Nothing is changed until you accept: with --accept all at once, on the page item by item.
    """
    from channels.terminal.workspace_told import as_data, refreshed_text

    if remark and not item:
        raise click.UsageError("--remark is about an item: name it with --item.")
    reader = reader_of(door, language)

    async def refreshed(desk: "WorkspaceDesk", person: "Person") -> str:
        version = await _newest(desk, artifact, person)
        if still_right:
            version = await desk.still_right(artifact, version, still_right, person)
            return as_data({"version": version}) if as_json else f"{artifact} v{version}"
        if item:
            found = await desk.regenerate(artifact, version, item, remark, person, reader, channel="cli", progress=_tell)
        else:
            found = await desk.refresh(artifact, version, person, reader, channel="cli", progress=_tell)
        if accept and found.proposals:
            version = await desk.accept_proposals(artifact, [one.id for one in found.proposals], person)
        if as_json:
            return as_data({"version": version, "accepted": accept and bool(found.proposals), "refreshed": found})
        return refreshed_text(found, version if accept else None, reader)

    click.echo(at_desk(door, refreshed))


@click.command(short_help="Compare two versions of an artifact.")
@click.argument("artifact")
@click.argument("before", type=click.IntRange(1), required=False)
@click.argument("after", type=click.IntRange(1), required=False)
@json_option
@click.pass_obj
def compare(door: Door, artifact: str, before: int | None, after: int | None, *, as_json: bool) -> None:
    """Show what differs between version BEFORE and AFTER of ARTIFACT, item by item and word by word; by default the last two."""
    from channels.terminal.workspace_told import as_data, comparison_text

    async def compared(desk: "WorkspaceDesk", person: "Person") -> Any:
        later = after or await _newest(desk, artifact, person)
        return await desk.compare(artifact, before or max(1, later - 1), later, person)

    found = at_desk(door, compared)
    click.echo(as_data(found) if as_json else comparison_text(found, reader_of(door, None)))


@click.command(short_help="Approve an artifact.")
@click.argument("artifact")
@click.option("--review", is_flag=True, help="Mark it as reviewed instead.")
@click.pass_obj
def approve(door: Door, artifact: str, *, review: bool) -> None:
    """Approve the current version of ARTIFACT: whoever answers for it stands by it. A later change makes it a draft again."""
    from channels.terminal.texts import TerminalTexts

    async def decided(desk: "WorkspaceDesk", person: "Person") -> int:
        version = await _newest(desk, artifact, person)
        await (desk.review if review else desk.approve)(artifact, version, person)
        return version

    version = at_desk(door, decided)
    status = TerminalTexts(reader_of(door, None))("status_reviewed" if review else "status_approved")
    click.echo(f"{artifact} v{version}: {status}")


async def _newest(desk: "WorkspaceDesk", artifact: str, person: "Person") -> int:
    """Return the number of an artifact's current version."""
    return (await desk.versions(artifact, person, "en"))[0].number


def _tell(done: int, expected: int) -> None:
    """Say on standard error how far it is."""
    if expected:
        click.echo(f"{done} / {expected}", err=True)
