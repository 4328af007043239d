"""People of every kind with things of their own on record, for the access matrix: each thing by the name under which a route asks for it."""

import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from assembly import House, assemble
from chains.events import Person
from chains.gathering.gather import sources_of
from channels.people import as_person
from records.artifacts import NewArtifact
from records.chats import Chats
from records.database import Database
from records.keys import Keys
from records.ledger import Ledger
from records.people import Identity, People
from records.sessions import Sessions
from records.turns import TurnEnd, TurnStart
from records.workspaces import Workspaces
from settings import KnowledgeSettings, Settings

SCENARIOS = """Feature: S1 Freezing
  As a cardholder, I want to freeze my debit card, so that nobody can use it.

  Scenario: S1-1 An active card is frozen
    Given an active debit card
    When the cardholder freezes it
    Then its status is frozen
"""
# Roles, groups and the door of each kind of person; "stranger" owns what is foreign to all of them.
KINDS: dict[str, tuple[frozenset[str], frozenset[str], str]] = {
    "admin": (frozenset({"analyst", "admin"}), frozenset(), "page"),
    "steward": (frozenset({"analyst", "steward"}), frozenset(), "page"),
    "curator": (frozenset({"analyst", "curator"}), frozenset(), "page"),
    "analyst": (frozenset({"analyst"}), frozenset(), "page"),
    "other group": (frozenset({"analyst"}), frozenset({"treasury"}), "page"),
    "widget only": (frozenset({"analyst"}), frozenset(), "widget"),
    "stranger": (frozenset({"analyst"}), frozenset({"risk"}), "page"),
}


@dataclass(frozen=True)
class Owned:
    """What belongs to one person: a session's token, a key's text, and ids by the names that routes use."""

    person: Person
    door: str
    session: str
    key: str
    ids: dict[str, str]

    @property
    def cookies(self) -> dict[str, str]:
        """What this person's browser holds; the widget's session has a cookie of its own."""
        return {"stagecraft_widget" if self.door == "widget" else "stagecraft_session": self.session}

    def unknown(self) -> dict[str, str]:
        """Return ids of the same form that name nothing; what is no id stays."""
        return {name: str(uuid.uuid4()) if _is_id(value) else value for name, value in self.ids.items()}


async def build(data_dir: Path) -> dict[str, Owned]:
    """Put everybody and what is theirs on record below a data folder."""
    house = assemble(Settings(data_dir=data_dir, knowledge=KnowledgeSettings(embedding="none")), index="memory")
    await house.start()
    try:
        return {kind: await _put(house, kind) for kind in KINDS}
    finally:
        await house.stop()


async def _put(house: House, kind: str) -> Owned:
    assert house.database is not None
    roles, groups, door = KINDS[kind]
    email = f"{kind.replace(' ', '.')}@bank.example"
    told = Identity("test", kind, kind.title(), email, email_verified=True, groups=groups, roles=roles)
    found = await People(house.database).sign_in(told, door="page")
    session = await Sessions(house.database).begin(found.id, door)
    key, kept = await Keys(house.database).create(found.id, "matrix")
    person = as_person(found)
    ids = await _work(house, person, kind) | await _chat(house.database, person.id) | {"key": kept.id}
    return Owned(person, door, session, key, ids)


async def _work(house: House, person: Person, kind: str) -> dict[str, str]:
    """Keep an artifact that cites a passage, and the turn that it came of."""
    assert house.database is not None
    assert house.assistant is not None
    assert house.knowledge is not None
    workspaces, ledger, name = Workspaces(house.database), Ledger(house.database), f"work of {kind}"
    kept = await house.assistant.keep(SCENARIOS, person, workspace=name, stage="acceptance_criteria", language="en")
    version = await workspaces.artifact(kept.artifact_id, owner=person.id)
    assert version is not None
    sources = sources_of(await house.knowledge.search("freeze a debit card", groups=person.reads, shelves=(), limit=1))
    start = TurnStart(version.artifact.workspace, "acceptance_criteria", "discovery", person.id, "page", "en", "freeze", "0" * 64)
    turn = await ledger.begin_turn(start)
    prompt = ({"name": "whole", "messages": [{"role": "user", "text": f"secret of {kind}"}], "schema": {}, "reply": "{}"},)
    body = {**version.body, "scenarios": [{**one, "sources": [sources[0].key]} for one in version.body["scenarios"]]}
    cited = tuple(asdict(source) for source in sources)
    new = NewArtifact(
        workspace=version.artifact.workspace,
        stage="acceptance_criteria",
        title=f"Freezing of {kind}",
        language="en",
        author=person.id,
        body=body,
        sources=cited,
        reason="written",
        turn=turn,
    )
    written = await workspaces.add_artifact(new, owner=person.id)
    artifact = written.artifact.id
    await ledger.end_turn(turn, TurnEnd("answered", artifact, passages=cited, prompt=prompt))
    item = body["scenarios"][0]["id"]
    return {
        "artifact": artifact,
        "turn": turn,
        "workspace": name,
        "item": item,
        "source": sources[0].key,
        "diagram": "courses-s1",
    }


async def _chat(database: Database, owner: str) -> dict[str, str]:
    """Keep a thread with a message, a file and a thumb."""
    chats, thread, step, file = Chats(database), str(uuid.uuid4()), str(uuid.uuid4()), str(uuid.uuid4())
    await chats.keep_step(thread, owner, {"id": step, "type": "user_message", "name": "me", "output": f"words of {owner}"})
    element = {"id": file, "step": step, "type": "file", "name": "notes.txt", "mime": "text/plain"}
    assert await chats.keep_element(thread, owner, element, content=f"file of {owner}".encode())
    return {"thread": thread, "step": step, "file": file, "feedback": await chats.judge(owner, step, 1, "good")}


def _is_id(value: str) -> bool:
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True
