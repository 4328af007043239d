"""`stagecraft people`: the directory from the terminal."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from channels.terminal.cli import main
from channels.terminal.door import Door
from records.database import Database, sqlite_url
from records.passwords import Passwords
from records.people import People
from records.sessions import Sessions
from settings import Settings

EMAIL = "ana@bank.test"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    door = Door(lambda: Settings(data_dir=tmp_path))

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        code = main(["people", *arguments], door)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def asked(folder: Path, work: Callable[[Database], Awaitable[Any]]) -> Any:
    """Do something with the records that the commands leave behind."""

    async def done() -> Any:
        database = Database(sqlite_url(folder))
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(done())


def added(run: Run) -> str:
    code, out, err = run(
        "add", EMAIL, "--name", "Ana\x1b[31m Lim", "--role", "curator", "--group", "cards", typed="four words and more\n"
    )
    assert (code, err) == (0, "")
    return out.split()[0]


def test_a_person_is_added_with_a_password_that_is_never_shown(run: Run, tmp_path: Path) -> None:
    person = added(run)
    _, out, _ = run("list")
    assert f"{person}  Ana[31m Lim\n" in out
    assert "ana@bank.test · curator · cards, everyone" in out
    assert "four words" not in out
    assert asked(tmp_path, lambda database: Passwords(database).owner(EMAIL, "four words and more")) == person


def test_the_directory_is_told_as_json_and_empty_it_says_how_to_begin(run: Run) -> None:
    assert run("list", "--json") == (0, "[]\n", "")
    assert "stagecraft people add" in run("list")[2]
    person = added(run)
    (told,) = json.loads(run("list", "--json")[1])
    assert (told["id"], told["email"], told["roles"], told["active"]) == (person, EMAIL, ["curator"], True)


def test_roles_and_groups_are_set_in_the_place_of_those_before(run: Run) -> None:
    person = added(run)
    assert "admin, steward" in run("roles", EMAIL, "steward", "admin")[1]
    assert "no role" in run("roles", person)[1]
    assert "everyone, risk" in run("groups", "ANA@bank.test", "risk")[1]
    assert run("roles", EMAIL, "king")[0] == 2
    assert run("roles", "nobody", "admin") == (1, "", "There is no such person; `stagecraft people list` shows them.\n")


def test_a_new_password_or_a_sign_out_ends_every_session(run: Run, tmp_path: Path) -> None:
    person = added(run)
    first = asked(tmp_path, lambda database: Sessions(database).begin(person, "page"))
    assert run("sign-out", EMAIL)[2] == "Sessions ended: 1\n"
    assert asked(tmp_path, lambda database: Sessions(database).find(first)) is None
    second = asked(tmp_path, lambda database: Sessions(database).begin(person, "page"))
    assert run("password", EMAIL, typed="another long secret\n")[0] == 0
    assert asked(tmp_path, lambda database: Sessions(database).find(second)) is None
    assert asked(tmp_path, lambda database: Passwords(database).owner(EMAIL, "another long secret")) == person


def test_a_person_is_deactivated_and_let_in_again(run: Run, tmp_path: Path) -> None:
    added(run)
    assert "deactivated" in run("deactivate", EMAIL)[1]
    assert not asked(tmp_path, lambda database: People(database).look_up(EMAIL)).active
    assert "deactivated" not in run("deactivate", EMAIL, "--undo")[1]
    assert asked(tmp_path, lambda database: People(database).look_up(EMAIL)).active


@pytest.mark.parametrize("arguments", [("add", EMAIL, "--name", "Ana"), ("password", EMAIL)])
def test_a_password_that_is_too_short_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    added(run)
    code, out, err = run(*arguments, typed="short\n")
    assert (code, out) == (1, "")
    assert "12 to 1024 characters" in err


def test_what_is_no_e_mail_is_wrong_usage(run: Run) -> None:
    code, _, err = run("add", "ana", "--name", "Ana")
    assert code == 2
    assert "no e-mail" in err
