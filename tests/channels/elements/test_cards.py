from dataclasses import replace
from typing import Any

import pytest

from chains.assistant import Mark
from chains.events import (
    AnswerFailed,
    DraftGrew,
    MaterialGathered,
    Outcome,
    Person,
    QuestionsAsked,
    Request,
    StepDone,
    TurnBegan,
    TurnEnded,
)
from channels.elements.cards import card_props
from channels.elements.live import LiveAnswer
from channels.page.welcome import welcome_props
from channels.texts import language_of_reader, texts_in
from errors import Language
from stages.declaration import Line
from stages.findings import Finding
from tests.doubles.scripted_assistant import SCRIPT, ScriptedAssistant

ANALYST = Person("local-analyst", "Local analyst")
EN, ZH = texts_in("en"), texts_in("zh")


async def drafted(brief: str = "freeze a card", stage: str = "user_stories") -> tuple[ScriptedAssistant, Any]:
    assistant = ScriptedAssistant(pace=0)
    async for _event in assistant.answer(Request(stage, brief, ANALYST)):
        pass
    return assistant, await assistant.card("a1", ANALYST)


def live(stage: str = "user_stories") -> LiveAnswer:
    return LiveAnswer(Request(stage, "freeze a card", ANALYST), "User stories", EN, ScriptedAssistant().draft_views)


async def test_a_card_numbers_its_sources_and_its_items_point_to_them() -> None:
    assistant, card = await drafted()
    props = card_props(card, EN, assistant.marks)
    assert [source["n"] for source in props["sources"]] == [1, 2, 3]
    assert [item["sources"] for item in props["items"]] == [[1, 2], [1], [3]]


async def test_glossary_words_are_cut_out_and_the_text_stays_whole() -> None:
    assistant, card = await drafted()
    lines = card_props(card, EN, assistant.marks)["items"][2]["lines"]
    assert "".join(part["text"] for part in lines[2]["parts"]) == card.items[2].view.lines[2].text
    assert [part.get("kind") for line in lines for part in line["parts"] if "term" in part] == ["unlisted", "term", "forbidden"]


async def test_marks_that_overlap_lose_no_text() -> None:
    _assistant, card = await drafted()
    marks = (Mark(0, 6, "a", "", "term"), Mark(3, 9, "b", "", "term"), Mark(6, 6, "c", "", "term"))
    props = card_props(card, EN, lambda text, _language: marks if len(text) > 9 else ())
    for item, shown in zip(card.items, props["items"], strict=True):
        assert "".join(part["text"] for part in shown["titleParts"]) == item.view.title


async def test_a_column_of_an_outline_is_no_glossary_word_and_its_examples_are_a_table() -> None:
    _assistant, card = await drafted()
    lines = (Line("Then", "the card of <card owner> is <state>"), Line("Examples", "state", cells=("state",)))
    item = replace(card.items[0], view=replace(card.items[0].view, lines=lines))
    marks = (Mark(4, 8, "card", "", "term"), Mark(13, 17, "card", "", "term"))
    shown = card_props(replace(card, items=(item,)), EN, lambda text, _language: marks if "owner" in text else ())
    then, examples = shown["items"][0]["lines"]
    assert [part["text"] for part in then["parts"]] == ["the ", "card", " of <card owner> is <state>"]
    assert (then["cells"], examples["cells"]) == ([], ["state"])


async def test_two_passages_of_one_document_are_told_apart_by_their_headings() -> None:
    _assistant, card = await drafted()
    crumbs = ("Rules › Card freeze › Placing", "Rules")
    sources = tuple(replace(card.sources[0], title="Rules", breadcrumb=crumb) for crumb in crumbs)
    told = card_props(replace(card, sources=sources), EN, lambda _text, _language: ())["sources"]
    assert [source["section"] for source in told] == ["Placing", ""]


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "A customer can freeze a debit card. " * 3), ("zh", "客户可以冻结借记卡。" * 9)],
    ids=["en", "zh"],
)
async def test_what_is_shown_as_the_request_for_the_next_stage_fits_a_title(language: Language, title: str) -> None:
    _assistant, card = await drafted()
    told = card_props(replace(card, title=title[:80], language=language), texts_in(language), lambda _text, _language: ())
    assert all(len(following["shown"]) <= 80 for following in told["next"])
    assert "…”" in told["next"][0]["shown"]


async def test_findings_and_mends_stand_at_their_item_and_the_gravest_come_first() -> None:
    assistant, card = await drafted()
    error = Finding("x", "error", "", "grave", "S3")
    items = (*card.items[:2], replace(card.items[2], findings=(*card.items[2].findings, error)))
    props = card_props(replace(card, items=items), EN, assistant.marks)
    assert [finding["severity"] for finding in props["items"][2]["findings"]] == ["error", "warning", "hint"]
    assert [len(item["mends"]) for item in props["items"]] == [1, 0, 0]
    assert [finding["message"] for finding in props["findings"]] == [
        "The brief speaks of a reminder after 30 days; no story covers it."
    ]
    assert props["mends"] == []


async def test_a_card_names_the_next_stage_and_its_downloads() -> None:
    assistant, card = await drafted()
    props = card_props(card, EN, assistant.marks)
    assert props["next"][0]["label"] == "Carry on: write the acceptance criteria for these"
    assert props["downloads"][0]["href"] == "/artifacts/a1/export/md?version=1"
    assert props["promptHref"] == "/turns/t1/prompt"


async def test_a_card_speaks_the_readers_language_whatever_the_artifacts_is() -> None:
    assistant, card = await drafted()
    props = card_props(card, ZH, assistant.marks)
    assert props["badge"]["text"] == "草稿"
    assert props["labels"]["accept"] == "采纳"


async def test_an_artifact_without_sources_says_that_the_knowledge_is_silent() -> None:
    assistant, card = await drafted()
    assert card_props(replace(card, sources=(), silent=True), EN, assistant.marks)["notices"] == [EN("silent")]


def test_a_growing_draft_tells_which_item_is_written() -> None:
    answer = live()
    answer.take(MaterialGathered((), (), ("words alone",)))
    answer.take(StepDone("gather", (), 0.1))
    answer.take(DraftGrew({"items": SCRIPT["en"]["user_stories"]["items"][:2]}, 1, 3))
    props = answer.props()
    assert props["progress"] == {"text": "Writing item 2 of 3", "done": 1, "expected": 3, "writing": False, "waits": False}
    assert [item["id"] for item in props["items"]] == ["S1", "S2"]
    assert props["notices"] == ["words alone"]


def test_a_failed_answer_keeps_the_brief_the_draft_and_the_prompt() -> None:
    answer = live()
    answer.take(TurnBegan("t7", "user_stories", "en", "m", demonstration=False))
    answer.take(AnswerFailed("No luck.", draft='{"stories"', findings=(Finding("x", "error", "", "cut"),)))
    props = answer.props()
    assert (props["phase"], props["error"], props["draft"]) == ("failed", "No luck.", '{"stories"')
    assert props["retry"] == {"stage": "user_stories", "brief": "freeze a card", "upstream": []}
    assert props["promptHref"] == "/turns/t7/prompt"


def test_questions_come_with_examples() -> None:
    answer = live()
    answer.take(QuestionsAsked(("Who?",), ("A cardholder pays.",)))
    assert (answer.props()["phase"], answer.props()["examples"]) == ("questions", ["A cardholder pays."])


def test_a_stopped_answer_says_whether_something_is_kept() -> None:
    answer = live()
    answer.stop()
    assert answer.props()["error"] == EN("stopped")
    answer.take(DraftGrew({"items": SCRIPT["en"]["user_stories"]["items"][:1]}, 0, 3))
    answer.stop()
    assert answer.props()["error"] == EN("stopped_kept")


@pytest.mark.parametrize(("outcome", "phase"), [("cancelled", "stopped"), ("interrupted", "interrupted"), ("answered", "failed")])
def test_a_turn_that_ends_without_a_result_says_so(outcome: Outcome, phase: str) -> None:
    answer = live()
    answer.take(TurnEnded("t1", outcome, 1.0, None))
    assert answer.props()["phase"] == phase
    assert answer.props()["error"]


async def test_the_welcome_names_the_demonstration_model_and_how_to_name_another() -> None:
    assistant = ScriptedAssistant()
    props = welcome_props(await assistant.status("en"), assistant.stages("en"), EN)
    assert "STAGECRAFT_ENDPOINT__BASE_URL" in props["model"]
    assert [stage["title"] for stage in props["stages"]] == ["User stories", "Acceptance criteria"]


def test_every_text_is_there_in_both_languages() -> None:
    from channels.texts import _all

    for key, text in _all().items():
        assert set(text) == {"en", "zh"}, key
        assert text["en"], key
        assert text["zh"], key
    assert EN.labels().keys() == ZH.labels().keys()


def test_the_readers_language_is_the_first_that_the_browser_names() -> None:
    assert [
        language_of_reader(text) for text in ("zh-CN,zh;q=0.9,en;q=0.8", "zh", "en-US,en;q=0.9,zh;q=0.1", "de", "", None)
    ] == [
        "zh",
        "zh",
        "en",
        "en",
        "en",
        "en",
    ]
