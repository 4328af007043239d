"""To which stories and operations an entry is tied: those of the same thing to which the same is done."""

import csv
import io

import pytest

from errors import Language
from evaluation.briefs import Brief
from evaluation.coverage import assigned, covers
from evaluation.initiatives import Initiative, read_initiatives
from formats.actions import read_actions
from stages.material import Material, Term, UpstreamItem
from stages.release_notes.deeds import deed_of, families_of, fits_method
from stages.release_notes.groups import grouped

LANGUAGES: tuple[Language, ...] = ("en", "zh")
BENEFICIARY = Term("payee", "entity", "beneficiary", "", ("beneficiary", "payee"))


def story(number: int, want: str, *, origin: str = "") -> UpstreamItem:
    return UpstreamItem(f"S{number}", want, "a", 1, stage="user_stories", origin=origin, body={"want": want, "benefit": ""})


def operation(number: int, method: str, path: str, summary: str, *stories: str) -> UpstreamItem:
    body = {"method": method, "path": path, "summary": summary, "stories": list(stories)}
    return UpstreamItem(f"O{number}", f"{method} {path}: {summary}", "b", 1, stage="api_definition", body=body)


PAYEES = (
    story(1, "add a payee"),
    story(2, "rename a payee"),
    story(3, "remove a payee"),
    story(4, "search the payees by name or IBAN"),
    operation(1, "POST", "/v1/beneficiaries", "Add a beneficiary", "S1"),
    operation(2, "PATCH", "/v1/beneficiaries/{id}", "Rename a beneficiary", "S2"),
    operation(3, "DELETE", "/v1/beneficiaries/{id}", "Remove a beneficiary", "S3"),
    operation(4, "GET", "/v1/beneficiaries", "Search the beneficiaries", "S4"),
)
CARDS = (story(1, "冻结银行卡"), story(2, "解冻银行卡"), story(3, "查询银行卡的交易"), story(4, "修改银行卡限额"))


def linked(title: str, upstream: tuple[UpstreamItem, ...], kind: str = "Story", language: Language = "en") -> tuple[str, ...]:
    brief = f"Key,Issue Type,Summary,Status\nPAY-1,{kind},{title},Done"
    (group,) = grouped(Material(brief, language, terms=(BENEFICIARY,), upstream=upstream)).groups
    return group.upstream


@pytest.mark.parametrize(
    ("title", "kind", "links"),
    [
        ("Add a payee", "Story", ("S1", "O1")),
        ("Rename a payee", "Story", ("S2", "O2")),
        ("Remove a payee", "Story", ("S3", "O3")),
        ("Delete a beneficiary", "Story", ("S3", "O3")),
        ("Customers can now remove a payee", "Story", ("S3", "O3")),
        ("Add support for renaming a payee", "Story", ("S2", "O2")),
        ("Find a payee by IBAN", "Story", ("S4", "O4")),
        ("Payee list is not sorted", "Bug", ("S4", "O4")),
        ("Removed payees are still shown in the search", "Bug", ("S4", "O4")),
        ("Merge two payees", "Story", ()),
        ("Remove the old form for payees", "Task", ()),
    ],
)
def test_an_entry_is_tied_to_what_does_the_same_to_the_same_thing(title: str, kind: str, links: tuple[str, ...]) -> None:
    assert linked(title, PAYEES, kind) == links


def test_a_fault_of_the_thing_itself_is_tied_to_two_stories_at_most() -> None:
    assert linked("Payee with an accent is garbled", PAYEES, "Bug") == ("S1", "S2", "O1", "O2")


@pytest.mark.parametrize(
    ("title", "kind", "links"),
    [
        ("银行卡解冻", "需求", ("S2",)),
        ("在线冻结银行卡", "需求", ("S1",)),
        ("查看银行卡流水", "需求", ("S3",)),
        ("调整银行卡限额", "需求", ("S4",)),
        ("银行卡限额可为负数", "缺陷", ("S4",)),
    ],
)
def test_a_chinese_entry_is_tied_by_its_verb_too(title: str, kind: str, links: tuple[str, ...]) -> None:
    assert linked(title, CARDS, kind, "zh") == links


def test_an_operation_that_names_no_story_is_tied_by_its_method_and_words() -> None:
    alone = tuple(
        UpstreamItem(one.id, one.text, "b", 1, stage="api_definition", body={**one.body, "stories": []}) for one in PAYEES[4:]
    )
    assert linked("Remove a payee", alone) == ("O3",)
    assert linked("Remove a payee", (*PAYEES[:4], *alone)) == ("S3", "O3")
    assert linked("Merge two payees", (*PAYEES[:4], *alone)) == ()


def test_operations_name_a_story_by_its_id_in_its_own_artifact() -> None:
    renumbered = (story(7, "add a payee", origin="S1"), operation(1, "POST", "/v1/beneficiaries", "Create", "S1"))
    assert linked("Add a payee", renumbered) == ("S7", "O1")


def test_no_verb_that_a_word_only_resembles_is_taken_for_what_is_done() -> None:
    assert families_of(deed_of("Frozen card still shown as active").others) == {"see"}
    assert deed_of("Frozen card still shown as active").lead == "freez"
    assert deed_of("Set up a standing order").families == {"add"}
    assert deed_of("").lead == ""
    assert fits_method({"remove"}, "delete")
    assert not fits_method({"see"}, "DELETE")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nine_of_ten_wishes_of_the_initiatives_are_tied_to_the_story_of_their_action(language: Language) -> None:
    tied = [fits for brief, initiative in read_initiatives(language) for fits in ties(brief, initiative)]
    assert len(tied) > 35
    assert sum(tied) >= 0.9 * len(tied)


def ties(brief: Brief, initiative: Initiative) -> list[bool]:
    """Tell of each wish whose action has a story, read by rule, whether its entry is tied to that story and to no other."""
    language = brief.language
    stories = tuple(story(number, want) for number, want in enumerate(read_actions(brief.text, language).actions, 1))
    rows = {row[0]: row for row in csv.reader(io.StringIO(initiative.tickets))}
    wishes = [one for one in initiative.related if rows[one][1] in ("Story", "需求")]
    places = assigned([action.covered_by for action in brief.actions], [rows[one][2] for one in wishes], language)
    hand = Material(initiative.changes, language, upstream=stories)
    found = {group.ids[0]: set(group.upstream) for group in grouped(hand).groups}
    told: list[bool] = []
    for action, place in zip(brief.actions, places, strict=True):
        fitting = {one.id for one in stories if covers(one.text, action.covered_by, language)}
        if place is not None and fitting:
            mine = found.get(wishes[place], set())
            told.append(bool(mine) and mine <= fitting)
    return told
