"""A document as one HTML file that needs nothing from outside: no script, no link to anywhere, no picture from elsewhere."""

import base64
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from formats.document import Block, Bullets, Code, Document, Heading, Paragraph, Picture, Table
from formats.markdown import SOURCES
from formats.printable import printable

if TYPE_CHECKING:
    from jinja2 import Template

# From so many sections on, the file begins with their list.
LISTED_FROM = 3
_TONGUES = {"en": "en", "zh": "zh-CN"}

Draw = Callable[[str], bytes]


def render_html(document: Document, draw: Draw | None = None) -> str:
    """Return the document as HTML.

    `draw` makes SVG of a diagram's Mermaid source and raises ValueError where it cannot; the source stands in its place then.
    """
    blocks = [_block(block, number, draw) for number, block in enumerate(document.blocks, 1)]
    sections = [block for block in blocks if block["kind"] == "heading" and block["level"] == 2]
    sources = [title + (f" › {where}" if where and where != title else "") for title, where in document.sources]
    return _template().render(
        tongue=_TONGUES[document.language],
        title=printable(document.title),
        contents=sections if len(sections) >= LISTED_FROM else [],
        blocks=blocks,
        sources=[printable(source) for source in sources],
        sources_heading=SOURCES[document.language],
    )


def drawn_or_none(mermaid: str, draw: Draw | None) -> bytes | None:
    """Return a diagram as it is drawn; None without a drawer, and where it cannot be drawn."""
    try:
        return draw(mermaid) if draw is not None else None
    except ValueError:
        return None


@cache
def _template() -> "Template":
    """Read the template once; whatever is put into it is escaped."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(files("formats").joinpath("document.html.jinja").read_text("utf-8"))


def _block(block: Block, number: int, draw: Draw | None) -> dict[str, Any]:
    """Return what the template shows of a block."""
    match block:
        case Heading():
            level = min(max(block.level, 1), 4) + 1
            return {"kind": "heading", "level": level, "anchor": f"block-{number}", "text": printable(block.text)}
        case Paragraph():
            return {"kind": "paragraph", "keyword": printable(block.keyword).strip(), "text": printable(block.text)}
        case Bullets():
            return {"kind": "bullets", "texts": [printable(text) for text in block.texts]}
        case Table():
            rows = [[printable(cell) for cell in row] for row in (block.columns, *block.rows)]
            return {"kind": "table", "columns": rows[0], "rows": rows[1:]}
        case Code():
            return {"kind": "code", "text": printable(block.text).rstrip()}
        case Picture():
            return _picture(block, draw)


def _picture(picture: Picture, draw: Draw | None) -> dict[str, Any]:
    """Return a diagram with its source; drawn it is an image, which can neither run a script nor load anything."""
    drawn = drawn_or_none(picture.mermaid, draw)
    image = f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}" if drawn is not None else ""
    return {"kind": "picture", "title": printable(picture.title), "source": printable(picture.mermaid).rstrip(), "image": image}
