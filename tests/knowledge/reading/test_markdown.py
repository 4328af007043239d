"""Markdown and plain text."""

import pytest

from knowledge.reading.markdown import read_markdown, title_of
from knowledge.reading.section import CannotRead, Section


def test_headings_are_the_trail() -> None:
    reading = read_markdown("intro\n# Guide\n## Limits\ntext\n\n```\n# no heading\n```\n## End\nlast", "guide.md")
    assert reading.title == "Guide"
    assert [section for section in reading.sections if section.text] == [
        Section((), "intro"),
        Section(("Guide", "Limits"), "text\n\n```\n# no heading\n```"),
        Section(("Guide", "End"), "last"),
    ]


def test_front_matter_is_kept_as_it_is_written() -> None:
    reading = read_markdown("---\ntitle: 限额\ngroups: [a]\n---\ntext", "limits.en.md")
    assert (reading.front, reading.title) == ("title: 限额\ngroups: [a]", "limits")
    assert reading.sections == (Section((), "text"),)


def test_a_rule_at_the_beginning_is_no_front_matter() -> None:
    assert read_markdown("---\n\ntext", "a.md").front == ""


def test_hostile_front_matter_is_refused() -> None:
    with pytest.raises(CannotRead, match="anchors"):
        read_markdown("---\na: &a [x]\nb: *a\n---\ntext", "a.md")


@pytest.mark.parametrize(("name", "title"), [("a.zh.md", "a"), ("folder/b.txt", "b"), ("README", "README")])
def test_a_title_is_the_name_without_ending_and_language(name: str, title: str) -> None:
    assert title_of(name) == title
