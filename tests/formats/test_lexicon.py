"""A wish that joins two actions is told from one that joins two things."""

import pytest

from errors import Language
from formats.lexicon import joined_actions, lexicon


@pytest.mark.parametrize(
    ("wish", "language", "joint"),
    [
        ("view and delete the records", "en", "and delete"),
        ("view, add and delete the records", "en", "and delete"),
        ("view as well as delete records", "en", "as well as delete"),
        ("create and/or edit a payee", "en", "and/or edit"),
        ("view & delete the records", "en", "& delete"),
        ("approve or reject a claim", "en", "or reject"),
        ("Ana freezes the card and closes the account", "en", "and closes"),
        ("view the account then close the account", "en", "then close"),
        ("view the balance and then transfer the rest", "en", "and then transfer"),
        ("查看和删除收入记录", "zh", "和删除"),
        ("查看并删除记录", "zh", "并删除"),
        ("查看、删除记录", "zh", "、删除"),
        ("审核并批准申请", "zh", "并批准"),
        ("修改地址和删除联系人", "zh", "和删除"),
        ("上传材料然后查询处理进度", "zh", "然后查询"),
    ],
)
def test_two_joined_actions_are_found(wish: str, language: Language, joint: str) -> None:
    assert joined_actions(wish, language) == joint


@pytest.mark.parametrize(
    "wish",
    [
        "accept the terms and conditions",
        "see profit and loss",
        "change the name and address",
        "change the amount or date",
        "see the review and approval",
        "see the deposit and withdrawal history",
        "compare buy and sell rates",
        "view the check and deposit slips",
        "see open and close dates",
        "change the price and order of items",
        "see debit and credit transfers",
        "read and write",
        "understand",
        "",
        "choose whether it shortens the term or reduces the payment",
        "see the orders and transfers of a day",
    ],
)
def test_two_joined_things_are_one_english_action(wish: str) -> None:
    assert joined_actions(wish, "en") == ""


@pytest.mark.parametrize(
    "wish",
    [
        "查看收入和支出",
        "修改姓名和地址",
        "查看账户和转账记录",
        "修改密码和支付密码",
        "查看申请和审批进度",
        "查看转账、支付限额",
        "设置提醒和通知",
        "查看合并报表",
        "并查看",
        "",
    ],
)
def test_two_joined_things_are_one_chinese_action(wish: str) -> None:
    assert joined_actions(wish, "zh") == ""


def test_the_words_are_read_once_and_the_longest_is_matched_first() -> None:
    assert lexicon() is lexicon()
    found = lexicon().chinese_verbs.match("提前还款")
    assert found
    assert found.group() == "提前还款"
