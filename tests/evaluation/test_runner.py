"""The runner asks the assistant that people use: real chain, records and knowledge, a scripted endpoint."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chains.answering.writing import compact
from chains.assistant import Assistant
from chains.endpoint.asking import Abilities, Ask, Piece, Reply
from chains.flow import Flow
from evaluation.briefs import Action, Brief
from evaluation.report import details, figures, line
from evaluation.runner import Result, Runner, outlined
from knowledge.knowledge import Knowledge
from records.database import Database, metadata, sqlite_url
from records.ledger import Ledger
from records.workspaces import Workspaces
from stages.catalog import catalog
from tests.doubles.packs import write_pack

ACTIONS = (
    Action(name="schedule a transfer", covered_by=(("schedule", "plan"), ("transfer",))),
    Action(name="cancel a transfer", covered_by=(("cancel",), ("transfer",))),
)
BRIEF = Brief(
    id="b", language="en", kind="ordinary", text="A payee can schedule a transfer and cancel a transfer.", actions=ACTIONS
)
NONSENSE = Brief(id="n", language="en", kind="meaningless", text="asdf", actions=())


class ScriptedEndpoint:
    """Gives the same reply to every call."""

    def __init__(self, reply: str) -> None:
        self.reply = reply

    async def abilities(self) -> Abilities:
        return Abilities("scripted")

    async def stream(self, ask: Ask) -> AsyncIterator[Piece | Reply]:
        yield Piece(self.reply)
        yield Reply(self.reply, "stop", "scripted", prompt_tokens=5)

    async def close(self) -> None:
        """Nothing to give back."""


def stories(*wishes: str) -> str:
    told = [
        {"id": f"S{n}", "role": "payee", "want": wish, "benefit": "the rent is paid in time", "entities": [], "sources": []}
        for n, wish in enumerate(wishes, 1)
    ]
    return compact({"stories": told, "questions": []})


@pytest.fixture
async def knowledge(tmp_path: Path) -> AsyncIterator[Knowledge]:
    database = Database(sqlite_url(tmp_path))
    async with database.begin() as connection:
        await connection.run_sync(metadata.create_all)
    knowledge = await Knowledge.open(database, tmp_path, write_pack(tmp_path / "pack"))
    await knowledge.sync_pack()
    yield knowledge
    await knowledge.close()
    await database.close()


def runner(knowledge: Knowledge, reply: str) -> Runner:
    database = knowledge.records.database
    flow = Flow(catalog(), knowledge, ScriptedEndpoint(reply), Workspaces(database), Ledger(database))
    return Runner(Assistant(flow, knowledge), catalog(), knowledge)


async def asked(knowledge: Knowledge, reply: str, brief: Brief = BRIEF) -> Result:
    return await anext(runner(knowledge, reply).run_briefs([brief]))


async def test_a_good_answer_holds_and_covers_its_actions(knowledge: Knowledge) -> None:
    result = await asked(knowledge, stories("plan a transfer", "cancel a transfer"))
    assert result.holds
    assert (result.outcome, result.model, result.missed, result.extra) == ("answered", "scripted", (), ())
    assert result.items[0].startswith("As a payee, I want to plan a transfer")
    assert result.tokens["prompt"] == 5


async def test_an_action_that_was_outlined_and_not_written_is_lost_to_the_wording(knowledge: Knowledge) -> None:
    result = await asked(knowledge, stories("schedule a transfer", "see the transfer limit"))
    assert result.missed == ("cancel a transfer (wording)",)
    assert result.extra == ("see the transfer limit",)
    assert result.holds


async def test_a_reply_that_is_junk_fails_with_the_sentence_and_every_action_missed(knowledge: Knowledge) -> None:
    result = await asked(knowledge, "I am sorry")
    assert not result.holds
    assert (result.outcome, len(result.missed)) == ("failed", 2)
    assert result.failure


async def test_a_brief_without_meaning_must_be_asked_about(knowledge: Knowledge) -> None:
    result = await asked(knowledge, stories("view an account"), NONSENSE)
    assert (result.outcome, result.holds, result.items) == ("questions", True, ())


async def test_the_cases_of_a_stage_are_held_to_what_they_expect(knowledge: Knowledge) -> None:
    results = [result async for result in runner(knowledge, stories("register a trip")).run_cases("user_stories")]
    assert [result.id for result in results] == [case.id for case in catalog().stage("user_stories").cases]
    assert len(results[0].unmet) == results[0].actions - 1


def test_an_outline_by_rules_is_judged_without_a_model() -> None:
    result = outlined(BRIEF)
    assert (result.missed, result.sound) == ((), True)


async def test_a_result_comes_back_from_its_json(knowledge: Knowledge) -> None:
    result = await asked(knowledge, stories("plan a transfer"))
    assert Result.from_json(result.as_json()) == result


def test_figures_count_over_all_briefs_and_cover_by_language() -> None:
    good = Result("a", "user_stories", "en", "ordinary", "answered", actions=4, missed=("x",), sound=True, seconds=2.0)
    bad = Result("b", "user_stories", "zh", "hostile", "failed", actions=2, missed=("x", "y"))
    blank = Result("c", "user_stories", "zh", "meaningless", "questions")
    found = figures([good, bad, blank])
    assert (found.answered, found.meaningful, found.asked_back, found.meaningless) == (1, 2, 1, 1)
    assert found.coverage == {"en": (3, 4), "zh": (0, 2)}


def test_a_row_tells_what_stands_against_a_result() -> None:
    bad = Result(
        "b", "user_stories", "en", "ordinary", "failed", actions=2, missed=("x (outline)",), failure="The model is busy."
    )
    assert "FAILED" in line(bad)
    assert "1/2" in line(bad)
    assert [text.strip().split(":")[0] for text in details(bad)] == ["failed", "missed", "outline"]
