"""What a portal's page loads: our small script, and, when a person opens the widget, the chat and its look."""

import gzip
import hashlib
import importlib.util
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from channels.texts import Texts
from channels.web.page_files import SHIPPED
from channels.widget.options import WidgetOptions

_PLACE = "null /* the server's settings */"
# Exactly as they stand in the installed bundle. The chat would ask a foreign host for a font, and keep its theme under a name that
# belongs to every page built with the same tools. Until it knows who is there it would complain of a missing token, take the chat down
# and connect a second time: what the first connection was welcomed with is lost then. The session is there before it is mounted.
PATCHES = (
    ("https://fonts.googleapis.com/css2?family=Inter:wght@400;500;700&display=swap", "data:text/css,"),
    ('storageKey:"vite-ui-theme"', 'storageKey:"stagecraft-widget-theme"'),
    ('a("No authentication token provided.")', "a(void 0)"),
)


class BundleChanged(Exception):
    """The installed chat bundle is not the one that this program knows; its operator has to install the pinned version."""


@dataclass(frozen=True)
class Served:
    """A file as it is sent: its name, which changes with its content, and its bytes, plain or packed with gzip."""

    name: str
    mime: str
    content: bytes
    is_packed: bool = False

    @property
    def plain(self) -> bytes:
        """The bytes for who cannot unpack."""
        return gzip.decompress(self.content) if self.is_packed else self.content


class WidgetFiles:
    """The files of one set of options, each made when it is first asked for and then kept."""

    def __init__(self, widget: WidgetOptions) -> None:
        self._widget = widget

    @cached_property
    def script(self) -> Served:
        """The script that a portal names, with the settings filled in."""
        text = (SHIPPED / "public" / "widget.js").read_text("utf-8")
        return _served("widget", "js", text.replace(_PLACE, self._settings()).encode())

    @cached_property
    def look(self) -> Served:
        """The look of our cards: the page's own, and what differs in a narrow window on a foreign page."""
        texts = [(SHIPPED / "public" / name).read_text("utf-8") for name in ("stagecraft.css", "widget.css")]
        return _served("look", "css", "\n".join(texts).encode())

    @cached_property
    def chat(self) -> Served:
        """The chat itself, 8.6 MB, packed. Raises BundleChanged where another version is installed."""
        return _served("chat", "js", _patched(_installed().read_text("utf-8")).encode())

    def named(self, name: str) -> Served | None:
        """Return the file of this name; None where it is not, or no longer, the name of one."""
        return next((file for file in (self.look, self.chat) if file.name == name), None)

    def _settings(self) -> str:
        """Return what the script has to know, as JSON that may stand in a script."""
        chosen = self._widget
        known = {
            "chat": f"widget/{self.chat.name}",
            "look": f"widget/{self.look.name}",
            "theme": chosen.theme,
            "language": chosen.language,
            "position": chosen.position,
            "load": chosen.load,
            "texts": {language: Texts(language).labels("widget_script_") for language in ("en", "zh")},
        }
        return json.dumps(known, ensure_ascii=True).replace("<", "\\u003c")


def _served(name: str, ending: str, content: bytes) -> Served:
    mime = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}[ending]
    digest = hashlib.sha256(content).hexdigest()[:16]
    return Served(f"{name}-{digest}.{ending}", mime, gzip.compress(content, 6, mtime=0), is_packed=True)


def _patched(bundle: str) -> str:
    for before, after in PATCHES:
        if bundle.count(before) != 1:
            raise BundleChanged(before)
        bundle = bundle.replace(before, after)
    return bundle


def _installed() -> Path:
    """Return the chat bundle that Chainlit ships, found without importing Chainlit: its import writes files."""
    spec = importlib.util.find_spec("chainlit")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("chainlit")
    return Path(spec.origin).parent / "copilot" / "dist" / "index.js"
