"""Prompts are read in parts and filled in strictly."""

import hashlib

import pytest
from jinja2 import UndefinedError

from errors import ConfigurationError
from stages.catalog import catalog
from stages.prompt import PARTS, VARIABLES, read_prompt

SOUND = "\n\n".join(f"# {part}\n{''.join('{{ ' + name + ' }}' for name in sorted(VARIABLES[part]))}\ntext" for part in PARTS)


def test_a_sound_prompt_is_read_with_its_digest() -> None:
    prompt = read_prompt("p.md", SOUND)
    assert prompt.digest == hashlib.sha256(SOUND.encode()).hexdigest()
    assert tuple(prompt.parts) == PARTS
    assert prompt.text("Outline", {"brief": "A", "terms": "B", "fence": "C"}) == "ACB\ntext"


@pytest.mark.parametrize("part", PARTS)
def test_a_missing_part_is_named(part: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"p\.md: the part '# {part}' is missing"):
        read_prompt("p.md", SOUND.replace(f"# {part}\n", ""))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{SOUND}\n\n# More\ntext", "'# More' is no part of a prompt"),
        (f"{SOUND}\n\n# Mend\ntext", "stands there twice"),
        (f"lost words\n{SOUND}", "stand in no part"),
        (SOUND.replace("# Outline\n", "# Outline\n{{ sources }}"), "'# Outline' speaks of sources"),
        (SOUND.replace("# Rules\n", "# Rules\n{{ brief }}"), "it is given nothing"),
        (SOUND.replace("# Item\n", "# Item\n{% if %}"), "'# Item' is no sound template"),
    ],
)
def test_what_would_be_lost_or_never_given_is_refused(text: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        read_prompt("p.md", text)
    assert told in refusal.value.en


def test_a_value_that_is_not_given_is_an_error_and_never_an_empty_place() -> None:
    with pytest.raises(UndefinedError):
        read_prompt("p.md", SOUND).text("Outline", {"brief": "A"})


def test_what_a_brief_says_is_never_a_template() -> None:
    values = {"brief": "{{ fence }}{% raw %}", "terms": "", "fence": "F"}
    assert read_prompt("p.md", SOUND).text("Outline", values) == "{{ fence }}{% raw %}F\ntext"


@pytest.mark.parametrize("name", [one.name for one in catalog()])
def test_both_languages_of_a_stage_have_the_same_parts(name: str) -> None:
    prompts = catalog().stage(name).prompts
    assert set(prompts["en"].parts) == set(prompts["zh"].parts)
    assert prompts["en"].digest != prompts["zh"].digest
