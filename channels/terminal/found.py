"""What a search and a look-up found, as text and as JSON; and a clear word where that is nothing."""

import difflib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from channels.terminal.harmless import harmless, one_line
from errors import BriefError

if TYPE_CHECKING:
    from knowledge.knowledge import Knowledge
    from knowledge.search.retrieval import PassageHit
    from knowledge.terms.glossary import Glossary, TermHit

_INDENT = "   "
_SILENT = "The knowledge is silent on this: no passage was found."


def require_words(text: str) -> None:
    """Raise BriefError where there is nothing to look for."""
    if not any(character.isalnum() for character in text):
        raise BriefError("Write the words to look for; there were none.", "请写下要查找的词语。")


async def require_shelves(knowledge: "Knowledge", shelves: Sequence[str]) -> None:
    """Raise BriefError naming the shelves that there are where one of these is none."""
    if not shelves:
        return
    there = sorted({asset.shelf for asset in await knowledge.records.assets()})
    for shelf in shelves:
        if shelf not in there:
            names = ", ".join(there) or "none yet; `stagecraft ingest` takes a pack in"
            raise BriefError(f"There is no shelf {shelf!r}. There are: {names}.", f"没有名为 {shelf!r} 的书架。现有：{names}。")


def passages_text(hits: "Sequence[PassageHit]") -> str:
    """Return passages as a person reads them."""
    if not hits:
        return _SILENT
    blocks = [f"{_SILENT} What applies to every brief:"] if all(hit.kept for hit in hits) else []
    for number, hit in enumerate(hits, 1):
        place = f"{hit.passage.breadcrumb} ({hit.asset.shelf}, {hit.asset.path})"
        body = "\n".join(f"{_INDENT}{line}" for line in harmless(hit.text).strip().splitlines())
        blocks.append(f"{number}. {one_line(hit.asset.title)} · {hit.score:.2f}\n{_INDENT}{one_line(place)}\n{body}")
    return "\n\n".join(blocks)


def passages_json(hits: "Sequence[PassageHit]") -> str:
    """Return passages as a JSON list."""
    rows = [
        {
            "passage": hit.passage.id,
            "score": round(hit.score, 4),
            "title": hit.asset.title,
            "shelf": hit.asset.shelf,
            "path": hit.asset.path,
            "owner": hit.asset.owner,
            "breadcrumb": hit.passage.breadcrumb,
            "language": hit.passage.language,
            "text": hit.text,
            "passages": list(hit.passages),
            "kept": hit.kept,
        }
        for hit in hits
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def terms_text(glossary: "Glossary", word: str) -> str:
    """Return the terms that a text names. Raises BriefError naming what is near where there are none."""
    told: dict[str, TermHit] = {}
    for hit in glossary.found_in(word):
        told.setdefault(hit.term.id, hit)
    if not told:
        raise _unknown(glossary, word)
    return "\n\n".join(_term_text(hit) for hit in told.values())


def _term_text(hit: "TermHit") -> str:
    term = hit.term
    written = {
        "name": "",
        "alias": f"“{one_line(hit.written)}” is accepted; the official form is “{term.name(hit.language)}”.",
        "forbidden": f"“{one_line(hit.written)}” must not be used; write “{term.name(hit.language)}”.",
    }[hit.how]
    rows = (
        ("", written),
        ("Kind", ", ".join(part for part in (term.kind, term.context) if part)),
        ("Meaning", term.definition.en),
        ("含义", term.definition.zh),
        ("Also", _joined(term.aliases.en, term.aliases.zh)),
        ("Never", _joined(term.forbidden.en, term.forbidden.zh)),
        ("Owner", term.owner),
    )
    lines = [f"{_INDENT}{label}{': ' if label else ''}{one_line(text)}" for label, text in rows if text]
    return "\n".join([" · ".join(name for name in (term.en, term.zh) if name), *lines])


def _joined(*names: tuple[str, ...]) -> str:
    return ", ".join(name for group in names for name in group)


def _unknown(glossary: "Glossary", word: str) -> BriefError:
    """Return the error of a word that no term has, with what is written nearly so."""
    names = {name.casefold(): name for one in glossary.terms for name in one.names}
    near = [names[name] for name in difflib.get_close_matches(word.strip().casefold(), names, n=3, cutoff=0.6)]
    hint, hint_zh = (f" Near it: {', '.join(near)}.", f"相近的有：{'、'.join(near)}。") if near else ("", "")
    shown = one_line(word)[:60]
    return BriefError(f"The glossary has no “{shown}”.{hint}", f"术语表中没有“{shown}”。{hint_zh}")
