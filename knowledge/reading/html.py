"""HTML: what a reader of the page would see, as Markdown; nothing is run, nothing is fetched."""

import re
from typing import TYPE_CHECKING

from knowledge.reading.markdown import sections_of, title_of
from knowledge.reading.section import CannotRead, Reading

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_UNSEEN = [
    "script", "style", "noscript", "template", "iframe", "object", "embed", "applet", "svg", "math", "canvas", "audio", "video",
    "nav", "button", "input", "select", "textarea", "link", "meta", "base", "head",
]  # fmt: skip
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def read_html(text: str, name: str) -> Reading:
    """Read a page; its title is that of its head, or its first heading. Raises CannotRead where it is nested too deep."""
    from bs4 import BeautifulSoup
    from markdownify import MarkdownConverter

    page = BeautifulSoup(text, "lxml")
    title = " ".join(page.title.get_text().split()) if page.title else ""
    _drop_unseen(page)
    try:
        written = MarkdownConverter(
            heading_style="atx", bullets="-", strip=["a", "b", "strong", "i", "em", "u"], escape_asterisks=False,
            escape_underscores=False, escape_misc=False, table_infer_header=True,
        ).convert_soup(page)  # fmt: skip
    except RecursionError as error:
        raise CannotRead(
            "Its elements are nested too deep: save the page as plain HTML.", "页面元素嵌套过深：请另存为简单的 HTML。"
        ) from error
    sections = tuple(sections_of(_tidied(written)))
    heading = next((section.trail[0] for section in sections if section.trail), "")
    return Reading(title or heading or title_of(name), sections)


def _drop_unseen(page: "BeautifulSoup") -> None:
    """Take out what a reader does not see, and leave of a picture its words."""
    from bs4.element import PreformattedString

    for unseen in page.find_all(string=lambda each: isinstance(each, PreformattedString)):
        unseen.extract()
    for element in page.find_all(_UNSEEN):
        element.extract()
    for element in page.find_all(_is_hidden):
        element.extract()
    for picture in page.find_all("img"):
        picture.replace_with(str(picture.get("alt") or ""))


def _is_hidden(element: "Tag") -> bool:
    if not element.attrs:
        return False
    style = str(element.get("style") or "")
    return "hidden" in element.attrs or element.get("aria-hidden") == "true" or bool(_HIDDEN_STYLE.search(style))


def _tidied(written: str) -> str:
    """Return the Markdown without space at line ends and without runs of empty lines."""
    lines = "\n".join(line.rstrip() for line in written.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()
