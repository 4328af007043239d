"""Keys are made, listed and revoked in the terminal; the text of one alone goes to standard output."""

import asyncio
from pathlib import Path

import pytest

from channels.people import LOCAL_ANALYST
from channels.terminal.cli import main
from channels.terminal.door import Door
from records.database import Database, sqlite_url
from records.keys import Key, Keys
from records.people import Identity, People
from settings import ApiSettings, Settings


@pytest.fixture
def door(tmp_path: Path) -> Door:
    settings = Settings(data_dir=tmp_path / "data", api=ApiSettings(key_days=7))
    return Door(load=lambda: settings)


def found(tmp_path: Path, text: str) -> Key | None:
    async def find() -> Key | None:
        database = Database(sqlite_url(tmp_path / "data"))
        try:
            return await Keys(database).find(text)
        finally:
            await database.close()

    return asyncio.run(find())


def signed_in(tmp_path: Path, email: str) -> str:
    async def sign_in() -> str:
        database = Database(sqlite_url(tmp_path / "data"))
        try:
            identity = Identity("https://sso.example", "1", "Ana", email, email_verified=True)
            return (await People(database).sign_in(identity, door="page")).id
        finally:
            await database.close()

    return asyncio.run(sign_in())


def test_a_key_is_made_shown_once_listed_and_revoked(door: Door, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "create", "IDE at work", "--scope", "ask", "--workspace", "Cards"], door) == 0
    text = capsys.readouterr().out.strip()
    key = found(tmp_path, text)
    assert key is not None
    assert (key.person, key.name, key.scopes, key.workspace) == (LOCAL_ANALYST.id, "IDE at work", frozenset({"ask"}), "Cards")
    assert (key.expires - key.created).days == 7
    assert main(["keys", "list"], door) == 0
    listed = capsys.readouterr().out
    assert key.id in listed
    assert f"…{key.ending}" in listed
    assert text not in listed
    assert main(["keys", "revoke", key.id], door) == 0
    assert found(tmp_path, text) is None
    assert main(["keys", "revoke", key.id], door) == 1
    assert "no such key" in capsys.readouterr().err
    assert main(["keys", "list"], door) == 0
    assert "There are no keys" in capsys.readouterr().err


def test_where_people_sign_in_a_key_is_somebodys(door: Door, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "create", "script", "--person", "ana@bank.example"], door) == 1
    assert "sign in once" in capsys.readouterr().err
    person = signed_in(tmp_path, "ana@bank.example")
    assert main(["keys", "create", "script", "--person", "ana@bank.example"], door) == 0
    key = found(tmp_path, capsys.readouterr().out.strip())
    assert key is not None
    assert key.person == person
    assert main(["keys", "revoke", key.id], door) == 1, "it is not the local analyst's"
