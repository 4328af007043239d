"""What a brief leaves open is asked by the pack's checklist, and what a person answered is not asked again."""

import pytest

from chains.gathering.clarifying import MOST_QUESTIONS, open_points, with_answers
from errors import Language
from evaluation.briefs import read_briefs
from knowledge.checklist import read_checklist
from knowledge.knowledge import SAMPLE_PACK
from stages.material import Material, Source, UpstreamItem

CHECKLIST = read_checklist(SAMPLE_PACK)
BRIEFS: dict[Language, str] = {
    "en": "Customers can transfer money to a beneficiary and delete the beneficiary.",
    "zh": "客户可以转账给收款人，删除收款人。",
}


def asked(brief: str, language: Language = "en", **hand: object) -> list[str]:
    return [point.id for point in open_points(Material(brief, language, **hand), CHECKLIST)]  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_brief_that_moves_money_is_asked_for_limits_authorisation_and_reconciliation(language: Language) -> None:
    assert {"limits", "authorisation"} <= set(asked(BRIEFS[language], language))
    every = {point.id for point in CHECKLIST}
    open_ones = {point.id for point in open_points(Material(BRIEFS[language], language), CHECKLIST, ("limits", "authorisation"))}
    assert open_ones <= every - {"limits", "authorisation"}
    assert "reconciliation" in open_ones


@pytest.mark.parametrize(("brief", "language"), [("Readers reserve a book and rename it.", "en"), ("读者可以预约图书。", "zh")])
def test_reconciliation_is_asked_only_where_money_moves(brief: str, language: Language) -> None:
    assert "reconciliation" not in asked(brief, language)


@pytest.mark.parametrize(
    ("brief", "language", "settled"),
    [
        ("Customers transfer money, at most 5,000 EUR a day.", "en", "limits"),
        ("Customers transfer money; the branch manager approves it.", "en", "authorisation"),
        ("Customers transfer money; a failed transfer is refused.", "en", "exceptions"),
        ("Customers transfer money, reconciled daily.", "en", "reconciliation"),
        ("Customers change a limit; the audit trail holds it.", "en", "audit"),
        ("客户可以转账，每日不超过 5 万元。", "zh", "limits"),
        ("客户可以转账，由支行经理复核。", "zh", "authorisation"),
        ("客户可以转账，失败时退回。", "zh", "exceptions"),
        ("客户可以转账，每日对账。", "zh", "reconciliation"),
        ("客户可以修改限额，操作留痕。", "zh", "audit"),
    ],
)
def test_what_the_brief_settles_is_not_asked(brief: str, language: Language, settled: str) -> None:
    others = [point.id for point in CHECKLIST if point.id != settled]
    assert open_points(Material(brief, language), CHECKLIST, others) == ()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_answered_counts_as_settled_when_it_is_asked_again(language: Language) -> None:
    brief = BRIEFS[language]
    first = open_points(Material(brief, language), CHECKLIST)
    answered = with_answers(brief, {point.question: point.suggestions[-1] for point in first}, language)
    again = {point.id for point in open_points(Material(answered, language), CHECKLIST)}
    assert again.isdisjoint(point.id for point in first)


def test_an_answer_does_not_settle_another_point() -> None:
    brief = BRIEFS["en"]
    limits = next(point for point in open_points(Material(brief, "en"), CHECKLIST) if point.id == "limits")
    answered = with_answers(brief, {limits.question: "A second person approves above 5,000 EUR"}, "en")
    assert "authorisation" in asked(answered)
    assert "limits" not in asked(answered)


def test_a_question_names_what_the_brief_asks_for_and_nothing_that_only_looks() -> None:
    (limits,) = [
        one for one in open_points(Material("View the transfers. Transfer money.", "en"), CHECKLIST) if one.id == "limits"
    ]
    assert "“transfer money”" in limits.question
    assert asked("Customers view their transfers.") == []


@pytest.mark.parametrize(("language", "unnamed"), [("en", "this request"), ("zh", "这项需求")])
def test_a_question_reads_well_where_the_brief_names_no_action(language: Language, unnamed: str) -> None:
    brief = {"en": "Something about money", "zh": "资金"}[language]
    points = open_points(Material(brief, language), CHECKLIST)
    assert points
    assert unnamed in points[0].question
    told = open_points(Material(brief, language, entities=("payment order",)), CHECKLIST)
    assert "“payment order”" in told[0].question


def test_the_most_relevant_are_asked_first_and_never_more_than_four() -> None:
    counts = [len(open_points(Material(brief.text, brief.language), CHECKLIST)) for brief in read_briefs()]
    assert max(counts) == MOST_QUESTIONS
    assert asked("Customers pay, transfer, refund and repay money")[0] == "limits"


@pytest.mark.parametrize("brief", [brief for brief in read_briefs() if brief.kind == "meaningless"], ids=lambda brief: brief.id)
def test_a_brief_without_meaning_is_not_asked_about_limits(brief: object) -> None:
    assert asked(brief.text, brief.language) == []  # type: ignore[attr-defined]


def test_a_rule_that_speaks_of_it_is_the_first_suggestion_and_a_guide_is_none() -> None:
    rule = Source("P1", "1", "Payment limits", "rules-payments", "", "At most 10,000 EUR a day.", kind="domain-rule")
    guide = Source("P1", "1", "Story guide", "stories", "", "At most 10,000 EUR a day.", kind="standard")
    for source, first in ((rule, "As in “Payment limits”"), (guide, CHECKLIST[0].suggestions[0].en)):
        (limits,) = [one for one in open_points(Material(BRIEFS["en"], "en", sources=(source,)), CHECKLIST) if one.id == "limits"]
        assert limits.suggestions[0] == first
        assert 2 <= len(limits.suggestions) <= 4


def test_what_lies_upstream_counts_as_said() -> None:
    assert "limits" in asked("", upstream=(UpstreamItem("O1", "POST /transfers transfer money"),))
    assert "limits" not in asked("", upstream=(UpstreamItem("O1", "POST /transfers transfer money, at most 5 EUR"),))


@pytest.mark.parametrize("brief", ["", "asdf", "……", "{subject} {0} %s transfer", "转账" * 5000, "transfer " * 5000])
def test_odd_briefs_are_asked_about_without_a_fault(brief: str) -> None:
    for language in ("en", "zh"):
        for point in open_points(Material(brief, language), CHECKLIST):
            assert len(point.question) <= 400


def test_without_a_checklist_nothing_is_asked() -> None:
    assert open_points(Material(BRIEFS["en"], "en"), ()) == ()
