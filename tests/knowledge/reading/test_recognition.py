"""Which format a file has."""

import io
import zipfile

import pytest

from knowledge.reading.recognition import packed_kind, text_kind
from knowledge.reading.section import CannotRead
from tests.doubles.office_files import limits_xlsx, pictures_pdf, product_training_pptx, transfer_standard_docx


def test_a_packed_format_is_known_by_its_content_whatever_its_ending() -> None:
    assert packed_kind("a.pdf", transfer_standard_docx()) == "docx"
    assert packed_kind("a.md", product_training_pptx()) == "pptx"
    assert packed_kind("a", limits_xlsx()) == "xlsx"
    assert packed_kind("a.docx", pictures_pdf()) == "pdf"
    assert packed_kind("a.pdf", b"\r\n" + pictures_pdf()) == "pdf"
    assert packed_kind("a.md", b"PK is short for primary key; %PDF- is no PDF") == ""


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.md", "# Title", "markdown"),
        ("a.TXT", "text", "text"),
        ("README", "text", "text"),
        ("a.md", "<!DOCTYPE html><html></html>", "html"),
        ("a.xls", "\n<html><table></table></html>", "html"),
        ("a.docx", '{"openapi": "3.1.0"}', "json"),
        ("a.docx", "swagger: '2.0'", "yaml"),
        ("a.xlsx", "a\tb\n1\t2", "csv"),
        ("a.pdf", "@startuml\n@enduml", "diagram"),
        ("a.docx", "just words", "text"),
        ("a.yml", "a: 1", "yaml"),
    ],
)
def test_a_text_is_known_by_its_ending_or_by_its_words(name: str, text: str, kind: str) -> None:
    assert text_kind(name, text) == kind


def _archive(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "raw", "words", "chinese"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "save it as .docx", "另存为 .docx"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "save it as .xlsx", "另存为 .xlsx"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked by a password", "密码"),
        ("a.rtf", b"{\\rtf1 text}", "save it as .docx", "另存为 .docx"),
        ("a.odt", _archive("mimetype", "content.xml"), "save it as .docx", "另存为"),
        ("a.zip", _archive("a.txt"), "unpack it", "解压"),
        ("a.docx", _archive("a.txt"), "unpack it", "解压"),
        ("a.docx", transfer_standard_docx()[:2000], "damaged", "损坏"),
        ("a.gz", b"\x1f\x8b\x08\0", "unpack it", "解压"),
        ("a.tar", bytes(257) + b"ustar", "unpack it", "解压"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0", "picture", "图片"),
        ("a.md", b"\xff\xd8\xff\xe0\0\x10JFIF", "picture", "图片"),
        ("a.webp", b"RIFF\0\0\0\0WEBP", "picture", "图片"),
        ("a.exe", b"MZ\x90\0", "program", "程序"),
        ("a.md", b"\x7fELF\x02\x01\x01\0", "program", "程序"),
        ("a.db", b"SQLite format 3\0", "database", "数据库"),
    ],
)
def test_what_is_not_read_is_refused_with_what_to_do(name: str, raw: bytes, words: str, chinese: str) -> None:
    with pytest.raises(CannotRead, match=words) as refusal:
        packed_kind(name, raw)
    assert chinese in refusal.value.zh


@pytest.mark.parametrize(
    ("name", "text"), [("a.py", "print()"), ("a.xls", '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>')]
)
def test_texts_of_other_programs_are_refused(name: str, text: str) -> None:
    with pytest.raises(CannotRead, match="save it as"):
        text_kind(name, text)
