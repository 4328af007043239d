"""Acceptance criteria: how they are judged, mended, rendered, read back and exported."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from errors import Language
from formats.gherkin import read_feature
from formats.markdown import render_markdown
from stages.acceptance_criteria.checks import (
    check_coverage,
    check_read_back,
    check_scenarios,
    check_unique,
    mend_names,
    mend_steps,
)
from stages.acceptance_criteria.document import document
from stages.acceptance_criteria.findings import RULES
from stages.acceptance_criteria.numbers import check_numbers
from stages.acceptance_criteria.shape import AcceptanceCriteria, Scenario, StoryText
from stages.acceptance_criteria.view import (
    behave_zip,
    feature_file,
    features,
    read_edited,
    source_text,
    view,
    view_draft,
)
from stages.acceptance_criteria.way import CriteriaWay, narrow, read_upstream
from stages.catalog import catalog
from stages.findings import Finding
from stages.material import Material, Source, UpstreamItem

STORIES: dict[Language, str] = {
    "en": "As a customer, I want to freeze my card, so that nobody can pay with it.",
    "zh": "作为客户，我想冻结卡片，以便于别人无法盗用。",
}
WAY = CriteriaWay()
KINDS = ("positive", "negative", "boundary")
SOUND: dict[Language, dict[str, dict[str, Any]]] = {
    "en": {
        "positive": {
            "name": "A card is frozen",
            "given": ["the card is active"],
            "when": "Ana freezes the card",
            "then": ["the card is frozen"],
        },
        "negative": {
            "name": "A card of another",
            "given": ["the card is Ben's"],
            "when": "Ana freezes the card",
            "then": ["it is refused"],
        },
        "boundary": {
            "name": "At the last second",
            "given": ["5 minutes are left"],
            "when": "Ana freezes the card",
            "then": ["it is frozen"],
        },
    },
    "zh": {
        "positive": {"name": "冻结卡片", "given": ["卡片有效"], "when": "客户冻结卡片", "then": ["卡片已冻结"]},
        "negative": {"name": "不能冻结他人卡片", "given": ["卡片属于他人"], "when": "客户冻结卡片", "then": ["请求被拒绝"]},
        "boundary": {"name": "最后时刻", "given": ["还剩 5 分钟"], "when": "客户冻结卡片", "then": ["卡片已冻结"]},
    },
}
NASTY = [
    "当前余额为 0",
    "假如明天下雨",
    "那么多的记录",
    "Given a Given when then",
    "given names are shown",
    "* a star",
    "| pipes | here |",
    '"""quotes"""',
    "```fence```",
    "# hash",
    "@tag here",
    "name: value",
    "Scenario: inside",
    "emoji 😀 \u200b",
    "مرحبا بالعالم",
    "全角：｜＃（标点）",
    "regex ^.*$ (a|b) [c] {d} \\d",
    "costs 5$",
]


def scenario(language: Language = "en", kind: str = "positive", number: int = 1, **changed: Any) -> Scenario:
    base = {"id": f"S1-{number}", "story": "S1", "kind": kind, "columns": [], "rows": [], "sources": []}
    return Scenario.model_validate({**base, **SOUND[language][kind], **changed})


def criteria(*scenarios: Scenario, language: Language = "en") -> AcceptanceCriteria:
    text = StoryText(id="S1", text=STORIES[language])
    return AcceptanceCriteria(scenarios=list(scenarios), questions=[], stories=[text])


def sound(language: Language = "en") -> list[Scenario]:
    return [scenario(language, kind, number) for number, kind in enumerate(KINDS, 1)]


def material(language: Language = "en", *ids: str) -> Material:
    return Material("", language, upstream=tuple(UpstreamItem(one, STORIES[language]) for one in ids or ("S1",)))


def judged(artifact: AcceptanceCriteria, hand: Material) -> list[Finding]:
    checks = (check_read_back, check_coverage, check_scenarios, check_unique, check_numbers)
    return [finding for check in checks for finding in check(artifact, hand)]


CHANGED: list[tuple[str, Language, dict[str, Any]]] = [
    ("unreadable", "en", {"when": "   "}),
    ("unreadable", "zh", {"columns": ["a"], "rows": [["1", "2"]], "when": "付 <a>"}),
    ("story-unknown", "en", {"story": "S9"}),
    ("boundary-without-number", "en", {"kind": "boundary", "given": ["the card is active"]}),
    ("boundary-without-number", "zh", {"kind": "boundary", "given": ["统一为一位客户"]}),
    ("duplicate-name", "en", {"name": "a card  of another"}),
    ("same-steps", "zh", {key: SOUND["zh"]["negative"][key] for key in ("given", "when", "then")}),
    ("outline-without-rows", "en", {"columns": ["a"], "when": "Ana pays <a>"}),
    ("rows-uneven", "en", {"columns": ["a", "b"], "rows": [["1", "2"], ["3"]], "when": "Ana pays <a> <b>"}),
    ("rows-uneven", "zh", {"rows": [["1"]]}),
    ("placeholder-undefined", "en", {"when": "Ana pays <a>"}),
    ("placeholder-undefined", "zh", {"name": "关于 <金额>"}),
    ("placeholder-unused", "en", {"columns": ["a"], "rows": [["1"]]}),
    ("several-actions", "en", {"when": "Ana freezes the card and unfreeze the card"}),
    ("several-actions", "zh", {"when": "客户冻结并解冻卡片"}),
    ("ui-words", "en", {"when": "Ana clicks on it"}),
    ("ui-words", "zh", {"then": ["弹窗出现"]}),
    ("vague", "en", {"then": ["it works as expected"]}),
    ("vague", "zh", {"then": ["系统及时通知"]}),
    ("vague", "en", {"given": ["a few cards are active"]}),
    ("vague", "zh", {"given": ["客户有几个收款人"]}),
    ("example-numbers", "en", {"given": ["the balance is 1,250 EUR"]}),
    ("example-numbers", "zh", {"given": ["余额为 1,250 元"]}),
    ("boundary-unfounded", "en", {"kind": "boundary", "given": ["the limit is <a>"], "columns": ["a"], "rows": [["500"]]}),
    ("boundary-unfounded", "zh", {"kind": "boundary", "given": ["限额为 <a>"], "columns": ["a"], "rows": [["500"]]}),
]


@pytest.mark.parametrize(("rule", "language", "changed"), CHANGED)
def test_a_fault_of_a_scenario_is_found_by_its_rule(rule: str, language: Language, changed: dict[str, Any]) -> None:
    _, *others = sound(language)
    first = scenario(language, **changed)
    artifact = criteria(*others, first, language=language)
    assert rule in [one.rule for one in judged(artifact, material(language))]


@pytest.mark.parametrize(
    ("given", "founded"),
    [
        ("the amount is 5,000 EUR", True),
        ("the amount is 5,001 EUR", True),
        ("the amount is 4,999.99 EUR", True),
        ("the amount is 五千 EUR", True),
        ("the amount is 7,000 EUR", False),
    ],
)
@pytest.mark.parametrize("cited", [True, False])
def test_a_boundary_lies_at_a_number_that_a_story_or_a_cited_passage_tells(given: str, founded: bool, cited: bool) -> None:
    source = Source("P1", "1", "Limits", "rules-payments", "", "At most 5,000 EUR a day.")
    hand = Material(
        "", "en", sources=(source,), upstream=(UpstreamItem("S1", STORIES["en"] + ("" if cited else " Up to 5000.")),)
    )
    one = scenario("en", "boundary", given=[given], sources=["P1"] if cited else [])
    rules = {finding.rule for finding in check_numbers(criteria(one), hand)}
    assert rules == (set() if founded else {"unsupported-number"})


def test_the_rows_of_a_boundary_count_as_its_numbers() -> None:
    hand = Material("At most 5,000 EUR a day.", "en", upstream=material().upstream)
    rows = [["4,999.99", "taken"], ["5,000.01", "refused"]]
    one = scenario("en", "boundary", given=["<a> EUR"], then=["it is <b>"], columns=["a", "b"], rows=rows)
    assert check_numbers(criteria(one), hand) == []


def test_a_negative_scenario_invents_no_limit_and_a_positive_one_may_have_test_data() -> None:
    told: dict[str, Any] = {"given": ["the limit is 500 EUR"]}
    found = check_numbers(criteria(scenario(**told), scenario(kind="negative", number=2, **told)), material())
    assert [(one.rule, one.severity, one.item) for one in found] == [
        ("example-numbers", "hint", "S1-1"),
        ("unsupported-number", "warning", "S1-2"),
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_story_lacks_is_found(language: Language) -> None:
    one, negative, boundary = sound(language)
    hand = material(language, "S1", "S2")
    assert [(found.rule, found.place) for found in check_coverage(criteria(one, negative, boundary), hand)] == [
        ("story-uncovered", "S2")
    ]
    assert {found.rule for found in check_coverage(criteria(one), material(language))} == {
        "too-few",
        "no-negative",
        "no-boundary",
    }
    assert [found.rule for found in check_coverage(criteria(one, boundary, one), material(language))] == ["no-negative"]


def test_every_rule_of_the_folder_is_provoked_here() -> None:
    assert set(RULES.names()) == {rule for rule, *_ in CHANGED} | {"story-uncovered", "too-few", "no-negative", "no-boundary"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_sound_criteria_are_held_nothing_against(language: Language) -> None:
    assert judged(criteria(*sound(language), language=language), material(language)) == []


def test_a_sound_outline_is_held_nothing_against() -> None:
    outline = scenario("en", "boundary", 3, when="Ana freezes it <n> times", columns=["n"], rows=[["1"], ["2"]])
    assert judged(criteria(*sound()[:2], outline), material()) == []


@pytest.mark.parametrize(
    ("kind", "language", "given"),
    [("boundary", "en", "the list is empty"), ("boundary", "zh", "已有十个收款人"), ("boundary", "zh", "列表为空")],
)
def test_a_number_in_words_is_a_boundary(kind: str, language: Language, given: str) -> None:
    found = check_scenarios(criteria(scenario(language, kind, given=[given])), material(language))
    assert "boundary-without-number" not in [one.rule for one in found]


def test_scenarios_of_two_stories_may_share_a_name() -> None:
    assert check_unique(criteria(scenario(), scenario(number=1, id="S2-1", story="S2")), material()) == []


@pytest.mark.parametrize("one", catalog().stage("acceptance_criteria").examples.whole, ids=lambda one: str(one.language))
def test_the_whole_examples_are_sound(one: Any) -> None:
    hand = Material(
        one.brief, one.language, upstream=tuple(UpstreamItem(f"S{number}", text) for number, text in enumerate(one.upstream, 1))
    )
    assert judged(AcceptanceCriteria.model_validate(one.artifact), hand) == []


@pytest.mark.parametrize("rows", [[["1"]], [["1", "2", "3"]], [[]]])
def test_rows_of_another_length_are_a_finding_and_no_crash(rows: list[list[str]]) -> None:
    uneven = criteria(scenario(columns=["a", "b"], rows=rows, when="Ana pays <a> <b>"))
    assert [one.rule for one in check_read_back(uneven, material())] == ["unreadable"]
    assert b"Scenario Outline" in feature_file(uneven, "en", ())
    assert behave_zip(uneven, "en", ())
    assert view(uneven.scenarios[0], "en").lines


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [
        ("given", "Given the card is active.", "the card is active"),
        ("given", "and the card is active", "the card is active"),
        ("given", "假如卡片有效。", "卡片有效"),
        ("when", "When Ana pays", "Ana pays"),
        ("when", "当客户付款", "客户付款"),
        ("when", "当，客户付款", "客户付款"),
        ("then", "Then it is paid", "it is paid"),
        ("then", "那么款项已付", "款项已付"),
        ("then", "而且款项已付；", "款项已付"),
    ],
)
def test_a_keyword_that_the_renderer_adds_is_left_out(place: str, before: str, after: str) -> None:
    at = place if place == "when" else f"{place}[0]"
    mended, told = mend_steps(criteria(scenario().with_texts({at: before})), material())
    assert mended.scenarios[0].texts()[at] == after
    assert [(one.rule, one.place, one.before, one.after, one.item) for one in told] == [("wording", at, before, after, "S1-1")]


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("given[0]", "当前余额为 0"),
        ("when", "当前余额达到 0"),
        ("when", "当天转账 5 笔"),
        ("when", "当日累计达到限额"),
        ("then[0]", "当前余额为 0"),
        ("then[0]", "那么多记录都在"),
        ("given[0]", "given names are shown"),
        ("given[0]", "givenness holds"),
        ("then[0]", "thenceforth it holds"),
        ("name", "When a card is lost"),
        ("name", "当前余额不足"),
        ("name", "Given name is required"),
    ],
)
def test_words_that_only_begin_like_a_keyword_stay(at: str, text: str) -> None:
    artifact = criteria(scenario().with_texts({at: text}))
    assert mend_steps(artifact, material()) == (artifact, [])


def test_a_step_told_twice_is_told_once_and_the_mend_is_told() -> None:
    twice = criteria(scenario(given=["a card", "Given a card.", "a bill"], then=["it is so", "it is so"]))
    mended, told = mend_steps(twice, material())
    assert (mended.scenarios[0].given, mended.scenarios[0].then) == (["a card", "a bill"], ["it is so"])
    assert [one.rule for one in told] == ["wording", "repeated-step", "repeated-step"]


def test_scenarios_are_numbered_within_their_story_and_told_apart_by_name() -> None:
    several = criteria(
        scenario(number=9), scenario(number=9, kind="negative", name="a card is  frozen"), scenario(id="S2-7", story="S2")
    )
    mended, told = mend_names(several, material())
    assert [one.id for one in mended.scenarios] == ["S1-1", "S1-2", "S2-1"]
    assert [one.name for one in mended.scenarios] == ["A card is frozen", "a card is  frozen – negative 2", "A card is frozen"]
    assert [(one.rule, one.place) for one in told] == [("duplicate-name", "name")]
    assert check_unique(mended, material()) == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("text", NASTY)
def test_an_edit_without_a_change_changes_nothing(text: str, language: Language) -> None:
    before = scenario(language, "negative", 7, name=text, given=[text, f"{text} 2"], when=text, then=[text], sources=["P1"])
    assert read_edited(source_text(before, language), before, language) == before
    outline = scenario(language, "boundary", 8, when=f"<n> {text}", columns=["n", "｜|"], rows=[[text, "\\"], ["1", "|"]])
    assert read_edited(source_text(outline, language), outline, language) == outline
    assert check_read_back(criteria(before, outline), material(language)) == []


def test_an_edit_changes_what_it_says_and_keeps_the_rest() -> None:
    before = scenario(number=4, sources=["P1"])
    text = "@boundary\nScenario: At the limit\nGiven 5 cards\nAnd a bill\nWhen Ana pays\nThen it is paid\nBut nothing else"
    after = read_edited(text, before, "en")
    assert (after.id, after.story, after.sources, after.kind) == ("S1-4", "S1", ["P1"], "boundary")
    assert (after.given, after.then) == (["5 cards", "a bill"], ["it is paid", "nothing else"])


def test_an_edit_without_tags_keeps_the_kind() -> None:
    before = scenario(kind="negative")
    text = "\n".join(source_text(before, "en").splitlines()[1:])
    assert read_edited(text, before, "en") == before


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("nothing of the kind", "en", "not one whole scenario"),
        ("什么都不是", "zh", "不是一个完整的场景"),
        ("Scenario: N\nWhen a\nThen b", "en", "exactly one When"),
        ("Scenario: N\nGiven a\nWhen b\nWhen c\nThen d", "en", "exactly one When"),
        ("场景: N\n假如 a1\n当 b1", "zh", "恰好一个“当”"),
        ("Scenario: N\nGiven a\n| table |\nWhen b\nThen c", "en", "without a table"),
    ],
)
def test_an_edit_that_is_no_scenario_is_answered_with_a_sentence(text: str, language: Language, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_edited(text, scenario(language), language)


def unpacked(artifact: AcceptanceCriteria, language: Language, folder: Path) -> subprocess.CompletedProcess[str]:
    with zipfile.ZipFile(io.BytesIO(behave_zip(artifact, language, ()))) as archive:
        archive.extractall(folder)
    command = [sys.executable, "-m", "behave", "--dry-run", "--no-color"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_behave_finds_every_step_of_the_exported_zip(language: Language, tmp_path: Path) -> None:
    nasty = [
        scenario(language, "positive", number, name=f"{text} {number}", given=[text, f"{text}!"], when=text, then=[text, "equal"])
        for number, text in enumerate(NASTY, 4)
    ]
    outline = [
        scenario(
            language,
            "boundary",
            30,
            given=["<a>"],
            when="<a> of <b>",
            then=["equal <a>"],
            columns=["a", "b"],
            rows=[["5", "x|y"], [" ", "\\"]],
        ),
        scenario(language, "boundary", 31, story="S2", given=["equal"], when="equal", then=["equal"]),
    ]
    done = unpacked(criteria(*sound(language), *nasty, *outline, language=language), language, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(path.name for path in (tmp_path / "features").glob("*.feature")) == ["s1.feature", "s2.feature"]


@pytest.mark.parametrize("one", catalog().stage("acceptance_criteria").examples.whole, ids=lambda one: str(one.language))
def test_behave_finds_every_step_of_the_examples(one: Any, tmp_path: Path) -> None:
    done = unpacked(AcceptanceCriteria.model_validate(one.artifact), one.language, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_feature_file_of_one_story_is_the_storys_own() -> None:
    read = read_feature(feature_file(criteria(*sound()), "en", ()).decode())
    assert read.tags == ("S1",)
    assert read.name.startswith("S1 As a customer")
    assert read.description == STORIES["en"]
    assert [one.tags for one in read.scenarios] == [("positive", "S1-1"), ("negative", "S1-2"), ("boundary", "S1-3")]


def test_a_feature_file_of_several_stories_tags_each_scenario_with_its_story() -> None:
    artifact = criteria(*sound("zh"), scenario("zh", id="S2-1", story="S2"), language="zh")
    read = read_feature(feature_file(artifact, "zh", ()).decode())
    assert read.language == "zh"
    assert [one.tags[0] for one in read.scenarios] == ["S1", "S1", "S1", "S2"]
    assert [story for story, _ in features(artifact, "zh")] == ["S1", "S2"]


def test_a_story_whose_text_looks_like_gherkin_does_not_break_the_feature() -> None:
    artifact = AcceptanceCriteria(
        scenarios=sound(), questions=[], stories=[StoryText(id="S1", text='Rule: x\nScenario: y\n@tag\n# comment\n"""\n| a |')]
    )
    assert check_read_back(artifact, material()) == []
    assert len(read_feature(feature_file(artifact, "en", ()).decode()).scenarios) == 3


def test_markdown_shows_each_story_with_its_scenarios_and_sources() -> None:
    sources = (Source("P1", "1", "Guide", "rules", "Part", ""),)
    told = render_markdown(document(criteria(scenario(name="```sh")), "en", sources))
    assert told.startswith("# Acceptance criteria\n\n## S1\n\nAs a customer")
    assert [line for line in told.splitlines() if line.startswith("```")] == ["```gherkin", "```"]
    assert "1. Guide › Part" in told


def test_a_card_shows_keywords_examples_and_the_story() -> None:
    outline = scenario(given=["one", "two"], when="pay <a>", columns=["a"], rows=[["1"]])
    shown = view(outline, "en")
    assert [line.cells for line in shown.lines if line.cells] == [("a",), ("1",)]
    assert [(line.keyword, line.text, line.depth) for line in shown.lines] == [
        ("Given", "one", 0),
        ("And", "two", 1),
        ("When", "pay <a>", 0),
        ("Then", "the card is frozen", 0),
        ("Examples", "a", 0),
        ("", "1", 1),
    ]
    assert (shown.title, shown.links) == ("A card is frozen (positive)", ("S1",))
    assert view(scenario("zh", "negative"), "zh").title.endswith("（反例）")


@pytest.mark.parametrize("item", [None, [], "x", {}, {"name": None}, {"given": ["a"]}])
def test_a_draft_without_a_name_is_not_shown_yet(item: Any) -> None:
    assert view_draft(item, "en") is None


@pytest.mark.parametrize(
    "item", [{"name": "A ca"}, {"name": "A", "kind": "odd", "given": [1, None, "b"], "then": None, "when": None}]
)
def test_a_draft_is_shown_as_far_as_it_is_written(item: Any) -> None:
    shown = view_draft(item, "en")
    assert shown
    assert shown.title == f"{item['name']} (positive)"


def valid(schema: dict[str, Any], value: object) -> bool:
    Draft202012Validator.check_schema(schema)
    return bool(Draft202012Validator(schema).is_valid(value))


def test_three_kinds_are_written_for_each_story() -> None:
    hand = material("en", "S1", "S2")
    assert WAY.outline_schema(hand) is None
    entries = WAY.entries(None, hand)
    assert [entry.id for entry in entries] == ["S1-1", "S1-2", "S1-3", "S2-1", "S2-2", "S2-3"]
    assert [entry.about["kind"][0] for entry in entries[:3]] == list(KINDS)


def test_one_scenario_is_narrowed_to_the_sources_near_its_story() -> None:
    near = (
        Source("P1", "1", "Cards", "rules", "", "Customers freeze a card."),
        Source("P2", "2", "Cash", "rules", "", "Count it."),
    )
    hand = Material("", "en", sources=near, upstream=(UpstreamItem("S1", STORIES["en"]),))
    schema = WAY.item_schema(WAY.entries(None, hand)[0], hand)
    reply = {**SOUND["en"]["positive"], "sources": ["P1"]}
    assert valid(schema, reply)
    wrong: dict[str, Any]
    for wrong in ({"sources": ["P2"]}, {"sources": []}, {"story": "S1"}, {"given": []}, {"then": ["long"] * 3}, {"when": ""}):
        assert not valid(schema, {**reply, **wrong}), wrong


def test_the_scenarios_that_were_written_are_put_together_with_their_stories() -> None:
    hand = material()
    entries = WAY.entries(None, hand)
    body = WAY.assemble({"S1-2": {**SOUND["en"]["negative"], "sources": []}}, entries, hand)
    artifact = AcceptanceCriteria.model_validate(body)
    assert [(one.id, one.story, one.kind) for one in artifact.scenarios] == [("S1-2", "S1", "negative")]
    assert artifact.upstream_items() == (UpstreamItem("S1", STORIES["en"]),)
    (entry,) = WAY.entry_of(body["scenarios"][0], hand)
    assert entry == entries[1]


def test_the_stories_are_added_by_us_and_cut_to_their_length() -> None:
    hand = Material("", "en", upstream=(UpstreamItem("S1", "x" * 900),))
    body = WAY.completed({"scenarios": [scenario().model_dump()], "questions": []}, hand)
    assert len(AcceptanceCriteria.model_validate(body).stories[0].text) == 600


def test_the_whole_schema_knows_only_the_stories_and_sources_in_hand() -> None:
    hand = Material("", "en", sources=(Source("P1", "1", "", "", "", ""),), upstream=(UpstreamItem("S1", "x"),))
    schema = narrow(hand)
    one = scenario(sources=["P1"]).model_dump()
    assert valid(schema, {"scenarios": [one], "questions": []})
    wrong: dict[str, Any]
    for wrong in ({"story": "S9"}, {"sources": ["P9"]}, {"kind": "odd"}, {"mood": "good"}):
        assert not valid(schema, {"scenarios": [{**one, **wrong}], "questions": []})
    assert not valid(schema, {"scenarios": [one], "questions": [], "stories": []})


def test_pasted_stories_are_read_and_any_other_text_is_one_story() -> None:
    assert read_upstream(f"1. {STORIES['en']}\n2. As a teller, I want to count cash.", "en") == (
        STORIES["en"],
        "As a teller, I want to count cash.",
    )
    assert read_upstream("  freeze\n a card ", "en") == ("freeze a card",)
    assert read_upstream(STORIES["zh"], "zh") == (STORIES["zh"],)


def test_as_many_stories_can_be_tested_as_can_lie_upstream() -> None:
    most = catalog().stage("acceptance_criteria").stage.most_upstream
    many = tuple(UpstreamItem(f"S{number}", STORIES["en"], f"artifact-{number % 3}", 1) for number in range(1, most + 1))
    hand = Material("", "en", upstream=many)
    entries = WAY.entries(None, hand)
    reply = {**SOUND["en"]["positive"], "sources": []}
    body = WAY.assemble({entry.id: reply for entry in entries}, entries, hand)
    artifact = AcceptanceCriteria.model_validate(body)
    assert len(artifact.scenarios) == 3 * most
    assert check_coverage(artifact, hand) == []


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "Clarified: Which limits hold? → at most 3"), ("zh", "已澄清：有哪些限制？ → 最多 3 次")],
)
def test_what_was_clarified_is_no_part_of_a_pasted_story(language: Language, told: str) -> None:
    assert read_upstream(f"{STORIES[language]}\n\n{told}", language) == (STORIES[language],)
    assert read_upstream(f"freeze a card\n{told}", language) == ("freeze a card",)
