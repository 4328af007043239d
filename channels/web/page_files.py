"""The files that Chainlit serves and writes, laid out in the data folder at every start.

Chainlit writes uploads and 23 translations into its root at import, and its page asks two foreign hosts for fonts. A root of its
own keeps the checkout clean and read-only, and holds a page from which the foreign links are gone.
"""

import importlib.util
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[2]
LANGUAGES = ("en-US", "zh-CN")
_FOREIGN_LINK = re.compile(r"<link\b[^>]*\bhref=\"https?://[^>]*>", re.DOTALL)
_ALLOW_ORIGINS = "allow_origins = []"


def prepare(data_dir: Path, allowed_origins: Sequence[str] = ()) -> Path:
    """Lay the page's files out under the data folder and return Chainlit's root.

    What an earlier run left is removed first: the files of sessions that are gone, and assets of another version.
    """
    root = (data_dir / "page").resolve()
    shutil.rmtree(root, ignore_errors=True)
    (root / ".chainlit" / "translations").mkdir(parents=True)
    root.chmod(0o700)
    config = (SHIPPED / ".chainlit" / "config.toml").read_text("utf-8")
    origins = f"allow_origins = {json.dumps(list(allowed_origins))}"
    (root / ".chainlit" / "config.toml").write_text(config.replace(_ALLOW_ORIGINS, origins), "utf-8")
    for language in LANGUAGES:
        name = f".chainlit/translations/{language}.json"
        shutil.copyfile(SHIPPED / name, root / name)
    for name, readme in (
        ("chainlit.md", "chainlit.md"),
        ("chainlit_en-US.md", "chainlit.md"),
        ("chainlit_zh-CN.md", "chainlit_zh-CN.md"),
    ):
        shutil.copyfile(SHIPPED / readme, root / name)
    shutil.copytree(SHIPPED / "public", root / "public")
    _build(root / "build")
    return root


def without_foreign_links(page: str) -> str:
    """Return the HTML page without the link tags that name another host."""
    return _FOREIGN_LINK.sub("", page)


def _build(folder: Path) -> None:
    """Fill `folder` with the installed page, its foreign links removed."""
    installed = _installed_page()
    folder.mkdir()
    index = (installed / "index.html").read_text("utf-8")
    (folder / "index.html").write_text(without_foreign_links(index), "utf-8")
    for picture in installed.glob("*.svg"):
        shutil.copyfile(picture, folder / picture.name)
    shutil.copytree(installed / "assets", folder / "assets", ignore=shutil.ignore_patterns("*.map"))


def _installed_page() -> Path:
    """Return the folder of the page that Chainlit ships, found without importing Chainlit: its import writes files."""
    spec = importlib.util.find_spec("chainlit")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("chainlit")
    return Path(spec.origin).parent / "frontend" / "dist"
