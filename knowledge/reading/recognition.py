"""Which format a file has, by its ending and by its content: an ending may lie, and some formats are refused with what to do."""

import io
import re
import zipfile
from pathlib import PurePath
from typing import Final

from knowledge.reading.section import CannotRead

# What each ending of a text file says of its content.
TEXT_SUFFIXES: Final = {
    ".md": "markdown", ".markdown": "markdown", ".txt": "text", ".log": "text", "": "text",
    ".html": "html", ".htm": "html", ".csv": "csv", ".tsv": "csv", ".json": "json", ".yaml": "yaml", ".yml": "yaml",
    ".feature": "feature", ".mmd": "diagram", ".mermaid": "diagram", ".puml": "diagram", ".plantuml": "diagram", ".iuml": "diagram",
}  # fmt: skip
PACKED_SUFFIXES: Final = (".docx", ".pdf", ".pptx", ".xlsx")

_MODERN: Final = {".doc": ".docx", ".dot": ".docx", ".xls": ".xlsx", ".xlt": ".xlsx", ".ppt": ".pptx", ".pps": ".pptx"}
_OFFICE: Final = {"word/": "docx", "ppt/": "pptx", "xl/": "xlsx"}
_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0")
_ARCHIVES: Final = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa")

_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_OFFICE_XML = re.compile(r"\s*<\?xml.{0,300}?<\?mso-application", re.DOTALL)


def packed_kind(name: str, raw: bytes) -> str:
    """Return docx, pptx, xlsx or pdf by the first bytes, nothing for what may be text. Raises CannotRead for what is refused."""
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped_kind(raw)
    suffix = PurePath(name).suffix.lower()
    if raw.startswith(b"%PDF-") or (suffix == ".pdf" and b"%PDF-" in raw[:1024]):
        return "pdf"
    _refuse_unread(suffix, raw)
    return ""


def text_kind(name: str, text: str) -> str:
    """Return what a text is: html, csv, json, yaml, feature, diagram, markdown or text. Raises CannotRead for an unknown ending."""
    if _HTML.match(text[:4000]):
        return "html"
    if _OFFICE_XML.match(text[:1000]):
        raise _old_format(".docx or .xlsx")
    suffix = PurePath(name).suffix.lower()
    if suffix in TEXT_SUFFIXES:
        return TEXT_SUFFIXES[suffix]
    if suffix in PACKED_SUFFIXES or suffix in _MODERN:
        return _kind_by_words(text)
    raise CannotRead(
        f"Files with the ending '{suffix}' are not read: save it as Markdown, text, DOCX or PDF.",
        f"不读取后缀为“{suffix}”的文件：请另存为 Markdown、文本、DOCX 或 PDF。",
    )


def _kind_by_words(text: str) -> str:
    """Tell what a text is whose ending says that it should be no text."""
    start = text.lstrip()[:200]
    if start.startswith(("{", "[")):
        return "json"
    if start.startswith(("openapi:", "swagger:")):
        return "yaml"
    if start.startswith("@start"):
        return "diagram"
    return "csv" if "\t" in text.partition("\n")[0] else "text"


def _zipped_kind(raw: bytes) -> str:
    """Tell which Office format an archive is. Raises CannotRead for any other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise CannotRead(
            "It is damaged, the end of it is missing or false: open it in its own program and save it again.",
            "文件已损坏（结尾缺失或有误）：请用原程序打开后重新保存。",
            detail=repr(error),
        ) from error
    if "[Content_Types].xml" in names:
        for folder, kind in _OFFICE.items():
            if any(each.startswith(folder) for each in names):
                return kind
    if "mimetype" in names and any(each == "content.xml" for each in names):
        raise _old_format(".docx, .xlsx or .pptx")
    raise _archive()


def _refuse_unread(suffix: str, raw: bytes) -> None:
    """Refuse in words the formats that are known and not read."""
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise CannotRead("It is locked by a password: save it without one.", "文件设有密码：请去掉密码后重新保存。")
        raise _old_format(_MODERN.get(suffix, ".docx, .xlsx or .pptx"))
    if raw.lstrip()[:5] == b"{\\rtf":
        raise _old_format(".docx")
    if (raw.startswith(_PICTURES) and b"\0" in raw[:4096]) or raw[8:12] == b"WEBP":
        raise CannotRead(
            "It is a picture: have its text recognised (OCR), or write down what it shows.",
            "这是图片：请先做文字识别（OCR），或写出图中内容。",
        )
    if raw.startswith(_ARCHIVES) or raw[257:262] == b"ustar":
        raise _archive()
    if (raw.startswith(_PROGRAMS) and b"\0" in raw[:4096]) or raw.startswith(b"SQLite format 3"):
        raise CannotRead(
            "It is a program or a database, no document: export what matters as a document or a table.",
            "这是程序或数据库，不是文档：请把需要的内容导出为文档或表格。",
        )


def _old_format(wanted: str) -> CannotRead:
    return CannotRead(
        f"Its format is not read: save it as {wanted}.", f"不读取这种格式：请另存为 {wanted.replace(' or ', ' 或 ')}。"
    )


def _archive() -> CannotRead:
    return CannotRead("It is an archive: unpack it and give the files in it.", "这是压缩包：请解压后提供其中的文件。")
