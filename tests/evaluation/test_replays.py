"""The hand-written answers of a capable model: each what an excellent analyst would write, and sound by every check."""

from importlib.resources import files
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from chains.answering.judging import Answered, judged
from chains.gathering.gather import material_of
from evaluation.briefs import read_briefs
from evaluation.scorers import Answered as Scored
from evaluation.scorers import broken_references, unreadable
from knowledge.intake.pack import read_terms
from knowledge.knowledge import SAMPLE_PACK
from knowledge.terms.glossary import Glossary, TermHit
from stages.catalog import read_stage
from stages.material import Material, Source, UpstreamItem

STAGES = ("user_stories", "acceptance_criteria", "domain_model", "api_definition")
READ = {name: yaml.safe_load(files("evaluation").joinpath("replays", f"{name}.yaml").read_text("utf-8")) for name in STAGES}
REPLAYS = [pytest.param(name, replay, id=f"{name}-{replay['id']}") for name in STAGES for replay in READ[name]]


class PackTerms:
    """The terms of the sample pack, and no passages."""

    glossary = Glossary(read_terms(SAMPLE_PACK, {})[0])

    def terms_in(self, text: str) -> list[TermHit]:
        return self.glossary.found_in(text)


def _material(replay: dict[str, Any]) -> Material:
    stories = [
        UpstreamItem(f"S{number}", text, "stories", 1, stage="user_stories")
        for number, text in enumerate(replay.get("upstream", ()), 1)
    ]
    classes = [
        UpstreamItem(f"C{number}", text, "model", 1, stage="domain_model")
        for number, text in enumerate(replay.get("classes", ()), 1)
    ]
    passage = Source("P1", "1", "Rules", "rules", "", str(replay["reply"]))
    terms: Any = PackTerms()
    return material_of(replay["brief"], replay["language"], terms, sources=(passage,), upstream=(*stories, *classes))


@pytest.mark.parametrize(("name", "replay"), REPLAYS)
def test_a_capable_answer_fits_its_schema_and_only_its_slip_is_held_against_it(name: str, replay: dict[str, Any]) -> None:
    stage = read_stage(name, f"stages.{name}")
    material = _material(replay)
    assert [error.message for error in Draft202012Validator(stage.stage.narrow(material)).iter_errors(replay["reply"])] == []
    answer = judged(stage, replay["reply"], material)
    assert isinstance(answer, Answered)
    held = [finding.rule for finding in answer.findings if finding.severity != "hint"]
    assert [*held, *(mend.rule for mend in answer.mends)] == [replay["slip"] for _ in range("slip" in replay)]
    assert answer.artifact.questions  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "replay"), REPLAYS)
def test_a_capable_answer_comes_back_from_every_form_and_names_only_what_is_there(name: str, replay: dict[str, Any]) -> None:
    stage = read_stage(name, f"stages.{name}")
    material = _material(replay)
    answer = judged(stage, replay["reply"], material)
    assert isinstance(answer, Answered)
    scored = Scored(stage, answer.artifact.model_dump(), answer.findings, material)
    assert unreadable(scored, answer.artifact) == ()
    assert broken_references(scored, answer.artifact) == ()
    known = {item.id for item in material.upstream}
    assert {name for item in answer.artifact.items() for name in item.rests_on()} <= known


@pytest.mark.parametrize("name", STAGES)
def test_there_are_six_answers_a_language(name: str) -> None:
    languages = [replay["language"] for replay in READ[name]]
    assert (languages.count("en"), languages.count("zh")) == (6, 6)
    assert {replay["id"] for replay in READ[name]} <= {brief.id for brief in read_briefs()}


def test_the_briefs_are_those_of_the_evaluation() -> None:
    briefs = {brief.id: brief.text for brief in read_briefs()}
    assert all(replay["brief"] == briefs[replay["id"]] for name in ("user_stories", "domain_model") for replay in READ[name])


def test_an_api_rests_on_the_classes_of_the_model_of_the_same_initiative() -> None:
    models = {replay["id"]: [one["name"] for one in replay["reply"]["classes"]] for replay in READ["domain_model"]}
    told = {replay["id"]: [text.partition(":")[0] for text in replay["classes"]] for replay in READ["api_definition"]}
    assert told == models
