"""Language, simplified form and words of a text."""

import pytest

from formats.language import language_of, simplified, words


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Write a user story", "en"),
        ("写一个用户故事", "zh"),
        ("请用 API Gateway 写一个转账接口", "zh"),
        ("The term 转账 means a transfer of money", "en"),
        ("", "en"),
        ("12345 !?", "en"),
    ],
)
def test_a_text_is_chinese_when_three_in_ten_letters_are_han(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["即時轉帳業務規則", "乾坤與餘額", "頭髮 ABC 軟體 😀 發送", "plain English", "", "𠀀𠀁 轉"])
def test_simplifying_keeps_every_character_at_its_place(text: str) -> None:
    assert len(simplified(text)) == len(text)


def test_traditional_characters_become_simplified() -> None:
    assert simplified("轉帳餘額") == "转帐余额"


def test_english_words_are_stems_without_stop_words() -> None:
    assert words("The limits of Transfers, limit a transferring") == words("limit transfer limit transfer")


def test_han_runs_are_pairs_and_a_lone_character_stands_for_itself() -> None:
    assert words("转账限额") == ["转账", "账限", "限额"]
    assert words("a 我 b") == ["我", "b"]


def test_width_case_and_script_make_no_difference() -> None:
    assert words("ＡＰＩ 轉帳") == words("api 转帐")
