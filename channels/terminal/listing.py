"""`stagecraft stages` and `stagecraft settings`: what can be asked, and every knob with what it is set to."""

import click

from channels.terminal.door import Door


@click.command(short_help="List the stages that can be asked.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list and nothing else on standard output.")
@click.pass_obj
def stages(door: Door, *, as_json: bool) -> None:
    """List the stages: what can be asked, what each rests on, and how its artifact is taken away."""
    from channels.terminal.stages import stages_json, stages_text

    click.echo(stages_json() if as_json else stages_text(door.language_of_answers() or "en"))


@click.command(short_help="List every setting with its value.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list and nothing else on standard output.")
@click.pass_obj
def settings(door: Door, *, as_json: bool) -> None:
    """List every setting: its variable, what it is set to, its default, and what it does.

    Settings are read from the environment and from a file `.env` in the current folder. Secrets are never shown. Where a
    setting is misspelt or unsound, the list is shown all the same, and the exit code is 1.
    """
    from channels.terminal.settings_list import rows, rows_json, rows_text
    from errors import ConfigurationError

    unsound = None
    try:
        present = door.settings
    except ConfigurationError as error:
        present, unsound = None, error
    found = rows(present)
    click.echo(rows_json(found) if as_json else rows_text(found, known=unsound is None))
    if unsound is not None:
        raise unsound
