"""Changes told in short come back with their ids, kinds, ties and what breaks."""

from dataclasses import replace

from formats.changes import read_changes
from formats.changes_told import tell_changes

TEXT = """Key,Issue Type,Summary,Status,Labels,Fix version,Resolved,Description
PAY-1,Story,"Freeze a ""lost"" card, at once",Done,cards breaking,2.1.0,2026-06-30,"long
text"
12,Bug,修复余额,,,2.1.0,,

commit a1b2c3d4e5f6a7b8
Date: 2026-06-30

    feat(cards)!: freeze a card (PAY-1)

    Words.

    BREAKING CHANGE: the old status is gone

commit b2c3d4e5f6a7b8c9
Date: 2026-06-29

    remove the fax form

    BREAKING CHANGE: no fax

commit c3d4e5f6a7b8c9d0

    Revert "feat: x"

    This reverts commit deadbee1234.
"""


def test_what_is_told_in_short_comes_back_without_bodies_and_commit_dates() -> None:
    before = read_changes(TEXT)
    after = read_changes(tell_changes(before.changes))
    assert after.unread == ()
    for one, other in zip(before.changes, after.changes, strict=True):
        day = one.date if one.kind == "ticket" else ""
        expected = replace(one, body="", date=day, id=one.id[:12])
        assert replace(other, body="", labels=one.labels, breaking=other.breaking) == expected
    assert len(tell_changes(before.changes)) < len(TEXT)


def test_nothing_is_told_as_nothing_and_subjects_keep_having_no_id() -> None:
    assert tell_changes(()) == ""
    assert tell_changes(read_changes("feat: freeze a card").changes) == "feat: freeze a card"


def test_five_hundred_commits_are_told_within_a_brief() -> None:
    log = "\n\n".join(
        f"commit {number:011x}a{number:04x}\n\n    fix: total {number}\n\n    {'words ' * 50}" for number in range(1, 501)
    )
    changes = read_changes(log).changes
    told = tell_changes(changes)
    assert len(told) < 20_000
    assert len(read_changes(told).changes) == 500
