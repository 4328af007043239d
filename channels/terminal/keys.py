"""`stagecraft keys`: personal keys for tools, made, listed and revoked where the server runs."""

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from channels.terminal.door import Door
from channels.terminal.records import in_records

if TYPE_CHECKING:
    from records.database import Database
    from records.keys import Key, Scope

_SCOPES = ("ask", "read", "mcp")


@click.group(short_help="Make, list and revoke keys for tools.")
def keys() -> None:
    """Keys by which a tool, such as an IDE or a script, asks in a person's name.

    \b
    stagecraft keys create "IDE at work"
    stagecraft keys create "nightly script" --scope read --workspace Transfers
    stagecraft keys list
    stagecraft keys revoke KEY

    Without sign-in they are the local analyst's; otherwise name the person with --person.
    """


_person = click.option("--person", metavar="E-MAIL", help="Whose keys, where people sign in.")


@keys.command()
@click.argument("name")
@click.option("--scope", "-s", "scopes", multiple=True, type=click.Choice(_SCOPES), help="What it opens; all where not said.")
@click.option("--workspace", "-w", default="default", show_default=True, metavar="NAME", help="Where its answers are kept.")
@_person
@click.pass_obj
def create(door: Door, name: str, scopes: "tuple[Scope, ...]", workspace: str, person: str | None) -> None:
    """Make a key called NAME. Its text is printed this once and kept nowhere."""

    async def made(database: "Database") -> "tuple[str, Key]":
        from records.keys import SCOPES, Keys

        owner = await _owner(database, person)
        return await Keys(database, timedelta(days=door.settings.api.key_days)).create(owner, name, scopes or SCOPES, workspace)

    text, key = in_records(door.settings, made)
    click.echo(text)
    click.echo(f"{key.name}: {_opened(key)}, workspace {key.workspace}, until {key.expires:%Y-%m-%d}.", err=True)
    click.echo("Keep it now: it is shown this once.", err=True)


@keys.command(name="list")
@_person
@click.pass_obj
def list_keys(door: Door, person: str | None) -> None:
    """List the keys that still open something, the newest first."""

    async def found(database: "Database") -> "tuple[Key, ...]":
        from records.keys import Keys

        return await Keys(database).list(await _owner(database, person))

    held = in_records(door.settings, found)
    for key in held:
        used = f"used {key.last_used:%Y-%m-%d %H:%M} UTC" if key.last_used else "never used"
        click.echo(
            f"{key.id}  …{key.ending}  {key.name}  ({_opened(key)}; {key.workspace}; until {key.expires:%Y-%m-%d}; {used})"
        )
    if not held:
        click.echo('There are no keys. Make one with: stagecraft keys create "IDE at work"', err=True)


@keys.command()
@click.argument("key")
@_person
@click.pass_obj
def revoke(door: Door, key: str, person: str | None) -> None:
    """End KEY, by its id in `keys list`, at once."""

    async def ended(database: "Database") -> None:
        from records.keys import Keys

        await Keys(database).revoke(key, await _owner(database, person))

    in_records(door.settings, ended)
    click.echo(f"{key} opens nothing any more.", err=True)


async def _owner(database: "Database", email: str | None) -> str:
    """Return whose keys are meant: the person with this e-mail, or the local analyst. Raises NothingThere."""
    from channels.people import LOCAL_ANALYST
    from errors import NothingThere
    from records.people import People

    if email is None:
        return LOCAL_ANALYST.id
    person = await People(database).by_email(email)
    if person is None:
        raise NothingThere(
            "Nobody with this e-mail has signed in to the page yet. Have them sign in once, then try again.",
            "使用此邮箱的人尚未登录过页面。请其先登录一次，然后重试。",
        )
    return person.id


def _opened(key: "Key") -> str:
    return ", ".join(sorted(key.scopes))
