"""The bare model is read as kindly as ours: by the same parsers, out of a fence or not, within the same time."""

from typing import Any, cast

from chains.assistant import Assistant, Mark
from errors import EndpointTimeout, Language
from evaluation.bare import asked_bare
from evaluation.initiatives import read_initiatives
from evaluation.whole_line import Carried, StageResult
from stages.catalog import catalog
from tests.doubles.scripted_endpoint import ScriptedEndpoint

BRIEF, INITIATIVE = next(pair for pair in read_initiatives("en") if pair[0].id == "en-payees")
STORIES = "\n".join(
    f"- As a customer, I want to {want}, so that I can pay more quickly."
    for want in ("add a payee", "rename a payee", "remove a payee", "search the payees by name or IBAN")
)


class Marks:
    """A glossary of one term and one word that must not stand for it."""

    def marks(self, text: str, _language: Language) -> tuple[Mark, ...]:
        return tuple(Mark(0, 1, "x", "", kind) for kind, word in (("term", "customer"), ("forbidden", "payee")) if word in text)


async def bare(endpoint: ScriptedEndpoint, stage: str = "user_stories", **ours: Any) -> StageResult:
    result = StageResult(INITIATIVE.id, stage, "en", seconds=0.1, **ours)
    carried = Carried(result, {}, "", BRIEF.text)
    marks = cast(Assistant, Marks())
    return await asked_bare(endpoint, marks, catalog().stage(stage), carried, INITIATIVE, BRIEF, tokens=100)


async def test_stories_in_a_fence_are_read_and_held_against_the_same_outline() -> None:
    endpoint = ScriptedEndpoint([f"Here you are:\n```\n{STORIES}\n```\nGood luck!"])
    found = await bare(endpoint)
    assert (found.outcome, found.points, found.missed) == ("answered", 4, ())
    assert found.is_valid
    assert (found.official_words, found.forbidden_words) == (1, 1)
    assert endpoint.asks[0].schema is None
    assert BRIEF.text in endpoint.asks[0].messages[0].text


async def test_a_reply_that_no_parser_reads_covers_nothing() -> None:
    found = await bare(ScriptedEndpoint(["I would be glad to help with payees."]))
    assert (found.outcome, found.is_valid, len(found.missed)) == ("unreadable", False, 4)


async def test_what_came_before_the_endpoint_failed_is_read() -> None:
    endpoint = ScriptedEndpoint([STORIES], fault=EndpointTimeout("slow", "慢"), after=8, every=60)
    found = await bare(endpoint)
    assert found.tokens > 0


async def test_a_ticket_that_does_not_exist_is_counted_against_release_notes() -> None:
    told = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Payees can be added. (PAY-51)\n- Payees can be paid. (PAY-999)\n"
    found = await bare(ScriptedEndpoint([told]), "release_notes")
    assert found.broken_references == ("PAY-999",)
    assert "PAY-51" not in found.missed
