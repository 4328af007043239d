"""FAQ: an answer that nothing cited holds is never shown as a fact; how the rest is judged, mended, shown and read back."""

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from errors import Language
from formats.faq import read_faq
from stages.catalog import read_stage
from stages.faq.asking import as_question, same_question
from stages.faq.checks import (
    RULES,
    check_citations,
    check_questions,
    check_read_back,
    check_status,
    check_support,
)
from stages.faq.mends import mend_citations, mend_duplicates, mend_support, mend_wording
from stages.faq.shape import Faq, FaqEntry
from stages.faq.stage import STAGE
from stages.faq.view import document, json_ld, read_edited, read_pasted, sheets, source_text, view, view_draft
from stages.faq.way import narrow
from stages.findings import Finding
from stages.material import Material, Source, Term, UpstreamItem

FREEZE = Term("card-freeze", "event", "card freeze", "", ("card freeze", "卡片冻结"))
DISPUTE = Term("dispute", "event", "dispute", "", ("dispute", "争议"))
RULE = "A card freeze lasts at most 180 calendar days. The cardholder lifts it in the app."
OTHER = "The monthly bill is posted on the fifth day and sent by post."
STORY = "As a cardholder, I want to freeze my card, so that nobody can pay with it."
ANSWER = "A card freeze lasts at most 180 calendar days."


def source(key: str, text: str, language: Language = "en") -> Source:
    return Source(key, key, "Rules", "rules-cards", "Bills" if text == OTHER else "Freezes", text, language, "domain-rule")


def material(language: Language = "en") -> Material:
    upstream = (UpstreamItem("S1", STORY, "a1", 1, stage="user_stories"),)
    sources = (source("P1", RULE), source("P2", OTHER), source("P3", "卡片冻结最长 180 个自然日。", "zh"))
    return Material("FAQ about card freezes", language, (FREEZE, DISPUTE), sources, upstream=upstream)


def entry(**changed: Any) -> FaqEntry:
    base = {"id": "Q1", "question": "How long does a card freeze last?", "answer": ANSWER, "status": "answered"}
    return FaqEntry.model_validate({**base, "rests": [], "sources": ["P1"], **changed})


def faq(*entries: FaqEntry) -> Faq:
    return Faq(entries=list(entries), questions=[])


def judged(artifact: Faq, hand: Material) -> list[Finding]:
    return [finding for check in STAGE.checks for finding in check(artifact, hand)]


def mended(artifact: Faq, hand: Material) -> Faq:
    for mend in STAGE.mends:
        artifact, _ = mend(artifact, hand)
    return artifact


def test_an_answer_that_its_passage_holds_has_nothing_against_it() -> None:
    assert judged(faq(entry()), material()) == []


def test_an_accepted_story_can_be_cited_as_what_is_known() -> None:
    told = entry(question="Can I freeze my card?", answer="Yes. A cardholder can freeze a card.", sources=[], rests=["S1"])
    assert judged(faq(told), material()) == []
    assert told.rests_on() == ("S1",)


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("number-not-held", {"answer": "A card freeze lasts at most 190 calendar days."}),
        ("limit-not-held", {"answer": "A card freeze lasts at most 180 hours."}),
        ("limit-not-held", {"answer": "A card freeze lasts at least 180 calendar days."}),
        ("term-not-held", {"answer": "A card freeze lasts until the dispute is over, at most 180 calendar days."}),
        ("term-not-held", {"answer": "A branch manager lifts it in the app."}),
        ("words-not-held", {"answer": "A card freeze ends by itself when the weather turns nice again."}),
        ("no-citation", {"sources": []}),
        ("citation-idle", {"sources": ["P1", "P2"]}),
        ("unknown-source", {"sources": ["P1", "P9"]}),
        ("unknown-item", {"rests": ["S9"]}),
        ("open-with-answer", {"status": "open"}),
        ("answered-without-answer", {"answer": ""}),
        ("no-question", {"question": "Card freezes"}),
        ("several-questions", {"question": "How long? And why?"}),
        ("unsupported-number", {"question": "Does a card freeze last 365 days?"}),
        ("language", {"answer": "卡片冻结最长 180 个自然日。", "sources": ["P3"]}),
    ],
)
def test_what_is_amiss_with_an_entry_is_named(rule: str, changed: dict[str, Any]) -> None:
    assert rule in {finding.rule for finding in judged(faq(entry(**changed)), material())}


def test_an_answer_cited_in_the_other_language_is_left_to_be_checked_by_hand() -> None:
    found = judged(faq(entry(sources=["P3"])), material())
    assert [(finding.rule, finding.severity) for finding in found] == [("by-hand", "hint")]


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({"answer": "A card freeze lasts at most 190 calendar days."}, "190 calendar days"),
        ({"answer": "It ends by itself when the weather turns nice."}, "weather"),
        ({"sources": []}, "nothing is cited"),
    ],
)
def test_an_unsupported_answer_is_turned_open_and_its_draft_kept_in_the_finding(changed: dict[str, Any], missing: str) -> None:
    artifact = mended(faq(entry(**changed)), material())
    (turned,) = artifact.entries
    assert (turned.status, turned.answer) == ("open", "")
    draft = changed.get("answer", ANSWER)
    (finding,) = [one for one in judged(artifact, material()) if one.rule == "unsupported"]
    assert draft in finding.message
    assert missing in finding.message
    shown = json.dumps(
        [view(turned, "en").lines[0].text, json_ld(artifact, "en", ()).decode(), repr(document(artifact, "en", ()))]
    )
    assert draft not in shown


def test_an_open_entry_whose_answer_is_held_becomes_answered() -> None:
    artifact, told = mend_support(faq(entry(status="open")), material())
    assert artifact.entries[0].status == "answered"
    assert told[0].rule == "status"


def test_an_answered_entry_without_an_answer_becomes_open() -> None:
    artifact, _ = mend_support(faq(entry(answer="")), material())
    assert artifact.entries[0].status == "open"


@pytest.mark.parametrize(
    ("question", "rule", "told"),
    [
        ("How is a dispute raised?", "open-silent", "dispute"),
        ("What does a card freeze cost?", "open-near", "P1"),
    ],
)
def test_an_open_question_tells_what_is_missing(question: str, rule: str, told: str) -> None:
    (finding,) = check_status(faq(entry(question=question, answer="", status="open", sources=[])), material())
    assert (finding.rule, finding.severity) == (rule, "hint")
    assert told in finding.message


def test_citations_that_are_unknown_repeated_or_idle_are_left_out() -> None:
    artifact, told = mend_citations(faq(entry(sources=["P1", "P2", "P9", "P1"], rests=["S9"])), material())
    assert artifact.entries[0].sources == ["P1"]
    assert artifact.entries[0].rests == []
    assert {one.place for one in told} == {"sources", "rests"}


def test_a_story_that_is_asked_about_stays_linked_beside_a_passage_that_answers_at_length() -> None:
    asked = entry(question="What about a frozen card: is it billed, if I freeze it?", answer=OTHER, sources=["P2"], rests=["S1"])
    artifact, told = mend_citations(faq(asked), replace(material(), terms=()))
    assert (artifact.entries[0].rests, told) == (["S1"], [])


def test_a_citation_stays_where_it_is_all_that_an_answer_has() -> None:
    artifact, _ = mend_citations(faq(entry(answer="Something else.", sources=["P2"])), material())
    assert artifact.entries[0].sources == ["P2"]


def test_marks_and_emphasis_are_mended_and_a_question_gets_its_mark() -> None:
    artifact, _ = mend_wording(
        faq(entry(question="Q1: **How long** does it last.", answer="A: It [lasts](http://x.example) long.")), material()
    )
    assert artifact.entries[0].question == "How long does it last?"
    assert artifact.entries[0].answer == "It lasts long."


def test_a_sentence_that_an_answer_repeats_is_left_out() -> None:
    artifact, _ = mend_wording(
        faq(entry(answer="It lasts 180 days. It lasts 180 days. Lift it in the app.\n最多。最多。")), material()
    )
    assert artifact.entries[0].answer == "It lasts 180 days. Lift it in the app.\n最多。"


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("怎么冻结卡片。", "zh", "怎么冻结卡片？"),
        ("问：多久生效", "zh", "多久生效？"),
        ("Card freezes", "en", "Card freezes"),
        ("Can I pay?", "en", "Can I pay?"),
    ],
)
def test_only_what_asks_gets_a_question_mark(text: str, language: Language, told: str) -> None:
    assert as_question(text, language) == told


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("How do I freeze a card?", "How can I freeze my card?", True),
        ("Who may freeze a card?", "How do I freeze a card?", False),
        ("How do I freeze a card?", "How do I unfreeze a card?", False),
        ("怎么冻结借记卡？", "怎样冻结借记卡？", True),
        ("谁可以冻结借记卡？", "多久可以冻结借记卡？", False),
        ("如何冻结借记卡？", "如何解冻借记卡？", False),
    ],
)
def test_two_questions_are_the_same_where_words_and_what_is_asked_are_alike(one: str, other: str, same: bool) -> None:
    assert same_question(one, other) is same


def test_of_two_same_questions_the_answered_one_stays() -> None:
    open_one = entry(answer="", status="open", sources=[])
    artifact, told = mend_duplicates(faq(open_one, entry(id="Q2")), material())
    assert [one.id for one in artifact.entries] == ["Q2"]
    assert told[0].rule == "duplicate"
    assert check_questions(faq(open_one, entry(id="Q2")), material())[0].rule == "duplicate"


def test_ids_that_stand_twice_are_numbered_anew() -> None:
    artifact, _ = mend_duplicates(faq(entry(), entry(question="Who lifts it in the app?")), material())
    assert [one.id for one in artifact.entries] == ["Q1", "Q2"]


def test_the_same_answer_to_two_questions_is_hinted_at() -> None:
    rules = [finding.rule for finding in check_questions(faq(entry(), entry(id="Q2", question="Who lifts it?")), material())]
    assert rules == ["same-answer"]


def test_an_faq_without_an_answer_has_nothing_to_publish() -> None:
    rules = [finding.rule for finding in check_read_back(faq(entry(answer="", status="open")), material())]
    assert rules == ["nothing-answered"]


NASTY = [
    "</script>",
    "a & b < c",
    "**bold",
    "Q: in it",
    "\\ slash",
    "😀",
    "“quotes”",
    "1. step",
    "# heading",
    "| a | b |",
    "A: x\nQ: y",
]


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_entry_comes_back_from_its_source_and_its_json_ld(text: str, language: Language) -> None:
    artifact = mended(faq(entry(question=f"What is {text}?", answer=f"{ANSWER} {text}")), material())
    hand = entry(question=artifact.entries[0].question, answer=artifact.entries[0].answer or artifact.entries[0].draft)
    assert read_edited(source_text(hand, language), hand, language) == hand
    assert check_read_back(faq(hand), material()) == []


def test_an_answer_that_a_person_writes_counts_as_answered_and_its_draft_goes() -> None:
    open_one = entry(answer="", status="open", draft="old draft")
    assert read_edited(source_text(open_one, "en"), open_one, "en") == open_one
    written = read_edited("Q: How long?\nA: At most 180 calendar days.", open_one, "en")
    assert (written.status, written.answer, written.draft) == ("answered", "At most 180 calendar days.", "")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_edit_that_is_no_pair_is_refused_with_a_sentence(language: Language) -> None:
    with pytest.raises(ValueError, match=r"A: …|答：…"):
        read_edited("nothing", entry(), language)


def test_a_card_shows_status_citations_and_links() -> None:
    shown = view(entry(rests=["S1"]), "zh")
    assert shown.title == "How long does a card freeze last?"
    assert shown.badges == ("已解答",)
    assert (shown.sources, shown.links) == (("P1",), ("S1",))
    assert view(entry(answer="", status="open"), "en").badges == ("open",)


@pytest.mark.parametrize(
    "item", [None, 3, {}, {"question": 5}, {"question": "How", "answer": 3}, {"question": "How", "id": "Q1", "answer": "So"}]
)
def test_a_draft_is_shown_as_far_as_it_can_be_read(item: Any) -> None:
    shown = view_draft(item, "en")
    assert (shown is None) == (not isinstance(item, dict) or not isinstance(item.get("question"), str))


def test_the_document_has_answers_with_their_citations_and_the_open_questions_last() -> None:
    told = document(
        faq(entry(rests=["S1"]), entry(id="Q2", question="Why?", answer="", status="open")), "en", [source("P1", RULE)]
    )
    texts = [getattr(block, "text", None) or list(getattr(block, "texts", ())) for block in told.blocks]
    assert texts == ["How long does a card freeze last?", ANSWER, "[1], S1", "Not answered yet", ["Why?"]]
    assert told.sources == [("Rules", "Freezes")]


def test_the_sheet_has_a_row_an_entry() -> None:
    (sheet,) = sheets(faq(entry(), entry(id="Q2", question="Why?", answer="", status="open")), "zh")
    assert list(sheet.ids) == ["Q1", "Q2"]
    assert all(len(row) == len(sheet.columns) for row in sheet.rows)


def test_a_pasted_faq_becomes_an_artifact_that_cites_nothing_yet() -> None:
    read = read_pasted("Intro.\nQ: How long?\nA: 3 days.\nQ: Why?\nA:", "en")
    assert read is not None
    artifact = Faq.model_validate(read.body)
    assert [(one.question, one.status) for one in artifact.entries] == [("How long?", "answered"), ("Why?", "open")]
    assert read.lost == ("Intro.",)
    assert read.faults == ("2: the question has no answer",)
    assert "no-citation" in {finding.rule for finding in check_support(artifact, material())}


def test_what_is_too_long_or_too_much_is_kept_as_far_as_it_fits_and_the_rest_named() -> None:
    text = "\n".join(f"Q: How many is {number}?\nA: {'x' * 1300}" for number in range(45))
    read = read_pasted(text, "zh")
    assert read is not None
    assert len(Faq.model_validate(read.body).entries) == 40
    assert "x" * 100 in read.lost
    assert sum(piece.startswith("How many") for piece in read.lost) == 5
    short = read_pasted("Q: ?\nA: yes", "en")
    assert short is not None
    assert Faq.model_validate(short.body).entries[0].answer == "yes"


def test_our_own_json_ld_is_read_as_an_artifact() -> None:
    read = read_pasted(json_ld(faq(entry()), "en", ()).decode(), "en")
    assert read is not None
    assert read.body["entries"][0]["answer"] == ANSWER
    assert read.lost == read.faults == ()
    assert read_pasted("no faq at all", "en") is None


def test_the_schema_is_closed_to_what_is_in_hand_and_asks_for_no_draft() -> None:
    schema = narrow(material())
    items = schema["properties"]["entries"]["items"]
    assert "draft" not in items["properties"]
    assert items["properties"]["sources"]["items"]["enum"] == ["P1", "P2", "P3"]
    assert items["properties"]["rests"]["items"]["enum"] == ["S1"]
    validator = Draft202012Validator(schema)
    body = faq(entry()).model_dump()
    del body["entries"][0]["draft"]
    assert validator.is_valid(body)
    body["entries"][0]["sources"] = ["P9"]
    assert not validator.is_valid(body)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_examples_hold_before_the_stages_own_checks(language: Language) -> None:
    for example in read_stage("faq", "stages.faq").examples.whole:
        if example.language != language:
            continue
        upstream = tuple(UpstreamItem(f"S{number}", text) for number, text in enumerate(example.upstream, 1))
        hand = Material(example.brief, language, upstream=upstream)
        artifact = Faq.model_validate(example.artifact)
        assert {finding.severity for finding in judged(artifact, hand)} <= {"hint"}
        assert mended(artifact, hand) == artifact


def test_every_rule_has_its_sentence_in_both_languages() -> None:
    values = dict.fromkeys(
        ("message", "missing", "draft", "number", "limit", "term", "share", "least", "words", "key", "keys", "text", "other"), "x"
    )
    for rule in RULES.names():
        assert RULES.finding(rule, "en", **values).message != RULES.finding(rule, "zh", **values).message


@pytest.mark.parametrize("text", ["", "😀", "</script>" * 30, "卡" * 300, "a " * 500, "\u2028", "[x](y)" * 50, "?" * 100])
def test_odd_texts_are_judged_and_mended_without_harm(text: str) -> None:
    artifact = Faq.model_construct(entries=[entry(answer=text), entry(id="Q2", question=f"Who {text[:150]}?")], questions=[])
    after = mended(artifact, material())
    judged(after, material())
    assert read_faq(text) is None


def test_support_is_checked_for_citations_that_exist_alone() -> None:
    found = check_citations(faq(entry(sources=["P9"])), material())
    assert [finding.rule for finding in found] == ["unknown-source"]
