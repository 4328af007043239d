"""A mixed folder of an analyst is read whole, but for the one file that nobody can read."""

from pathlib import Path

import pytest

from knowledge.reading.formats import read
from knowledge.reading.section import CannotRead
from tests.doubles.sample_folder import UNREADABLE, write_sample_folder


def test_every_file_of_the_sample_folder_is_read_and_says_its_phrase(tmp_path: Path) -> None:
    phrases = write_sample_folder(tmp_path)
    assert {Path(name).suffix for name in phrases} >= {
        ".docx",
        ".xlsx",
        ".pptx",
        ".pdf",
        ".csv",
        ".json",
        ".yaml",
        ".feature",
        ".puml",
    }
    for name, phrase in phrases.items():
        text = "\n".join(section.text for section in read(name, (tmp_path / name).read_bytes()).sections)
        assert phrase in text, name
        assert "4711" not in text
        assert "@bank.example" not in text
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {*phrases, UNREADABLE}
    with pytest.raises(CannotRead):
        read(UNREADABLE, (tmp_path / UNREADABLE).read_bytes())
