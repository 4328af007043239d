"""A Mermaid text as an SVG that stands alone: no script, no foreign link, ids of its own, a size in pixels."""

import hashlib
import html
import re
from functools import lru_cache

from formats.mermaid import MermaidError

__all__ = ["MermaidError", "svg"]

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_REFUSED = frozenset({"script", "foreignObject", "image", "iframe", "object", "embed", "a", "use"})
# A directive or a front matter could change how the diagram is drawn, and whose rules hold.
_SETTINGS = re.compile(r"\A\s*---\s*\n.*?\n---\s*\n|%%\{.*?\}%%", re.DOTALL)


# Drawing takes one to three seconds, and the page, the files and the archive ask for the same pictures.
@lru_cache(maxsize=64)
def svg(mermaid: str) -> bytes:
    """Return the drawing of a Mermaid text. The same text gives the same bytes.

    Raises MermaidError where Mermaid refuses it, it is too large, or the drawing is not safe to show.
    """
    from lxml import etree

    from formats.mermaid_engine import draw_mermaid  # late: it loads Mermaid

    text = _SETTINGS.sub("", mermaid).strip() + "\n"
    drawn = draw_mermaid(text)
    root = etree.fromstring(drawn.encode(), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    for element in root.iter():
        _refuse_unsafe(element)
        if element.tag != f"{_SVG}style":
            # Mermaid leaves its number codes (`&#40;`) in texts that are no HTML.
            element.text, element.tail = html.unescape(element.text or ""), html.unescape(element.tail or "")
    box = [float(number) for number in root.get("viewBox", "0 0 100 100").split()]
    root.set("width", f"{box[2]:.0f}")
    root.set("height", f"{box[3]:.0f}")
    root.set("style", "background-color: #ffffff;")
    name = f"d{hashlib.sha256(text.encode()).hexdigest()[:10]}"
    return bytes(etree.tostring(root, encoding="utf-8")).replace(b"my-svg", name.encode())


def _refuse_unsafe(element: "etree._Element") -> None:  # type: ignore[name-defined]  # noqa: F821 - lxml is imported late
    """Refuse what a picture of ours never holds, whatever Mermaid was brought to draw. Raises MermaidError."""
    tag = str(element.tag).removeprefix(_SVG)
    attributes = {str(name): str(value) for name, value in element.attrib.items()}
    links = [value for name, value in attributes.items() if name in ("href", _XLINK_HREF) and not value.startswith("#")]
    styles = " ".join([*attributes.values(), element.text or "" if tag == "style" else ""])
    if (
        tag in _REFUSED
        or links
        or any(name.lower().startswith("on") for name in attributes)
        or re.search(r"url\(\s*['\"]?(?!#|['\"])|@import|javascript:", styles, re.IGNORECASE)
    ):
        raise MermaidError(f"The drawing holds what must not stand in a picture: {tag}.")
