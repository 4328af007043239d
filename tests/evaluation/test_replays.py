"""The hand-written answers of a capable model: each what an excellent analyst would write, and sound by every check."""

from importlib.resources import files
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from chains.gather import material_of
from chains.judging import Answered, judged
from evaluation.briefs import read_briefs
from knowledge.intake.pack import read_terms
from knowledge.knowledge import SAMPLE_PACK
from knowledge.terms.glossary import Glossary, TermHit
from stages.catalog import read_stage
from stages.material import Source, UpstreamItem

STAGES = ("user_stories", "acceptance_criteria")
READ = {name: yaml.safe_load(files("evaluation").joinpath("replays", f"{name}.yaml").read_text("utf-8")) for name in STAGES}
REPLAYS = [pytest.param(name, replay, id=f"{name}-{replay['id']}") for name in STAGES for replay in READ[name]]


class PackTerms:
    """The terms of the sample pack, and no passages."""

    glossary = Glossary(read_terms(SAMPLE_PACK, {})[0])

    def terms_in(self, text: str) -> list[TermHit]:
        return self.glossary.found_in(text)


@pytest.mark.parametrize(("name", "replay"), REPLAYS)
def test_a_capable_answer_fits_its_schema_and_is_held_nothing_against(name: str, replay: dict[str, Any]) -> None:
    stage = read_stage(name, f"stages.{name}")
    told = enumerate(replay.get("upstream", ()), 1)
    upstream = tuple(UpstreamItem(f"S{number}", text, "stories", 1, stage="user_stories") for number, text in told)
    passage = Source("P1", "1", "Rules", "rules", "", str(replay["reply"]))
    terms: Any = PackTerms()
    material = material_of(replay["brief"], replay["language"], terms, sources=(passage,), upstream=upstream)
    assert [error.message for error in Draft202012Validator(stage.stage.narrow(material)).iter_errors(replay["reply"])] == []
    answer = judged(stage, replay["reply"], material)
    assert isinstance(answer, Answered)
    assert [(finding.rule, finding.item) for finding in answer.findings if finding.severity != "hint"] == []
    assert [mend.rule for mend in answer.mends] == []
    assert answer.artifact.questions  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", STAGES)
def test_there_are_six_answers_a_language(name: str) -> None:
    languages = [replay["language"] for replay in READ[name]]
    assert (languages.count("en"), languages.count("zh")) == (6, 6)
    assert {replay["id"] for replay in READ[name]} <= {brief.id for brief in read_briefs()}


def test_the_briefs_are_those_of_the_evaluation() -> None:
    briefs = {brief.id: brief.text for brief in read_briefs()}
    assert all(replay["brief"] == briefs[replay["id"]] for replay in READ["user_stories"])
