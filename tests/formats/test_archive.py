"""Zip files: the same bytes for the same content, and nothing of a hostile one reaches the disk or fills memory."""

import io
import zipfile

import pytest

from formats.archive import ArchiveError, ZipLimits, file_name, is_safe_path, pack, unpack, without_moments
from formats.sheet import Sheet
from formats.xlsx import workbook


def zipped(*entries: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def test_the_same_files_give_the_same_bytes_in_any_order() -> None:
    files = {"b.md": b"two", "用户故事/a.md": "一".encode()}
    assert pack(files) == pack(dict(reversed(files.items())))
    assert unpack(pack(files)).files == files


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "C:\\x", "C:x", "a\\..\\x", "\\\\host\\x", "a\x01b"])
def test_a_name_that_leads_out_of_the_folder_is_refused(name: str) -> None:
    assert not is_safe_path(name)
    found = unpack(zipped((name, b"x"), ("good.md", b"y")))
    assert list(found.files) == ["good.md"]
    assert [reason for _, reason in found.refused] == ["path"]


def test_what_grows_hundreds_of_times_is_refused_unread() -> None:
    found = unpack(zipped(("bomb.md", b"0" * 5_000_000), ("good.md", b"y")))
    assert (list(found.files), found.refused) == (["good.md"], (("bomb.md", "ratio"),))


def test_too_large_too_many_and_twice_are_refused() -> None:
    limits = ZipLimits(entries=3, entry_bytes=10, all_bytes=15)
    content = zipped(("a", b"1" * 9), ("b", b"2" * 11), ("c", b"3" * 9), ("d", b"4"))
    assert unpack(content, limits).refused == (("b", "size"), ("c", "size"), ("d", "count"))
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = zipped(("a", b"1"), ("a", b"2"))
    assert unpack(twice).refused == (("a", "twice"),)


def test_a_zip_that_lies_about_a_size_is_damaged_and_no_more_is_read() -> None:
    content = zipped(("a.md", b"x" * 5000))
    lying = content.replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    found = unpack(lying)
    assert found.files == {} or len(found.files["a.md"]) <= 11


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all", zipped(("a", b"x" * 100))[:-30]])
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    with pytest.raises(ArchiveError):
        unpack(content)


def test_an_encrypted_entry_is_refused() -> None:
    content = bytearray(zipped(("a", b"x")))
    for start in (content.index(b"PK\x03\x04") + 6, content.index(b"PK\x01\x02") + 8):
        content[start] |= 1
    assert unpack(bytes(content)).refused == (("a", "encrypted"),)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Freeze a card!", "Freeze-a-card"),
        ("冻结 借记卡", "冻结-借记卡"),
        ("../../x", "x"),
        ("…", "untitled"),
        ("a" * 99, "a" * 40),
    ],
)
def test_a_text_becomes_a_part_of_a_name(text: str, name: str) -> None:
    assert file_name(text) == name


def test_a_workbook_without_its_moments_is_the_same_each_time_and_still_opens() -> None:
    import openpyxl

    sheet = Sheet("t", ["a"], [["=1+1"]])
    first, second = (without_moments(workbook([sheet])) for _ in range(2))
    assert first == second
    assert openpyxl.load_workbook(io.BytesIO(first)).worksheets[0]["A2"].value == "=1+1"
