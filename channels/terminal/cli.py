"""The terminal: `stagecraft COMMAND`, and the one boundary where its errors end."""

import logging
import os
import sys
from collections.abc import Sequence

import click

from channels.terminal.ask import ask
from channels.terminal.demo_portal import demo_portal
from channels.terminal.door import Door
from channels.terminal.export import export
from channels.terminal.glossary import glossary
from channels.terminal.ingest import ingest
from channels.terminal.keys import keys
from channels.terminal.knowledge import knowledge
from channels.terminal.listing import settings, stages
from channels.terminal.logging import HouseLog, logged
from channels.terminal.mcp import mcp
from channels.terminal.people import people
from channels.terminal.search import search, term
from channels.terminal.serve import serve, serve_model
from channels.terminal.slack import slack
from channels.terminal.workspace import workspace
from errors import AssistantError, failure_id_of

_log = logging.getLogger("stagecraft.terminal")

SENTENCE, BUG, INTERRUPTED = 1, 3, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def stagecraft() -> None:
    """Turn a brief into the checked artifacts of software development, in your organisation's words.

    \b
    Begin with:
      stagecraft serve                         open the page
      stagecraft stages                        see what can be asked
      stagecraft ask user_stories "A customer can freeze a lost card"

    Results go to standard output, progress and errors to standard error.

    \b
    Exit codes: 0 done; 1 a sentence says what to do; 2 wrong usage;
    3 a fault of Stagecraft, with a number for your operator; 130 interrupted.
    """


for _command in (
    ask,
    stages,
    settings,
    ingest,
    knowledge,
    search,
    term,
    glossary,
    workspace,
    export,
    keys,
    people,
    slack,
    serve,
    demo_portal,
    serve_model,
    mcp,
):
    stagecraft.add_command(_command)


def main(arguments: Sequence[str] | None = None, door: Door | None = None) -> int:
    """Run one command and return its exit code; the console's entry."""
    door = door or Door()
    _speak_any_language()
    with logged(door.data_dir, door.log_options) as log:
        return _bounded(arguments, door, log)


def _bounded(arguments: Sequence[str] | None, door: Door, log: HouseLog) -> int:
    """Run the command; whatever it raises becomes a sentence and an exit code."""
    try:
        code = stagecraft.main(
            None if arguments is None else list(arguments), prog_name="stagecraft", obj=door, standalone_mode=False
        )
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(_text(door, "cli_interrupted"), err=True)
        return INTERRUPTED
    except AssistantError as error:
        if error.detail:
            _log.warning("%s (%s)", error, error.detail)
        return _told(door, error.sentence(door.language), SENTENCE)
    except BrokenPipeError:
        # Whoever read us (`| head`) has enough. Python would complain once more when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return SENTENCE
    except Exception as error:  # noqa: BLE001 - the one boundary of the terminal
        failure_id = failure_id_of(error)
        _log.exception("failure %s in the terminal", failure_id)
        return _told(door, _text(door, "cli_bug_unlogged" if log.is_lost else "cli_bug", id=failure_id), BUG)
    return code if isinstance(code, int) else 0


def _told(door: Door, sentence: str, code: int) -> int:
    """Tell the sentence, also in the command's own form, and return the code."""
    click.echo(sentence, err=True)
    door.apology(sentence)
    return code


def _text(door: Door, key: str, **values: object) -> str:
    """Return a text in the language of the brief; its file is read only when there is something to say."""
    from channels.terminal.texts import TerminalTexts

    return TerminalTexts(door.language)(key, **values)


def _speak_any_language() -> None:
    """Have a terminal of another encoding show escapes, instead of failing at its first Chinese character."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
