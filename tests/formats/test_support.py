"""What of an answer its passages hold: numbers, limits, terms and content words, in either language."""

import pytest

from formats.quantities import quantities
from formats.support import bears_on, support, unheld_words

RULE = "A card freeze lasts at most 180 calendar days. The cardholder lifts it in the app. A replacement costs CNY 15.00."
RULE_ZH = "新增收款人后 24 小时内，累计转出不超过 20,000 元。客户可随时删除收款人，无须验证码。"
FREEZE = ("card freeze", "卡片冻结")
PAYEE = ("payee", "收款人")


@pytest.mark.parametrize(
    "answer",
    [
        "A card freeze lasts at most 180 days.",
        "The cardholder lifts the freeze in the app.",
        "A replacement costs 15 yuan.",
        "It lasts 180 calendar days at most, and a replacement costs CNY 15.",
    ],
)
def test_an_answer_in_the_words_of_its_passage_is_held(answer: str) -> None:
    assert support(answer, [RULE]).is_enough


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        ("A card freeze lasts at most 190 calendar days.", "190 calendar days"),
        ("A card freeze lasts at most six months.", "six months"),
        ("A replacement costs CNY 25.00.", "cny 25.00"),
        ("It lasts 180 days. A replacement costs 2 万元.", "2 万元"),
    ],
)
def test_a_number_that_no_passage_holds_is_named(answer: str, number: str) -> None:
    held = support(answer, [RULE])
    assert held.numbers == (number,)
    assert not held.is_enough


@pytest.mark.parametrize(
    ("answer", "limit"),
    [
        ("A card freeze lasts at most 180 hours.", "180 hours"),
        ("A card freeze lasts at least 180 calendar days.", "180 calendar days"),
        ("A replacement costs 15 %.", "15 %"),
    ],
)
def test_a_limit_of_another_unit_or_bounded_the_other_way_is_not_held(answer: str, limit: str) -> None:
    held = support(answer, [RULE])
    assert held.limits == (limit,)
    assert not held.numbers
    assert not held.is_enough


@pytest.mark.parametrize(
    ("answer", "limit"),
    [
        ("新增收款人后 24 天内，累计转出不超过 20,000 元。", "24 天"),
        ("新增收款人后 24 小时内，累计转出不少于 20,000 元。", "20,000 元"),
    ],
)
def test_limits_are_judged_in_chinese_too(answer: str, limit: str) -> None:
    assert support(answer, [RULE_ZH]).limits == (limit,)
    assert support(RULE_ZH, [RULE_ZH]).is_enough


def test_a_term_that_no_passage_speaks_of_is_named_as_it_is_written() -> None:
    held = support("A cardholder lifts the card freeze in the app.", [RULE], [("chargeback", "拒付"), FREEZE], [FREEZE])
    assert held.terms == ("chargeback",)
    assert not held.is_enough


def test_content_words_that_are_missing_are_named_and_stop_words_do_not_count() -> None:
    held = support("You can lift it yourself by writing a letter to our friendly branch.", [RULE])
    assert held.share < 0.6
    assert "letter" in held.words
    assert not {"you", "can", "it", "by", "a", "to"} & set(held.words)
    assert not held.is_enough


def test_sixty_per_cent_of_the_content_words_are_enough() -> None:
    three_of_five = "cardholder replacement freeze umbrella bicycle"
    two_of_five = "cardholder replacement sunshine umbrella bicycle"
    assert support(three_of_five, [RULE]).share == pytest.approx(0.6)
    assert support(three_of_five, [RULE]).is_enough
    assert not support(two_of_five, [RULE]).is_enough


def test_chinese_is_held_by_neighbouring_signs_across_other_word_boundaries() -> None:
    assert support("您可以随时删除收款人。", [RULE_ZH]).is_enough
    held = support("请前往柜台填写纸质申请表。", [RULE_ZH])
    assert held.share < 0.3
    assert not held.is_enough


def test_an_answer_that_says_nothing_is_not_held() -> None:
    assert not support("Yes.", [RULE]).is_enough
    assert not support("可以。", [RULE_ZH]).is_enough


def test_a_passage_of_the_other_language_holds_numbers_and_terms_and_leaves_the_words_to_a_person() -> None:
    answer = "Within 24 hours after a payee was added, you can transfer at most CNY 20,000.00."
    held = support(answer, [RULE_ZH], [PAYEE], [PAYEE])
    assert held.by_hand
    assert held.is_enough
    assert support("新增后二十四小时内最多转出两万元。", ["At most CNY 20,000.00 within 24 hours."]).by_hand


def test_a_passage_of_the_other_language_does_not_hold_what_shares_neither_number_nor_term() -> None:
    assert not support("You can sign the contract online.", [RULE_ZH]).is_enough
    wrong = support("Within 24 hours you can transfer at most CNY 30,000.00 to a payee.", [RULE_ZH], [PAYEE], [PAYEE])
    assert wrong.numbers == ("cny 30,000.00",)
    assert not wrong.is_enough


def test_a_term_counts_as_words_by_each_of_its_names() -> None:
    held = support("卡片冻结", ["A card freeze is temporary."], [FREEZE], [FREEZE])
    assert held.share == 1.0


def test_a_passage_bears_on_an_answer_by_a_number_a_term_or_a_quarter_of_its_words() -> None:
    assert bears_on(RULE, "After 180 days something else entirely happens elsewhere.")
    assert bears_on(RULE_ZH, "A payee is someone.", [PAYEE], [PAYEE])
    assert bears_on(RULE, "The cardholder waits.")
    assert not bears_on(RULE, "Interest is credited on the last evening of the quarter.")


def test_the_words_that_a_passage_lacks_are_told() -> None:
    assert unheld_words("Is there a parking garage?", RULE) == ("parking", "garage")
    assert unheld_words("有没有停车场？", RULE_ZH) == ("有没有停车场",)


@pytest.mark.parametrize("text", ["", " ", "😀" * 50, "。。。", "1" * 5000, "百分之", "مرحبا", "\x00", "a" * 20_000, "卡" * 5000])
def test_odd_texts_are_judged_without_harm(text: str) -> None:
    held = support(text, [text, RULE])
    assert 0.0 <= held.share <= 1.0


def test_quantities_are_alike_in_both_languages() -> None:
    english = quantities("At most CNY 20,000.00 within 24 hours, three banking days, 5 per cent.")
    chinese = quantities("最多两万元，24 小时内，三个银行工作日，百分之五。")
    assert [(one.values, one.unit) for one in english] == [(one.values, one.unit) for one in chinese]
    assert [one.bound for one in english[:2]] == [one.bound for one in chinese[:2]] == ["most", "most"]


def test_the_number_of_a_step_and_a_lone_number_word_are_no_quantities() -> None:
    assert [one.text for one in quantities("1. Open the app.\n2. Wait 30 days for one of them.")] == ["30 days"]


def test_the_next_day_counts_no_days() -> None:
    assert [one.text for one in quantities("下一个工作日可以看到，另有一个工作日处理。")] == ["一个工作日"]
