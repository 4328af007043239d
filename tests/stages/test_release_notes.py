"""Release notes: what they rest on, how they are judged, mended, rendered, edited and read."""

from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chains.answering.checking import checked, mended
from errors import Language
from formats.changelog import read_changelog
from formats.document import Bullets, Heading, Table
from stages.catalog import read_stage
from stages.findings import Finding, Mended
from stages.material import Material, Source, UpstreamItem
from stages.release_notes.checks import RULES
from stages.release_notes.log import changelog_file, read_pasted
from stages.release_notes.mends import sentence
from stages.release_notes.shape import ChangeText, ReleaseEntry, ReleaseNotes, uncovered
from stages.release_notes.stage import STAGE
from stages.release_notes.view import document, faults_of, line, read_edited, sheets, tell, view, view_draft
from stages.release_notes.way import NotesWay, narrow

READ = read_stage("release_notes", "stages.release_notes")
WAY = NotesWay()
BRIEFS: dict[Language, str] = {
    "en": """Version: 2.1.0
Date: 2026-06-30
Key,Issue Type,Summary,Status
PAY-1,Story,A cardholder freezes a lost card for 45 days,Done
PAY-2,Bug,Statement total ignores 12 fees,Done
PAY-3,Technical task,Upgrade the build server,Done

a1b2c3d feat(cards): freeze a card (PAY-1)
b2c3d4e feat(api)!: card status blocked becomes frozen
""",
    "zh": """版本：2.1.0
日期：2026-06-30
编号,类型,标题,状态
PAY-1,需求,持卡人可以冻结丢失的卡片 45 天,已完成
PAY-2,缺陷,对账单合计漏计 12 笔手续费,已完成
PAY-3,技术任务,升级构建服务器,已完成

a1b2c3d feat: 支持冻结卡片 (PAY-1)
b2c3d4e feat!: 卡片状态锁定改为冻结
""",
}
TEXTS: dict[Language, tuple[str, str, str]] = {
    "en": (
        "The card status blocked is now called frozen.",
        "You can now freeze a lost card.",
        "The statement total now holds all fees.",
    ),
    "zh": ("卡片状态“锁定”现改为“冻结”。", "现在可以冻结丢失的卡片。", "对账单合计现已计入全部手续费。"),
}


def material(language: Language = "en", *upstream: UpstreamItem, **changed: Any) -> Material:
    return Material(**{"brief": BRIEFS[language], "language": language, "upstream": upstream, **changed})


def entry(number: int = 1, **changed: Any) -> ReleaseEntry:
    told = {
        "id": f"N{number}",
        "section": "added",
        "breaking": False,
        "text": "You can now freeze a lost card.",
        "audience": ["customers"],
        "changes": ["PAY-1", "a1b2c3d"],
        "upstream": [],
        "sources": [],
    }
    return ReleaseEntry.model_validate({**told, **changed})


def sound(language: Language = "en") -> list[ReleaseEntry]:
    broken, added, fixed = TEXTS[language]
    return [
        entry(1, section="changed", breaking=True, text=broken, changes=["b2c3d4e"]),
        entry(2, text=added),
        entry(3, section="fixed", text=fixed, changes=["PAY-2"]),
    ]


def notes(*entries: ReleaseEntry, language: Language = "en", hand: Material | None = None) -> ReleaseNotes:
    body = {"entries": [one.model_dump() for one in entries], "questions": []}
    return ReleaseNotes.model_validate(WAY.completed(body, hand or material(language)))


def mend(artifact: ReleaseNotes) -> tuple[ReleaseNotes, tuple[Mended, ...]]:
    after, mends = mended(STAGE, artifact, material())
    assert isinstance(after, ReleaseNotes)
    return after, mends


def rules(artifact: ReleaseNotes, hand: Material) -> list[str]:
    return [finding.rule for finding in checked(STAGE, artifact, hand)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_sound_notes_are_held_nothing_against_but_what_they_leave_out(language: Language) -> None:
    artifact = notes(*sound(language), language=language)
    found = checked(STAGE, artifact, material(language))
    assert [finding.rule for finding in found] == ["coverage"]
    assert "PAY-3" in found[0].message
    assert (artifact.version, artifact.date, artifact.uncovered) == ("2.1.0", "2026-06-30", ["PAY-3"])
    assert artifact.covered() == {"PAY-1", "PAY-2", "a1b2c3d", "b2c3d4e"}


CHANGED: list[tuple[str, Language, int, dict[str, Any]]] = [
    ("change-unknown", "en", 1, {"changes": ["PAY-1", "PAY-99"]}),
    ("change-unknown", "zh", 1, {"changes": ["deadbee"]}),
    ("change-none", "en", 1, {"changes": []}),
    ("upstream-unknown", "en", 1, {"upstream": ["S7"]}),
    ("change-uncovered", "en", 2, {"changes": ["PAY-1"]}),
    ("coverage", "zh", 1, {}),
    ("breaking-late", "en", 1, {"breaking": True, "changes": ["b2c3d4e"], "text": "The status blocked is called frozen now."}),
    ("breaking-unmarked", "en", 0, {"breaking": False}),
    ("breaking-unfounded", "zh", 1, {"breaking": True}),
    ("duplicate", "en", 2, {"section": "added", "text": "You can now freeze a lost card"}),
    ("cited-twice", "en", 2, {"changes": ["PAY-1", "PAY-2"]}),
    ("vague", "en", 2, {"text": "Various bug fixes in the statement."}),
    ("vague", "en", 2, {"text": "Bug fixes and performance improvements"}),
    ("vague", "zh", 2, {"text": "修复若干问题，对账单更好用。"}),
    ("subject-repeated", "en", 0, {"text": "feat(api)!: card status blocked becomes frozen"}),
    ("subject-repeated", "en", 0, {"text": "Card status blocked becomes frozen."}),
    ("subject-repeated", "en", 2, {"text": "Statement total ignores 12 fees."}),
    ("subject-repeated", "zh", 0, {"text": "卡片状态锁定改为冻结。"}),
    ("subject-repeated", "en", 2, {"text": "Fixed: Statement total ignores 12 fees."}),
    ("subject-repeated", "zh", 0, {"text": "现已变更：卡片状态锁定改为冻结。"}),
    ("not-about", "en", 1, {"text": "The weather is nice today."}),
    ("not-about", "zh", 1, {"text": "今天天气很好。"}),
    ("id-in-text", "en", 1, {"text": "You can now freeze a lost card, see PAY-1."}),
    ("id-in-text", "zh", 1, {"text": "现在可以冻结丢失的卡片，见 a1b2c3d。"}),
    ("jargon", "en", 1, {"text": "The endpoint to freeze a lost card was refactored."}),
    ("jargon", "en", 1, {"text": "The field card_status of a lost card is shown."}),
    ("jargon", "zh", 1, {"text": "后端支持冻结丢失的卡片。"}),
    ("audience", "en", 1, {"audience": ["developers"]}),
    ("language", "zh", 1, {"text": "You can now freeze a lost card."}),
    ("unsupported-number", "en", 1, {"text": "You can now freeze a lost card for 12 days."}),
    ("unsupported-number", "zh", 2, {"text": "对账单合计现已计入 45 笔手续费。"}),
    ("unknown-source", "en", 1, {"sources": ["P9"]}),
]


@pytest.mark.parametrize(("rule", "language", "place", "changed"), CHANGED)
def test_a_fault_of_an_entry_is_found_by_its_rule(rule: str, language: Language, place: int, changed: dict[str, Any]) -> None:
    entries = sound(language)
    entries[place] = entry(**{**entries[place].model_dump(), **changed})
    if rule == "breaking-late":
        entries[0] = entry(1, text="Something calm about cards", changes=["PAY-1"])
    assert rule in rules(notes(*entries, language=language), material(language))


def test_a_number_of_its_own_change_may_stand_in_an_entry() -> None:
    entries = sound()
    entries[1] = entry(2, text="You can now freeze a lost card for 45 days.")
    assert "unsupported-number" not in rules(notes(*entries), material())


def test_a_number_of_what_another_entry_delivers_may_not_stand_in_an_entry() -> None:
    stories = (
        UpstreamItem("S1", "As a customer, I want to freeze a card for 45 days."),
        UpstreamItem("S2", "As a clerk, I want 77 lines."),
    )
    hand = replace(material(), upstream=stories)
    entries = sound()
    entries[1] = entry(2, text="You can now freeze a lost card for 77 days.", upstream=["S1"])
    assert "unsupported-number" in rules(notes(*entries), hand)
    entries[1] = entry(2, text="You can now freeze a lost card for 77 days.", upstream=["S2"])
    assert "unsupported-number" not in rules(notes(*entries), hand)


def test_a_version_without_a_date_and_lines_that_are_no_changes_are_hints() -> None:
    hand = material(brief="Version: 3.0\na1b2c3d feat: freeze a card\nbest wishes")
    found = checked(STAGE, notes(entry(changes=["a1b2c3d"]), hand=hand), hand)
    assert {finding.rule: finding.severity for finding in found} == {"no-date": "hint", "change-unread": "hint"}


def test_every_rule_of_the_folder_is_provoked_here() -> None:
    elsewhere = {"unreadable", "change-unread", "no-date"}
    assert set(RULES.names()) <= {rule for rule, *_ in CHANGED} | elsewhere


def test_a_changelog_that_does_not_come_back_is_found() -> None:
    artifact = notes(*sound()).model_copy(update={"version": "next one", "date": "2026-06-30"})
    assert faults_of(artifact, "en") == ["Line 5: the heading names no version."]
    assert "unreadable" in rules(artifact, material())
    assert faults_of(artifact, "zh")[0].startswith("第 5 行")


@pytest.mark.parametrize(
    ("before", "after", "language"),
    [
        ("feat(cards): freeze a card", "Freeze a card.", "en"),
        ("feat(cards)!: PAY-1: freeze a card (PAY-1, a1b2c3d)", "Freeze a card.", "en"),
        ("修复：对账单合计 (PAY-2)", "对账单合计。", "zh"),
        ("iOS users can freeze a card.", "iOS users can freeze a card.", "en"),
        ("Freeze a card (in the app)", "Freeze a card (in the app).", "en"),
        ("fix: x", "fix: x", "en"),
        ("已完成！", "已完成！", "zh"),
        ("代扣签约。}} <h2>备注：</h2> <h2>备注：</h2>", "代扣签约。", "zh"),
        ("You can freeze a card.```json {", "You can freeze a card.", "en"),
        ("<p>You can freeze a card", "<p>You can freeze a card.", "en"),
        ("Amounts < 5 and <Account> are shown", "Amounts < 5 and <Account> are shown.", "en"),
    ],
)
def test_a_text_becomes_a_sentence_without_prefix_and_ids(before: str, after: str, language: Language) -> None:
    assert sentence(before, language) == after


def test_what_rules_can_mend_is_mended_and_told() -> None:
    entries = [
        entry(9, text="feat: freeze a lost card (PAY-1)", changes=["pay-1", "A1B2C3D4E5", "PAY-99", "PAY-1"], upstream=["S9"]),
        entry(4, text="freeze a lost card", changes=["PAY-2"]),
        entry(2, section="changed", text="The card status blocked is now frozen", changes=["b2c3d4e"]),
    ]
    artifact, mends = mend(notes(*entries))
    assert [(one.id, one.breaking, one.text, one.changes) for one in artifact.entries] == [
        ("N1", True, "The card status blocked is now frozen.", ["b2c3d4e"]),
        ("N2", False, "Freeze a lost card.", ["PAY-1", "a1b2c3d", "PAY-2"]),
    ]
    assert artifact.entries[1].upstream == []
    assert {one.rule for one in mends} == {"reference", "wording", "breaking-unmarked", "duplicate", "order"}
    assert mend(artifact) == (artifact, ())


def test_an_entry_whose_changes_all_do_not_exist_keeps_them_to_be_seen() -> None:
    artifact, _ = mend(notes(entry(changes=["PAY-98"])))
    assert artifact.entries[0].changes == ["PAY-98"]
    assert "change-unknown" in rules(artifact, material())


def test_a_commit_is_covered_through_its_ticket_and_the_other_way_round() -> None:
    changes = [
        ChangeText(id="PAY-1", title="a"),
        ChangeText(id="a1b2c3d", title="b", tickets=["PAY-1"]),
        ChangeText(id="c", title="c"),
    ]
    assert uncovered(changes, {"PAY-1"}) == ["c"]
    assert uncovered(changes, {"a1b2c3d"}) == ["c"]
    assert uncovered(changes, set()) == ["PAY-1", "a1b2c3d", "c"]
    artifact = notes(*sound())
    assert artifact.with_items(artifact.entries[:1]).uncovered == ["PAY-1", "PAY-2", "PAY-3", "a1b2c3d"]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("section", ["added", "changed", "deprecated", "removed", "fixed", "security"])
@pytest.mark.parametrize("breaking", [True, False])
def test_an_edit_without_a_change_changes_nothing(language: Language, section: str, breaking: bool) -> None:
    for text in ("Freeze: a card (in the app)", "冻结卡片（45 天）", "a (PAY-9) b", "ends (PAY-9)", "x: y: z"):
        for changes in ([], ["PAY-1"], ["PAY-1", "a1b2c3d", "#12", "L7"]):
            before = entry(7, section=section, breaking=breaking, text=text, changes=changes, upstream=["S1"], sources=["P1"])
            assert read_edited(line(before, language), before, language) == before


def test_an_edit_changes_section_text_and_ids() -> None:
    after = read_edited("Breaking, Removed: The old form is gone (PAY-2, b2c3d4e)", entry(upstream=["S1"]), "en")
    assert (after.section, after.breaking, after.text, after.changes) == (
        "removed",
        True,
        "The old form is gone",
        ["PAY-2", "b2c3d4e"],
    )
    assert (after.id, after.upstream) == ("N1", ["S1"])
    assert read_edited("修复：余额已更正", entry(), "zh").changes == []


@pytest.mark.parametrize(
    ("text", "language"), [("nothing of the kind", "en"), ("Stuff: a", "en"), ("杂项：甲", "zh"), ("", "zh")]
)
def test_an_edit_that_is_no_entry_is_answered_with_a_sentence(text: str, language: Language) -> None:
    with pytest.raises(ValueError, match="Added: text" if language == "en" else "新增：内容"):
        read_edited(text, entry(), language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_changelog_file_is_read_strictly_and_has_what_breaks_first(language: Language) -> None:
    read = read_changelog(changelog_file(notes(*sound(language), language=language), language, ()).decode())
    assert read.faults == ()
    (release,) = read.releases
    assert (release.version, release.date) == ("2.1.0", "2026-06-30")
    assert [(one.kind, one.breaking, one.text, one.ids) for one in release.entries] == [
        ("changed", True, TEXTS[language][0], ("b2c3d4e",)),
        ("added", False, TEXTS[language][1], ("PAY-1", "a1b2c3d")),
        ("fixed", False, TEXTS[language][2], ("PAY-2",)),
    ]


def test_a_card_shows_section_changes_readers_and_what_is_delivered() -> None:
    shown = view(entry(breaking=True, upstream=["S1"], sources=["P1"]), "en")
    assert (shown.section, shown.badges, shown.title) == ("Breaking", ("Added",), "You can now freeze a lost card.")
    assert [(one.keyword, one.text) for one in shown.lines] == [("Changes", "PAY-1, a1b2c3d"), ("For", "customers")]
    assert (shown.links, shown.sources) == (("S1",), ("P1",))
    assert view(entry(), "zh").section == "新增"
    assert tell(entry(), "zh") == "新增：You can now freeze a lost card."


@pytest.mark.parametrize("item", [None, "x", {}, {"text": 7}, []])
def test_a_draft_that_says_nothing_yet_is_not_shown(item: object) -> None:
    assert view_draft(item, "en") is None


def test_a_draft_is_shown_as_far_as_it_can_be_read() -> None:
    shown = view_draft({"text": "You can now", "section": "odd", "audience": "x", "changes": [1, "PAY-1"]}, "en")
    assert shown is not None
    assert (shown.title, shown.section, shown.lines[0].text) == ("You can now", "Changed", "PAY-1")


def test_the_document_lists_entries_by_section_and_what_none_tells_of() -> None:
    told = document(notes(*sound()), "en", [Source("P1", "p", "Cards", "rules", "Freezing", "…")])
    assert told.title == "Release notes 2.1.0"
    assert [block.text for block in told.blocks if isinstance(block, Heading)] == [
        "Breaking",
        "Added",
        "Fixed",
        "Changes not told of",
    ]
    bullets = [text for block in told.blocks if isinstance(block, Bullets) for text in block.texts]
    assert bullets[1] == "You can now freeze a lost card. (PAY-1, a1b2c3d)"
    (table,) = [block for block in told.blocks if isinstance(block, Table)]
    assert table.rows == [("PAY-3", "technical task", "Upgrade the build server", "internal")]
    assert told.sources == (("Cards", "Freezing"),)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_row_of_the_sheets_has_its_cells(language: Language) -> None:
    found = sheets(notes(*sound(language), language=language), language)
    assert [len(sheet.rows) for sheet in found] == [3, 1]
    assert found[0].ids == ("N1", "N2", "N3")
    for sheet in found:
        assert {len(row) for row in sheet.rows} == {len(sheet.columns)}


def test_a_pasted_changelog_becomes_notes_and_what_is_lost_is_named() -> None:
    text = "# Changelog\n\n## [2.0.0] - 2026-06-30\n\n### Breaking\n- **Removed:** The old form (PAY-9)\n### Stuff\n- More cards\n\n## [1.0.0] - 2026-01-01\n### Added\n- First\n"
    read = read_pasted(text, "en")
    assert read is not None
    artifact = ReleaseNotes.model_validate(read.body)
    assert [(one.section, one.breaking, one.text, one.changes) for one in artifact.entries] == [
        ("removed", True, "The old form", ["PAY-9"]),
        ("changed", False, "More cards", []),
    ]
    assert read.lost == ("Version 1.0.0 (1 entries)",)
    assert len(read.faults) == 1
    assert read.faults[0].startswith("Line 7: “Stuff” is no section")
    assert "change-unknown" not in rules(artifact, Material("", "en"))


@pytest.mark.parametrize("text", ["", "feat: x", "# Changelog\n\nNothing", "## [1.0.0] - 2026-01-01\n", "# 标题\n- 甲"])
def test_a_text_that_is_no_changelog_is_not_read(text: str) -> None:
    assert read_pasted(text, "zh") is None


def test_the_whole_schema_is_closed_to_what_is_in_hand() -> None:
    story = UpstreamItem("S1", "As a customer, I want to freeze my card, so that it is safe.", "a", 1, stage="user_stories")
    klass = UpstreamItem("C1", "Card", "b", 1, stage="domain_model")
    hand = material("en", story, klass, sources=(Source("P1", "p", "Cards", "rules", "", "freeze"),))
    schema = narrow(hand)
    Draft202012Validator.check_schema(schema)
    item = schema["properties"]["entries"]["items"]["properties"]
    assert item["changes"]["items"]["enum"] == ["PAY-1", "PAY-2", "PAY-3", "a1b2c3d", "b2c3d4e"]
    assert item["changes"]["minItems"] == 1
    assert (item["upstream"]["items"]["enum"], item["sources"]["items"]["enum"]) == (["S1"], ["P1"])
    assert item["audience"]["items"]["enum"] == ["customers"]
    assert set(schema["properties"]) == {"entries", "questions"}


@pytest.mark.parametrize("one", READ.examples.whole, ids=lambda one: str(one.language))
def test_the_whole_examples_are_sound(one: Any) -> None:
    hand = Material(one.brief, one.language)
    artifact = ReleaseNotes.model_validate(WAY.completed(one.artifact, hand))
    found: list[Finding] = [finding for finding in checked(STAGE, artifact, hand) if finding.severity != "hint"]
    assert found == []
    assert mended(STAGE, artifact, hand)[0] == artifact
    assert list(Draft202012Validator(narrow(hand)).iter_errors(one.artifact)) == []
