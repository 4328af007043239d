"""An exported page needs nothing from outside, and hostile text stays text."""

import base64

import pytest
from lxml import html as lxml_html

from formats.document import Block, Bullets, Code, Document, Heading, Paragraph, Picture, Table
from formats.html import LISTED_FROM, render_html
from formats.printable import printable
from tests.doubles.hostile_cells import HOSTILE, MARKUP

ADDRESSES = {"href", "src", "srcset", "action", "formaction", "background", "poster", "data", "cite", "xlink:href", "ping"}
ACTING = {"script", "iframe", "object", "embed", "link", "base", "form", "svg", "applet", "audio", "video"}


def page(
    *blocks: Block, draw: object = None, sources: list[tuple[str, str]] | None = None, title: str = "Title"
) -> lxml_html.HtmlElement:
    told = render_html(Document(title, "en", blocks, sources or []), draw)  # type: ignore[arg-type]
    return lxml_html.document_fromstring(told.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))


def foreign(tree: lxml_html.HtmlElement) -> list[str]:
    """Return every address of a page that is neither within it nor a picture that it holds itself."""
    found = []
    for element in tree.iter():
        for name, value in element.attrib.items():
            if name in ADDRESSES and not value.startswith(("#", "data:image/svg+xml;base64,")):
                found.append(f"{element.tag} {name}={value}")
            if name.startswith("on") or "javascript:" in value.lower():
                found.append(f"{element.tag} {name}={value}")
    return found


def everything(text: str) -> list[Block]:
    return [
        Heading(1, text),
        Heading(4, text),
        Paragraph(text, text),
        Bullets([text]),
        Table([text], [[text]]),
        Code("gherkin", text),
        Picture(text, text),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    tree = page(*everything(text), sources=[(text, text)], title=text)
    assert foreign(tree) == []
    assert not {str(element.tag) for element in tree.iter()} & ACTING
    assert " ".join(printable(text).split()) in " ".join(tree.xpath("//td")[0].text_content().split())
    assert len(tree.xpath("//table")) == 1


def test_the_check_itself_sees_what_must_not_be_there() -> None:
    tree = lxml_html.document_fromstring("".join(MARKUP))
    assert len(foreign(tree)) >= 3
    assert {str(element.tag) for element in tree.iter()} & ACTING


def test_the_page_forbids_scripts_and_loading_by_itself() -> None:
    (policy,) = page().xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "default-src 'none'" in policy


def test_a_document_is_told_block_by_block() -> None:
    tree = page(*everything("words"), sources=[("Guide", "Part")])
    assert tree.xpath("string(//h1)") == "Title"
    assert tree.xpath("string(//h2)") == "words"
    assert tree.xpath("string(//h5)") == "words"
    assert tree.xpath("string(//p/strong)") == "words"
    assert tree.xpath("string(//ol/li)") == "Guide › Part"
    assert tree.get("lang") == "en"


def test_a_long_document_begins_with_its_sections_each_a_link_within_the_page() -> None:
    tree = page(*(Heading(1, f"Part {number}") for number in range(LISTED_FROM)))
    links = tree.xpath("//nav//a")
    assert [link.text for link in links] == ["Part 0", "Part 1", "Part 2"]
    assert all(tree.xpath(f"//*[@id='{link.get('href')[1:]}']")[0].text == link.text for link in links)
    assert page(Heading(1, "one")).xpath("//nav") == []


def test_a_diagram_is_an_image_within_the_page_with_its_source() -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    tree = page(Picture("The model", "pie"), draw=lambda _mermaid: svg)
    (image,) = tree.xpath("//img")
    assert base64.b64decode(image.get("src").split(",")[1]) == svg
    assert image.get("alt") == "The model"
    assert tree.xpath("string(//details//code)") == "pie"
    assert foreign(tree) == []


def test_a_diagram_that_cannot_be_drawn_is_its_source() -> None:
    def refuse(_mermaid: str) -> bytes:
        raise ValueError("no diagram")

    tree = page(Picture("The model", "nonsense"), draw=refuse)
    assert tree.xpath("//img") == []
    assert tree.xpath("string(//figure//code)") == "nonsense"
