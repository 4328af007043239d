"""Wishes become methods and paths by the API standard, in English also for Chinese wishes."""

import pytest

from errors import Language
from stages.api_definition.deriving import Derived, derive
from stages.api_definition.mends import standard_path
from stages.api_definition.naming import camel, kebab, kebab_plural, plural, singular
from stages.api_definition.wishes import Wish
from stages.material import Material
from tests.stages.api_definitions import TERMS, domain_class, in_hand, story


def derived(*texts: str, language: Language = "en", **more: object) -> list[str]:
    material = Material("", language, terms=TERMS, roles=("customer", "客户"))
    return [
        f"{one.method} {one.path}"
        for one in derive([Wish(text, (f"S{place}",)) for place, text in enumerate(texts, 1)], material)
    ]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("view the income records of an account", "GET /v1/accounts/{accountId}/income-records"),
        ("add an income record to an account", "POST /v1/accounts/{accountId}/income-records"),
        ("change an income record", "PATCH /v1/income-records/{incomeRecordId}"),
        ("delete an income record", "DELETE /v1/income-records/{incomeRecordId}"),
        ("freeze a customer's debit card", "POST /v1/debit-cards/{debitCardId}/freezes"),
        ("unfreeze the debit card", "DELETE /v1/debit-cards/{debitCardId}/freezes/{freezeId}"),
        ("apply for a loan", "POST /v1/loan-applications"),
        ("change the amount of a standing order", "PATCH /v1/standing-orders/{standingOrderId}"),
        ("change my phone number", "PATCH /v1/phone-numbers/{phoneNumberId}"),
        ("follow the status of an order", "GET /v1/orders/{orderId}"),
        ("search the orders by date", "GET /v1/orders"),
        ("transfer money to an account", "POST /v1/accounts/{accountId}/transfers"),
        ("register a trip abroad with countries and dates", "POST /v1/trips"),
        ("triage the tickets", "POST /v1/tickets/{ticketId}/triage-actions"),
        ("pay", "POST /v1/payments"),
        ("order cash for the branch", "POST /v1/cash-orders"),
    ],
)
def test_an_english_wish_becomes_a_method_and_a_path(wish: str, expected: str) -> None:
    assert derived(wish) == [expected]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("查看账户收入记录", "GET /v1/accounts/{accountId}/income-records"),
        ("修改账户的收入记录", "PATCH /v1/accounts/{accountId}/income-records/{incomeRecordId}"),
        ("冻结借记卡", "POST /v1/debit-cards/{debitCardId}/freezes"),
        ("解冻借记卡", "DELETE /v1/debit-cards/{debitCardId}/freezes/{freezeId}"),
        ("对账户进行冻结", "POST /v1/accounts/{accountId}/freezes"),
        ("上传评估报告", "POST /v1/appraisal-reports"),
        ("退回不完整的资料", "POST /v1/documents/{documentId}/returns"),
        ("修改预订日期", "PATCH /v1/bookings/{bookingId}"),
        ("把报修单派给维修师傅", "POST /v1/repair-orders/{repairOrderId}/assignments"),
        ("审批人审核抵押物", "POST /v1/collaterals/{collateralId}/reviews"),
        ("查询贷款进度", "GET /v1/loans/{loanId}"),
        ("为客户开立账户", "POST /v1/accounts"),
        ("给单笔交易加备注", "POST /v1/transactions/{transactionId}/notes"),
    ],
)
def test_a_chinese_wish_becomes_an_english_path(wish: str, expected: str) -> None:
    assert derived(wish, language="zh") == [expected]


def test_a_thing_without_an_english_name_gets_a_name_that_says_so() -> None:
    (one,) = derive([Wish("登记嘎嘎嘎")], Material("", "zh"))
    assert one.path == "/v1/resources-1"
    assert one.made_up


def test_what_a_pronoun_or_a_bare_status_stands_for_was_spoken_of_before() -> None:
    assert derived("register a trip", "remove it again", "change its date")[1:] == [
        "DELETE /v1/trips/{tripId}",
        "PATCH /v1/trips/{tripId}",
    ]
    assert derived("申请纸质对账单", "查询寄送进度", language="zh")[1] == "GET /v1/paper-statements/{paperStatementId}"


def test_what_belongs_to_an_account_once_belongs_to_it_everywhere() -> None:
    assert derived("view the income records of an account", "delete an income record")[1] == (
        "DELETE /v1/accounts/{accountId}/income-records/{incomeRecordId}"
    )


def test_two_wishes_for_the_same_are_one_operation_that_serves_both() -> None:
    found = derive([Wish("view the orders", ("S1",)), Wish("search the orders", ("S2",))], Material("", "en"))
    assert [one.stories for one in found] == [("S1", "S2")]


def test_a_class_gives_the_resource_and_is_named_by_the_operation() -> None:
    material = in_hand(story(1, "freeze a debit card"), domain_class(3, "Card"))
    (one,) = derive([Wish("freeze a debit card", ("S1",))], material)
    assert isinstance(one, Derived)
    assert (one.path, one.classes) == ("/v1/cards/{cardId}/freezes", ("C3",))


def test_an_action_that_is_a_class_itself_rests_on_that_class_first() -> None:
    material = in_hand(domain_class(1, "Debit card"), domain_class(2, "Debit card freeze"))
    (one,) = derive([Wish("freeze a debit card")], material)
    assert one.classes == ("C2", "C1")
    assert one.own_class


def test_a_chinese_class_without_an_english_name_is_named_by_its_id() -> None:
    material = in_hand(domain_class(3, "嘎嘎嘎"), language="zh")
    (one,) = derive([Wish("新增嘎嘎嘎")], material)
    assert (one.path, one.made_up, one.classes) == ("/v1/resources-c3", True, ("C3",))


@pytest.mark.parametrize(
    "text", ["", "   ", "……", "😀 😀", "view", "把", "的", "'s", "a" * 500, "{} /../ ?x", "查看" * 80, "\x00\u202e", "١٢٣ مرحبا"]
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_odd_wishes_still_become_paths(text: str, language: Language) -> None:
    for one in derive([Wish(text)], Material("", language, terms=TERMS)):
        assert one.path.startswith("/v1/")
        assert one.path.isascii()
        assert standard_path(one.path) == one.path


@pytest.mark.parametrize(
    ("name", "many"),
    [
        ("income-record", "income-records"),
        ("address", "addresses"),
        ("status", "statuses"),
        ("category", "categories"),
        ("freezes", "freezes"),
        ("income-evidence", "income-evidence"),
        *(
            (word, word)
            for word in ("progress", "information", "equipment", "search", "feedback", "staff", "metadata", "arrears")
        ),
    ],
)
def test_a_name_has_a_plural_and_comes_back(name: str, many: str) -> None:
    assert plural(name) == many
    assert plural(many) == many
    assert singular(many) == singular(name)


def test_names_are_written_as_the_standard_has_them() -> None:
    assert kebab("IncomeRecord of  Café_x") == "income-record-of-cafe-x"
    assert kebab_plural("Standing order") == "standing-orders"
    assert kebab_plural("卡片") == ""
    assert camel("income-record") == "incomeRecord"
