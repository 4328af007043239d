"""The chain's sentences are there in both languages and ask for the same values."""

from importlib.resources import files
from string import Formatter

import pytest
import yaml

from chains.sentences import refuse, say

FILES = ("texts.yaml", "workspace_texts.yaml")
READ = [yaml.safe_load(files("chains").joinpath(name).read_text("utf-8")) for name in FILES]
TEXTS = {name: told for texts in READ for name, told in texts.items()}


@pytest.mark.parametrize("name", TEXTS)
def test_a_sentence_says_the_same_in_both_languages(name: str) -> None:
    told = TEXTS[name]
    assert set(told) == {"en", "zh"}
    en, zh = ({field for _, field, _, _ in Formatter().parse(told[language]) if field} for language in ("en", "zh"))
    assert en == zh
    assert told["zh"] != told["en"]


def test_no_sentence_stands_in_two_files() -> None:
    assert len(TEXTS) == sum(len(texts) for texts in READ)


def test_a_missing_value_is_an_error_and_not_silence() -> None:
    with pytest.raises(KeyError):
        say("stale", "en", version=1)
    with pytest.raises(KeyError):
        say("no-such-sentence", "en")


def test_a_refusal_holds_both_sentences() -> None:
    error = refuse("too-long", count="9", most="5")
    assert "9 characters" in error.sentence("en")
    assert "9 个字符" in error.sentence("zh")


def test_braces_in_a_value_are_text() -> None:
    assert "{version} {0}" in say("no-item", "en", item="{version} {0}")
