"""What the commands of `stagecraft workspace` share: the desk of the house, the reader's language, their options."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import click

from channels.terminal.door import Door, assistant_of
from errors import Language

if TYPE_CHECKING:
    from chains.events import Person
    from chains.workspace.desk import WorkspaceDesk

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on standard output.")
language_option = click.option(
    "--language", "-l", type=click.Choice(["en", "zh"]), help="Language of titles and reasons; by default that of the settings."
)


def at_desk(door: Door, work: "Callable[[WorkspaceDesk, Person], Awaitable[Any]]") -> Any:
    """Do some work at the desk of the house, as whoever may run a command on the data folder."""
    from channels.people import LOCAL_ANALYST

    return door.run(lambda house: work(assistant_of(house).desk, LOCAL_ANALYST))


def reader_of(door: Door, chosen: Language | None) -> Language:
    """Return the reader's language, in which errors are told as well."""
    door.language = chosen or door.language_of_answers() or "en"
    return door.language
