"""Coverage: by stems in English, by parts in Chinese, one wish for one action."""

import pytest

from evaluation.coverage import assigned, covers

VIEW, DELETE = (("view", "see"), ("income", "earning")), (("delete", "remove"), ("income",))


@pytest.mark.parametrize("wish", ["view the incomes of an account", "VIEWING my earnings", "see the income record"])
def test_english_is_compared_by_the_stems_of_whole_words(wish: str) -> None:
    assert covers(wish, VIEW, "en")


@pytest.mark.parametrize("wish", ["review the incomes", "view the accounts", ""])
def test_a_wish_without_a_word_of_every_group_covers_nothing(wish: str) -> None:
    assert not covers(wish, VIEW, "en")


def test_an_alternative_of_several_words_needs_them_all_in_any_order() -> None:
    groups = (("e-sign", "work out"),)
    assert covers("work the instalment out", groups, "en")
    assert not covers("work on the instalment", groups, "en")
    assert covers("e-sign the contract", groups, "en")
    assert not covers("sign the contract", groups, "en")


def test_chinese_is_compared_as_a_part_of_the_simplified_wish() -> None:
    assert covers("查詢定存明細", (("查询",), ("定存",)), "zh")
    assert covers("查询定存明细", (("查詢",), ("明細",)), "zh")
    assert not covers("查询账户", (("查询",), ("定存",)), "zh")


def test_latin_words_in_a_chinese_wish_are_compared_without_regard_to_capitals() -> None:
    assert covers("对kyc结果进行Approve", (("approve",), ("KYC",)), "zh")


def test_a_wish_stands_for_one_action_only() -> None:
    assert assigned([VIEW, DELETE], ["view and delete the income"], "en").count(None) == 1


def test_wishes_are_given_away_so_that_most_actions_are_covered() -> None:
    broad = (("view", "delete"), ("income",))
    assert assigned([broad, VIEW, DELETE], ["view income", "delete income", "see income"], "en").count(None) == 0
    assert assigned([broad, VIEW], ["view income"], "en").count(None) == 1


def test_without_wishes_nothing_is_covered_and_without_actions_nothing_is_asked() -> None:
    assert assigned([VIEW, DELETE], [], "en") == (None, None)
    assert assigned([], ["view the income"], "en") == ()
