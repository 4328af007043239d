"""`stagecraft glossary offers`, `accept`, `merge` and `refuse`: nouns and drafts, and what a steward decides about them."""

import click

from channels.terminal.door import Door, steward_of


@click.command(short_help="List nouns that the glossary lacks.")
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True, help="Most nouns.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list and nothing else on standard output.")
@click.pass_obj
def offers(door: Door, limit: int, *, as_json: bool) -> None:
    """List the nouns that answers used and the glossary lacks, most seen first, each with a text it stands in."""
    from channels.terminal.glossary_told import offers_json, offers_text

    found = door.run(lambda house: steward_of(house).offers(limit=limit))
    click.echo(offers_json(found) if as_json else offers_text(found, door.language_of_answers() or "en"))


@click.command(short_help="Approve a noun or a draft.")
@click.argument("name")
@click.option("--en", help="Its English name.")
@click.option("--zh", help="Its Chinese name.")
@click.option("--kind", help="Such as role, entity, event, value, process or rule.")
@click.option("--context", help="The bounded context in which it means this.")
@click.option("--definition-en", help="What it means, in English.")
@click.option("--definition-zh", help="What it means, in Chinese.")
@click.option("--owner", help="Who answers for it.")
@click.pass_obj
def accept(
    door: Door,
    name: str,
    en: str | None,
    zh: str | None,
    kind: str | None,
    context: str | None,
    definition_en: str | None,
    definition_zh: str | None,
    owner: str | None,
) -> None:
    """Approve NAME: an offered noun, or a draft; a name, an id, or PACK/ID where several go by the name.

    What the options say takes the place of what the noun or the draft says. Other terms stay as they are: where two
    contradict, accept one and merge or refuse the other. The decision outlives the next import of the list.
    """
    from channels.people import LOCAL_ANALYST
    from channels.terminal.harmless import one_line
    from channels.terminal.texts import TerminalTexts
    from knowledge.terms.wording import Wording

    wording = Wording(en, zh, kind, context, definition_en, definition_zh, owner)
    term = door.run(lambda house: steward_of(house).accept(name, wording, person=LOCAL_ANALYST))
    shown = one_line(" · ".join(part for part in (term.en, term.zh) if part))
    click.echo(TerminalTexts(door.language_of_answers() or "en")("glossary_accepted", term=shown))


@click.command(short_help="Make a noun or a term another name of a term.")
@click.argument("name")
@click.argument("term")
@click.option("--forbidden", is_flag=True, help="NAME must not stand for TERM: it is found, and mended.")
@click.pass_obj
def merge(door: Door, name: str, term: str, *, forbidden: bool) -> None:
    """Make NAME, an offered noun or a term, another name of TERM, which is approved.

    With `--forbidden` it becomes a word that must not be used: where an artifact says it, the official name is put in its place.
    """
    from channels.people import LOCAL_ANALYST
    from channels.terminal.harmless import one_line
    from channels.terminal.texts import TerminalTexts

    language = door.language_of_answers() or "en"
    into = door.run(lambda house: steward_of(house).merge(name, term, forbidden=forbidden, person=LOCAL_ANALYST))
    key = "glossary_forbidden" if forbidden else "glossary_merged"
    click.echo(TerminalTexts(language)(key, name=one_line(name), term=one_line(into.name(language))))


@click.command(short_help="Refuse a noun or a term.")
@click.argument("name")
@click.pass_obj
def refuse(door: Door, name: str) -> None:
    """Refuse NAME: an offered noun, which is never offered again, or a term, which is then not used."""
    from channels.people import LOCAL_ANALYST
    from channels.terminal.harmless import one_line
    from channels.terminal.texts import TerminalTexts

    refused = door.run(lambda house: steward_of(house).refuse(name, person=LOCAL_ANALYST))
    click.echo(TerminalTexts(door.language_of_answers() or "en")("glossary_refused", term=one_line(refused)))
