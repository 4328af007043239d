"""What people see in Slack is what the directory lets them read, and in a channel no more than the channel may."""

import asyncio
import re
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from chains.endpoint.asking import Ask
from channels.slack.resting import Resting
from records.people import Identity, People
from records.slack_places import SlackChannel, SlackPlaces
from tests.doubles.fake_slack import BOT, FakeSlack
from tests.doubles.packs import asset
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.scripted_replies import EN, stories
from tests.doubles.slack_payloads import event, mention, message, press
from tests.doubles.slack_served import Served, named, opened, text_of
from tests.doubles.small_house import SmallHouse, copied, write_bank
from tests.doubles.small_house import opened as opened_house

SECRET = "Income records over 5000 EUR are looked at by the risk desk within the day."


class Model(ScriptedEndpoint):
    """Cites the secret passage where it is shown."""

    def __init__(self) -> None:
        super().__init__(lambda ask: stories(source=self.secret(ask)))

    @staticmethod
    def shown(ask: Ask) -> str:
        return "\n".join(part.text for part in ask.messages if part.role == "user")

    def secret(self, ask: Ask) -> str | None:
        found = re.search(r"\[(P\d+)\][^\[]*risk desk", self.shown(ask))
        return found[1] if found else None

    @property
    def knew(self) -> list[bool]:
        """For each call, whether the secret was shown."""
        return ["risk desk" in self.shown(ask) for ask in self.asks]


class Bank:
    """A house with one passage that the group "risk" alone may read; Ana is in it, Ben is not."""

    def __init__(self, house: SmallHouse, served: Served, model: Model) -> None:
        self.house, self.served, self.model = house, served, model
        self.places = SlackPlaces(house.database)

    async def ask(self, payload: Any, channel: str) -> Any:
        before = len([one for one in self.served.slack.ours(channel) if one.blocks and not one.streaming])
        await self.served.send(event(payload))
        return await self.served.card(channel, before)


async def prepare(folder: Path) -> None:
    pack = write_bank(folder / "pack")
    secret = pack / "shelves/rules/secret.en.md"
    secret.write_text(asset("rules", "risk", "approved", f"# Income records\n\n{SECRET}", "en"), "utf-8")
    async with opened_house(folder, pack=pack) as house:
        await house.knowledge.sync_pack()
        people = People(house.database)
        for name, groups in (("ana", {"risk"}), ("ben", set())):
            identity = Identity(
                "corp", name, name.title(), f"{name}@bank.example", True, frozenset(groups), frozenset({"analyst"})
            )
            await people.sign_in(identity, door="page")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the bank; made in a thread, since a test's loop may be running in this one."""
    folder = tmp_path_factory.mktemp("bank")
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, prepare(folder)).result()
    return folder


@pytest.fixture
async def bank(prepared: Path, tmp_path: Path, slack: FakeSlack) -> AsyncIterator[Bank]:
    async with opened_house(copied(prepared, tmp_path / "bank")) as house:
        model = Model()
        assistant = house.assistant(model)
        async with opened(house.database, slack, assistant, Resting(house.database, house.knowledge)) as served:
            yield Bank(house, served, model)


async def test_a_direct_message_sees_what_the_person_may_read(bank: Bank) -> None:
    card = await bank.ask(message(EN), "D1")
    assert bank.model.knew == [True]
    assert "risk desk" in text_of(card)


async def test_a_channel_sees_what_is_open_to_everyone_whoever_asks(bank: Bank) -> None:
    card = await bank.ask(mention(EN), "C1")
    assert bank.model.knew == [False]
    assert "risk desk" not in text_of(card)


async def test_a_channel_mapped_to_a_group_sees_it_when_the_asker_is_in_the_group(bank: Bank) -> None:
    await bank.places.settle_channel(SlackChannel("C1", "risk", None))
    bank.served.slack.members["C1"] = ["UANA", "UBEN", BOT]
    await bank.ask(mention(EN), "C1")
    await bank.ask(mention(EN, user="UBEN"), "C1")
    assert bank.model.knew == [True, False]


@pytest.mark.parametrize("what", ["guest", "stranger", "shared", "invited", "unknown", "crowd"])
async def test_a_mapped_channel_in_which_others_read_along_sees_what_is_open(bank: Bank, what: str) -> None:
    slack = bank.served.slack
    await bank.places.settle_channel(SlackChannel("C1", "risk", None))
    slack.members["C1"] = ["UANA", "UGUEST"]
    slack.person("UGUEST", email="guest@bank.example", is_restricted=what == "guest", is_stranger=what == "stranger")
    if what == "shared":
        slack.conversations["C1"] = {"is_shared": True, "is_ext_shared": True}
    elif what == "invited":
        slack.conversations["C1"] = {"pending_connected_team_ids": ["T9"]}
    elif what == "unknown":
        slack.refuse("conversations.members", "missing_scope")
    elif what == "crowd":
        slack.members["C1"] = ["UANA"] * 301
    await bank.ask(mention(EN), "C1")
    assert bank.model.knew == [False]


async def test_an_artifact_is_not_found_by_somebody_else_who_presses_its_buttons(bank: Bank) -> None:
    card = await bank.ask(mention(EN), "C1")
    for action in ("accept", "edit", "reject", "download", "carry_on"):
        item = "S1" if action in ("accept", "edit", "reject") else ""
        await bank.served.send(press(named(card, action, item), card, user="UBEN"))
    await bank.served.until(lambda: len(bank.served.told()) == 5)
    assert len(set(bank.served.told())) == 1
    assert "属于提出需求的人" in bank.served.told()[0] or "belongs to the person" in bank.served.told()[0]
    assert not bank.served.slack.of("views.open")
    assert not bank.served.slack.files
    assert len(bank.model.asks) == 1


async def test_what_rests_on_private_knowledge_is_not_carried_into_a_channel(bank: Bank) -> None:
    private = await bank.ask(message(EN), "D1")
    forwarded = press(named(private, "carry_on"), private)
    forwarded["channel"]["id"] = "C1"
    download = press(named(private, "download"), private)
    download["channel"]["id"] = "C1"
    for payload in (forwarded, download):
        await bank.served.send(payload)
    await bank.served.until(lambda: len(bank.served.told()) == 2)
    assert "this channel may not see" in bank.served.told()[0]
    assert not bank.served.slack.files
    assert len(bank.model.asks) == 1


async def test_the_browser_shows_the_same_workspace(bank: Bank) -> None:
    card = await bank.ask(mention(EN), "C1")
    found = await People(bank.house.database).by_email("ana@bank.example")
    assert found is not None
    workspace = await bank.house.workspaces.open("default", found.id)
    (artifact,) = await bank.house.workspaces.artifacts(workspace.id, owner=found.id)
    assert f"https://stagecraft.bank.example/?artifact={artifact.id}" in text_of(card)


async def test_a_channel_may_have_a_workspace_of_its_own(bank: Bank) -> None:
    await bank.places.settle_channel(SlackChannel("C1", None, "Cards 2026"))
    await bank.ask(mention(EN), "C1")
    found = await People(bank.house.database).by_email("ana@bank.example")
    assert found is not None
    assert [one.name for one in await bank.house.workspaces.list(found.id)] == ["Cards 2026"]


async def test_what_follows_in_a_thread_adds_to_its_brief_for_the_same_person_alone(bank: Bank) -> None:
    start = mention(EN)
    await bank.ask(start, "C1")
    await bank.ask(message("Amounts are in EUR", channel="C1", thread=start["ts"]), "C1")
    await bank.ask(message("Also delete them", channel="C1", thread=start["ts"], user="UBEN"), "C1")
    found = await People(bank.house.database).by_email("ana@bank.example")
    ben = await People(bank.house.database).by_email("ben@bank.example")
    assert found is not None
    assert ben is not None
    workspace = await bank.house.workspaces.open("default", found.id)
    turns = await bank.house.ledger.turns(workspace.id, owner=found.id)
    assert turns[0].brief == f"{EN}\n\nAmounts are in EUR"
    his = await bank.house.workspaces.open("default", ben.id)
    assert [one.brief for one in await bank.house.ledger.turns(his.id, owner=ben.id)] == ["Also delete them"]
