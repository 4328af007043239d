"""Reading packs, folders and files."""

import os
import re
from pathlib import Path

import pytest

from errors import ConfigurationError, KnowledgeError
from knowledge.knowledge import SAMPLE_PACK
from knowledge.pack import read_pack
from tests.doubles.packs import write_pack


def test_a_pack_is_read_whole(tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path))
    assert (pack.name, len(pack.terms), len(pack.manuscripts), pack.problems, pack.whole) == ("small-bank", 4, 5, (), True)
    board = next(manuscript for manuscript in pack.manuscripts if "board" in manuscript.path)
    assert (board.front.groups, board.front.shelf, board.front.status) == (("board",), "secret", "approved")
    assert board.body.startswith("# Board paper")


def test_the_sample_pack_loads_without_complaint_and_is_half_chinese() -> None:
    pack = read_pack(SAMPLE_PACK)
    text = {language: "".join(m.body for m in pack.manuscripts if m.front.language == language) for language in ("en", "zh")}
    english = len(re.findall(r"[A-Za-z0-9'’-]+", text["en"]))
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text["zh"])) / 1.6
    assert pack.problems == ()
    assert len(pack.terms) >= 60
    assert len(pack.manuscripts) >= 24
    assert english + chinese >= 12_000
    assert 0.4 <= english / (english + chinese) <= 0.6


def test_a_file_that_cannot_be_read_is_listed_and_the_rest_goes_on(tmp_path: Path) -> None:
    write_pack(tmp_path)
    (tmp_path / "broken.md").write_bytes(b"\xff\xff\x00\x01")
    (tmp_path / "empty.md").write_text("---\ntitle: x\n---\n\n", "utf-8")
    (tmp_path / "odd.md").write_text("---\nstatus: perhaps\n---\ntext", "utf-8")
    (tmp_path / "yaml.md").write_text("---\n: [\n---\ntext", "utf-8")
    pack = read_pack(tmp_path)
    assert [problem.file for problem in pack.problems] == ["broken.md", "empty.md", "odd.md", "yaml.md"]
    assert "no text file" in pack.problems[0].reason
    assert pack.problems[2].reason.startswith("status:")
    assert len(pack.manuscripts) == 5


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("glossary.yaml", "terms: [{id: x}]", "terms.0.kind"),
        ("glossary.yaml", "terms: [", "flow"),
        ("pack.yaml", "name: x\ncolour: red", "Field required"),
    ],
)
def test_an_unsound_pack_is_refused_naming_the_file(tmp_path: Path, file: str, text: str, reason: str) -> None:
    write_pack(tmp_path)
    (tmp_path / file).write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=re.escape(file)) as caught:
        read_pack(tmp_path)
    assert reason in str(caught.value)


def test_a_name_that_stands_for_two_terms_is_refused(tmp_path: Path) -> None:
    write_pack(tmp_path)
    glossary = tmp_path / "glossary.yaml"
    glossary.write_text(glossary.read_text("utf-8").replace("[beneficiary]", "[Transfer]"), "utf-8")
    with pytest.raises(ConfigurationError, match="names both 'payee' and 'transfer'"):
        read_pack(tmp_path)


def test_a_plain_folder_needs_no_front_matter(tmp_path: Path) -> None:
    folder = tmp_path / "notes" / "payments"
    folder.mkdir(parents=True)
    (folder / "rules.txt").write_bytes("转账须复核，限额另行规定。".encode("gb18030"))
    (folder / "guide.md").write_text("# The guide\n\ntext", "utf-16")
    pack = read_pack(tmp_path / "notes")
    guide, rules = pack.manuscripts
    assert (guide.front.title, guide.front.language, guide.front.shelf) == ("The guide", "en", "payments")
    assert (rules.front.title, rules.front.language, rules.body) == ("rules", "zh", "转账须复核，限额另行规定。")
    assert rules.front.groups == ("everyone",)
    assert (pack.name, pack.terms) == ("notes", ())


def test_one_file_is_not_the_whole_of_its_folder(tmp_path: Path) -> None:
    write_pack(tmp_path)
    pack = read_pack(tmp_path / "shelves/rules/old.en.md")
    assert (len(pack.manuscripts), pack.whole) == (1, False)


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret", "utf-8")
    (tmp_path / "notes").mkdir()
    os.symlink(tmp_path / "secret.md", tmp_path / "notes" / "link.md")
    pack = read_pack(tmp_path / "notes")
    assert pack.manuscripts == ()
    assert "link" in pack.problems[0].reason


def test_nothing_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="no folder or file"):
        read_pack(tmp_path / "nowhere")
