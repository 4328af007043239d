"""`stagecraft people`: who is in the directory, what they may do, their passwords and sessions."""

import json
import sys
from typing import TYPE_CHECKING

import click

from channels.terminal.door import Door
from channels.terminal.harmless import one_line
from channels.terminal.records import in_records

if TYPE_CHECKING:
    from records.database import Database
    from records.people import DirectoryPerson

_ROLES = ("analyst", "curator", "steward", "admin")
_role = click.Choice(_ROLES)


@click.group(short_help="Who may come in, and what they may do.")
def people() -> None:
    """The directory: everybody who has signed in, or was added here.

    \b
    stagecraft people add ana@bank.example --name "Ana Lim" --role curator
    stagecraft people password ana@bank.example
    stagecraft people list
    stagecraft people groups ana@bank.example cards risk
    stagecraft people deactivate ana@bank.example

    PERSON is an e-mail or an id of `people list`. A change holds at once, also on pages that are open.
    """


@people.command()
@click.argument("email")
@click.option("--name", required=True, help="The name that others see.")
@click.option(
    "--role", "-r", "roles", multiple=True, type=_role, help="A role, besides those that everybody has; may be repeated."
)
@click.option("--group", "-g", "groups", multiple=True, help="A group whose knowledge is open to them; may be repeated.")
@click.option("--without-password", is_flag=True, help="Give no password: they sign in another way.")
@click.pass_obj
def add(door: Door, email: str, name: str, roles: tuple[str, ...], groups: tuple[str, ...], *, without_password: bool) -> None:
    """Add the person with this EMAIL, which you vouch for, and give them a password.

    The password is asked for without being shown, or read from standard input. Who is in the directory already keeps what is
    not named here.
    """
    from records.people import canonical_email

    address = canonical_email(email)
    if address is None:
        raise click.BadParameter(f"{email!r} is no e-mail.", param_hint="EMAIL")
    secret = None if without_password else _password()

    async def added(database: "Database") -> "DirectoryPerson":
        from channels.signin.entering import PASSWORD_ISSUER
        from records.passwords import Passwords
        from records.people import Identity, People

        directory = People(database)
        person = await directory.sign_in(Identity(PASSWORD_ISSUER, address, name, address, email_verified=True))
        if roles:
            await directory.set_roles(person.id, frozenset(roles))
        if groups:
            await directory.set_groups(person.id, frozenset(groups))
        if secret is not None:
            await Passwords(database).set(person.id, secret)
        return await _found(database, person.id)

    click.echo(_line(in_records(door.settings, added)))


@people.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list and nothing else on standard output.")
@click.pass_obj
def list_people(door: Door, *, as_json: bool) -> None:
    """List everybody in the directory by name."""

    async def found(database: "Database") -> "tuple[DirectoryPerson, ...]":
        from records.people import People

        return await People(database).everyone()

    held = in_records(door.settings, found)
    if as_json:
        click.echo(json.dumps([_json(person) for person in held], ensure_ascii=False, indent=2))
        return
    for person in held:
        click.echo(_line(person))
    if not held:
        click.echo("Nobody yet. People enter when they sign in; with passwords, add them: stagecraft people add E-MAIL", err=True)


@people.command()
@click.argument("person")
@click.argument("roles", nargs=-1, type=_role)
@click.pass_obj
def roles(door: Door, person: str, roles: tuple[str, ...]) -> None:
    """Grant PERSON these ROLES in the place of those granted before; none takes all back.

    What their sign-in brings (default roles, roles of groups, admins by setting) stays.
    """

    async def changed(database: "Database") -> "DirectoryPerson":
        from records.people import People

        found = await _found(database, person)
        await People(database).set_roles(found.id, frozenset(roles))
        return await _found(database, found.id)

    click.echo(_line(in_records(door.settings, changed)))


@people.command()
@click.argument("person")
@click.argument("groups", nargs=-1)
@click.pass_obj
def groups(door: Door, person: str, groups: tuple[str, ...]) -> None:
    """Put PERSON into these GROUPS in the place of those given here before; those of their sign-in stay."""

    async def changed(database: "Database") -> "DirectoryPerson":
        from records.people import People

        found = await _found(database, person)
        await People(database).set_groups(found.id, frozenset(groups))
        return await _found(database, found.id)

    click.echo(_line(in_records(door.settings, changed)))


@people.command()
@click.argument("person")
@click.pass_obj
def password(door: Door, person: str) -> None:
    """Give PERSON a new password and end all their sessions. It is asked for without being shown, or read from standard input."""
    secret = _password()

    async def changed(database: "Database") -> None:
        from records.passwords import Passwords

        await Passwords(database).set((await _found(database, person)).id, secret)

    in_records(door.settings, changed)
    click.echo("The password is changed; every session of before has ended.", err=True)


@people.command()
@click.argument("person")
@click.option("--undo", is_flag=True, help="Open the doors again.")
@click.pass_obj
def deactivate(door: Door, person: str, *, undo: bool) -> None:
    """Close every door to PERSON and end their sessions. What they made stays."""

    async def changed(database: "Database") -> "DirectoryPerson":
        from records.people import People

        found = await _found(database, person)
        await (People(database).activate(found.id) if undo else People(database).deactivate(found.id))
        return await _found(database, found.id)

    click.echo(_line(in_records(door.settings, changed)))


@people.command("sign-out")
@click.argument("person")
@click.pass_obj
def sign_out(door: Door, person: str) -> None:
    """End every session of PERSON; they may sign in again."""

    async def ended(database: "Database") -> int:
        from records.sessions import Sessions

        return await Sessions(database).revoke_all((await _found(database, person)).id)

    click.echo(f"Sessions ended: {in_records(door.settings, ended)}", err=True)


async def _found(database: "Database", name: str) -> "DirectoryPerson":
    """Return the person of a name. Raises BriefError where there is none."""
    from records.people import People, no_such_person

    found = await People(database).look_up(name)
    if found is None:
        raise no_such_person()
    return found


def _password() -> str:
    """Ask for a password twice without showing it, or read a line of standard input where that is no terminal."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _line(person: "DirectoryPerson") -> str:
    email = f"{person.email}{'' if person.email_verified else ' (not verified)'}" if person.email else "no e-mail"
    roles, groups = ", ".join(sorted(person.roles)) or "no role", ", ".join(sorted(person.groups))
    state = "" if person.active else " · deactivated"
    seen = f"last seen {person.last_seen:%Y-%m-%d %H:%M} UTC"
    return f"{person.id}  {one_line(person.name)}\n   {one_line(f'{email} · {roles} · {groups} · {seen}{state}')}"


def _json(person: "DirectoryPerson") -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "email_verified": person.email_verified,
        "roles": sorted(person.roles),
        "groups": sorted(person.groups),
        "active": person.active,
        "last_seen": person.last_seen.isoformat(),
    }
