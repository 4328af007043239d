"""The printed lines of a page made paragraphs again: words cut at the line's end joined, running heads and feet left out."""

import re
from collections import Counter
from collections.abc import Sequence

from formats.language import HAN

_EDGE = 2  # lines at the head and at the foot of a page that may repeat
_LEAST_PAGES = 3
_REPEATED_ON = 0.6

_WIDE = re.compile(f"[{HAN}，。；：！？、（）《》“”]")
_DIGITS = re.compile(r"\d+")
_ENDS = re.compile(r"[.!?:;。！？：；][\"'”’)）]?$")
_BULLET = re.compile(r"^[•●▪■◦·‣–-]\s*")
_NUMBERED = re.compile(
    r"^(?:\d+(?:\.\d+)*[.)、．]?\s|[（(]?[一二三四五六七八九十]+[)）、]|第[一二三四五六七八九十百\d]+[章节条])"
)
_CUT_WORD = re.compile(r"[A-Za-z]-$")


def without_running_lines(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return pages of lines without those that stand at the edge of most pages, but for the page number alike."""
    filled = [[line.strip() for line in page if line.strip()] for page in pages]
    if len(filled) < _LEAST_PAGES:
        return filled
    repeated = Counter(key for page in filled for key in {_key(page[place]) for place in _edges(page)})
    running = {key for key, count in repeated.items() if count >= max(_LEAST_PAGES, _REPEATED_ON * len(filled))}
    return [_inside(page, running) for page in filled]


def paragraphs_of(lines: Sequence[str]) -> str:
    """Return Markdown text whose paragraphs are no longer cut at the width of the page."""
    filled = [line.strip() for line in lines if line.strip()]
    widths = sorted(_width(line) for line in filled)
    full = widths[len(widths) * 9 // 10] if widths else 0
    paragraphs: list[str] = []
    open_line = False
    for line in filled:
        begins = bool(_BULLET.match(line) or _NUMBERED.match(line))
        if paragraphs and open_line and not begins:
            paragraphs[-1] = _joined(paragraphs[-1], line)
        else:
            paragraphs.append(_BULLET.sub("- ", line))
        open_line = _width(line) >= (0.85 if _ENDS.search(line) else 0.6) * full
    return _laid_out(paragraphs)


def _laid_out(paragraphs: list[str]) -> str:
    """Join paragraphs; neighbouring items of a list stay one list."""
    text = ""
    for before, each in zip(["", *paragraphs], paragraphs, strict=False):
        text += ("\n" if before.startswith("- ") and each.startswith("- ") else "\n\n") + each
    return text.strip()


def _joined(before: str, line: str) -> str:
    if _CUT_WORD.search(before) and line[0].islower():
        return before[:-1] + line
    glue = "" if _WIDE.match(before[-1]) and _WIDE.match(line[0]) else " "
    return f"{before}{glue}{line}"


def _width(line: str) -> int:
    return len(line) + len(_WIDE.findall(line))


def _edges(page: Sequence[str]) -> list[int]:
    """Return the places of a page's first and last lines."""
    return sorted({*range(min(_EDGE, len(page))), *range(max(0, len(page) - _EDGE), len(page))})


def _inside(page: list[str], running: set[str]) -> list[str]:
    """Take running lines off the head and the foot, from outside in, and nothing from the middle."""
    start, end = 0, len(page)
    while start < min(_EDGE, end) and _key(page[start]) in running:
        start += 1
    while end > max(start, len(page) - _EDGE) and _key(page[end - 1]) in running:
        end -= 1
    return page[start:end]


def _key(line: str) -> str:
    return _DIGITS.sub("#", line)
