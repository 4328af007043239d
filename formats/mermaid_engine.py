"""Mermaid itself, run on a thread of its own: its grammar reads a text back, its layout draws it.

mermaid.js comes with the package mermaidx and runs in QuickJS, without a browser, without a network and without files. This module is
imported late: it takes a second.
"""

import json
import threading
import time
import unicodedata
from concurrent.futures import TimeoutError as LateError
from functools import cache
from typing import Any

import quickjs
from mermaidx.engines._common import TextMeasurer
from mermaidx.engines.quickjs_engine import Engine as QuickJSEngine
from mermaidx.engines.quickjs_engine import MermaidRenderError

from formats.mermaid import MermaidError

MOST_CHARACTERS = 40_000
MOST_SHAPES = 160
# Seconds of computing, not of waiting: a busy machine refuses nothing.
READ_SECONDS = 10.0
DRAW_SECONDS = 30.0
# What stands before it may draw as long as the limit allows.
_WAIT_SECONDS = 180.0

FONTS = "'Noto Sans','Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',Arial,sans-serif"
_CONFIG = {
    "securityLevel": "strict",
    "htmlLabels": False,
    "handDrawnSeed": 1,
    "deterministicIds": True,
    "fontFamily": FONTS,
    "maxTextSize": MOST_CHARACTERS,
    "flowchart": {"htmlLabels": False},
    "class": {"htmlLabels": False, "hideEmptyMembersBox": True},
    "themeVariables": {"edgeLabelBackground": "#ffffff"},
    "themeCSS": ".edgeLabel rect, .edgeLabel .background { opacity: 1 !important; fill: #ffffff !important; }",
}

# The shim searches the whole style sheet at every measuring; what it finds depends on these attributes only. Fifteen times faster.
_REMEMBER_STYLES = """
(() => {
  const known = new Map();
  const told = ['id', 'class', 'style', 'font-size', 'font-family', 'font-weight'];
  const place = (element) => {
    const parts = [];
    for (let node = element; node && node.nodeType === 1; node = node.parentNode) {
      parts.push(node.tagName, node.tagName === 'svg' && node.firstChild ? node.firstChild.tagName : '');
      for (const name of told) parts.push(node.getAttribute(name) || '');
    }
    return parts.join('|');
  };
  const remembered = (ask) => (element, name) => {
    const key = `${name}/${place(element)}`;
    if (!known.has(key)) known.set(key, ask(element, name));
    return known.get(key);
  };
  globalThis.__resolveFont = remembered(__resolveFont);
  globalThis.__resolveCssProp = remembered(__resolveCssProp);
})();
"""
_READ = """
globalThis.__read = null;
globalThis.__refused = null;
(async () => {
  await mermaid.parse(__text);
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(__text);
  const told = { type: diagram.type };
  for (const name of ['getClasses', 'getRelations', 'getStates', 'getNotes', 'getNamespaces', 'getActors', 'getMessages', 'getDirection'])
    if (typeof diagram.db[name] === 'function') told[name.slice(3).toLowerCase()] = diagram.db[name]();
  const plain = (key, value) => value instanceof Map ? Object.fromEntries(value) : value instanceof Set ? [...value] : value;
  globalThis.__read = JSON.stringify(told, plain);
})().catch((error) => { globalThis.__refused = String((error && error.message) || error) || 'refused'; });
"""


class _Measurer(TextMeasurer):  # type: ignore[misc]
    """Widths of DejaVu Sans, but a full-width sign as wide as it is high: the font has no Chinese, and boxes would be too narrow."""

    until = float("inf")

    def width(self, text: str, size: Any, family: str, weight: str, style: str) -> float:
        if time.thread_time() > self.until:
            raise TimeoutError("It takes too long to draw.")
        narrow = "".join(sign for sign in text or "" if not _wide(sign))
        return float(super().width(narrow, size, family, weight, style)) + (len(text or "") - len(narrow)) * float(size or 16)

    def full(self, text: str, size: Any, family: str, weight: str, style: str) -> dict[str, float]:
        told: dict[str, float] = super().full(text, size, family, weight, style)
        return told | {"width": self.width(text, size, family, weight, style)}

    def glyphs(self, text: str, size: Any, family: str, weight: str, style: str) -> list[list[float]]:
        if not any(map(_wide, text or "")):
            return list(super().glyphs(text, size, family, weight, style))
        em, pen, boxes = float(size or 16), 0.0, []
        for sign in text:
            ink = [[0.0, 0.0, em, -0.88 * em, 0.12 * em]] if _wide(sign) else super().glyphs(sign, size, family, weight, style)
            boxes += [[pen + box[0], *box[1:]] for box in ink]
            pen += self.width(sign, size, family, weight, style)
        return boxes


def _wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


class _Engine(QuickJSEngine):  # type: ignore[misc]
    """mermaidx's engine with our measuring, and a second context that only reads."""

    def _init_context(self) -> None:
        self._measurer = _Measurer()
        self._reader: Any = None

    def _build_context(self) -> Any:
        context = super()._build_context()
        context.eval(_REMEMBER_STYLES)
        return context

    def read(self, text: str) -> dict[str, Any]:
        """Return what Mermaid's own grammar makes of a text."""
        told: dict[str, Any] = self._executor.submit(self._read, text).result(_WAIT_SECONDS)
        return told

    def draw(self, text: str) -> str:
        """Return Mermaid's drawing."""
        return str(self._executor.submit(self._draw, text).result(_WAIT_SECONDS))

    def _read(self, text: str) -> dict[str, Any]:
        if self._reader is None:
            self._reader = self._build_context()
            self._reader.eval(f"mermaid.initialize({json.dumps(_CONFIG | {'startOnLoad': False})});")
        context, until = self._reader, time.thread_time() + READ_SECONDS
        context.set_time_limit(READ_SECONDS)
        try:
            context.eval(f"globalThis.__text = {json.dumps(text)};{_READ}")
            while not context.eval("!!(__read || __refused)"):
                if time.thread_time() > until:
                    raise MermaidError("It takes too long to read.")
                if not context.execute_pending_job() and not context.eval("__runNextTimer()"):
                    raise MermaidError("Mermaid read nothing.")
            if refused := context.eval("__flat(__refused)"):
                raise MermaidError(str(refused).strip())
            told: dict[str, Any] = json.loads(context.eval("__flat(__read)"))
            return told
        except (quickjs.JSException, quickjs.StackOverflow) as error:
            # The context may hold half of a text: the next one gets another.
            self._reader = None
            raise MermaidError(str(error).strip().splitlines()[0]) from error
        finally:
            context.set_time_limit(-1)

    def _draw(self, text: str) -> str:
        self._measurer.until = time.thread_time() + DRAW_SECONDS
        try:
            return str(self._render_svg_sync(text, "neutral", _CONFIG, None))
        except (MermaidRenderError, TimeoutError, quickjs.JSException, quickjs.StackOverflow) as error:
            raise MermaidError(str(error).strip().splitlines()[0]) from error
        finally:
            self._measurer.until = float("inf")


_starting = threading.Lock()


@cache
def _engine() -> _Engine:
    engine = _Engine()
    engine.start()
    return engine


def _started() -> _Engine:
    with _starting:
        return _engine()


def read_mermaid(text: str) -> dict[str, Any]:
    """Return the diagram that Mermaid's own grammar reads: its `type`, and its parts as Mermaid keeps them.

    Raises MermaidError where Mermaid refuses the text, or it is too long.
    """
    if len(text) > MOST_CHARACTERS:
        raise MermaidError(f"The diagram is too long: {len(text):,} characters, at most {MOST_CHARACTERS:,}.")
    try:
        return _started().read(text)
    except LateError as error:
        raise MermaidError("The drawing engine is busy; try again.") from error


def draw_mermaid(text: str) -> str:
    """Return Mermaid's own SVG of a text. Raises MermaidError where it refuses it, or it is too large to be drawn."""
    told = read_mermaid(text)
    shapes = sum(len(told.get(part) or ()) for part in ("classes", "relations", "states", "actors", "messages"))
    if shapes > MOST_SHAPES:
        raise MermaidError(f"The diagram is too large to be drawn: {shapes} shapes and lines, at most {MOST_SHAPES}.")
    try:
        return _started().draw(text)
    except LateError as error:
        raise MermaidError("The drawing engine is busy; try again.") from error
