"""PPTX: one section a slide below its title: its bullets, tables and notes; hidden slides and pictures are left out."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from knowledge.reading.limits import checked_zip
from knowledge.reading.markdown import title_of
from knowledge.reading.section import Reading, Section
from knowledge.reading.tables import as_markdown

if TYPE_CHECKING:
    from pptx.slide import Slide

_DEEPEST_GROUP = 20


def read_pptx(raw: bytes, name: str) -> Reading:
    """Read a presentation; its title is that of its properties, or of its first slide. Raises CannotRead."""
    checked_zip(raw).close()
    import pptx

    deck = pptx.Presentation(io.BytesIO(raw))
    shown = [(number, slide) for number, slide in enumerate(deck.slides, 1) if slide.element.get("show") != "0"]
    sections = tuple(_section(slide, number) for number, slide in shown)
    titled = next((section.trail[0] for section in sections if section.trail[0] != "p. 1"), "")
    own = (deck.core_properties.title or "").strip()
    return Reading((own if own != "PowerPoint Presentation" else "") or titled or title_of(name), sections)


def _section(slide: "Slide", number: int) -> Section:
    """Return what a slide says, read from top to bottom and left to right."""
    heading = slide.shapes.title
    title = _one_line(heading.text_frame.text) if heading is not None else ""
    shapes = [shape for shape in _shapes(slide.shapes) if heading is None or shape.shape_id != heading.shape_id]
    blocks = [block for shape in sorted(shapes, key=_place) if (block := _block(shape))]
    if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame) is not None:
        blocks += [line.strip() for line in notes.text.splitlines() if line.strip()]
    return Section((title or f"p. {number}",), "\n\n".join(blocks))


def _shapes(around: Any, depth: int = 0) -> Iterator[Any]:
    """Yield shapes, those of groups in place of the group."""
    for shape in around:
        if hasattr(shape, "shapes"):
            if depth < _DEEPEST_GROUP:
                yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _place(shape: Any) -> tuple[int, int]:
    return (shape.top or 0, shape.left or 0)


def _block(shape: Any) -> str:
    """Return the text of a shape: a table, a list where it has several paragraphs, or a line."""
    if getattr(shape, "has_table", False):
        rows = [[_one_line(cell.text) for cell in row.cells] for row in shape.table.rows]
        return as_markdown(rows[0], rows[1:]) if rows else ""
    if not shape.has_text_frame:
        return ""
    lines = [(paragraph.level, _one_line(paragraph.text)) for paragraph in shape.text_frame.paragraphs]
    lines = [(level, text) for level, text in lines if text]
    if len(lines) == 1:
        return lines[0][1]
    return "\n".join(f"{'  ' * level}- {text}" for level, text in lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
