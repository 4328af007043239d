"""Cuts an asset into passages: short enough to be embedded quickly and cited exactly, whole enough to be understood alone."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from formats.language import HAN
from knowledge.reading.markdown import FENCE, sections_of
from knowledge.reading.section import Reading
from knowledge.reading.tables import cells_of

# What multilingual E5 makes of banking text, measured on the sample pack: 1.35 tokens an English word, 0.8 a Han character.
_TOKENS_A_WORD = 1.35
_TOKENS_A_HAN = 0.8
# What is neither (other scripts, signs, one endless word) has a length all the same, or it would never be cut.
_CHARACTERS_A_TOKEN = 16

# How many times the limit a section may be that is to stay whole.
_WHOLE = 4
_LUMP = 20_000  # characters

_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(r"[A-Za-z0-9]+")
_ITEM = re.compile(r"^(\s*)([-*+]|\d+[.)、])\s+")
_RULE = re.compile(r"^\s*\|?[\s:|-]*-[\s:|-]*$")

# Where a paragraph may be cut, best place first.
_SEPARATORS = ["\n\n", "\n", "。", "！", "？", ". ", "! ", "? ", "；", "; ", "，", ", ", " "]


@dataclass(frozen=True)
class Piece:
    """A passage before it has an asset: where it stands and what it says."""

    breadcrumb: str
    text: str
    tokens: int


def tokens_in(text: str) -> int:
    """Estimate the tokens of a text without a tokeniser: close enough to plan by, not to bill by."""
    return round(_weight(text))


def _weight(text: str) -> float:
    counted = len(_WORD.findall(text)) * _TOKENS_A_WORD + len(_HAN.findall(text)) * _TOKENS_A_HAN
    return max(counted, len(text) / _CHARACTERS_A_TOKEN)


def split(title: str, body: str, limit: int = 120) -> list[Piece]:
    """Return the passages of a Markdown or plain text, each of about `limit` tokens, in reading order.

    Neighbouring blocks share a passage up to a quarter beyond the limit, rather than leave one of half the length.

    A passage never crosses a heading. Its breadcrumb is the title and the headings above it. A table that has to be cut
    repeats its header, a list is cut between its items, a paragraph between its sentences.
    """
    return split_reading(Reading(title, tuple(sections_of(body))), title, limit)


def split_reading(reading: Reading, title: str, limit: int = 120) -> list[Piece]:
    """Return the passages of a file that was read, each of about `limit` tokens, in reading order, under its title.

    A whole section stays one passage up to four times the limit: at 120 tokens that is the 480 which multilingual E5
    still reads, and what it cannot read cannot be found. Beyond that its parts repeat its first line.
    """
    found = []
    for section in reading.sections:
        breadcrumb = " › ".join([title, *(name for name in section.trail if name != title)])
        texts = _whole(section.text, limit) if section.whole else _packed(_blocks(section.text.splitlines()), limit + limit // 4)
        found += [Piece(breadcrumb, text, tokens_in(text)) for text in texts]
    return found


def _whole(text: str, limit: int) -> Iterator[str]:
    """Keep a text together where it may be, or cut it into parts that begin with its first line."""
    text = text.strip()
    if tokens_in(text) <= _WHOLE * limit:
        yield from [text] if text else []
        return
    head, _, rest = text.partition("\n")
    room = max(limit + limit // 4 - tokens_in(head), limit // 2)
    if tokens_in(head) > limit or FENCE.match(head):
        head, rest = "", text
    for part in _packed(_blocks(rest.splitlines()), room):
        yield f"{head}\n{part}".strip()


def _blocks(lines: list[str]) -> list[str]:
    """Group lines into paragraphs, lists, tables and fenced code, which blank lines part."""
    blocks: list[list[str]] = [[]]
    fenced = False
    for line in lines:
        fenced ^= bool(FENCE.match(line))
        if line.strip() or fenced:
            blocks[-1].append(line.rstrip())
        elif blocks[-1]:
            blocks.append([])
    return ["\n".join(block) for block in blocks if block]


def _packed(blocks: list[str], limit: int) -> Iterator[str]:
    """Fill passages with whole blocks up to the limit; cut a block only where it is longer than that by itself."""
    waiting: list[str] = []
    for block in (piece for whole in blocks for piece in _cut(whole, limit)):
        if waiting and tokens_in("\n\n".join([*waiting, block])) > limit:
            yield "\n\n".join(waiting)
            waiting = []
        waiting.append(block)
    if waiting:
        yield "\n\n".join(waiting)


def _cut(block: str, limit: int) -> list[str]:
    """Cut a block that is too long in the way of its kind."""
    if tokens_in(block) <= limit:
        return [block]
    lines = block.split("\n")
    if len(lines) > 2 and "|" in lines[0] and _RULE.match(lines[1]):
        return _cut_table(lines, limit)
    if FENCE.match(lines[0]) and len(lines) > 2:
        return _cut_fence(lines, limit)
    if _ITEM.match(lines[0]):
        return _grouped(_items(lines), limit)
    return _sentences(block, limit)


def _cut_table(lines: list[str], limit: int) -> list[str]:
    """Cut a table between rows; each part begins with the header, so that its cells can be understood.

    Where header and row do not fit into one passage, or the header would fill half of each, a row becomes "header: value" pairs.
    """
    header = "\n".join(lines[:2])
    room = limit - tokens_in(header)
    if room < limit // 2 or max(tokens_in(row) for row in lines[2:]) > room:
        names = cells_of(lines[0])
        return _grouped([_as_pairs(names, cells_of(row)) for row in lines[2:]], limit)
    return [f"{header}\n{rows}" for rows in _grouped(lines[2:], room)]


def _as_pairs(names: list[str], cells: list[str]) -> str:
    """Write a row so that each of its cells can be understood wherever it is cut."""
    pairs = [f"{name}: {cell}" if name else cell for name, cell in zip_longest(names, cells, fillvalue="") if cell]
    return f"- {'; '.join(pairs)}"


def _cut_fence(lines: list[str], limit: int) -> list[str]:
    """Cut fenced code between its lines; each part is fenced like the whole."""
    closed = bool(FENCE.match(lines[-1]))
    close = lines[-1] if closed else lines[0].strip()[:3]
    return [f"{lines[0]}\n{part}\n{close}" for part in _grouped(lines[1 : -1 if closed else None], limit)]


def _items(lines: list[str]) -> list[str]:
    """Return the outermost items of a list, each with what is indented below it."""
    indent = len(lines[0]) - len(lines[0].lstrip())
    items: list[list[str]] = []
    for line in lines:
        match = _ITEM.match(line)
        if not items or (match and len(match.group(1)) <= indent):
            items.append([])
        items[-1].append(line)
    return ["\n".join(item) for item in items]


def _grouped(pieces: list[str], limit: int) -> list[str]:
    """Join neighbouring rows or items up to the limit; one that is longer by itself is cut."""
    groups: list[str] = []
    for piece in pieces:
        if groups and tokens_in(f"{groups[-1]}\n{piece}") <= limit:
            groups[-1] = f"{groups[-1]}\n{piece}"
        elif tokens_in(piece) <= limit:
            groups.append(piece)
        else:
            groups.extend(_sentences(piece, limit))
    return groups


def _sentences(text: str, limit: int) -> list[str]:
    """Cut a paragraph between sentences, or clauses, or words where a sentence is too long."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # late: only an ingest splits

    # The splitter adds up the lengths of single words and signs: in whole tokens, most of them would be rounded away.
    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        keep_separator="end",
        chunk_size=100 * limit,
        chunk_overlap=0,
        length_function=lambda part: round(100 * _weight(part)),
    )
    parts = (part for lump in _lumps(text) for words in splitter.split_text(lump) for part in _evenly(words, limit))
    return [part.strip() for part in parts if part.strip()]


def _evenly(words: str, limit: int) -> Iterator[str]:
    """Cut what has no place to be cut at into equal parts."""
    step = math.ceil(len(words) / math.ceil(max(_weight(words) / limit, 1)))
    yield from (words[start : start + step] for start in range(0, len(words), step))


def _lumps(text: str) -> Iterator[str]:
    """Yield a long text in lumps that end between words: the splitter holds every word of what it is given at once."""
    start = 0
    while len(text) - start > _LUMP:
        end = max(text.rfind(mark, start + _LUMP // 2, start + _LUMP) for mark in ("\n", "。", " "))
        end = end + 1 if end > 0 else start + _LUMP
        yield text[start:end]
        start = end
    yield text[start:]
