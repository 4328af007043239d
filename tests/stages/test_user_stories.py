"""User stories: how they are judged, mended, shown and read back."""

from typing import Any

import pytest
import yaml

from errors import Language
from formats.markdown import render_markdown
from stages.catalog import catalog
from stages.findings import Finding
from stages.material import Material, Source, Term, UpstreamItem
from stages.user_stories.checks import (
    RULES,
    check_form,
    check_operations,
    check_traced,
    check_unique,
    mend_duplicates,
    mend_wording,
)
from stages.user_stories.document import document
from stages.user_stories.shape import Story, UserStories
from stages.user_stories.view import read_edited, sentence, view, view_draft

BRIEFS: dict[Language, str] = {"en": "Customers freeze a card and see the balance.", "zh": "客户可以冻结卡片，查看余额。"}
SOUND: dict[Language, dict[str, Any]] = {
    "en": {"role": "customer", "want": "freeze a card", "benefit": "nobody can pay with it"},
    "zh": {"role": "客户", "want": "冻结卡片", "benefit": "别人无法盗用"},
}


def story(language: Language = "en", **changed: Any) -> Story:
    return Story.model_validate({"id": "S1", **SOUND[language], "entities": [], "sources": [], **changed})


def stories(*several: Story) -> UserStories:
    return UserStories(stories=list(several), questions=[])


def material(language: Language = "en", **changed: Any) -> Material:
    roles = (str(SOUND[language]["role"]),)
    return Material(**{"brief": BRIEFS[language], "language": language, "roles": roles, "entities": ("card",), **changed})


def judged(artifact: UserStories, hand: Material) -> list[Finding]:
    return [check for one in (check_form, check_unique, check_traced, check_operations) for check in one(artifact, hand)]


PROVOKED: list[tuple[str, Language, dict[str, Any], dict[str, Any]]] = [
    ("unreadable", "en", {"want": "  "}, {}),
    ("unreadable", "en", {"want": "freeze a card so that it is safe"}, {}),
    ("unreadable", "zh", {"want": "冻结卡片，以便于安全"}, {}),
    ("atomic", "en", {"want": "freeze and unfreeze a card"}, {}),
    ("atomic", "zh", {"want": "冻结并解冻卡片"}, {}),
    ("no-benefit", "en", {"benefit": ""}, {}),
    ("no-benefit", "zh", {"benefit": "  "}, {}),
    ("benefit-repeats", "en", {"benefit": "I can freeze the card"}, {}),
    ("benefit-repeats", "zh", {"benefit": "可以冻结卡片"}, {}),
    ("solution-words", "en", {"want": "click a button on the card"}, {}),
    ("solution-words", "zh", {"want": "点击冻结按钮"}, {}),
    ("too-long", "en", {"want": "freeze a card " + "very soon " * 12}, {}),
    ("too-long", "zh", {"want": "冻结卡片" * 12}, {}),
    ("not-traced", "en", {"want": "order foreign cash"}, {}),
    ("not-traced", "zh", {"want": "预约外币"}, {}),
    ("role-unknown", "en", {"role": "pirate"}, {}),
    ("role-unknown", "zh", {"role": "海盗"}, {}),
    ("entity-unknown", "en", {"entities": ["treasure"]}, {}),
    ("entity-unknown", "zh", {"entities": ["宝藏"]}, {}),
    ("operation-unknown", "en", {"operations": ["O9"]}, {}),
    ("operation-unknown", "zh", {"operations": ["O9"]}, {}),
    ("not-in-glossary", "en", {"role": "curator"}, {"unlisted_roles": ("curator",)}),
    ("not-in-glossary", "zh", {"entities": ["新卡"]}, {"unlisted_entities": ("新卡",)}),
]


@pytest.mark.parametrize(("rule", "language", "changed", "hand"), PROVOKED)
def test_a_fault_is_found_by_its_rule(rule: str, language: Language, changed: dict[str, Any], hand: dict[str, Any]) -> None:
    found = judged(stories(story(language, **changed)), material(language, **hand))
    assert rule in [one.rule for one in found]
    assert all(one.item == "S1" and one.place.startswith("stories[0]") for one in found)


def test_a_story_that_says_the_same_as_another_is_found() -> None:
    twins = stories(
        story(), story(id="S2", want="Freezes  the card"), story(id="S3", role="teller"), story(id="S4", want="see the balance")
    )
    found = check_unique(twins, material())
    assert [(one.rule, one.item, "S1" in one.message) for one in found] == [("not-unique", "S2", True)]


@pytest.mark.parametrize(("language", "role"), [("en", "teller"), ("zh", "柜员")])
def test_roles_that_the_brief_does_not_name_are_told_once_for_all_stories(language: Language, role: str) -> None:
    twins = stories(story(language, role=role), story(language, id="S2", role=role, want="see the balance"))
    unnamed = material(language, roles=(), unlisted_roles=(), all_roles=(role,))
    found = [one for one in check_traced(twins, unnamed) if one.rule == "role-assumed"]
    assert [(one.item, role in one.message) for one in found] == [("", True)]
    assert "role-assumed" not in [one.rule for one in check_traced(twins, material(language, roles=(role,)))]


def test_every_rule_of_the_folder_is_provoked_here() -> None:
    assert set(RULES.names()) <= {rule for rule, *_ in PROVOKED} | {"not-unique", "role-assumed", "operation-unread"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_operation_that_no_story_was_read_from_is_found(language: Language) -> None:
    upstream = (UpstreamItem("O1", "POST /cards"), UpstreamItem("O2", "GET /cards"))
    found = check_operations(stories(story(language, operations=["O1"])), material(language, upstream=upstream))
    assert [(one.rule, one.place, one.severity) for one in found] == [("operation-unread", "O2", "warning")]


def test_a_wish_is_traced_to_the_api_that_it_was_read_from() -> None:
    hand = material(brief="", upstream=(UpstreamItem("O1", "POST /gates: open a gate"),))
    told = [one.rule for one in check_traced(stories(story(want="open a gate", operations=["O1"])), hand)]
    assert "not-traced" not in told


def test_a_story_rests_on_its_operations_and_stands_under_its_activity() -> None:
    one = story(operations=["O2", "O1"], activity="Card control")
    assert one.rests_on() == ("O2", "O1")
    told = view(one, "en")
    assert (told.links, told.section) == (("O2", "O1"), "Card control")


def test_a_story_that_was_kept_before_there_were_activities_and_operations_is_read() -> None:
    kept = {"id": "S1", "role": "customer", "want": "freeze a card", "benefit": "", "entities": [], "sources": []}
    assert (Story.model_validate(kept).activity, Story.model_validate(kept).rests_on()) == ("", ())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_sound_stories_are_held_nothing_against(language: Language) -> None:
    other = {"en": "see the balance", "zh": "查看余额"}[language]
    assert judged(stories(story(language), story(language, id="S2", want=other)), material(language)) == []


@pytest.mark.parametrize(
    "want",
    [
        "accept the terms and conditions of a card",
        "see the cards and transfers",
        "change the name or address of a card",
        "see the tabulated balance",
    ],
)
def test_one_action_on_two_things_is_sound(want: str) -> None:
    assert judged(stories(story(want=want)), material(brief="cards, terms, balance, name")) == []


def test_a_wish_is_traced_through_the_names_of_its_terms() -> None:
    term = Term("payee", "role", "收款人", "", ("收款人", "payee"))
    assert check_traced(stories(story("zh", want="新增收款人")), material("zh", brief="add a payee", terms=(term,))) == []


@pytest.mark.parametrize("one", catalog().stage("user_stories").examples.whole, ids=lambda one: one.brief[:12])
def test_the_whole_examples_are_sound(one: Any) -> None:
    artifact = UserStories.model_validate(one.artifact)
    roles = tuple(item.role for item in artifact.stories)
    assert judged(artifact, Material(one.brief, one.language, roles=roles)) == []


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [
        ("want", "I want to freeze a card.", "freeze a card"),
        ("want", "As a customer, I would like to freeze a card", "freeze a card"),
        ("want", "to freeze a card", "freeze a card"),
        ("want", "Freeze a card", "freeze a card"),
        ("want", "我想冻结卡片。", "冻结卡片"),
        ("want", "我想要冻结卡片", "冻结卡片"),
        ("want", "我想要求退款", "要求退款"),
        ("benefit", "so that I am safe.", "I am safe"),
        ("benefit", "In order to stay safe", "stay safe"),
        ("benefit", "The money stays", "the money stays"),
        ("benefit", "以便于安心。", "安心"),
    ],
)
def test_words_that_the_sentence_adds_by_itself_are_left_out(place: str, before: str, after: str) -> None:
    mended, told = mend_wording(stories(story().with_texts({place: before})), material())
    assert mended.stories[0].texts()[place] == after
    assert [(one.rule, one.place, one.before, one.after, one.item) for one in told] == [("wording", place, before, after, "S1")]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("want", "KYC review of a client"),
        ("want", "IBAN check"),
        ("want", "PayPal transfers of mine"),
        ("want", "Anna's cards"),
        ("want", "today see the balance"),
        ("benefit", "I need fewer calls"),
        ("benefit", "we want for nothing"),
        ("benefit", "to date balances are right"),
        ("benefit", "German customers are served"),
        ("benefit", "我需要的信息一目了然"),
        ("want", "要求退款"),
    ],
)
def test_names_and_plain_words_stay_as_they_are(place: str, text: str) -> None:
    artifact = stories(story().with_texts({place: text}))
    assert mend_wording(artifact, material()) == (artifact, [])


def test_nothing_is_mended_away_to_nothing() -> None:
    artifact = stories(story(want="I want to", benefit="so that "))
    assert mend_wording(artifact, material())[0].stories[0].want == "I want to"


def test_a_story_told_twice_is_left_out() -> None:
    artifact = stories(story(), story(id="S2", want="freeze the card"), story(id="S3", want="see the balance"))
    mended, told = mend_duplicates(artifact, material())
    assert [one.id for one in mended.stories] == ["S1", "S3"]
    assert [(one.rule, one.item, one.before) for one in told] == [("not-unique", "S2", "freeze the card")]
    assert mend_duplicates(mended, material()) == (mended, [])


NASTY = [
    "see | pipes",
    'say "yes"',
    "# hash and @tag",
    "Given when then",
    "emoji 😀 \u200b",
    "مرحبا بالعالم",
    "全角：标点",
    "KYC <b>bold</b> *star*",
]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("text", NASTY)
def test_an_edit_without_a_change_changes_nothing(text: str, language: Language) -> None:
    before = story(language, want=text, benefit=text, entities=["card"], sources=["P1"])
    assert read_edited(sentence(before, language), before, language) == before
    bare = story(language, want=text, benefit="")
    assert read_edited(sentence(bare, language), bare, language) == bare


def test_an_edit_keeps_id_entities_and_sources() -> None:
    before = story(id="S7", entities=["card"], sources=["P2"])
    after = read_edited("As an auditor, I want to see\nall cards, so that I can check them.", before, "en")
    assert after == story(
        id="S7", entities=["card"], sources=["P2"], role="auditor", want="see all cards", benefit="I can check them"
    )


@pytest.mark.parametrize(("language", "word"), [("en", "Keep the form"), ("zh", "请保留这一句式")])
def test_an_edit_that_is_no_story_is_answered_with_a_sentence(language: Language, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        read_edited("nothing of the kind", story(language), language)


def test_an_edit_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 240"):
        read_edited(f"As a customer, I want to {'see ' * 100}", story(), "en")


def test_a_card_shows_role_wish_and_reason() -> None:
    shown = view(story(sources=["P1"]), "en")
    assert (shown.id, shown.title, shown.sources, shown.links) == ("S1", "Freeze a card", ("P1",), ())
    assert [(line.keyword, line.text) for line in shown.lines] == [
        ("As a", "customer"),
        ("I want to", "freeze a card"),
        ("so that", "nobody can pay with it"),
    ]
    assert [line.keyword for line in view(story("zh", benefit=""), "zh").lines] == ["作为", "我想"]


@pytest.mark.parametrize("item", [None, "text", [], {}, {"want": None}, {"want": 5}, {"role": "customer"}])
def test_a_draft_that_holds_no_wish_is_not_shown_yet(item: Any) -> None:
    assert view_draft(item, "en") is None


@pytest.mark.parametrize(
    "item", [{"want": "fre"}, {"want": "", "role": None}, {"id": 7, "role": ["x"], "want": "freeze", "benefit": 0}]
)
def test_a_draft_is_shown_as_far_as_it_is_written(item: Any) -> None:
    shown = view_draft(item, "en")
    assert shown
    assert shown.lines[1].text == item["want"]


def test_markdown_numbers_its_sources_and_escapes_its_texts() -> None:
    sources = (Source("P1", "1", "Cards", "rules", "Cards", ""), Source("P2", "2", "Guide *x*", "rules", "Part", ""))
    artifact = UserStories(stories=[story(want="freeze a *card*", sources=["P2", "P9"])], questions=["Which # limit?"])
    told = render_markdown(document(artifact, "en", sources))
    assert told.splitlines()[0] == "# User stories"
    assert "## S1 freeze a \\*card\\*" in told
    assert "**Rests on:** \\[2\\]\n" in told
    assert "- Which \\# limit?" in told
    assert "2. Guide \\*x\\* › Part" in told
    assert render_markdown(document(stories(story("zh")), "zh", ())).startswith("# 用户故事\n\n## S1 冻结卡片\n\n作为客户，")


def test_the_shape_refuses_what_a_model_may_invent() -> None:
    for changed in ({"id": "X1"}, {"want": "a"}, {"want": "x" * 241}, {"role": ""}, {"sources": ["P"] * 4}, {"mood": "good"}):
        with pytest.raises(ValueError, match="validation error"):
            story(**changed)


def test_texts_put_back_in_their_places_give_the_same_story() -> None:
    one = story()
    assert one.with_texts(one.texts()) == one
    assert one.with_texts({"want": "other"}).benefit == one.benefit


@pytest.mark.parametrize("case", catalog().stage("user_stories").cases, ids=lambda case: case.id)
def test_every_case_expects_actions_in_groups_of_words(case: Any) -> None:
    assert case.expect["actions"]
    assert all(isinstance(word, str) for action in case.expect["actions"] for group in action for word in group)
    assert yaml.safe_load(yaml.safe_dump(case.expect)) == case.expect
