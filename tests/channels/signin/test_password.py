"""Signing in with a password, and what a guesser meets."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.requests import HTTPConnection

from channels.signin.cookies import SESSION
from channels.signin.limits import SignInLimits
from channels.signin.options import SignIn
from errors import BriefError
from records.passwords import Passwords
from records.people import Identity, People
from records.people_tables import sign_in_attempts
from records.sessions import Sessions
from tests.doubles.signin_page import HTML, SignInPage, signin_page

EMAIL, SECRET = "ana@bank.test", "four words and more"
OWN = {"origin": "http://127.0.0.1:8000"}


SIGNIN = SignIn("password", admins=frozenset({EMAIL}))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which Ana has a password: hashing takes a while."""

    async def prepare(folder: Path) -> None:
        async with signin_page(SIGNIN, folder) as page:
            ana = await People(page.database).sign_in(Identity("password", EMAIL, "Ana Lim", EMAIL, email_verified=True))
            await Passwords(page.database).set(ana.id, SECRET)

    folder = tmp_path_factory.mktemp("prepared")
    asyncio.run(prepare(folder))
    return folder / "stagecraft.db"


@pytest.fixture
async def page(prepared: Path, tmp_path: Path) -> AsyncIterator[SignInPage]:
    shutil.copyfile(prepared, tmp_path / prepared.name)
    async with signin_page(SIGNIN, tmp_path) as page:
        yield page


async def sign_in(browser: httpx.AsyncClient, email: str = EMAIL, password: str = SECRET, back: str = "/") -> httpx.Response:
    return await browser.post("/signin/password", data={"email": email, "password": password, "next": back}, headers=OWN)


async def test_the_right_password_begins_a_session_that_signing_out_ends(page: SignInPage) -> None:
    async with page.browser() as browser:
        shown = await browser.get("/signin?next=/thread/5", headers=HTML)
        assert 'value="/thread/5"' in shown.text
        assert shown.headers["cache-control"] == "no-store"
        done = await sign_in(browser, back="/thread/5")
        assert (done.status_code, done.headers["location"]) == (303, "/thread/5")
        who = (await browser.get("/who")).json()
        assert (who["name"], who["roles"]) == ("Ana Lim", ["admin", "analyst"])
        assert (await browser.get("/signin?next=/a")).headers["location"] == "/a", "who is signed in goes on"
        held = browser.cookies[SESSION]
        assert (await browser.post("/logout", headers=OWN)).json() == {"success": True}
        assert SESSION not in browser.cookies
        assert len(page.ended) == 1
        async with page.browser(cookie=f"{SESSION}={held}") as thief:
            assert (await thief.get("/who")).status_code == 401
    assert await People(page.database).by_email(EMAIL) is not None, "and Slack knows them from here on"


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "wrong"), ("ben@bank.test", SECRET), (EMAIL, ""), ("", ""), ("\x00", "x")]
)
async def test_a_wrong_name_and_a_wrong_password_are_told_alike(page: SignInPage, email: str, password: str) -> None:
    async with page.browser() as browser:
        answer = await sign_in(browser, email, password)
    assert answer.status_code == 401
    assert "E-mail or password is not right" in answer.text
    assert SESSION not in answer.headers.get("set-cookie", "")
    assert "wrong" not in answer.text


async def test_a_guesser_waits_longer_and_longer_also_with_the_right_password(page: SignInPage) -> None:
    async with page.browser() as browser:
        for _ in range(5):
            assert (await sign_in(browser, password="wrong")).status_code == 401
        locked = await sign_in(browser)
        assert locked.status_code == 429
        assert 0 < int(locked.headers["retry-after"]) <= 16
        assert "Too many attempts" in locked.text
        assert (await sign_in(browser, " ANA@bank.test ")).status_code == 429, "the same name in other letters"
        async with page.database.begin() as connection:
            row = (await connection.execute(sign_in_attempts.select())).mappings().all()
            for one in row:
                await connection.execute(sign_in_attempts.update().values(until=one["until"] - timedelta(minutes=1)))
        assert (await sign_in(browser)).status_code == 303
        assert (await sign_in(browser, password="wrong")).status_code == 401, "and the slate is clean"


async def test_many_guesses_at_the_same_moment_are_no_way_around(page: SignInPage) -> None:
    async with page.browser() as browser:
        answers = await asyncio.gather(*(sign_in(browser, password=f"guess {number}") for number in range(12)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 7


async def test_one_address_cannot_try_names_without_end(page: SignInPage) -> None:
    limits = SignInLimits(page.database, HTTPConnection({"type": "http", "client": ("10.9.9.9", 1), "headers": []}))
    for _ in range(100):
        await limits.take()
    async with page.browser(client="10.9.9.9") as browser, page.browser(client="10.9.9.8") as other:
        assert (await sign_in(browser)).status_code == 429
        assert (await sign_in(other)).status_code == 303


async def test_a_form_of_another_site_signs_nobody_in(page: SignInPage) -> None:
    async with page.browser() as browser:
        for headers in ({"origin": "https://evil.test"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
            form = {"email": EMAIL, "password": SECRET}
            assert (await browser.post("/signin/password", data=form, headers=headers)).status_code == 403
            assert (await browser.post("/logout", headers=headers)).status_code == 403


@pytest.mark.parametrize(
    "back", ["https://evil.test", "//evil.test", "/\\evil.test", "/\t/evil.test", "javascript:alert(1)", "/logout"]
)
async def test_nobody_is_sent_to_another_site(page: SignInPage, back: str) -> None:
    async with page.browser() as browser:
        assert (await sign_in(browser, back=back)).headers["location"] == "/"


async def test_what_is_typed_comes_back_as_text(page: SignInPage) -> None:
    async with page.browser() as browser:
        answer = await sign_in(browser, '"><script>alert(1)</script>', "x")
    assert "<script" not in answer.text
    assert "&#34;&gt;&lt;script&gt;" in answer.text


async def test_the_page_is_in_the_readers_language(page: SignInPage) -> None:
    async with page.browser(**{"accept-language": "zh-CN,zh;q=0.9"}) as browser:
        answer = await sign_in(browser, password="wrong")
    assert '<html lang="zh-CN">' in answer.text
    assert "邮箱或密码不正确" in answer.text


async def test_a_huge_or_strange_form_is_refused(page: SignInPage) -> None:
    async with page.browser() as browser:
        headers = {**OWN, "content-type": "application/x-www-form-urlencoded"}
        assert (await browser.post("/signin/password", content=b"email=" + b"x" * 2_000_000, headers=headers)).status_code == 413
        assert (await browser.post("/signin/password", files={"email": b"x", "password": b"y"}, headers=OWN)).status_code == 401
        assert (await browser.post("/login", data={"username": EMAIL, "password": SECRET}, headers=OWN)).status_code == 404


async def test_a_session_of_who_changed_the_password_or_left_ends_at_once(page: SignInPage) -> None:
    people = People(page.database)
    ana = await people.look_up(EMAIL)
    assert ana is not None
    async with page.browser() as browser:
        await sign_in(browser)
        assert (await browser.get("/who")).status_code == 200
        again = page.again
        assert (await again()).id == ana.id
        await people.set_roles(ana.id, frozenset({"steward"}))
        assert "steward" in (await again()).roles, "a page that is open learns of new roles"
        await Passwords(page.database).set(ana.id, "a new secret of hers")
        assert await again() is None
        assert (await browser.get("/who")).status_code == 401
        await sign_in(browser, password="a new secret of hers")
        await people.deactivate(ana.id)
        assert (await browser.get("/who")).status_code == 401
        assert (await sign_in(browser, password="a new secret of hers")).status_code == 401
        with pytest.raises(BriefError):
            await Sessions(page.database).begin(ana.id, "page")


async def test_records_in_trouble_are_a_sentence_and_open_nothing(page: SignInPage, tmp_path: Path) -> None:
    async with page.browser() as browser:
        await sign_in(browser)
        await page.database.close()
        (tmp_path / "stagecraft.db").rename(tmp_path / "gone.db")
        for name in ("stagecraft.db-wal", "stagecraft.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        (tmp_path / "stagecraft.db").mkdir()
        answer = await browser.get("/who")
        assert answer.status_code == 503
        assert "records cannot be read" in answer.json()["error"]
        assert (await sign_in(browser)).status_code == 503
        assert (await browser.get("/public/stagecraft.css")).status_code == 200


async def test_a_session_of_another_door_is_none_of_the_page(page: SignInPage) -> None:
    ana = await People(page.database).look_up(EMAIL)
    assert ana is not None
    token = await Sessions(page.database).begin(ana.id, "widget")
    async with page.browser(cookie=f"{SESSION}={token}") as browser:
        assert (await browser.get("/who")).status_code == 401
