"""`stagecraft knowledge`: packs, assets and the index, kept in order from the terminal."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from channels.terminal.door import Door, knowledge_of
from channels.terminal.search import search
from errors import KnowledgeError

if TYPE_CHECKING:
    from assembly import House
    from chains.events import Person
    from knowledge.upkeep import Upkeep

_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on standard output.")
_groups_option = click.option("--group", "-g", "groups", multiple=True, metavar="GROUP", help="Who may read it; may be repeated.")


@click.group(short_help="Look through the assets, approve, retire, remove; rebuild the index.")
def knowledge() -> None:
    """Keep the knowledge in order: its packs and assets, and the index in which their vectors are searched.

    ASSET is an asset's id, the beginning of one, or its path. `stagecraft ingest` takes files in, `stagecraft search` finds.
    """


knowledge.add_command(search)


@knowledge.command("list", short_help="List assets.")
@click.option("--pack", default="", metavar="NAME", help="Of this pack only.")
@click.option("--shelf", default="", metavar="SHELF", help="On this shelf only.")
@click.option("--type", "kind", default="", metavar="TYPE", help="Of this type only.")
@click.option("--status", default="", type=click.Choice(["", "approved", "draft", "retired"]), help="Of this status only.")
@click.option("--text", default="", metavar="TEXT", help="With this in the title, the path or the owner.")
@_json_option
@click.pass_obj
def list_assets(door: Door, pack: str, shelf: str, kind: str, status: str, text: str, *, as_json: bool) -> None:
    """List the assets with their type, shelf, status and readers."""
    from channels.terminal.assets import assets_json, assets_text
    from knowledge.upkeep import Wanted

    rows = _upkept(door, lambda upkeep, by: upkeep.assets(by, Wanted(pack, shelf, kind, status, text)))
    click.echo(assets_json(rows) if as_json else assets_text(rows))


@knowledge.command(short_help="Show an asset with its passages and history.")
@click.argument("asset")
@_json_option
@click.pass_obj
def show(door: Door, asset: str, *, as_json: bool) -> None:
    """Show ASSET: what it is, who may read it, what happened to it, and its passages."""
    from channels.terminal.assets import detail_json, detail_text

    detail = _upkept(door, lambda upkeep, by: upkeep.show(asset, by))
    click.echo(detail_json(detail) if as_json else detail_text(detail))


@knowledge.command(short_help="Open an asset to its readers.")
@click.argument("asset")
@_groups_option
@_json_option
@click.pass_obj
def approve(door: Door, asset: str, groups: tuple[str, ...], *, as_json: bool) -> None:
    """Approve ASSET, so that the groups find it: those given, otherwise those that it names itself."""
    _tell_asset(_upkept(door, lambda upkeep, by: upkeep.approve(asset, groups or None, by)), as_json=as_json)


@knowledge.command(short_help="Take an asset out of all answers.")
@click.argument("asset")
@_json_option
@click.pass_obj
def retire(door: Door, asset: str, *, as_json: bool) -> None:
    """Retire ASSET: it stays on record, and no answer uses it any more, also when its file changes."""
    _tell_asset(_upkept(door, lambda upkeep, by: upkeep.retire(asset, by)), as_json=as_json)


@knowledge.command("set", short_help="Set an asset's type, shelf, owner or readers.")
@click.argument("asset")
@click.option("--type", "kind", default="", metavar="TYPE", help="How it is retrieved: standard, template, example, …")
@click.option("--shelf", default="", metavar="SHELF", help="Where it stands.")
@click.option("--owner", default="", metavar="OWNER", help="Who answers for it.")
@_groups_option
@_json_option
@click.pass_obj
def set_asset(door: Door, asset: str, kind: str, shelf: str, owner: str, groups: tuple[str, ...], *, as_json: bool) -> None:
    """Set what is given of ASSET; it stays over what the file says, also when the file changes."""
    found = _upkept(door, lambda upkeep, by: upkeep.settle(asset, by, kind=kind, shelf=shelf, owner=owner, groups=groups or None))
    _tell_asset(found, as_json=as_json)


@knowledge.command(short_help="Remove an asset or a whole pack.")
@click.argument("asset", required=False)
@click.option("--pack", default="", metavar="NAME", help="Remove this pack with its glossary instead of one asset.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_json_option
@click.pass_obj
def remove(door: Door, asset: str | None, pack: str, *, yes: bool, as_json: bool) -> None:
    """Remove ASSET, or with --pack a whole pack: rows, passages, vectors and uploaded files. The folder's own files stay."""
    from channels.terminal.assets import removed_text

    if bool(asset) == bool(pack):
        raise click.UsageError("Name an asset, or a pack with --pack.")
    if not yes:
        click.confirm(f"Remove {f'the pack {pack}' if pack else asset} for good?", abort=True, err=True)
    if pack:
        count = _upkept(door, lambda upkeep, by: upkeep.remove_pack(pack, by))
        click.echo(_json({"pack": pack, "removed": count}) if as_json else f"Pack {pack} is removed, {count} assets with it.")
        return
    detail = _upkept(door, lambda upkeep, by: upkeep.remove(str(asset), by))
    click.echo(_json({"asset": detail.asset.id, "removed": 1}) if as_json else removed_text(detail))


@knowledge.command(short_help="List the files that were refused, with their reasons.")
@click.option("--pack", default="", metavar="NAME", help="Of this pack only.")
@_json_option
@click.pass_obj
def refusals(door: Door, pack: str, *, as_json: bool) -> None:
    """List the files that could not be read. `stagecraft ingest --retry` reads them again."""
    from channels.terminal.assets import refusals_json, refusals_text

    rows = _upkept(door, lambda upkeep, _by: upkeep.refusals(pack or None))
    click.echo(refusals_json(rows) if as_json else refusals_text(rows, door.language))


@knowledge.command(short_help="Tell how the knowledge stands.")
@_json_option
@click.pass_obj
def status(door: Door, *, as_json: bool) -> None:
    """Tell which packs there are, how many passages wait for their vectors, and what searches."""
    from channels.terminal.assets import status_json, status_text

    async def found(house: "House") -> str:
        packs, stands = await upkeep_of(house).packs(), knowledge_of(house).status()
        return status_json(packs, stands) if as_json else status_text(packs, stands)

    click.echo(door.run(found))


@knowledge.command(short_help="Compare the index with the records.")
@_json_option
@click.pass_context
def verify(context: click.Context, *, as_json: bool) -> None:
    """Bring the index up to date, then compare it with what the records say it must hold. Exit code 1 where it differs.

    Beside a running server nothing is compared: the index is the server's, which compares it at each start.
    """
    from channels.terminal.assets import verified_json, verified_text

    async def found(house: "House") -> tuple[Any, str]:
        knowledge = knowledge_of(house)
        index = knowledge.status().index
        if index in ("memory", "words"):
            return [], index
        await knowledge.catch_up()
        return await knowledge.verify(), index

    differences, index = context.obj.run(found, with_index=True)
    click.echo(verified_json(differences, index) if as_json else verified_text(differences, index))
    context.exit(1 if differences else 0)


@knowledge.command(short_help="Throw the index away and fill it anew.")
@_json_option
@click.pass_obj
def rebuild(door: Door, *, as_json: bool) -> None:
    """Fill the index anew from the records, beside the one that answers meanwhile; a running server is asked to do it."""

    async def rebuilt(house: "House") -> bool:
        if knowledge_of(house).status().embedding is None:
            raise KnowledgeError(
                "Search goes by words alone: there is no index to rebuild.", "目前仅按词语搜索：没有可重建的索引。"
            )
        return await knowledge_of(house).rebuild()

    is_done = door.run(rebuilt, with_index=True)
    told = "The index is rebuilt." if is_done else "The server is asked to rebuild its index; it begins within seconds."
    click.echo(_json({"rebuilt": is_done, "asked": not is_done}) if as_json else told)


def upkeep_of(house: "House") -> "Upkeep":
    """Return the upkeep of a house that is open."""
    assert house.upkeep is not None
    return house.upkeep


def _upkept(door: Door, work: "Callable[[Upkeep, Person], Awaitable[Any]]") -> Any:
    """Do a curator's work: whoever may run a command on the data folder may do it."""

    async def done(house: "House") -> Any:
        from channels.people import LOCAL_ANALYST

        return await work(upkeep_of(house), replace(LOCAL_ANALYST, roles=LOCAL_ANALYST.roles | {"curator"}))

    return door.run(done)


def _tell_asset(asset: Any, *, as_json: bool) -> None:
    from channels.terminal.assets import asset_json, asset_line

    click.echo(asset_json(asset) if as_json else asset_line(asset))


def _json(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)
