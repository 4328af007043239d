"""What a file may ask of the house."""

import io
import zipfile

import pytest

from knowledge.reading.limits import checked_size, checked_zip, decoded, safe_json, safe_yaml
from knowledge.reading.section import CannotRead


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_read_in_the_encodings_of_chinese_offices(encoding: str) -> None:
    assert decoded("转账限额 limit 㐀\r\nnext\rlast".encode(encoding)) == "转账限额 limit 㐀\nnext\nlast"


def test_big_endian_utf_16_is_known_by_its_mark() -> None:
    assert decoded(b"\xfe\xff" + "限额".encode("utf-16-be")) == "限额"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"\xff\xfe\x41", "neither UTF-8 nor UTF-16 nor GB 18030"),
        ("caf\u00e9, d\u00e9j\u00e0".encode("latin-1"), "neither UTF-8"),
        (b"text\0with a hole", "no text file"),
        ("text".encode("utf-32"), "no text file"),
        (b"\x01\x02\x03", "no text file"),
    ],
)
def test_what_is_no_text_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(CannotRead, match=words):
        decoded(raw)


def test_a_file_of_more_than_20_mb_is_refused() -> None:
    checked_size(b"x" * 20 * 1024 * 1024)
    with pytest.raises(CannotRead, match="20 MB") as refusal:
        checked_size(b"x" * (20 * 1024 * 1024 + 1))
    assert "20 MB" in refusal.value.zh


@pytest.mark.parametrize(
    ("text", "words", "chinese"),
    [
        ("[" * 65 + "]" * 65, "deeper than 64 levels", "64 层"),
        ("[" * 100_000, "deeper than 64 levels", "64 层"),
        ("[" + "0," * 500_000 + "0]", "more than 500,000 values", "500,000 个"),
        ('{"a": NaN}', "NaN", "NaN"),
        ("[-Infinity]", "-Infinity", "-Infinity"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "'c' stands twice", "“c”"),
        ('{"a": ', "no sound JSON", "不是有效的 JSON"),
        ("9" * 5000, "no sound JSON", "不是有效的 JSON"),
        ('"' + '\\"' * 1_000_000, "no sound JSON", "不是有效的 JSON"),
    ],
)
def test_unsound_or_endless_json_is_refused(text: str, words: str, chinese: str) -> None:
    with pytest.raises(CannotRead, match=words) as refusal:
        safe_json(text)
    assert chinese in refusal.value.zh


def test_brackets_and_commas_inside_text_do_not_count() -> None:
    assert safe_json('{"a": "' + '[{,\\"' * 200_000 + '", "b": [1, null, true]}')["b"] == [1, None, True]


def test_yaml_is_read_as_it_is_written() -> None:
    data = safe_yaml("on: 2024-01-01\n200: no\ncode: 007\ntime: 08:30\nflags: [true, null, ~, 1, 1.5, 1e3]\nempty:\n")
    assert data == {
        "on": "2024-01-01",
        "200": "no",
        "code": "007",
        "time": "08:30",
        "flags": [True, None, None, 1, 1.5, 1000.0],
        "empty": None,
    }


def test_several_yaml_documents_are_a_list() -> None:
    assert safe_yaml("a: 1\n---\n- b\n") == [{"a": 1}, ["b"]]
    assert safe_yaml("") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &x [1]\nb: *x", "anchors or aliases"),
        ("a: &x [1]", "anchors or aliases"),
        ("a: 1\nb: 2\na: 3", "'a' stands twice"),
        ("[" * 70 + "]" * 70, "deeper than 64 levels"),
        pytest.param("[" + "0," * 1_000_001 + "]", "more than 500,000 values", marks=pytest.mark.slow),
        ("a: .nan", "not finite"),
        ("a: 1e999", "not finite"),
        ("a: !!python/object/apply:os.system [ls]", "no sound YAML"),
        ("? [a, b]\n: 1", "a key is no plain text"),
        ("a: [1", "line"),
    ],
)
def test_unsound_or_endless_yaml_is_refused(text: str, words: str) -> None:
    with pytest.raises(CannotRead, match=words) as refusal:
        safe_yaml(text)
    assert refusal.value.zh


def _zip(members: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_a_sound_archive_is_opened() -> None:
    with checked_zip(_zip({"a.xml": b"<a/>", "b.bin": b"x" * 100_000})) as archive:
        assert archive.read("a.xml") == b"<a/>"


@pytest.mark.parametrize(
    ("members", "words", "chinese"),
    [
        ({f"{n}": b"" for n in range(2001)}, "2,000", "2,000 个"),
        ({"a": bytes(11 * 1024 * 1024)}, "100 times", "100 倍"),
        ({"a.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "entities", "实体"),
        ({"a.rels": "<!DOCTYPE a><a/>".encode("utf-16")}, "entities", "实体"),
    ],
)
def test_a_hostile_archive_is_refused(members: dict[str, bytes], words: str, chinese: str) -> None:
    with pytest.raises(CannotRead, match=words) as refusal:
        checked_zip(_zip(members))
    assert chinese in refusal.value.zh


def test_an_archive_that_unpacks_to_more_than_200_mb_is_refused() -> None:
    stored = _zip({f"{n}": bytes(1024 * 1024) for n in range(201)}, compression=zipfile.ZIP_STORED)
    with pytest.raises(CannotRead, match="200 MB"):
        checked_zip(stored)


def test_an_archive_that_lies_about_its_sizes_is_refused() -> None:
    honest = _zip({"a": bytes(3 * 1024 * 1024)})
    lying = honest.replace((3 * 1024 * 1024).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(CannotRead, match="damaged"):
        checked_zip(lying)


@pytest.mark.parametrize("spoiled", [b"", b"PK\x03\x04 cut", b"no archive"])
def test_a_damaged_archive_is_refused(spoiled: bytes) -> None:
    with pytest.raises(CannotRead, match="damaged"):
        checked_zip(spoiled)
