import pytest

from formats.encodings import decoded


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_text_is_decoded_whatever_it_was_saved_as(encoding: str) -> None:
    assert decoded("编号,摘要\nINC-1,查看账户收入".encode(encoding)) == "编号,摘要\nINC-1,查看账户收入"


@pytest.mark.parametrize("raw", [b"\xff\xfea", b"\x81", b"caf\xe9 \xff\x00"])
def test_what_is_in_no_known_encoding_is_no_text(raw: bytes) -> None:
    assert decoded(raw) is None
