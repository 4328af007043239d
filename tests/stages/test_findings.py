"""Findings tell in both languages what a rule holds against an artifact."""

import importlib
import re
import sys
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml

from errors import ConfigurationError
from stages.catalog import catalog
from stages.findings import Mended, Rules

FOLDERS = ["stages", *(f"stages.{one.name}" for one in catalog())]


def values_named(sentence: str) -> set[str]:
    """Return the names of the values that a sentence is filled in with."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("package", FOLDERS)
def test_every_rule_names_the_same_values_in_both_languages(package: str) -> None:
    rules = Rules(package)
    for rule, told in yaml.safe_load(files(package).joinpath("findings.yaml").read_text("utf-8")).items():
        values: dict[str, Any] = dict.fromkeys(values_named(told["en"]), 1)
        assert values_named(told["zh"]) == set(values), rule
        english, chinese = (rules.finding(rule, language, **values) for language in ("en", "zh"))
        assert english.severity == chinese.severity
        assert english.message.strip()
        assert re.search(r"[\u4e00-\u9fff]", chinese.message)
        assert not re.search(r"[{}]", english.message + chinese.message)


def test_a_finding_holds_rule_place_item_and_its_sentence_filled_in() -> None:
    finding = Rules("stages").finding("unknown-source", "en", place="sources", item="S1", key="P{9}")
    assert finding.as_json() == {
        "rule": "unknown-source",
        "severity": "error",
        "place": "sources",
        "message": "The source P{9} does not exist.",
        "item": "S1",
    }


def test_an_unknown_rule_and_a_value_that_is_not_given_are_errors() -> None:
    with pytest.raises(KeyError):
        Rules("stages").finding("no-such-rule", "en")
    with pytest.raises(KeyError):
        Rules("stages").finding("unknown-source", "en")


def test_a_mend_tells_what_was_before_and_after() -> None:
    assert Mended("wording", "want", "a", "b", "S1").as_json() == {
        "rule": "wording",
        "place": "want",
        "before": "a",
        "after": "b",
        "item": "S1",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "is missing"),
        ("a: [", "is unsound"),
        ("a: {severity: error, en: x}", "'a'"),
        ("a: {severity: fatal, en: x, zh: 一}", "'a'"),
        ("a: {severity: hint, en: x, zh: 一, fr: y}", "'a'"),
    ],
)
def test_rules_that_are_unsound_are_refused_by_file_and_name(
    text: str | None, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "handmade_rules"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("")
    if text is not None:
        (tmp_path / name / "findings.yaml").write_text(text, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    try:
        with pytest.raises(ConfigurationError) as refusal:
            Rules(name)
    finally:
        sys.modules.pop(name, None)
    assert f"{name}/findings.yaml" in refusal.value.en
    assert told in refusal.value.en
