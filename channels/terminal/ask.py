"""`stagecraft ask`: one brief for one stage, its progress on standard error, its artifact on standard output."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from channels.terminal.door import Door, assistant_of

if TYPE_CHECKING:
    from assembly import House
    from chains.events import Request
    from channels.terminal.answer import Answer
    from errors import Language


@click.command(short_help="Have the artifact of a stage written for a brief.")
@click.argument("stage")
@click.argument("brief")
@click.option("--workspace", "-w", default="default", show_default=True, metavar="NAME", help="The initiative it belongs to.")
@click.option("--upstream", "-u", multiple=True, metavar="ID", help="An artifact that the answer rests on; may be repeated.")
@click.option("--language", "-l", type=click.Choice(["en", "zh"]), help="Language of the answer; by default the brief's own.")
@click.option(
    "--git",
    type=click.Path(path_type=Path),
    metavar="REPO",
    help="A git repository whose commits of --range are added to the brief.",
)
@click.option(
    "--range", "commit_range", metavar="A..B", help="The commits that B has and A lacks; of the current folder without --git."
)
@click.option(
    "--tickets",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A ticket export (CSV, Jira JSON) that is added to the brief.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else on standard output.")
@click.pass_context
def ask(
    context: click.Context,
    stage: str,
    brief: str,
    workspace: str,
    upstream: tuple[str, ...],
    language: "Language | None",
    git: Path | None,
    commit_range: str | None,
    tickets: Path | None,
    *,
    as_json: bool,
) -> None:
    """Have STAGE's artifact written for BRIEF, checked, with its sources.

    STAGE is one of `stagecraft stages`. BRIEF says what the business wants, in English or Chinese; `-` reads it from
    standard input. Where a brief leaves too much open, questions come back instead.

    \b
    stagecraft ask user_stories "A customer can freeze a lost card"
    stagecraft ask user_stories - --workspace cards < brief.txt
    stagecraft ask acceptance_criteria "" --upstream ARTIFACT
    stagecraft ask user_stories "客户可以冻结丢失的银行卡" --json
    stagecraft ask release_notes "Date: 2026-06-30" --git . --range v2.0..v2.1 --tickets export.csv

    The object of --json holds stage, language, workspace, turn, model, artifact (id, version, body), sources, findings,
    mends, steps, seconds and tokens; with questions also questions and examples; after a failure also error and draft.
    """
    from channels.terminal.answer import Answer
    from channels.terminal.brief import read_request

    door: Door = context.obj
    answer = Answer(stage, workspace)

    def apologise(sentence: str) -> None:
        answer.language = door.language
        click.echo(answer.as_json(error=sentence))

    if as_json:
        door.apology = apologise
    if git is not None or commit_range is not None or tickets is not None:
        from channels.terminal.changes import with_changes

        brief = with_changes(brief, git, commit_range, tickets, door.settings.web.brief_characters)
    request = read_request(door, stage, brief, workspace, upstream, language)
    answer.language = door.language
    try:
        text = door.run(lambda house: _answered(house, request, answer, as_json=as_json))
    except KeyboardInterrupt:
        _tell_cancelled(answer)
        raise
    if answer.error:
        click.echo(answer.error, err=True)
    click.echo(answer.as_json() if as_json else text, nl=as_json or bool(text))
    context.exit(1 if answer.error else 0)


def _tell_cancelled(answer: "Answer") -> None:
    """Tell what became of the turn, where it had begun."""
    from channels.terminal.texts import TerminalTexts

    if answer.turn:
        click.echo(TerminalTexts(answer.language)("cli_cancelled", turn=answer.turn), err=True)


async def _answered(house: "House", request: "Request", answer: "Answer", *, as_json: bool) -> str:
    """Have the brief answered, telling how far it is; return the text to print."""
    from channels.terminal.answer import follow
    from channels.terminal.card import answer_text, card_text
    from channels.terminal.progress import progress_for
    from channels.terminal.texts import TerminalTexts

    texts = TerminalTexts(answer.language)
    assistant = assistant_of(house)
    with progress_for(texts) as progress:
        await follow(assistant, request, answer, progress.take)
        if as_json:
            return ""
        if answer.ready is None:
            return answer_text(answer, request, texts)
        card = await assistant.card(answer.ready.artifact_id, request.person, answer.ready.version)
    return card_text(card, request, texts)
