"""`stagecraft ingest`, `search` and `term`: what the organisation knows, taken in and looked up from the terminal."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from channels.cli_door import Door, knowledge_of

if TYPE_CHECKING:
    from knowledge.ingest import Ingested
    from knowledge.knowledge import Knowledge
    from knowledge.retrieval import PassageHit


@click.command(short_help="Take a pack, a folder or a file into the knowledge.")
@click.argument("path", type=click.Path(path_type=Path))
@click.pass_context
def ingest(context: click.Context, path: Path) -> None:
    """Take PATH into the knowledge: a pack, a folder of Markdown and text files, or one file.

    Unchanged files are left as they are, changed ones are cut anew, and assets whose files are gone vanish. It may be
    stopped at any time and goes on at the next run. A server that runs beside it finds what is new within five seconds.

    Exit code 1 where a file was refused; the others are taken in.
    """
    from channels.cli_ingest import Bars

    door: Door = context.obj
    with Bars(sys.stderr) as bars:
        ingested = door.run(lambda house: knowledge_of(house).ingest(path, bars.show))
    click.echo(_summary(ingested))
    context.exit(1 if ingested.problems else 0)


def _summary(ingested: "Ingested") -> str:
    """Tell what changed, and each file that was refused with its reason."""
    from channels.cli_texts import one_line

    files = f"{ingested.added} added, {ingested.changed} changed, {ingested.unchanged} unchanged, {ingested.removed} removed"
    lines = [f"Pack {one_line(ingested.pack)}: {files}; {ingested.passages} passages cut, {ingested.terms} terms."]
    if ingested.problems:
        count = len(ingested.problems)
        lines += ["1 file was refused:" if count == 1 else f"{count} files were refused:"]
        lines += [f"  {one_line(problem.file)}: {one_line(problem.reason)}" for problem in ingested.problems]
    return "\n".join(lines)


@click.command(short_help="Find passages of the knowledge.")
@click.argument("text")
@click.option("--shelf", "-s", multiple=True, metavar="SHELF", help="Search this shelf only; may be repeated.")
@click.option("--limit", type=click.IntRange(1, 30), default=6, show_default=True, help="Most passages.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list and nothing else on standard output.")
@click.pass_obj
def search(door: Door, text: str, shelf: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """Find the passages that an answer about TEXT would rest on, best first.

    Words and meaning count, in English and Chinese alike. Standard error says where only one of them could be used.
    """
    from channels.cli_found import passages_json, passages_text, require_shelves, require_words

    require_words(text)

    async def found(knowledge: "Knowledge") -> "list[PassageHit]":
        from channels.people import LOCAL_ANALYST

        await require_shelves(knowledge, shelf)
        for notice in knowledge.status().notices:
            click.echo(notice, err=True)
        return await knowledge.search(text, groups=LOCAL_ANALYST.groups, shelves=shelf, limit=limit)

    hits = door.run(lambda house: found(knowledge_of(house)))
    click.echo(passages_json(hits) if as_json else passages_text(hits))


@click.command(short_help="Look a word up in the glossary.")
@click.argument("word")
@click.pass_obj
def term(door: Door, word: str) -> None:
    """Look WORD up in the glossary: its official form in both languages, its meaning, and what must not stand for it.

    Aliases and forbidden synonyms are found as well. Exit code 1 where the glossary has no such word.
    """
    from channels.cli_found import require_words, terms_text

    require_words(word)

    async def looked_up(knowledge: "Knowledge") -> str:
        return terms_text(knowledge.glossary, word)

    click.echo(door.run(lambda house: looked_up(knowledge_of(house))))
