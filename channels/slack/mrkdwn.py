"""Texts as Slack shows them: nothing is taken for a mention, a link or formatting but what is meant to be one.

Slack knows two ways of writing. Blocks hold its own mrkdwn (`*bold*`); a streamed answer is Markdown. Text of people, models and
packs is escaped in both.
"""

import re
from collections.abc import Iterator

SECTION, PLAIN, BLOCKS = 3000, 150, 50
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# Slack reads formatting at the edges of words: a joiner of no width leaves the character and takes its effect.
_FORMATTING = re.compile(r"((?<!\w)[*_~`](?=\S)|(?<=\S)[*_~`](?!\w))")
_WORD_JOINER = "\u2060"
_BOLD = re.compile(r"(?<!\*)\*\*(?=\S)(.+?)(?<=\S)\*\*(?!\*)|(?<!_)__(?=\S)(.+?)(?<=\S)__(?!_)")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\(([^()\s]+)(?:\s[^()\n]*)?\)")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$")
_BULLET = re.compile(r"^(\s*)[-*+]\s+")
_CODE = re.compile(r"(`[^`\n]+`)")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~])")
_ADDRESS = re.compile(r"((?:(?:https?|ftp):|www\.|[\w.+-]+@[\w-]+\.)[^\s`]*)", re.IGNORECASE)


def escaped(text: str) -> str:
    """Return text whose `& < >` are characters, so that `<!channel>` is eleven of them."""
    return re.sub("[&<>]", lambda found: _ENTITIES[found[0]], text)


def literal(text: str) -> str:
    """Return mrkdwn that shows a text as it was written."""
    return _FORMATTING.sub(rf"{_WORD_JOINER}\1{_WORD_JOINER}", escaped(text))


def bold(text: str) -> str:
    """Return mrkdwn that shows a text in bold; nothing stays nothing."""
    inner = literal(" ".join(text.split()))
    return f"*{inner}*" if inner else ""


def link(address: str, text: str) -> str:
    """Return mrkdwn of a link to one of our own addresses."""
    return f"<{address.replace('|', '%7C').replace('>', '%3E')}|{escaped(text).replace('|', '¦')}>"


def from_markdown(text: str, own: str = "") -> str:
    """Return our Markdown as mrkdwn: headings and bold in bold, bullets, code; links only to addresses that begin with `own`."""
    return "\n".join(_line(line, own) for line in text.splitlines())


def streamed(text: str) -> str:
    """Return Markdown, as a streamed message takes it, that shows a text as it was written; addresses are no links."""
    pieces = _ADDRESS.split(text)
    return "".join(f"`{escaped(piece)}`" if at % 2 else _MARKDOWN.sub(r"\\\1", escaped(piece)) for at, piece in enumerate(pieces))


def cut(text: str, most: int) -> str:
    """Return at most so many characters of a text; a cut is shown, and never falls into an entity."""
    if len(text) <= most:
        return text
    return re.sub(r"&[a-z]{0,4}$", "", text[: most - 2]).rstrip() + " …"


def split(text: str, most: int = SECTION) -> Iterator[str]:
    """Yield a text in pieces of at most so many characters, cut at a line's end, else at a space, else where it must be."""
    rest = text
    while len(rest) > most:
        at = max(rest.rfind("\n", 0, most), 0) or max(rest.rfind(" ", 0, most), 0) or _before_entity(rest, most)
        yield rest[:at]
        rest = rest[at:].lstrip("\n ")
    if rest:
        yield rest


def _before_entity(text: str, most: int) -> int:
    opened = text.rfind("&", most - 5, most)
    return opened if opened > 0 and ";" not in text[opened:most] else most


def _line(line: str, own: str) -> str:
    heading = _HEADING.match(line)
    if heading:
        return bold(_LINK.sub(r"\1", heading[1]).replace("**", ""))
    bullet = _BULLET.match(line)
    start = f"{bullet[1]}• " if bullet else ""
    pieces = _CODE.split(line[bullet.end() :] if bullet else line)
    return start + "".join(escaped(piece) if at % 2 else _prose(piece, own) for at, piece in enumerate(pieces))


def _prose(text: str, own: str) -> str:
    """Return prose with its links and bold words."""
    told, at = [], 0
    for found in _LINK.finditer(text):
        told += [_words(text[at : found.start()]), _linked(found[1], found[2], own)]
        at = found.end()
    return "".join([*told, _words(text[at:])])


def _linked(words: str, address: str, own: str) -> str:
    if own and (address == own or address.startswith(f"{own.rstrip('/')}/")):
        return link(address, words or address)
    return literal(f"{words} ({address})" if words else address)


def _words(text: str) -> str:
    told, at = [], 0
    for found in _BOLD.finditer(text):
        told += [literal(text[at : found.start()]), bold(found[1] or found[2])]
        at = found.end()
    return "".join([*told, literal(text[at:])])
