"""Meeting notes: wishes, tasks of the people, and what stays open."""

import pytest

from errors import Language
from formats.actions import read_actions
from formats.notes import read_note

ENGLISH = """Meeting notes 14 May, cards squad
Present: Anna (cards), Ben (risk), Chloe (IT)
Anna: customers want to see where their card was used abroad,
grouped by country.
Ben (risk): we should not forget the limits, I will check with legal.
Decision: a customer can lower the daily limit in the app.
Decided – fraud analyst approves a raise above 5,000 EUR.
TODO Ben: check the scheme rules until Friday
Action item - Chloe to estimate the effort
TODO: export the limit changes of a month for audit
- [ ] customer resumes a paused standing order
Chloe prepares the demo.
Open: who pays the courier?
Anna: and what about joint accounts?
Next meeting: 21 May"""
CHINESE = """会议纪要 5月14日
参会：安娜（卡）、李强（风控）
安娜：客户希望查看境外用卡记录。
李强：别忘了限额，我去问法务。
决定：客户可以在手机银行调低日限额。
待办：导出每月限额变更供审计使用
待办 李强：周五前核对卡组织规则
待定：谁承担运钞费用？
下次会议：5月21日"""


def test_an_english_note_is_read_into_its_wishes() -> None:
    reading = read_actions(ENGLISH, "en")
    assert reading.actions == (
        "see where their card was used abroad, grouped by country",
        "lower the daily limit in the app",
        "approve a raise above 5,000 EUR",
        "export the limit changes of a month for audit",
        "resume a paused standing order",
    )
    assert reading.questions == ("who pays the courier?", "and what about joint accounts?")


def test_a_chinese_note_is_read_into_its_wishes() -> None:
    reading = read_actions(CHINESE, "zh")
    assert reading.actions == ("查看境外用卡记录", "在手机银行调低日限额", "导出每月限额变更供审计使用")
    assert reading.questions == ("谁承担运钞费用？",)


@pytest.mark.parametrize(
    ("language", "task"),
    [
        ("en", "TODO Ben: check the rules"),
        ("en", "TODO (Ben): check the rules"),
        ("en", "Action: Ben - check the rules"),
        ("en", "Action item: Ben to check the rules"),
        ("en", "Next steps: Ben checks the rules"),
        ("zh", "待办 李强：核对规则"),
        ("zh", "行动项：李强核对规则"),
    ],
)
def test_what_somebody_of_the_meeting_does_is_no_wish(language: Language, task: str) -> None:
    note = {"en": "Ben: hello\nDecision: customers freeze a card", "zh": "李强：大家好\n决定：客户可以冻结卡片"}[language]
    assert read_actions(f"{note}\n{task}", language).actions == ({"en": "freeze a card", "zh": "冻结卡片"}[language],)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Customers freeze a card.",
        "From: Dave Whitlock\nTo: Lending change team\nSubject: FW: overpayments\n\nlet customers\noverpay",
        "Epic: invoice finance\nUsers: business owner\n- owner applies for a line",
        "范围如下：\n一、客户新增收款人",
        "Decision: customers freeze a card",
        "::::\n：：\n-",
    ],
)
def test_what_is_no_note_comes_back_as_it_is(text: str) -> None:
    assert read_note(text, "en").wishes == text
    assert read_note(text, "zh").wishes == text


def test_a_note_of_many_thousand_lines_is_read_quickly() -> None:
    assert len(read_actions("Anna: customers freeze a card\n" * 20_000, "en").actions) == 1
