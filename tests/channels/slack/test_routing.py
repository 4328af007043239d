"""A message names its stage in either language, and what is left of it is the brief."""

import pytest

from channels.slack.routing import asked_in, plain_text
from tests.doubles.scripted_assistant import ScriptedAssistant

STAGES = [*ScriptedAssistant().stages("en"), *ScriptedAssistant().stages("zh")]


@pytest.mark.parametrize(
    ("text", "stage", "brief"),
    [
        ("user stories: pay", "user_stories", "pay"),
        ("user_stories pay", "user_stories", "pay"),
        ("User stories - pay", "user_stories", "pay"),
        ("acceptance criteria", "acceptance_criteria", ""),
        ("用户故事：客户付款", "user_stories", "客户付款"),
        ("验收标准 为这些内容", "acceptance_criteria", "为这些内容"),
        ("user stories2 pay", "", "user stories2 pay"),
        ("a customer pays", "", "a customer pays"),
    ],
)
def test_the_stage_is_what_a_text_begins_with(text: str, stage: str, brief: str) -> None:
    asked = asked_in(text, STAGES)
    assert (asked.stage, asked.brief) == (stage, brief)


@pytest.mark.parametrize(
    ("slack", "plain"),
    [
        ("<@UBOT> pay &amp; go", "pay & go"),
        ("see <https://bank.example/a|the page> and <https://bank.example>", "see the page and https://bank.example"),
        ("in <#C1|cards> ask <!here> or <!subteam^S1|@desk>", "in #cards ask @here or @desk"),
        ("two\n\n  lines  <mailto:a@b.example|a@b.example>", "two\n\nlines  a@b.example"),
    ],
)
def test_slacks_own_writing_becomes_what_people_see(slack: str, plain: str) -> None:
    assert plain_text(slack) == plain
