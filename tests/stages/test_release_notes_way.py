"""How changes are sorted into entries by rule, and what is asked of a weak model."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from errors import Language
from stages.catalog import Case, read_stage
from stages.material import Material, UpstreamItem
from stages.release_notes.groups import MOST_GROUPS, grouped
from stages.release_notes.reading import holds_changes, language_of_changes, read_brief
from stages.release_notes.shape import Audience, ReleaseNotes
from stages.release_notes.way import NotesWay

READ = read_stage("release_notes", "stages.release_notes")
WAY = NotesWay()
STORIES: dict[Language, tuple[str, ...]] = {
    "en": (
        "As a cardholder, I want to freeze my lost card, so that nobody can pay with it.",
        "As a cardholder, I want to unfreeze my card within 30 days, so that I can use it again.",
        "As a branch clerk, I want to see frozen cards, so that I can answer questions.",
    ),
    "zh": (
        "作为持卡人，我想冻结丢失的卡片，以便于他人无法盗刷。",
        "作为持卡人，我想在三十天内解冻卡片，以便于继续使用。",
        "作为柜员，我想查看已冻结的卡片，以便于答复询问。",
    ),
}
EXPORT: dict[Language, str] = {
    "en": """Key,Issue Type,Summary,Status
A-1,Story,Freeze a lost card in the app,Done
A-2,Story,Unfreeze a card within 30 days,Done
A-3,Bug,Frozen cards are missing in the list of the branch,Done
A-4,Story,New coffee machine for the second floor,Done
A-5,Bug,Holiday banner overlaps the logo,Done
A-6,Improvement,Faster search in the staff directory,Done
""",
    "zh": """编号,类型,标题,状态
A-1,需求,在手机银行冻结丢失的卡片,已完成
A-2,需求,三十天内解冻卡片,已完成
A-3,缺陷,网点列表缺少已冻结的卡片,已完成
A-4,需求,二楼新增咖啡机,已完成
A-5,缺陷,节日横幅遮挡标志,已完成
A-6,优化,员工通讯录搜索更快,已完成
""",
}


def upstream(language: Language) -> tuple[UpstreamItem, ...]:
    return tuple(
        UpstreamItem(f"S{number}", text, "a", 1, stage="user_stories") for number, text in enumerate(STORIES[language], 1)
    )


def groups_of(brief: str, language: Language = "en") -> list[tuple[str, bool, tuple[str, ...]]]:
    return [(one.section, one.breaking, one.ids) for one in grouped(Material(brief, language)).groups]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_has_nothing_to_do_with_the_stories_is_left_out_and_listed(language: Language) -> None:
    hand = Material(EXPORT[language], language, upstream=upstream(language))
    found = grouped(hand)
    assert {one.ids: one.upstream for one in found.groups} == {("A-1",): ("S1",), ("A-2",): ("S2",), ("A-3",): ("S3",)}
    assert found.left == {"A-4": "unrelated", "A-5": "unrelated", "A-6": "unrelated"}


def test_where_nothing_is_related_or_all_is_internal_it_is_told_of_after_all() -> None:
    unrelated = Material("A-4,x\nKey,Summary\nA-4,New coffee machine", "en", upstream=upstream("en"))
    assert [one.ids for one in grouped(unrelated).groups] == [("A-4",)]
    assert groups_of("a1b2c3d chore: tidy up\nb2c3d4e test: more") == [
        ("changed", False, ("a1b2c3d",)),
        ("changed", False, ("b2c3d4e",)),
    ]


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("a1b2c3d feat: delete a payee", "added"),
        ("a1b2c3d feat!: remove the old form", "removed"),
        ("a1b2c3d remove the old form", "removed"),
        ("a1b2c3d fix: wrong total", "fixed"),
        ("a1b2c3d Fixed a wrong total", "fixed"),
        ("a1b2c3d fix: security hole in the login", "security"),
        ("a1b2c3d deprecate the old price list", "deprecated"),
        ("a1b2c3d perf: faster start", "changed"),
        ("a1b2c3d Rename the menu", "changed"),
        ("a1b2c3d 新增预约转账", "added"),
        ("a1b2c3d 修复余额显示", "fixed"),
        ("a1b2c3d 旧版网银下线", "removed"),
        ("a1b2c3d chore!: drop the old runtime", "removed"),
    ],
)
def test_a_change_is_filed_by_its_type_and_its_words(line: str, section: str) -> None:
    assert [found for found, *_ in groups_of(line)] == [section]


def test_what_breaks_comes_first_and_a_ticket_takes_its_commits_along() -> None:
    brief = "PAY-1 [Bug] Wrong total\na1b2c3d feat: x of cards\nb2c3d4e fix!: total (PAY-1)\nc3d4e5f fix: more (PAY-1)"
    assert groups_of(brief) == [("fixed", True, ("PAY-1", "b2c3d4e", "c3d4e5f")), ("added", False, ("a1b2c3d",))]


def test_a_commit_picked_twice_is_one_entry_and_a_reverted_one_is_none() -> None:
    assert groups_of("a1b2c3d feat: freeze a card\nb2c3d4e feat: Freeze a card") == [("added", False, ("a1b2c3d", "b2c3d4e"))]
    reverted = (
        'a1b2c3d feat: freeze a card\nc3d4e5f fix: total\nb2c3d4e Revert "feat: freeze a card"\n  This reverts commit a1b2c3d.'
    )
    assert groups_of(reverted) == [("fixed", False, ("c3d4e5f",))]


@pytest.mark.parametrize(
    ("line", "readers"),
    [
        ("audience: operations", ["operations"]),
        ("受众：客户、开发者", ["customers", "developers"]),
        ("For: nobody", ["customers"]),
    ],
)
def test_the_first_lines_name_the_readers_and_the_last_of_them_counts(line: str, readers: list[Audience]) -> None:
    told = read_brief(f"Audience: customers\n{line}\na1b2c3d build: needs Java 21")
    assert list(told.audience) == readers
    assert told.changes.unread == ()


def test_the_version_and_its_date_are_those_of_the_changes_where_they_are_not_named() -> None:
    export = "Key,Summary,Fix version,Resolved\nA-1,a,v2.1.0,2026-06-29\nA-2,b,2.1.0,30/Jun/26"
    assert (read_brief(export).version, read_brief(export).date) == ("2.1.0", "2026-06-30")
    assert read_brief(export.replace("2.1.0,30", "2.2.0,30")).version == ""
    named = read_brief(f"Version: v3.0.0-rc.1\nDate: 1 Jul 2026\n{export}")
    assert (named.version, named.date) == ("3.0.0-rc.1", "2026-07-01")


def test_the_language_is_that_of_most_changes_whatever_the_ids_and_types() -> None:
    assert language_of_changes("a1b2c3d feat(payment): 转账\nb2c3d4e fix(statement): 余额\nc3d4e5f chore: bump x") == "zh"
    assert language_of_changes("编号,标题\nA-1,Freeze a card\nA-2,Wrong total") == "en"
    assert language_of_changes("没有变更") == "zh"


@pytest.mark.parametrize(
    "brief", ["", "Please write release notes for us", "写一份发布说明", "Version: 2.0\nDate: 2026-06-30", "asdf"]
)
def test_a_brief_without_a_change_is_asked_about(brief: str) -> None:
    assert not holds_changes(Material(brief, "en"))


@pytest.mark.parametrize("case", READ.cases, ids=lambda case: str(case.id))
def test_every_case_is_sorted_as_it_expects(case: Case) -> None:
    hand = Material(case.brief, case.language)
    assert language_of_changes(case.brief) == case.language
    written = {change_id for group in grouped(hand).groups for change_id in group.ids}
    assert set(case.expect["changes"]) <= written
    assert not set(case.expect["not_changes"]) & written


def test_there_are_a_dozen_cases_half_of_them_chinese() -> None:
    languages = [case.language for case in READ.cases]
    assert (languages.count("en"), languages.count("zh")) == (6, 6)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_any_sentences_become_a_sound_artifact(language: Language) -> None:
    hand = Material(EXPORT[language], language, upstream=upstream(language))
    entries = WAY.entries(None, hand)
    schema = WAY.item_schema(entries[0], hand)
    reply = {"text": "x" * schema["properties"]["text"]["maxLength"]}
    assert list(Draft202012Validator(schema).iter_errors(reply)) == []
    artifact = ReleaseNotes.model_validate(WAY.assemble({one.id: reply for one in entries}, entries, hand))
    assert [one.upstream for one in artifact.entries] == [["S1"], ["S2"], ["S3"]]
    assert artifact.uncovered == ["A-4", "A-5", "A-6"]
    again = [WAY.entry_of(one.model_dump(), hand)[0] for one in artifact.entries]
    assert again == list(entries)
    assert WAY.outline_schema(hand) is None


def test_an_entry_whose_changes_are_gone_is_written_again_from_its_text() -> None:
    item: dict[str, Any] = {
        "id": "N3",
        "section": "fixed",
        "breaking": False,
        "text": "It works.",
        "changes": ["X-1"],
        "upstream": [],
    }
    (entry,) = WAY.entry_of(item, Material("", "en"))
    assert (entry.id, entry.text, entry.about["kind"]) == ("N3", "It works.", ("fixed",))


def test_five_hundred_tickets_are_sorted_and_the_most_telling_are_written() -> None:
    rows = "\n".join(f"A-{number},Story,Offer product number {number} to students,Done" for number in range(1, 501))
    hand = Material(f"Key,Issue Type,Summary,Status\n{rows}\nA-501,Bug,Breaking thing,Done", "en", upstream=())
    entries = WAY.entries(None, hand)
    assert len(entries) == MOST_GROUPS
    body = WAY.assemble({one.id: {"text": "You can now do it."} for one in entries}, entries, hand)
    assert len(ReleaseNotes.model_validate(body).uncovered) == 501 - MOST_GROUPS


@pytest.mark.parametrize("one", READ.examples.items, ids=lambda one: str(one.entry))
def test_the_examples_of_single_entries_fit_their_schema(one: Any) -> None:
    hand = Material("a1b2c3d feat: x", one.language)
    schema = WAY.item_schema(WAY.entries(None, hand)[0], hand)
    assert list(Draft202012Validator(schema).iter_errors(one.reply)) == []
