"""A changelog is rendered by Keep a Changelog 1.1, comes back the same, and every malformed one is named by line and reason."""

import pytest

from errors import Language
from formats.changelog import (
    Changelog,
    LogEntry,
    Release,
    is_changelog,
    is_iso_date,
    read_changelog,
    read_ids,
    render_changelog,
)
from formats.changelog_reading import _REASONS, Fault

GOOD = """# Changelog

All notable changes to this project will be documented in this file.

The format is based on [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).

## [Unreleased]

### Added

- A card can be frozen
  in the app.
  - also by phone

## [1.1.0] - 2026-06-30

### Breaking

- **Removed:** The old form is gone (PAY-9, a1b2c3d)

### Fixed

* The total is right

## [1.0.0] - 2026-05-31 [YANKED]

### Added
- First version

[unreleased]: https://example.org/compare/v1.1.0...HEAD
[1.1.0]: https://example.org/compare/v1.0.0...v1.1.0
"""
V = "# Changelog\n\n## [1.0.0] - 2026-06-30\n"
MALFORMED: list[tuple[str, str, int]] = [
    # The eight kinds that another package lets pass.
    ("version-level", "# Changelog\n\n### [1.0.0] - 2026-06-30\n\n### Added\n- a", 3),
    ("section-level", f"{V}## Added\n- a", 4),
    ("no-version", "# Changelog\n\n## 2026-06-30\n### Added\n- a", 3),
    ("bad-date", "# Changelog\n\n## [1.0.0] - 2026-13-45\n### Added\n- a", 3),
    ("unknown-section", f"{V}### Stuff\n- a", 4),
    ("duplicate-version", f"{V}### Added\n- a\n## [1.0.0] - 2026-06-30\n### Fixed\n- b", 6),
    ("item-outside", f"{V}- a", 4),
    ("empty-section", f"{V}### Added\n### Fixed\n- a", 4),
    ("unordered", f"{V}### Added\n- a\n## [1.1.0] - 2026-07-30\n### Added\n- b", 6),
    # And what else can be wrong.
    ("unordered", f"{V}### Added\n- a\n## [1.0.1] - 2026-06-30\n### Added\n- b", 6),
    ("no-title", "## [1.0.0] - 2026-06-30\n### Added\n- a", 1),
    ("no-title", "Hello\n# Changelog\n## [1.0.0] - 2026-06-30\n### Added\n- a", 1),
    ("two-titles", f"{V}### Added\n- a\n# More", 6),
    ("version-level", "# Changelog\n# [1.0.0] - 2026-06-30\n### Added\n- a", 2),
    ("deep-heading", f"{V}### Added\n- a\n#### Details\n- b", 6),
    ("no-version", "# Changelog\n## [] - 2026-06-30\n### Added\n- a", 2),
    ("no-version", "# Changelog\n## Release notes\n### Added\n- a", 2),
    ("no-date", "# Changelog\n## [1.0.0]\n### Added\n- a", 2),
    ("bad-date", "# Changelog\n## [1.0.0] - 30.06.2026\n### Added\n- a", 2),
    ("bad-date", "# Changelog\n## [1.0.0] 2026-06-30\n### Added\n- a", 2),
    ("bad-date", "# Changelog\n## [1.0.0] - June 2026\n### Added\n- a", 2),
    ("unreleased-late", f"{V}### Added\n- a\n## [Unreleased]\n### Added\n- b", 6),
    ("empty-version", f"{V}\n## [0.9.0] - 2026-01-01\n### Added\n- a", 3),
    ("section-outside", "# Changelog\n### Added\n- a\n## [1.0.0] - 2026-06-30\n### Added\n- b", 2),
    ("duplicate-section", f"{V}### Added\n- a\n### Added\n- b", 6),
    ("breaking-late", f"{V}### Added\n- a\n### Breaking\n- b", 6),
    ("item-outside", "# Changelog\n- a\n## [1.0.0] - 2026-06-30\n### Added\n- b", 2),
    ("empty-item", f"{V}### Added\n-\n- a", 5),
    ("stray-text", f"{V}### Added\n- a\n\nSome prose", 7),
    ("stray-text", f"{V}### Added\n1. a", 5),
    ("no-releases", "# Changelog\n\nNothing yet", 3),
    ("no-releases", "", 1),
    ("unknown-section", "# 更新日志\n## [1.0.0] - 2026-06-30\n### 杂项\n- 甲", 3),
]


def log(*entries: LogEntry, version: str = "2.1.0", day: str = "2026-06-30") -> Changelog:
    return Changelog((Release(version, day, entries),))


def test_a_sound_changelog_is_read_without_a_fault() -> None:
    read = read_changelog(GOOD)
    assert read.faults == ()
    unreleased, newest, first = read.releases
    assert (unreleased.version, unreleased.date) == ("", "")
    assert unreleased.entries == (LogEntry("added", "A card can be frozen in the app. also by phone"),)
    assert newest.entries == (
        LogEntry("removed", "The old form is gone", ("PAY-9", "a1b2c3d"), breaking=True),
        LogEntry("fixed", "The total is right"),
    )
    assert (first.version, first.yanked) == ("1.0.0", True)


@pytest.mark.parametrize(("rule", "text", "line"), MALFORMED)
def test_a_malformed_changelog_is_named_by_line_and_reason(rule: str, text: str, line: int) -> None:
    faults = read_changelog(text).faults
    assert (rule, line) in [(fault.rule, fault.line) for fault in faults]
    assert f"Line {line}: " in faults[0].told("en") or len(faults) > 1


def test_every_reason_is_provoked_here_and_told_in_both_languages() -> None:
    assert {rule for rule, *_ in MALFORMED} == set(_REASONS)
    for rule in _REASONS:
        assert Fault(7, rule, "x").told("en").startswith("Line 7: ")
        assert Fault(7, rule, "x").told("zh").startswith("第 7 行：")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_rendered_comes_back_the_same_with_what_breaks_first(language: Language) -> None:
    kinds = ("added", "changed", "deprecated", "removed", "fixed", "security")
    entries = [LogEntry(kind, f"{kind} 余额 one", (f"PAY-{number}", "a1b2c3d")) for number, kind in enumerate(kinds, 1)]
    broken = [LogEntry("removed", "gone", ("PAY-8",), breaking=True), LogEntry("added", "new", breaking=True)]
    text = render_changelog(log(*entries, *broken), language)
    read = read_changelog(text)
    assert read.faults == ()
    assert read.releases == (Release("2.1.0", "2026-06-30", (*broken, *entries)),)
    first = next(line for line in text.splitlines() if line.startswith("### "))
    assert first == ("### 不兼容变更" if language == "zh" else "### Breaking")


@pytest.mark.parametrize(
    "text",
    [
        "# no heading",
        "- no list",
        "**bold** _text_ `code`",
        "[link](javascript:alert(1)) <script>x</script>",
        "## [9.9.9] - 2026-01-01",
        "a | b \\ c",
        "**Fixed:** not a kind",
        "1. one",
        "=SUM(A1)",
        "余额（含利息）已更正",
        "ends with (brackets)",
    ],
)
def test_no_text_is_read_as_anything_but_a_text(text: str) -> None:
    for breaking in (False, True):
        changelog = log(LogEntry("fixed", text, ("PAY-1",), breaking=breaking))
        read = read_changelog(render_changelog(changelog, "en"))
        assert (read, read.faults) == (changelog, ())


def test_a_version_without_a_date_is_not_released() -> None:
    text = render_changelog(log(LogEntry("added", "a"), day=""), "zh")
    assert "## [未发布]" in text
    assert read_changelog(text).faults == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Freeze a card (PAY-1, a1b2c3d)", ("Freeze a card", ("PAY-1", "a1b2c3d"))),
        ("冻结卡片（PAY-1、PAY-2）", ("冻结卡片", ("PAY-1", "PAY-2"))),
        ("Freeze a card (in the app)", ("Freeze a card (in the app)", ())),
        ("Wrong total (#12)", ("Wrong total", ("#12",))),
        ("Within (30 days)", ("Within (30 days)", ())),
    ],
)
def test_ids_at_the_end_of_a_line_are_told_from_words(text: str, expected: tuple[str, tuple[str, ...]]) -> None:
    assert read_ids(text) == expected


def test_a_changelog_is_told_from_other_texts() -> None:
    assert is_changelog(GOOD)
    assert is_changelog("# 更新日志\n## 未发布\n- 甲")
    assert is_changelog("### v1.2.0 (2026)\n- a")
    assert not is_changelog("# Story map\n## Cards\n- freeze")
    assert not is_changelog("feat: freeze a card")


@pytest.mark.parametrize(("day", "sound"), [("2026-06-30", True), ("2026-6-30", False), ("20260630", False), ("", False)])
def test_a_day_is_written_one_way(day: str, sound: bool) -> None:
    assert is_iso_date(day) is sound
