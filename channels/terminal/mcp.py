"""`stagecraft mcp`: the tools for a program of this machine, over standard input and output."""

from typing import TYPE_CHECKING, Any

import click

from channels.terminal.door import Door, assistant_of, knowledge_of

if TYPE_CHECKING:
    from assembly import House
    from channels.mcp.asker import Asker


@click.command("mcp", short_help="Serve the tools to an IDE over standard input and output.")
@click.option(
    "--workspace",
    "-w",
    default="default",
    show_default=True,
    metavar="NAME",
    help="The initiative that counts where none is named.",
)
@click.pass_obj
def mcp(door: Door, workspace: str) -> None:
    """Serve Stagecraft's tools by the Model Context Protocol over standard input and output, until the input ends.

    An IDE starts this by itself; whoever may run it on the data folder is the local analyst. Nothing but the protocol's messages is
    written to standard output. Other machines reach the same tools at /mcp of a server, with a key.
    """
    from channels.mcp.asker import Asker
    from channels.people import LOCAL_ANALYST

    asker = Asker(LOCAL_ANALYST, door.language_of_answers() or "en", workspace)
    door.run(lambda house: _serve(house, asker, door.settings.web.brief_characters))


async def _serve(house: "House", asker: "Asker", brief_characters: int) -> None:
    """Answer one client; Ctrl-C, or the end of its input, ends what is under way."""
    from mcp.server.stdio import stdio_server

    from channels.mcp.asker import Served
    from channels.mcp.server import mcp_server

    served = Served(assistant_of(house), knowledge_of(house), brief_characters)

    def who(_server: Any) -> "Asker":
        return asker

    server = mcp_server(who, lambda: served)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
