"""The hand-written release notes and FAQs of a capable model: sound by every check, and where one has a slip, it is caught."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from chains.answering.judging import Answered, judged
from chains.gathering.gather import material_of
from errors import Language
from evaluation.expected import missed
from evaluation.initiatives import read_initiatives
from knowledge.intake.front_matter import described
from knowledge.intake.pack import read_heading, read_terms
from knowledge.intake.splitting import split
from knowledge.knowledge import SAMPLE_PACK
from knowledge.reading.section import Reading
from knowledge.terms.glossary import Glossary, TermHit
from stages.catalog import catalog
from stages.declaration import Artifact
from stages.material import Material, Source, UpstreamItem

STAGES = ("release_notes", "faq")
LANGUAGES: tuple[Language, ...] = ("en", "zh")
READ = {name: yaml.safe_load(files("evaluation").joinpath("replays", f"{name}.yaml").read_text("utf-8")) for name in STAGES}
REPLAYS = [pytest.param(name, replay, id=f"{name}-{replay['id']}") for name in STAGES for replay in READ[name]]
INITIATIVES = {brief.id: (brief, initiative) for language in LANGUAGES for brief, initiative in read_initiatives(language)}


class PackTerms:
    """The terms of the sample pack."""

    glossary = Glossary(read_terms(SAMPLE_PACK, {})[0])

    def terms_in(self, text: str) -> list[TermHit]:
        return self.glossary.found_in(text)


@cache
def sections() -> tuple[Source, ...]:
    """Return every section of the sample pack's rules as a passage without a key."""
    heading = read_heading(SAMPLE_PACK)
    found: list[Source] = []
    for file in sorted(Path(SAMPLE_PACK).glob("shelves/*/*.md")):
        _, front, body = file.read_text("utf-8").split("---\n", 2)
        told = described(Reading(file.stem, (), front=front), str(file.relative_to(SAMPLE_PACK)), "sample", heading)
        pieces = split(told.title, body)
        for trail, parts in groupby(pieces, key=lambda piece: piece.breadcrumb):
            text = "\n\n".join(part.text for part in parts)
            found.append(Source("", trail, told.title, told.shelf, trail, text, told.language, told.type, asset=file.stem))
    return tuple(found)


def passages(trails: Sequence[str]) -> tuple[Source, ...]:
    """Return the sections at the end of whose trail of headings these stand, each once in the pack, as P1, P2, …"""
    found: list[Source] = []
    for number, trail in enumerate(trails, 1):
        (section,) = [one for one in sections() if f" › {one.breadcrumb}".endswith(f" › {trail}")]
        found.append(Source(**{**vars(section), "key": f"P{number}"}))
    return tuple(found)


def material(replay: dict[str, Any]) -> Material:
    """Return what the answer was written from."""
    told = [
        UpstreamItem(f"{prefix}{number}", text, stage, 1, stage=stage)
        for prefix, stage, field in (("S", "user_stories", "upstream"), ("N", "release_notes", "notes"))
        for number, text in enumerate(replay.get(field, ()), 1)
    ]
    terms: Any = PackTerms()
    sources = passages(replay.get("passages", ()))
    return material_of(replay["brief"], replay["language"], terms, sources=sources, upstream=tuple(told))


def answered(name: str, replay: dict[str, Any]) -> Answered:
    """Return the answer as the chain would deliver it."""
    answer = judged(catalog().stage(name), replay["reply"], material(replay))
    assert isinstance(answer, Answered), answer
    return answer


@pytest.mark.parametrize(("name", "replay"), REPLAYS)
def test_a_capable_answer_fits_the_schema_that_it_is_asked_by(name: str, replay: dict[str, Any]) -> None:
    schema = catalog().stage(name).stage.narrow(material(replay))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(replay["reply"])] == []


@pytest.mark.parametrize(("name", "replay"), REPLAYS)
def test_a_capable_answer_is_held_nothing_against_but_its_slip(name: str, replay: dict[str, Any]) -> None:
    answer = answered(name, replay)
    told = [(one.item, one.rule) for one in answer.findings if one.severity != "hint"]
    told += [(one.item, one.rule) for one in answer.mends]
    slip = replay.get("slip", {"item": "", "rule": ""})
    assert [one for one in told if one[0] != slip["item"]] == []
    assert not slip["rule"] or (slip["item"], slip["rule"]) in told
    assert [one.rule for one in answer.findings if one.severity == "error"] == []
    assert answer.artifact.questions  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "replay"), REPLAYS)
def test_a_capable_answer_covers_what_is_expected_of_its_initiative(name: str, replay: dict[str, Any]) -> None:
    expected, lacking = missed(name, replay["reply"], *INITIATIVES[replay["id"]])
    assert expected
    assert lacking == ()


@pytest.mark.parametrize(("name", "replay"), REPLAYS)
def test_a_capable_answer_comes_back_from_its_notation(name: str, replay: dict[str, Any]) -> None:
    stage = catalog().stage(name).stage
    language: Language = replay["language"]
    artifact = answered(name, replay).artifact
    written = stage.notations[stage.source].render(artifact, language, material(replay).sources).decode()
    read = stage.read(written, language)
    assert read is not None
    assert read.faults == ()
    assert read_texts(stage.artifact.model_validate(read.body), name) == read_texts(artifact, name)


def read_texts(artifact: Artifact, name: str) -> list[dict[str, str]]:
    """Return the texts that the notation carries; an open question has no place in an FAQ that is published."""
    return [item.texts() for item in artifact.items() if name != "faq" or "answer" in item.texts()]


@pytest.mark.parametrize("replay", READ["release_notes"], ids=lambda replay: replay["id"])
def test_release_notes_are_told_from_the_initiative_without_what_is_unrelated(replay: dict[str, Any]) -> None:
    _, initiative = INITIATIVES[replay["id"]]
    assert replay["brief"].strip() == initiative.changes.strip()
    cited = {change for entry in replay["reply"]["entries"] for change in entry["changes"]}
    assert cited.isdisjoint(initiative.unrelated)


@pytest.mark.parametrize("replay", READ["faq"], ids=lambda replay: replay["id"])
def test_an_faq_answers_most_and_leaves_open_what_the_knowledge_is_silent_on(replay: dict[str, Any]) -> None:
    entries = answered("faq", replay).artifact.model_dump()["entries"]
    statuses = [entry["status"] for entry in entries]
    assert 1 <= statuses.count("open") <= len(statuses) / 3
    assert all(bool(entry["answer"]) == (entry["status"] == "answered") for entry in entries)
    assert any(entry["sources"] for entry in entries)
    assert any(entry["rests"] for entry in entries)


@pytest.mark.parametrize("name", STAGES)
def test_there_are_six_answers_a_language(name: str) -> None:
    languages = [replay["language"] for replay in READ[name]]
    assert (languages.count("en"), languages.count("zh")) == (6, 6)
    assert len({replay["id"] for replay in READ[name]}) == 12
