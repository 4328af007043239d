"""`stagecraft slack`: what a channel of Slack may see, and which workspace its artifacts belong to."""

import json
from typing import TYPE_CHECKING

import click

from channels.terminal.door import Door
from channels.terminal.harmless import one_line
from channels.terminal.records import in_records

if TYPE_CHECKING:
    from records.database import Database
    from records.slack_places import SlackChannel


def _channel_id(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Return Slack's id of a channel; a name such as #cards is none."""
    if not (value[:1] in ("C", "G") and value.isalnum() and value.isascii() and value.isupper() and len(value) <= 64):
        hint = "Slack shows it at the foot of “View channel details”, such as C0123456789."
        raise click.BadParameter(f"{value!r} is no id of a channel; {hint}")
    return value


@click.group(short_help="What channels of Slack may see.")
def slack() -> None:
    """Channels of Slack: by default a channel sees what is open to everyone.

    \b
    stagecraft slack channel C0123456789 --group risk
    stagecraft slack channel C0123456789 --workspace "Cards 2026"
    stagecraft slack channel C0123456789 --forget
    stagecraft slack channels

    A channel that is opened to a group shows the group's knowledge to whoever reads there, when somebody of the group asks. It does not
    while a guest or somebody of another organisation is in the channel.
    """


@slack.command()
@click.argument("channel_id", metavar="CHANNEL", callback=_channel_id)
@click.option("--group", "-g", help="The group whose knowledge the channel may see.")
@click.option("--workspace", "-w", help="The workspace that artifacts asked for there belong to, of whoever asks.")
@click.option("--forget", is_flag=True, help="Treat it as any other channel again.")
@click.pass_obj
def channel(door: Door, channel_id: str, group: str | None, workspace: str | None, *, forget: bool) -> None:
    """Settle what CHANNEL may see; without an option, show it. What is not named stays."""

    async def settled(database: "Database") -> "SlackChannel":
        from records.slack_places import SlackChannel, SlackPlaces

        places = SlackPlaces(database)
        before = SlackChannel(channel_id, None, None) if forget else await places.channel(channel_id)
        after = SlackChannel(channel_id, _named(group, before.group), _named(workspace, before.workspace))
        if forget or group is not None or workspace is not None:
            await places.settle_channel(after)
        return after

    click.echo(_told(in_records(door.settings, settled)))


@slack.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@click.pass_obj
def channels(door: Door, *, as_json: bool) -> None:
    """List the channels for which something is settled."""

    async def listed(database: "Database") -> "tuple[SlackChannel, ...]":
        from records.slack_places import SlackPlaces

        return await SlackPlaces(database).channels()

    found = in_records(door.settings, listed)
    if as_json:
        click.echo(json.dumps([vars(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        click.echo(_told(one))
    if not found:
        click.echo("Every channel sees what is open to everyone.")


def _named(given: str | None, before: str | None) -> str | None:
    """Return what was given, on one line, or what held before."""
    return before if given is None else " ".join(given.split()) or None


def _told(one: "SlackChannel") -> str:
    return one_line(f"{one.channel}, group: {one.group or 'everyone'}, workspace: {one.workspace or 'default'}")
