"""PDF by pypdf itself, page by page below its bookmarks: langchain-community's parser loses them and takes 2.9 s to import, not 0.4."""

import io
from typing import TYPE_CHECKING, Any, NoReturn

from knowledge.reading.limits import MOST_PAGES
from knowledge.reading.lines import paragraphs_of, without_running_lines
from knowledge.reading.markdown import title_of
from knowledge.reading.section import CannotRead, Reading, Section

if TYPE_CHECKING:
    from pypdf import PdfReader

_MOST_BOOKMARKS = 5_000
_DEEPEST_BOOKMARK = 6

# A bookmark: the page that it leads to, counted from 0, and its trail.
_Mark = tuple[int, tuple[str, ...]]


def read_pdf(raw: bytes, name: str) -> Reading:
    """Read a PDF; its title is that of its properties. Raises CannotRead where it is locked, too long, damaged or holds pictures only."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            _refuse_locked()
        count = len(reader.pages)
        if count > MOST_PAGES:
            raise CannotRead(
                f"It has {count:,} pages; the limit is {MOST_PAGES:,}: split it.",
                f"共 {count:,} 页，上限为 {MOST_PAGES:,} 页：请拆分。",
            )
        pages = [page.extract_text().splitlines() for page in reader.pages]
        marks, title = _marks(reader), _title(reader)
    except PyPdfError as error:
        raise CannotRead(
            "It is damaged: open it, print it to a new PDF, and take that.",
            "文件已损坏：请打开后另行打印为新的 PDF。",
            detail=repr(error),
        ) from error
    if not any(line.strip() for page in pages for line in page):
        raise CannotRead(
            "It holds pictures only, as a scan does: have its text recognised (OCR) and save it again.",
            "其中只有图片（如扫描件）：请先做文字识别（OCR）后重新保存。",
        )
    return Reading(title or title_of(name), tuple(_sections(without_running_lines(pages), marks)))


def _refuse_locked() -> NoReturn:
    raise CannotRead("It is locked by a password: save it without one.", "文件设有密码：请去掉密码后重新保存。")


def _title(reader: "PdfReader") -> str:
    """Return the title that a person wrote: programs leave "untitled" or the name of their own file."""
    title = str(reader.metadata.title or "").strip() if reader.metadata else ""
    return "" if title.lower() in ("untitled", "anonymous") or title.lower().startswith("microsoft ") else title


def _sections(pages: list[list[str]], marks: list[_Mark]) -> list[Section]:
    """Return the text of each page below the bookmarks that lead there; a page is cut where a bookmark's words stand."""
    sections: list[Section] = []
    above: tuple[str, ...] = ()
    for number, lines in enumerate(pages):
        for trail, part in _cut(lines, above, [mark for page, mark in marks if page == number]):
            above = trail
            if text := paragraphs_of(part):
                sections.append(Section((*trail, f"p. {number + 1}"), text))
    return sections


def _cut(lines: list[str], above: tuple[str, ...], trails: list[tuple[str, ...]]) -> list[tuple[tuple[str, ...], list[str]]]:
    """Cut the lines of a page at its bookmarks' words; a bookmark whose words are not found takes the page from its last cut."""
    parts: list[tuple[tuple[str, ...], list[str]]] = [(above, [])]
    words = ["".join(line.split()) for line in lines]
    start = 0
    for trail in trails:
        wanted = "".join(trail[-1].split())
        place = next((place for place in range(start, len(lines)) if words[place] == wanted), None)
        if place is None:
            parts.append((trail, []))
            continue
        parts[-1][1].extend(lines[start:place])
        parts.append((trail, []))
        start = place + 1
    parts[-1][1].extend(lines[start:])
    return parts


def _marks(reader: "PdfReader") -> list[_Mark]:
    """Return the bookmarks in reading order, none where they are unsound."""
    from pypdf.errors import PyPdfError

    found: list[_Mark] = []
    try:
        _walk(reader, reader.outline, (), found)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []
    return sorted(found, key=lambda mark: mark[0])


def _walk(reader: "PdfReader", entries: Any, above: tuple[str, ...], found: list[_Mark]) -> None:
    trail = above
    for entry in entries:
        if len(found) >= _MOST_BOOKMARKS:
            return
        if isinstance(entry, list):
            if len(trail) < _DEEPEST_BOOKMARK:
                _walk(reader, entry, trail, found)
            continue
        page = reader.get_destination_page_number(entry)
        trail = (*above, " ".join(str(entry.title).split()))
        if page is not None:
            found.append((page, trail))
