"""What a pack says of itself."""

import re
from pathlib import Path

import pytest

from errors import ConfigurationError
from knowledge.intake.pack import pack_name, read_heading, read_terms
from knowledge.knowledge import SAMPLE_PACK
from tests.doubles.packs import HEADING, write_pack


def test_a_pack_has_a_name_of_its_own_and_a_plain_folder_its_folders(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    assert pack_name(write_pack(tmp_path / "pack")) == "small-bank"
    assert pack_name(tmp_path / "notes") == "notes"
    assert read_heading(tmp_path / "notes") is None
    assert (len(read_terms(tmp_path / "pack", {})[0]), read_terms(tmp_path / "notes", {})) == (4, ((), ()))


def test_the_sample_pack_has_a_heading_and_a_glossary() -> None:
    assert read_heading(SAMPLE_PACK) is not None
    assert len(read_terms(SAMPLE_PACK, {})[0]) >= 60


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("glossary.yaml", "terms: [{id: x}]", "terms.0.kind"),
        ("glossary.yaml", "terms: [", "no sound YAML"),
        ("pack.yaml", "name: x\ncolour: red", "Field required"),
        ("pack.yaml", HEADING + "defaults: [{path: '*', type: poem}]", "defaults.0.type"),
        ("pack.yaml", HEADING + "defaults: [{path: '*', groups: ['@ana']}]", "defaults.0.groups.0"),
    ],
)
def test_an_unsound_pack_is_refused_naming_the_file(tmp_path: Path, file: str, text: str, reason: str) -> None:
    write_pack(tmp_path)
    (tmp_path / file).write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=re.escape(file)) as caught:
        _ = read_heading(tmp_path), read_terms(tmp_path, {})
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("*.xlsx", "limits.xlsx", True),
        ("*.xlsx", "rules/2026/limits.xlsx", True),
        ("rules/*", "rules/limits.md", True),
        ("rules/*", "rules/2026/limits.md", False),
        ("rules/**", "rules/2026/limits.md", True),
        ("**/apis/*.json", "apis/pay.json", True),
        ("**/apis/*.json", "teams/a/apis/pay.json", True),
        ("rules/a?.md", "rules/ab.md", True),
        ("rules/a+.md", "rules/aa.md", False),
        ("./rules/**", "rules/limits.md", True),
    ],
)
def test_a_default_fits_the_files_below_its_path(tmp_path: Path, pattern: str, path: str, fits: bool) -> None:
    (tmp_path / "pack.yaml").write_text(f"{HEADING}defaults: [{{path: '{pattern}', owner: Ana}}]", "utf-8")
    heading = read_heading(tmp_path)
    assert heading is not None
    assert heading.defaults_of(path) == ({"owner": "Ana"} if fits else {})


def test_of_two_defaults_that_fit_the_later_one_wins(tmp_path: Path) -> None:
    defaults = "defaults:\n- {path: '**', owner: Ana, groups: [board]}\n- {path: 'rules/**', owner: Ben, type: standard}\n"
    (tmp_path / "pack.yaml").write_text(HEADING + defaults, "utf-8")
    heading = read_heading(tmp_path)
    assert heading is not None
    assert heading.defaults_of("rules/x.md") == {"owner": "Ben", "groups": ("board",), "type": "standard"}
    assert heading.defaults_of("x.md") == {"owner": "Ana", "groups": ("board",)}
