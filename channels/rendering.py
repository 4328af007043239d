"""Makes text of models, people and packs safe where Chainlit reads it as Markdown: shown as written, nothing eaten, fetched or run.

Cards need none of this: their texts are properties, and React shows them as text. What is left for Markdown are sentences and
the facts of steps, none of which means to be formatted; so everything that could be formatting is escaped, and no list of what
is harmless has to be kept. Half a text is as safe as a whole one, so it may be applied while text streams.
"""

import re

MOST_CHARACTERS = 20_000
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~$&=-])")
_LIST_NUMBER = re.compile(r"^(\s*\d+)([.)])", re.MULTILINE)
# Chainlit's Markdown takes `:word`, `::word` and `:::word` for directives and drops them from the page.
_DIRECTIVE = re.compile(r":(?=[A-Za-z:\\])")
# The page makes links of these, however they are escaped; in a code span they stay words.
_ADDRESS = re.compile(r"((?:(?:https?|ftp):|www\.|[\w.+-]+@[\w-]+\.)[^\s`]*)", re.IGNORECASE)
# The page draws its blinking cursor wherever it finds this character.
_CURSOR = "\u200b"


def plain(text: str) -> str:
    """Return Markdown that shows the text as it was written, at most MOST_CHARACTERS of it; a cut is shown."""
    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS] + " …"
    pieces = _ADDRESS.split(text.replace(_CURSOR, ""))
    return "".join(f"`{piece}`" if at % 2 else _escaped(piece) for at, piece in enumerate(pieces))


def _escaped(text: str) -> str:
    """Return the text with everything escaped that Markdown could take for formatting."""
    escaped = _LIST_NUMBER.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))
    return _DIRECTIVE.sub(r"\\:", escaped)
