"""Stages are found by their folders, and an unsound one is refused by name."""

import importlib
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest
import yaml

import stages
from errors import BriefError, ConfigurationError
from stages.catalog import catalog, read_stage
from stages.declaration import Entry, Stage
from stages.material import Material

NAME = "copied_stage"
PACKAGE = f"handmade.{NAME}"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A stage's folder, made by hand outside the house: a copy of the user stories."""
    package = tmp_path / "handmade"
    shutil.copytree(Path(stages.__path__[0]) / "user_stories", package / NAME)
    (package / "__init__.py").write_text('"""Stages of a test."""')
    sys.path.insert(0, str(tmp_path))
    importlib.invalidate_caches()
    yield package / NAME
    sys.path.remove(str(tmp_path))
    for module in [name for name in sys.modules if name.split(".")[0] == "handmade"]:
        del sys.modules[module]


def change(path: Path, edit: Callable[[str], str]) -> None:
    """Write a file anew with an edit."""
    before = path.read_text("utf-8")
    after = edit(before)
    assert after != before
    path.write_text(after, "utf-8")


def refused(*told: str) -> None:
    """Read the stage and expect its refusal to hold these words."""
    with pytest.raises(ConfigurationError) as refusal:
        read_stage(NAME, PACKAGE)
    assert f"stages/{NAME}/" in refusal.value.en
    for word in told:
        assert word in refusal.value.en


def test_a_stage_added_by_hand_is_read(folder: Path) -> None:
    read = read_stage(NAME, PACKAGE)
    assert read.name == NAME
    assert isinstance(read.stage, Stage)
    assert set(read.prompts) == {"en", "zh"}
    assert read.cases


@pytest.mark.parametrize("file", ["prompt.md", "prompt.zh.md", "examples.yaml", "cases.yaml", "stage.py"])
def test_a_missing_file_is_named(file: str, folder: Path) -> None:
    (folder / file).unlink()
    refused(file, "is missing")


def test_a_stage_that_declares_nothing_is_refused(folder: Path) -> None:
    (folder / "stage.py").write_text('"""Nothing."""')
    refused("stage.py", "no STAGE")


def test_a_stage_that_imports_what_is_not_there_says_what(folder: Path) -> None:
    (folder / "stage.py").write_text("import nowhere_to_be_found\n")
    with pytest.raises(ModuleNotFoundError, match="nowhere_to_be_found"):
        read_stage(NAME, PACKAGE)


def test_an_unknown_prompt_variable_is_refused(folder: Path) -> None:
    change(folder / "prompt.md", lambda text: text.replace("{{ brief }}", "{{ brif }}", 1))
    refused("prompt.md", "brif")


@pytest.mark.parametrize("part", ["Rules", "Whole", "Outline", "Item", "Mend"])
def test_a_missing_part_of_a_prompt_is_refused(part: str, folder: Path) -> None:
    change(folder / "prompt.zh.md", lambda text: text.replace(f"# {part}\n", f"## {part}\n", 1))
    refused("prompt.zh.md", f"# {part}")


def test_an_example_that_breaks_its_schema_is_refused(folder: Path) -> None:
    change(folder / "examples.yaml", lambda text: text.replace("{id: S1, role: guest,", "{id: X1, role: guest,", 1))
    refused("examples.yaml", "example 1", "id")


@pytest.mark.parametrize("key", ["whole", "outlines"])
def test_a_case_that_repeats_an_example_is_refused(key: str, folder: Path) -> None:
    shown = yaml.safe_load((folder / "examples.yaml").read_text("utf-8"))[key][0]["brief"]
    cases = {"cases": [{"id": "copied", "language": "en", "brief": f"  {shown.upper()} ", "expect": {}}]}
    (folder / "cases.yaml").write_text(yaml.safe_dump(cases), "utf-8")
    refused("cases.yaml", "copied")


def test_a_case_that_repeats_the_entry_of_an_item_is_refused(folder: Path) -> None:
    shown = yaml.safe_load((folder / "examples.yaml").read_text("utf-8"))["items"][0]["entry"]
    cases = {"cases": [{"id": "copied", "language": "en", "brief": "", "upstream": [shown], "expect": {}}]}
    (folder / "cases.yaml").write_text(yaml.safe_dump(cases), "utf-8")
    refused("cases.yaml", "copied")


@pytest.mark.parametrize(
    "text", ["", "- a list", "whole: [", "cases: [{id: a, language: fr, brief: b, expect: {}}]", "unknown: 1"]
)
def test_a_file_that_is_unsound_is_named(text: str, folder: Path) -> None:
    for file in ("examples.yaml", "cases.yaml"):
        before = (folder / file).read_text("utf-8")
        (folder / file).write_text(text, "utf-8")
        refused(file, "unsound")
        (folder / file).write_text(before, "utf-8")


def test_a_file_that_is_no_utf8_is_named(folder: Path) -> None:
    (folder / "prompt.md").write_bytes("# Rules\n规则".encode("gb18030"))
    refused("prompt.md", "UTF-8")


def test_every_folder_is_a_stage_and_what_rests_on_nothing_comes_first() -> None:
    names = [one.name for one in catalog()]
    folders = {path.parent.name for path in Path(stages.__path__[0]).glob("*/stage.py")}
    assert set(names) == folders
    assert names.index("user_stories") < names.index("acceptance_criteria")


def test_the_stages_that_rest_on_a_stage_come_next() -> None:
    assert [one.name for one in catalog().next_of("user_stories")][:2] == ["acceptance_criteria", "domain_model"]
    # What comes later in the life cycle first, then what an API that was pasted can be taken back to.
    assert [one.name for one in catalog().next_of("api_definition")] == ["release_notes", "faq", "user_stories", "domain_model"]
    assert catalog().next_of("faq") == ()
    assert catalog().next_of("nothing") == ()


def test_a_stage_is_found_by_its_name() -> None:
    assert catalog().stage("user_stories").stage.title["zh"] == "用户故事"


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(BriefError) as refusal:
        catalog().stage("user_storys")
    assert "Did you mean user_stories?" in refusal.value.sentence("en")
    assert "user_stories" in refusal.value.sentence("zh")


def test_an_unknown_name_is_answered_with_what_there_is() -> None:
    with pytest.raises(BriefError) as refusal:
        catalog().stage("x" * 500)
    assert "There are: user_stories, acceptance_criteria, domain_model," in refusal.value.sentence("en")
    assert len(refusal.value.sentence("en")) < 200


@pytest.mark.parametrize("name", [one.name for one in catalog()])
def test_every_stage_has_examples_starters_and_questions_in_both_languages(name: str) -> None:
    examples = catalog().stage(name).examples
    for language in ("en", "zh"):
        assert any(one.language == language for one in examples.whole)
        assert any(one.language == language for one in examples.items)
        assert any(one.language == language for one in examples.starters)
        assert examples.questions[language]
        assert any(case.language == language for case in catalog().stage(name).cases)


@pytest.mark.parametrize("name", [one.name for one in catalog()])
def test_the_example_of_an_item_fills_the_schema_of_its_entry(name: str) -> None:
    one = catalog().stage(name)
    for example in one.examples.items:
        entry = Entry("S1", example.entry, {"roles": (), **example.about})
        schema = one.stage.way.item_schema(entry, Material("", example.language))
        free = {key: [] if key in ("sources", "entities") else value for key, value in example.reply.items()}
        jsonschema.validate(free, schema)
