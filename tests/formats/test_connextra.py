"""Stories as sentences, rendered and read back."""

import pytest

from errors import Language
from formats.connextra import StorySentence, read_stories, read_story, render_story

NASTY = [
    "see the balance",
    "see the balance, the limit, and more",
    'export "all" | some',
    "# not a heading @tag",
    "Given a thing when it holds then go",
    "emoji 😀 and \u200bzero width",
    "مرحبا بالعالم",
    "full：width，punctuation",
    "a <placeholder> and `code`",
    "IBAN and KYC review",
    "As a matter of fact tell me",
]
NASTY_ZH = [
    "查看余额",
    "要求退款",
    "要一张新卡",
    "想办法还款",
    "把 KYC review 做完",
    "“引号”、顿号；分号",
    "查看作为担保的房产",
    "按日期筛选（含当日）",
    "😀 表情",
]


@pytest.mark.parametrize("benefit", ["", "I know where I stand", *NASTY])
@pytest.mark.parametrize("want", NASTY)
def test_an_english_story_comes_back_as_it_was(want: str, benefit: str) -> None:
    story = StorySentence("account owner", want, benefit)
    assert read_story(render_story(story, "en"), "en") == story


@pytest.mark.parametrize("benefit", ["", "随时了解资金", *NASTY_ZH])
@pytest.mark.parametrize("want", NASTY_ZH)
def test_a_chinese_story_comes_back_as_it_was(want: str, benefit: str) -> None:
    story = StorySentence("客户经理", want, benefit)
    assert read_story(render_story(story, "zh"), "zh") == story


@pytest.mark.parametrize(
    ("role", "article"),
    [
        ("customer", "a"),
        ("auditor", "an"),
        ("underwriter", "an"),
        ("uninsured customer", "an"),
        ("user", "a"),
        ("unit head", "a"),
        ("utility customer", "a"),
        ("European client", "a"),
        ("one-time payer", "a"),
        ("ombudsman", "an"),
        ("honorary member", "an"),
        ("HR manager", "an"),
        ("SME owner", "an"),
        ("IT officer", "an"),
        ("UK resident", "a"),
        ("KYC analyst", "a"),
    ],
)
def test_the_article_goes_by_the_sound_of_the_role(role: str, article: str) -> None:
    told = render_story(StorySentence(role, "see it"), "en")
    assert told.startswith(f"As {article} {role},")
    assert read_story(told, "en") == StorySentence(role, "see it")


@pytest.mark.parametrize(
    ("text", "language", "story"),
    [
        (
            "as a teller I can count cash in order to close the till",
            "en",
            StorySentence("teller", "count cash", "close the till"),
        ),
        ("As an auditor,\nI would like to see\nall changes.", "en", StorySentence("auditor", "see all changes")),
        ("As a payer, I want a receipt, so that I can prove it.", "en", StorySentence("payer", "a receipt", "I can prove it")),
        ("作为一名客户, 我希望查看余额, 从而安心.", "zh", StorySentence("客户", "查看余额", "安心")),
        ("作为客户，我想要查看余额以便于安排支出。", "zh", StorySentence("客户", "查看余额", "安排支出")),
        ("作为客户，\n我需要  查看余额", "zh", StorySentence("客户", "查看余额")),
    ],
)
def test_the_ways_in_which_people_write_stories_are_read(text: str, language: Language, story: StorySentence) -> None:
    assert read_story(text, language) == story


@pytest.mark.parametrize(
    ("text", "language"),
    [("", "en"), ("", "zh"), ("A customer pays.", "en"), ("As a customer.", "en"), ("客户付款", "zh"), ("作为客户", "zh")],
)
def test_what_is_no_story_is_none(text: str, language: Language) -> None:
    assert read_story(text, language) is None


def test_pasted_stories_are_each_read_with_or_without_numbers() -> None:
    text = "Stories:\n1. As a payer, I want to pay, so that it is done.\n\n- As an auditor,\n  I want to see payments.\nThe end"
    assert [story.role for story in read_stories(text, "en")] == ["payer", "auditor"]
    told = "一、故事\n1、作为客户，我想付款。\n2）作为柜员，我想收款，以便于结账。"
    assert [story.want for story in read_stories(told, "zh")] == ["付款", "收款"]


def test_a_text_without_stories_holds_none() -> None:
    assert read_stories("Nothing here", "en") == read_stories("没有", "zh") == ()
