from datetime import UTC, datetime

from chains.cards.comparing import Comparison, ItemChange, Piece
from chains.cards.proposal_views import ProposalView
from chains.changing.staleness import StaleItem, StaleReason
from chains.gathering.clarifying import OpenPoint
from chains.workspace.rows import VersionRow
from chains.workspace.trace import TraceColumn, TraceItem, TraceRow, TraceTable
from channels.elements.card_standing import compared, versions_told, with_standing
from channels.elements.trace_desk import trace_desk
from channels.texts import texts_in
from records.proposals import ProposalKind

EN, ZH = texts_in("en"), texts_in("zh")
NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
PIECES = (Piece("same", "freeze a "), Piece("removed", "card"), Piece("added", "debit card"))
CARD = {"items": [{"id": "S1-1"}, {"id": "S1-2"}], "version": 2}


def proposal(item: str, *, kind: ProposalKind = "change", is_current: bool = True) -> ProposalView:
    return ProposalView(
        id=f"p-{item}",
        artifact_id="a",
        based_on=2,
        item=item,
        kind=kind,
        title="Freeze",
        reason="S1 was changed.",
        remark="",
        before="freeze a card",
        after="freeze a debit card",
        pieces=PIECES,
        view=None,
        findings=(),
        is_current=is_current,
        created=NOW,
    )


def stale(item: str) -> StaleItem:
    return StaleItem(item, "Freeze", True, (StaleReason("changed", "up", "S1", "S1 was changed.", pieces=PIECES),))


def test_a_stale_item_says_why_and_the_card_counts_them() -> None:
    card = with_standing(CARD, [stale("S1-1")], [], [], EN)
    assert [reason["sentence"] for reason in card["items"][0]["stale"]] == ["S1 was changed."]
    assert card["items"][0]["stale"][0]["pieces"][1] == {"kind": "removed", "text": "card"}
    assert card["staleText"].startswith("Items that rest on something that has changed since: 1")
    assert card["items"][1]["stale"] == []


def test_an_item_with_a_proposal_shows_that_instead_of_asking_for_one() -> None:
    card = with_standing(CARD, [stale("S1-1")], [proposal("S1-1")], [], EN)
    assert card["items"][0]["stale"] == []
    assert card["items"][0]["proposal"]["title"] == "Proposed for S1-1: S1 was changed."
    assert card["staleText"] == ""


def test_a_new_item_is_proposed_below_and_what_can_no_longer_be_taken_is_left_out() -> None:
    card = with_standing(CARD, [], [proposal("S1-3", kind="add"), proposal("S1-2", is_current=False)], [], ZH)
    assert [one["id"] for one in card["proposals"]] == ["p-S1-3"]
    assert card["proposals"][0]["title"].startswith("建议新增 S1-3：")
    assert card["items"][1]["proposal"] is None


def test_what_the_brief_leaves_open_comes_with_its_likely_answers() -> None:
    card = with_standing(CARD, [], [], [OpenPoint("limits", "How often?", ("Once a day", "Never"))], EN)
    assert card["openPoints"] == [{"id": "limits", "question": "How often?", "suggestions": ["Once a day", "Never"]}]


def test_versions_say_who_made_them_when_and_why() -> None:
    rows = [VersionRow(2, "ana", "edited", "edited", NOW, 0, True), VersionRow(1, "assistant", "", "written", NOW, 1, False)]
    assert [one["told"] for one in versions_told(rows, ZH)] == [
        "edited · ana · 2026-01-02 03:04 UTC",
        "written · 助手 · 2026-01-02 03:04 UTC",
    ]


def test_only_what_differs_between_two_versions_is_shown() -> None:
    changes = (ItemChange("S1", "changed", "Freeze", "a", "b", PIECES), ItemChange("S2", "same", "See", "a", "a", ()))
    told = compared(Comparison("a", 1, 2, changes), EN)
    assert [change["item"] for change in told["changes"]] == ["S1"]
    assert told["title"] == "From version 1 to version 2"
    assert compared(Comparison("a", 1, 2, changes[1:]), EN)["title"].startswith("Versions 1 and 2 say the same")


def test_the_trace_marks_gaps_and_stale_items_and_its_files_are_asked_for_by_name() -> None:
    item = TraceItem("a", "user_stories", "S1", "Freeze", "draft", True, "The API changed.")
    columns = (TraceColumn("user_stories", "Stories", True), TraceColumn("faq", "FAQ", True))
    table = TraceTable("Karten & 卡", columns, (TraceRow(((item,), ()), ("faq",), False),), 1, 1)
    desk = trace_desk(table, EN)
    assert [cell["gap"] for cell in desk["rows"][0]] == [False, True]
    assert desk["rows"][0][0]["items"] == [{"id": "S1", "title": "Freeze", "about": "Freeze", "stale": "The API changed."}]
    assert desk["downloads"][0]["href"] == "/workspace/trace.xlsx?name=Karten%20%26%20%E5%8D%A1"
    assert desk["counts"] == "Rows: 1, gaps: 1, stale items: 1"
