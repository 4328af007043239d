"""What the house makes of a capable private model's answers: whole artifacts through the real chain, over the sample pack."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from assembly import assemble
from chains.assistant import Assistant
from chains.cards.cards import ArtifactCard
from chains.events import AnswerFailed, ArtifactReady, Event, Person, Request
from channels.elements.cards import card_props
from channels.texts import texts_in
from settings import EndpointSettings, KnowledgeSettings, Settings
from stages.findings import Finding
from tests.doubles.capable_replies import Json, capable_answers, capable_reply
from tests.doubles.misbehaving_server import MisbehavingServer
from tests.doubles.small_house import copied
from tests.journeys.taken_away import dry_run, scenarios_in

pytestmark = pytest.mark.slow
ANALYST = Person("analyst", "Analyst")
ANSWERS = pytest.mark.parametrize("answer", capable_answers(), ids=["card freeze", "early repayment", "payees", "card dispute"])


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Assistant]:
    """Open a house over the sample pack, with the capable model as its endpoint."""
    async with MisbehavingServer([capable_reply]) as server:
        endpoint = EndpointSettings(base_url=server.base_url, model="scripted", structured="schema", context_tokens=16_384)
        settings = Settings(data_dir=folder, endpoint=endpoint, knowledge=KnowledgeSettings(embedding="none"))
        house = assemble(settings, index="memory")
        try:
            yield await house.start()
        finally:
            await house.stop()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the sample pack."""
    folder = tmp_path_factory.mktemp("prepared")

    async def take_in() -> None:
        async with opened(folder):
            pass

    asyncio.run(take_in())
    return folder


async def answered(assistant: Assistant, request: Request) -> ArtifactCard:
    """Return the card of what came of a request."""
    events: list[Event] = [event async for event in assistant.answer(request)]
    assert [event for event in events if isinstance(event, AnswerFailed)] == []
    (ready,) = [event for event in events if isinstance(event, ArtifactReady)]
    return await assistant.card(ready.artifact_id, ANALYST)


async def stories_of(assistant: Assistant, answer: Json) -> ArtifactCard:
    return await answered(assistant, Request("user_stories", answer["brief"], ANALYST))


async def criteria_of(assistant: Assistant, answer: Json) -> ArtifactCard:
    """Accept the stories that the person would, and carry on."""
    stories = await stories_of(assistant, answer)
    for item in answer["accepted"]:
        await assistant.accept(stories.artifact_id, stories.version, ANALYST, item)
    return await answered(assistant, Request("acceptance_criteria", "", ANALYST, upstream=(stories.artifact_id,)))


def all_findings(card: ArtifactCard) -> list[Finding]:
    return [*card.findings, *(finding for item in card.items for finding in item.findings)]


@ANSWERS
async def test_the_stories_of_a_capable_model_stand_with_terms_marked_and_sources_that_exist(
    prepared: Path, tmp_path: Path, answer: Json
) -> None:
    async with opened(copied(prepared, tmp_path / "house")) as assistant:
        card = await stories_of(assistant, answer)
        told = answer["user_stories"]
        assert [item.view.id for item in card.items] == [story["id"] for story in told["stories"]]
        assert list(card.questions) == told["questions"]
        assert card.language == answer["language"]
        assert [finding for finding in all_findings(card) if finding.severity != "hint"] == []
        keys = {source.key for source in card.sources}
        cited = [key for item in card.items for key in item.view.sources]
        assert cited
        assert set(cited) == keys
        props = card_props(card, texts_in(card.language), assistant.marks)
        marked = {part["term"] for item in props["items"] for line in item["lines"] for part in line["parts"] if "term" in part}
        assert marked >= {story["role"] for story in told["stories"]}


@ANSWERS
async def test_the_criteria_of_a_capable_model_come_back_from_gherkin_and_every_step_is_found(
    prepared: Path, tmp_path: Path, answer: Json
) -> None:
    async with opened(copied(prepared, tmp_path / "house")) as assistant:
        card = await criteria_of(assistant, answer)
        told = answer["acceptance_criteria"]["scenarios"]
        assert [item.view.id for item in card.items] == [scenario["id"] for scenario in told]
        # The passages are searched anew, by the stories' sentences: a number of a passage that is not found again is warned of.
        assert {finding.rule for finding in all_findings(card) if finding.severity != "hint"} <= {
            "unsupported-number",
            "boundary-unfounded",
        }
        assert {source.key for source in card.sources} == {key for item in card.items for key in item.view.sources} != set()
        feature = (await assistant.export(card.artifact_id, ANALYST, "feature", None)).content.decode()
        read = scenarios_in(feature)
        assert [scenario["name"] for scenario in read] == [scenario["name"] for scenario in told]
        assert [bool(scenario["examples"]) for scenario in read] == [bool(scenario["columns"]) for scenario in told]
        ran = dry_run((await assistant.export(card.artifact_id, ANALYST, "zip", None)).content, tmp_path / "zip")
        assert ran.returncode == 0, ran.stdout + ran.stderr


@ANSWERS
async def test_a_word_that_must_not_be_used_is_mended_and_the_mend_is_shown(prepared: Path, tmp_path: Path, answer: Json) -> None:
    forbidden = {"cash card": "debit card", "受益人": "收款人", "交易纠纷": "交易争议"}
    async with opened(copied(prepared, tmp_path / "house")) as assistant:
        card = await stories_of(assistant, answer)
        written = " ".join(story["want"] + story["benefit"] for story in answer["user_stories"]["stories"])
        for word, official in forbidden.items():
            mends = [mend for mend in card.mends if word in mend.before]
            assert bool(mends) == (word in written)
            assert all(official in mend.after for mend in mends)
