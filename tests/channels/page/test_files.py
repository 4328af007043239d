"""Files that become the text of a stage: put below what was typed, and refused by name where they are no text."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from channels.page.files import with_files
from errors import BriefError


@dataclass(frozen=True)
class Dropped:
    """A file as Chainlit hands it on."""

    name: str
    path: str


def dropped(folder: Path, name: str, content: bytes) -> Dropped:
    (folder / name).write_bytes(content)
    return Dropped(name, str(folder / name))


def test_the_texts_of_files_stand_below_what_was_typed_in_their_order(tmp_path: Path) -> None:
    files = [dropped(tmp_path, "a.csv", b"\xef\xbb\xbfKey,Summary\n"), dropped(tmp_path, "b.txt", b"1a2b3c4 fix: it\n\n")]
    assert with_files("  Version: 2.1.0 ", files) == "Version: 2.1.0\n\nKey,Summary\n\n1a2b3c4 fix: it"


def test_a_file_alone_is_the_text(tmp_path: Path) -> None:
    assert with_files("", [dropped(tmp_path, "log.txt", "修复：金额错误".encode())]) == "修复：金额错误"


def test_a_chinese_export_in_its_own_encoding_is_read(tmp_path: Path) -> None:
    text = "编号,类型,摘要\nCARD-51,需求,在线挂失借记卡,客户在手机银行挂失借记卡。\n"
    assert with_files("", [dropped(tmp_path, "工单.csv", text.encode("gb18030"))]) == text.strip()


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04\x00\x00\x9f\xff", b"a\x00b", b"x" * 2_000_001], ids=["packed", "zero bytes", "too large"]
)
def test_what_is_no_text_is_refused_by_its_name_in_both_languages(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BriefError) as refused:
        with_files("notes", [dropped(tmp_path, "export.xlsx", content)])
    assert "export.xlsx" in refused.value.sentence("en")
    assert "export.xlsx" in refused.value.sentence("zh")


def test_an_empty_file_adds_nothing(tmp_path: Path) -> None:
    assert with_files("notes", [dropped(tmp_path, "empty.txt", b"")]) == "notes"
