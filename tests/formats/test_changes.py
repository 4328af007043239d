"""Changes are read from git logs, ticket exports and mixtures of both; what tells of none is named."""

import json
import subprocess
from pathlib import Path

import pytest

from formats.changes import read_changes, same_id
from formats.changes_model import Change, iso_date, read_subject

FULL = """commit 4f2a9c1d8e7b6a5f4c3d2e1f0a9b8c7d6e5f4a3b (HEAD -> main, tag: v2.1)
Merge: 1111aaa 2222bbb
Author: Li Wei <li.wei@bank.example>
Date:   Tue Jun 30 18:04:11 2026 +0800

    feat(cards)!: freeze a card at once (PAY-12)

    The card can be unfrozen within 30 days.

    BREAKING CHANGE: the status "blocked" is now
      called "frozen".
    Refs: PAY-13

 src/cards.py | 12 ++++++------
 1 file changed, 6 insertions(+), 6 deletions(-)

commit 9b8c7d6
Author: A <a@b.example>
Date:   2026-06-29

    fix: 修复对账单金额显示错误
diff --git a/x b/x
+feat: not a commit
"""
JIRA = """Summary,Issue key,Issue id,Issue Type,Status,Labels,Labels,Fix Version/s,Resolved,Description
"Freeze a card, at once",PAY-12,10012,Story,Done,cards,breaking,2.1.0,30/Jun/26 6:04 PM,"First line

second ""quoted"" line"
Wrong total on statement,PAY-13,10013,Bug,Done,,,2.1.0,2026-06-29,
"""
CHINESE = "\ufeff编号；\r\n编号,标题,类型,状态,描述\r\nPAY-21,支持预约转账,需求,已完成,客户可提前 30 天预约\r\nPAY-22,修复余额显示错误,缺陷,已关闭,\r\n"
EXPORT = json.dumps(
    {
        "issues": [
            {
                "key": "PAY-31",
                "id": "10031",
                "fields": {
                    "summary": "导出对账单",
                    "issuetype": {"name": "Story"},
                    "status": {"name": "Done"},
                    "labels": ["statements"],
                    "components": [{"name": "core"}],
                    "fixVersions": [{"name": "2.1.0"}],
                    "resolutiondate": "2026-06-30T10:00:00.000+0800",
                    "description": {
                        "type": "doc",
                        "content": [{"type": "paragraph", "content": [{"type": "text", "text": "PDF"}]}],
                    },
                },
            },
            {"key": "", "fields": {"summary": "no key"}},
        ]
    },
    ensure_ascii=False,
    indent=2,
)


def ids(text: str) -> list[str]:
    return [change.id for change in read_changes(text).changes]


def test_the_full_form_of_a_log_is_read_with_its_footers() -> None:
    read = read_changes(FULL)
    first, second = read.changes
    assert (first.id[:7], first.type, first.scope, first.title) == ("4f2a9c1", "feat", "cards", "freeze a card at once")
    assert first.breaking
    assert first.note == 'the status "blocked" is now called "frozen".'
    assert first.date == "2026-06-30"
    assert "30 days" in first.body
    assert (second.id, second.type, second.title, second.date) == ("9b8c7d6", "fix", "修复对账单金额显示错误", "2026-06-29")
    assert read.unread == ()


@pytest.mark.parametrize(
    "line",
    [
        "a1b2c3d feat(cards): freeze a card",
        "a1b2c3d (HEAD -> main, origin/main, tag: v2) feat(cards): freeze a card",
        "* a1b2c3d feat(cards): freeze a card",
        "| * a1b2c3d feat(cards): freeze a card",
        "- a1b2c3d feat(cards): freeze a card",
        "a1b2c3d - Li Wei, 3 days ago : feat(cards): freeze a card",
        "a1b2c3d - (HEAD -> main) feat(cards): freeze a card (3 days ago) <Li Wei>",
        "a1b2c3d 2026-06-30 | feat(cards): freeze a card (HEAD -> main) [Li Wei]",
        "a1b2c3d 2026-06-30 feat(cards): freeze a card",
        "a1b2c3d|Li Wei|2026-06-30|feat(cards): freeze a card",
        "a1b2c3d\tLi Wei\t2026-06-30\tfeat(cards): freeze a card",
        "`a1b2c3d` feat(cards): freeze a card",
        "a1b2c3d: feat(cards): freeze a card",
    ],
)
def test_a_commit_on_one_line_is_read_in_the_forms_that_people_paste(line: str) -> None:
    read = read_changes(f"{line}\nb2c3d4e fix: wrong total")
    assert [(one.id, one.type, one.title.removesuffix(" (HEAD -> main)")) for one in read.changes] == [
        ("a1b2c3d", "feat", "freeze a card"),
        ("b2c3d4e", "fix", "wrong total"),
    ]
    assert read.unread == ()


def test_a_log_that_git_itself_prints_is_read(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        base = ["git", "-C", str(tmp_path), "-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"]
        return subprocess.run([*base, *arguments], capture_output=True, text=True, encoding="utf-8", check=True).stdout

    git("init", "-q", "-b", "main")
    for message in (
        "feat: 支持预约转账\n\nBREAKING CHANGE: 旧接口下线",
        "fix(core): wrong total\n\nlonger text",
        "chore: tidy up",
    ):
        git("commit", "-q", "--allow-empty", "-m", message)
    for form in (
        "--oneline",
        "--format=medium",
        "--format=full",
        "--format=fuller",
        "--graph",
        "--format=%h %s%n%n%b",
        "--format=%h %ad %s",
    ):
        read = read_changes(git("log", form))
        assert [one.title for one in read.changes] == ["tidy up", "wrong total", "支持预约转账"], form
        assert read.changes[2].breaking == (form not in ("--oneline", "--format=%h %ad %s")), form
    bare = read_changes(git("log", "--format=%s")).changes
    assert [(one.id, one.title) for one in bare] == [("L1", "tidy up"), ("L2", "wrong total"), ("L3", "支持预约转账")]


def test_a_sha_is_told_from_a_number_and_a_word() -> None:
    assert ids("20260630 released\ndefaced walls\n1234567 customers wait") == []
    assert ids("1234567 fix: all digits\na1b2c3d fix: mixed") == ["1234567", "a1b2c3d"]


def test_jira_s_csv_is_read_with_cells_of_many_lines_and_repeated_columns() -> None:
    first, second = read_changes(JIRA).changes
    assert (first.id, first.kind, first.title, first.type, first.status) == (
        "PAY-12",
        "ticket",
        "Freeze a card, at once",
        "story",
        "Done",
    )
    assert first.body == 'First line\n\nsecond "quoted" line'
    assert (first.labels, first.breaking, first.version, first.date) == (("cards", "breaking"), True, "2.1.0", "2026-06-30")
    assert (second.id, second.type, second.labels, second.breaking) == ("PAY-13", "bug", (), False)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_chinese_columns_a_mark_at_the_begin_and_any_delimiter_are_read(delimiter: str) -> None:
    read = read_changes(CHINESE.split("\n", maxsplit=1)[1].replace(",", delimiter))
    assert [(one.id, one.title, one.type, one.body) for one in read.changes] == [
        ("PAY-21", "支持预约转账", "需求", "客户可提前 30 天预约"),
        ("PAY-22", "修复余额显示错误", "缺陷", ""),
    ]


def test_a_table_of_markdown_is_read() -> None:
    table = "| Key | Type | Summary |\n|---|:---:|---|\n| PAY-1 | Bug | Wrong \\| total |\n| PAY-2 | Story | Freeze |"
    assert [(one.id, one.type, one.title) for one in read_changes(table).changes] == [
        ("PAY-1", "bug", "Wrong / total"),
        ("PAY-2", "story", "Freeze"),
    ]


def test_a_quote_that_nobody_closed_swallows_no_rows() -> None:
    broken = 'Key,Summary\nPAY-1,"Wrong total\nPAY-2,Freeze a card\nPAY-3,Export'
    assert ids(broken) == ["PAY-1", "PAY-2", "PAY-3"]


def test_jira_s_json_is_read_and_an_issue_without_a_key_is_named() -> None:
    read = read_changes(EXPORT)
    (change,) = read.changes
    assert (change.id, change.title, change.type, change.status, change.version) == (
        "PAY-31",
        "导出对账单",
        "story",
        "Done",
        "2.1.0",
    )
    assert (change.labels, change.date, change.body) == (("statements", "core"), "2026-06-30", "PDF")
    assert len(read.unread) == 1
    assert "no key" in read.unread[0]


def test_a_mixture_is_read_whole_and_commits_are_tied_to_the_tickets_they_name() -> None:
    text = f"Tickets:\n\n{JIRA}\nLog:\na1b2c3d feat: freeze (pay-12)\nb2c3d4e PAY-123 other\n\n```json\n{EXPORT}\n```\nc3d4e5f fix: x\n\n    Closes PAY-31\n"
    read = read_changes(text)
    assert [one.id for one in read.changes] == ["PAY-31", "PAY-12", "PAY-13", "a1b2c3d", "b2c3d4e", "c3d4e5f"]
    assert {one.id: one.tickets for one in read.changes if one.tickets} == {"a1b2c3d": ("PAY-12",), "c3d4e5f": ("PAY-31",)}
    assert len(read.unread) == 1, "the captions are none, the issue without a key is one"


def test_a_line_that_tells_of_no_change_is_named() -> None:
    assert read_changes("Hello all,\n# Log\na1b2c3d fix: x\n\nbest wishes").unread == ("Hello all,", "best wishes")


def test_a_change_told_twice_is_one_and_keeps_what_says_more() -> None:
    assert ids("a1b2c3d feat: x\na1b2c3d4e5 feat: x\nPAY-1 Freeze\nPAY-1 Freeze") == ["PAY-1", "a1b2c3d"]
    assert read_changes("PAY-12 short\n" + JIRA).changes[0].title == "Freeze a card, at once"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("PAY-1: Freeze a card", ("PAY-1", "", "Freeze a card")),
        ("- [PAY-1] [Bug] Wrong total", ("PAY-1", "bug", "Wrong total")),
        ("1. 【PAY-1】【缺陷】修复余额", ("PAY-1", "缺陷", "修复余额")),
        ("PAY-1 支持预约转账", ("PAY-1", "", "支持预约转账")),
    ],
)
def test_a_list_of_tickets_is_read(line: str, expected: tuple[str, str, str]) -> None:
    (change,) = read_changes(line).changes
    assert (change.id, change.type, change.title) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("feat(cards)!: freeze a card", ("freeze a card", "feat", "cards", True)),
        ("fix：修复余额", ("修复余额", "fix", "", False)),
        ("新增：预约转账", ("预约转账", "新增", "", False)),
        ("PAY-1 fix(core): wrong total (#12)", ("wrong total", "fix", "core", False)),
        ("payments(core)!: drop the old form", ("drop the old form", "payments", "core", True)),
        ("Note: this is prose", ("Note: this is prose", "", "", False)),
        ("Merge branch 'a' into b", ("Merge branch 'a' into b", "merge", "", False)),
        ('Revert "feat: x"', ('Revert "feat: x"', "revert", "", False)),
        ("PAY-1", ("PAY-1", "", "", False)),
    ],
)
def test_a_subject_is_taken_apart(line: str, expected: tuple[str, str, str, bool]) -> None:
    parts = read_subject(line)
    assert (parts.title, parts.type, parts.scope, parts.breaking) == expected


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年6月3日", "2026-06-03"),
        ("30/Jun/26 10:11 AM", "2026-06-30"),
        ("Tue Jun 30 18:04:11 2026 +0800", "2026-06-30"),
        ("2026/06/30", "2026-06-30"),
        ("2026-13-45", ""),
        ("soon", ""),
    ],
)
def test_a_date_is_read_in_the_forms_that_exports_write(text: str, day: str) -> None:
    assert iso_date(text) == day


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a1b2c3d", "A1B2C3D4E5F6", True),
        ("a1b2c3", "a1b2c3d", False),
        ("PAY-1", "pay-1", True),
        ("PAY-1", "PAY-12", False),
        ("#12", "12", True),
    ],
)
def test_a_sha_may_be_shortened_and_a_key_may_not(one: str, other: str, same: bool) -> None:
    assert same_id(one, other) is same


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\x00",
        "[" * 5000,
        '{"issues": [' * 3000,
        "Key,Summary\n" + '"' * 4001,
        "Key,Summary\n" + ",".join(["x"] * 3000),
        "commit a1b2c3d\ncommit b2c3d4e\n",
        "=HYPERLINK(1)\n<script>",
        "Key,Summary\n" + '"' + "a" * 200_000,
    ],
)
def test_odd_text_is_no_change_and_no_crash(text: str) -> None:
    assert read_changes(text).changes == ()


def test_five_hundred_tickets_are_read() -> None:
    rows = "\n".join(f'PAY-{number},Story,"Title {number}\nmore",Done' for number in range(1, 501))
    read = read_changes(f"Key,Issue Type,Summary,Status\n{rows}")
    assert len(read.changes) == 500
    assert read.changes[499] == Change("PAY-500", "ticket", "Title 500 more", "story", status="Done")
