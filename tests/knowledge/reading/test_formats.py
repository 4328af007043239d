"""A file of any format, read by its own reader."""

from pathlib import Path

import pytest

from knowledge.reading.formats import SUFFIXES, read, rows
from knowledge.reading.section import CannotRead, Section
from tests.doubles.office_files import LIMITS, PARAGRAPH_ZH, limits_csv, limits_xlsx, transfer_standard_docx, write_office_files


def test_every_file_of_an_analysts_folder_is_read(tmp_path: Path) -> None:
    for path in write_office_files(tmp_path).iterdir():
        reading = read(path.name, path.read_bytes())
        assert reading.title
        assert reading.sections
        assert path.suffix in SUFFIXES


def test_a_document_with_the_wrong_ending_is_read_as_what_it_is() -> None:
    assert read("standard.pdf", transfer_standard_docx()).title == "Transfer standard"


@pytest.mark.parametrize(
    ("name", "text", "type_", "trail"),
    [
        ("api.yaml", "openapi: 3.1.0\ninfo: {title: Cards}\npaths:\n  /cards:\n    get: {summary: list}\n", "api", None),
        (
            "pay.feature",
            "Feature: Pay\n  Scenario: Over the limit\n    Given a limit\n    When one pays\n    Then no\n",
            "example",
            None,
        ),
        ("routes.json", '{"routes": {"to": "core"}}', "", ("routes",)),
        ("routes.yml", "routes: {to: core}", "", ("routes",)),
        ("flow.mmd", "sequenceDiagram\n  A->>B: pays", None, None),
        ("note.txt", "# Guide\nwords", "", ("Guide",)),
    ],
)
def test_each_text_format_has_its_reader(name: str, text: str, type_: str | None, trail: tuple[str, ...] | None) -> None:
    reading = read(name, text.encode("utf-8"))
    assert type_ is None or reading.type == type_
    assert trail is None or reading.sections[-1].trail == trail


def test_a_history_of_git_is_known_by_its_words() -> None:
    log = f"commit {'a' * 40}\nAuthor: A <a@example.com>\nDate:   Mon Jul 1 10:00:00 2024 +0800\n\n    Add the limit\n"
    assert any(section.whole for section in read("history.txt", log.encode()).sections)


@pytest.mark.parametrize("raw", [b"", b"  \n ", b"\xef\xbb\xbf", b"# Heading alone\n", b"---\ntitle: x\n---\n"])
def test_a_file_without_text_is_refused(raw: bytes) -> None:
    with pytest.raises(CannotRead, match="no text in it"):
        read("a.md", raw)


def test_signs_that_cannot_be_kept_are_left_out() -> None:
    reading = read("a.json", b'{"limit": {"a\\u0000b": "x\\ud800y"}}')
    assert reading.sections == (Section(("limit",), "- ab: xy"),)


def test_an_endless_heading_is_cut_and_stands_in_the_text() -> None:
    (section,) = read("a.md", f"# {'long ' * 100}\nwords".encode()).sections
    assert len(section.trail[0]) == 200
    assert section.text.endswith("long\n\nwords")


def test_what_a_library_stumbles_over_is_refused_in_words() -> None:
    spoiled = transfer_standard_docx().replace(b"word/document.xml", b"word/dokument.xml")
    with pytest.raises(CannotRead, match="open it in its own program") as refusal:
        read("a.docx", spoiled)
    assert refusal.value.detail
    assert "原程序" in refusal.value.zh


def test_rows_are_given_of_tables_only() -> None:
    assert rows("limits.csv", limits_csv().encode("gb18030"))[0] == LIMITS[0]
    assert rows("limits.xlsx", limits_xlsx(), "限额")[0][0] == "渠道"
    with pytest.raises(CannotRead, match="no table"):
        rows("a.md", PARAGRAPH_ZH.encode())
