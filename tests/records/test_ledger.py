"""The ledger holds every turn, also the one that never came to its end."""

import asyncio
import signal
import sys
from dataclasses import fields, replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from errors import BriefError
from records.artifacts import NewArtifact, Workspace
from records.database import Database, now
from records.instances import this_instance
from records.ledger import Ledger
from records.tables import turns
from records.turns import Adoption, AdoptionRate, Draft, TurnEnd, TurnStart
from records.workspaces import Workspaces

ANA, BEN = "ana", "ben"
ROOT = Path(__file__).parents[2]
# Begins a turn, saves some of the answer, says so and goes on answering for ever.
ANSWERING_PROGRAM = """
import asyncio, sys
from records.database import Database
from records.ledger import Ledger
from records.turns import TurnStart

async def main():
    ledger = Ledger(Database(sys.argv[1]))
    start = TurnStart(sys.argv[2], "user_stories", "requirements", "ana", "browser", "en", "Freeze a card", "a" * 64)
    turn = await ledger.begin_turn(start)
    await ledger.save_draft(turn, "As a customer I want")
    print(turn, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""
END = TurnEnd(
    outcome="answered",
    draft="As a customer …",
    passages=({"key": "P1"},),
    steps=({"name": "gather", "seconds": 0.1},),
    findings=({"check": "has_benefit"},),
    mends=({"what": "trimmed"},),
    prompt=({"messages": [{"role": "system", "text": "规则"}]},),
    tokens={"prompt": 900, "completion": 120},
    seconds=3.5,
    written={"replies": {"S1": {"want": "冻结"}}},
)


async def test_a_turn_is_on_record_before_its_answer_starts(ledger: Ledger, start: TurnStart, database: Database) -> None:
    turn_id = await ledger.begin_turn(start)
    reader = Database(database.url)
    turn = await Ledger(reader).turn(turn_id, owner=ANA)
    await reader.close()
    assert turn is not None
    assert {field.name: getattr(turn, field.name) for field in fields(start)} == vars(start)
    assert (turn.outcome, turn.draft, turn.ended, turn.instance) == ("answering", "", None, this_instance())
    assert turn.started.tzinfo is UTC
    assert now() - turn.started < timedelta(seconds=30)


async def test_an_ended_turn_holds_how_its_answer_came_about(
    ledger: Ledger, workspaces: Workspaces, start: TurnStart, stories: NewArtifact
) -> None:
    turn_id = await ledger.begin_turn(start)
    kept = await workspaces.add_artifact(replace(stories, turn=turn_id), owner=ANA)
    assert await ledger.end_turn(turn_id, replace(END, artifact=kept.artifact.id, model="model-b"))
    turn = await ledger.turn(turn_id, owner=ANA)
    assert turn is not None
    told = {field.name: getattr(turn, field.name) for field in fields(END)}
    assert told == vars(replace(END, artifact=kept.artifact.id, model="model-b"))
    assert turn.ended is not None
    assert turn.ended >= turn.started


async def test_a_failed_turn_keeps_its_draft_and_the_sentence_that_was_shown(ledger: Ledger, start: TurnStart) -> None:
    turn_id = await ledger.begin_turn(start)
    await ledger.save_draft(turn_id, "half a sto")
    await ledger.save_draft(turn_id, "half a story")
    await ledger.end_turn(turn_id, TurnEnd("failed", failure_id="7f3a", failure="The model service cannot be reached."))
    turn = await ledger.turn(turn_id, owner=ANA)
    assert turn is not None
    assert (turn.outcome, turn.draft, turn.model) == ("failed", "half a story", "model-a")
    assert (turn.failure_id, turn.failure) == ("7f3a", "The model service cannot be reached.")


async def test_the_first_end_of_a_turn_stands(ledger: Ledger, start: TurnStart) -> None:
    turn_id = await ledger.begin_turn(start)
    assert await ledger.end_turn(turn_id, END)
    assert not await ledger.end_turn(turn_id, TurnEnd("cancelled"))
    await ledger.save_draft(turn_id, "too late")
    turn = await ledger.turn(turn_id, owner=ANA)
    assert turn is not None
    assert (turn.outcome, turn.draft) == ("answered", END.draft)


async def test_a_turn_of_a_killed_program_is_interrupted_at_the_next_start(
    ledger: Ledger, workspace: Workspace, database: Database
) -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ANSWERING_PROGRAM, database.url, workspace.id, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert program.stdout is not None
    turn_id = (await program.stdout.readline()).decode().strip()
    assert await ledger.mark_interrupted(this_instance()) == (), "it is still answering"
    program.send_signal(signal.SIGKILL)
    await program.wait()
    assert await ledger.mark_interrupted(this_instance()) == (turn_id,)
    turn = await ledger.turn(turn_id, owner=ANA)
    assert turn is not None
    assert (turn.outcome, turn.draft) == ("interrupted", "As a customer I want")
    assert turn.ended is not None
    assert await ledger.mark_interrupted(this_instance()) == ()


async def test_a_turn_of_another_host_counts_as_left_behind_after_an_hour(
    ledger: Ledger, start: TurnStart, database: Database
) -> None:
    fresh, old = [await ledger.begin_turn(replace(start, instance="elsewhere:1:5")) for _ in range(2)]
    async with database.begin() as connection:
        await connection.execute(turns.update().where(turns.c.id == old).values(started=now() - timedelta(minutes=61)))
    assert await ledger.mark_interrupted(this_instance()) == (old,)
    assert await ledger.end_turn(fresh, END)


async def test_this_programs_own_turns_and_ended_ones_are_never_interrupted(ledger: Ledger, start: TurnStart) -> None:
    await ledger.begin_turn(start)
    ended = await ledger.begin_turn(replace(start, instance=f"{this_instance()}0"))
    await ledger.end_turn(ended, END)
    assert await ledger.mark_interrupted(this_instance()) == ()


async def test_a_turn_called_interrupted_by_mistake_still_takes_its_true_end(ledger: Ledger, start: TurnStart) -> None:
    turn_id = await ledger.begin_turn(replace(start, instance=f"{this_instance()}0"))
    assert await ledger.mark_interrupted(this_instance()) == (turn_id,)
    assert await ledger.end_turn(turn_id, END)
    turn = await ledger.turn(turn_id, owner=ANA)
    assert turn is not None
    assert turn.outcome == "answered"


async def test_turns_are_listed_newest_first_and_only_to_their_asker(ledger: Ledger, start: TurnStart) -> None:
    ids = [await ledger.begin_turn(start) for _ in range(3)]
    assert [turn.id for turn in await ledger.turns(start.workspace, 2, owner=ANA)] == [ids[2], ids[1]]
    assert await ledger.turns(start.workspace, owner=BEN) == ()
    assert await ledger.turn(ids[0], owner=BEN) is None
    assert await ledger.turn("missing", owner=ANA) is None


@pytest.mark.parametrize("change", [{"asker": BEN}, {"workspace": "missing"}, {"artifact": "missing"}])
async def test_a_turn_in_what_is_somebody_elses_is_refused(ledger: Ledger, start: TurnStart, change: dict[str, Any]) -> None:
    with pytest.raises(BriefError, match="There is no such"):
        await ledger.begin_turn(replace(start, **change))
    assert await ledger.turns(start.workspace, owner=ANA) == ()


async def test_an_adoption_names_the_turn_that_wrote_the_version(
    ledger: Ledger, workspaces: Workspaces, start: TurnStart, stories: NewArtifact
) -> None:
    turn_id = await ledger.begin_turn(start)
    kept = await workspaces.add_artifact(replace(stories, turn=turn_id), owner=ANA)
    edited = Adoption(kept.artifact.id, 1, ANA, "edited", "S1", before="no loss", after="less loss 更少", reason="vague")
    adoption_id = await ledger.record_adoption(edited)
    (found,) = await ledger.adoptions(kept.artifact.id, owner=ANA)
    assert (found.id, found.adoption) == (adoption_id, replace(edited, turn=turn_id))
    assert found.created.tzinfo is UTC
    assert await ledger.adoptions(kept.artifact.id, owner=BEN) == ()


@pytest.mark.parametrize(("person", "version"), [(BEN, 1), (ANA, 2)])
async def test_only_a_version_of_ones_own_is_adopted(
    ledger: Ledger, workspaces: Workspaces, stories: NewArtifact, person: str, version: int
) -> None:
    kept = await workspaces.add_artifact(stories, owner=ANA)
    with pytest.raises(BriefError, match="There is no such artifact"):
        await ledger.record_adoption(Adoption(kept.artifact.id, version, person, "accepted"))
    assert await ledger.adoptions(kept.artifact.id, owner=ANA) == ()


async def test_rates_count_a_persons_last_word_by_stage_and_version_of_the_prompt(
    ledger: Ledger, workspaces: Workspaces, start: TurnStart, stories: NewArtifact
) -> None:
    words = {"a" * 64: ("rejected", "accepted"), "b" * 64: ("edited",)}
    for prompt_hash, kinds in words.items():
        turn_id = await ledger.begin_turn(replace(start, prompt_hash=prompt_hash))
        kept = await workspaces.add_artifact(replace(stories, turn=turn_id), owner=ANA)
        for kind in kinds:
            await ledger.record_adoption(Adoption(kept.artifact.id, 1, ANA, kind, "S1"))  # type: ignore[arg-type]
        await ledger.record_adoption(Adoption(kept.artifact.id, 1, ANA, "rejected", "S2"))
    by_hand = await workspaces.add_artifact(stories, owner=ANA)
    await ledger.record_adoption(Adoption(by_hand.artifact.id, 1, ANA, "accepted"))
    assert await ledger.adoption_rates() == (
        AdoptionRate("user_stories", "a" * 64, accepted=1, edited=0, rejected=1),
        AdoptionRate("user_stories", "b" * 64, accepted=0, edited=1, rejected=1),
    )
    assert [rate.rate for rate in await ledger.adoption_rates()] == [0.5, 0.5]
    assert AdoptionRate("user_stories", "c", 0, 0, 0).rate == 0.0


async def test_what_the_model_writes_never_loses_the_turn(ledger: Ledger, start: TurnStart) -> None:
    turn_id = await ledger.begin_turn(replace(start, brief="a\x00b"))
    await ledger.save_draft(turn_id, "half \ud83d")
    assert await ledger.end_turn(turn_id, replace(END, draft="\x00", prompt=({"messages": ["\x00"]},)))
    turn = await ledger.turn(turn_id, owner=ANA)
    assert turn is not None
    assert (turn.brief, turn.draft) == ("a\ufffdb", "\ufffd")


async def test_the_drafts_of_many_turns_are_committed_at_once_and_an_ended_turn_keeps_its_own(
    ledger: Ledger, start: TurnStart
) -> None:
    first, second, ended = [await ledger.begin_turn(start) for _ in range(3)]
    await ledger.end_turn(ended, TurnEnd("failed", draft="the end"))
    await ledger.save_drafts([Draft(first, "one", {"passages": ["P1"]}), Draft(second, "two"), Draft(ended, "too late")])
    await ledger.save_drafts([])
    turns = [await ledger.turn(turn, owner=start.asker) for turn in (first, second, ended)]
    assert [turn and turn.draft for turn in turns] == ["one", "two", "the end"]
    assert turns[0] is not None
    assert turns[0].written == {"passages": ["P1"]}
