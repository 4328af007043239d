"""A drawn diagram as a PNG, for what cannot show an SVG, such as Word: the same drawing, at twice its size."""

import re

_WIDTH = re.compile(rb'<svg[^>]*?\bwidth="([\d.]+)"')
# Sharp on paper, and no larger than a page can use.
_SCALE, _WIDEST = 2, 3000


def png(svg: bytes) -> bytes:
    """Return an SVG of ours as a PNG."""
    from mermaidx import svg_to_png

    found = _WIDTH.search(svg)
    width = min(_WIDEST, float(found[1]) * _SCALE) if found else None
    return bytes(svg_to_png(svg.decode(), width=width, background="#ffffff"))
