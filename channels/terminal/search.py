"""`stagecraft search` and `term`: what the organisation knows, looked up from the terminal."""

from typing import TYPE_CHECKING

import click

from channels.terminal.door import Door, knowledge_of

if TYPE_CHECKING:
    from knowledge.knowledge import Knowledge
    from knowledge.search.retrieval import PassageHit


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
    from channels.terminal.found import passages_json, passages_text, require_shelves, require_words

    require_words(text)

    async def found(knowledge: "Knowledge") -> "list[PassageHit]":
        from channels.people import LOCAL_ANALYST

        await require_shelves(knowledge, shelf)
        for notice in knowledge.status().notices:
            click.echo(notice, err=True)
        return await knowledge.search(text, groups=LOCAL_ANALYST.reads, shelves=shelf, limit=limit)

    hits = door.run(lambda house: found(knowledge_of(house)))
    click.echo(passages_json(hits) if as_json else passages_text(hits))


@click.command(short_help="Look a word up in the glossary.")
@click.argument("word")
@click.pass_obj
def term(door: Door, word: str) -> None:
    """Look WORD up in the glossary: its official form in both languages, its meaning, and what must not stand for it.

    Aliases and forbidden synonyms are found as well. Exit code 1 where the glossary has no such word.
    """
    from channels.terminal.found import require_words, terms_text

    require_words(word)

    async def looked_up(knowledge: "Knowledge") -> str:
        return terms_text(knowledge.glossary, word)

    click.echo(door.run(lambda house: looked_up(knowledge_of(house))))
