"""What a person meets when the model server misbehaves, in the page and in the terminal: a sentence, the brief, a way on."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.doubles.capable_replies import capable_answers, capable_reply
from tests.doubles.misbehaving_server import FAULTS, Exchange, MisbehavingServer, fault
from tests.doubles.server_aside import server_aside
from tests.journeys.served import CHECKOUT, CHROMIUM, Visit, chromium, environment, free_port, served_app

NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
BRIEF = str(capable_answers()[0]["brief"])
LONG = "客户冻结银行卡。" * 25_000
JUNK = "I would rather tell you a joke about banks."


@dataclass(frozen=True)
class Case:
    """A fault of the server, what a person reads of it, and how often the server was asked before it was told."""

    fault: str
    sentence: str
    calls: int = 1


CASES = (
    Case("hang", "did not begin to answer in time"),
    Case("cut", "The answer broke off before its end"),
    Case("html_page", "The model service is misconfigured", 2),
    Case("null_content", "no answer was returned"),
    Case("wrong_key", "The model service is misconfigured"),
    Case("internal_error", "The model service failed while answering", 2),
    Case("context_by_code", "longer than the model can read", 2),
    Case("junk", "could not be read", 2),
)
# Each fault by itself: two of the settings are short, so that nobody waits for a server that says nothing.
BUDGETS = {"ENDPOINT__FIRST_TOKEN_SECONDS": "1", "ENDPOINT__ANSWER_SECONDS": "20", "ENDPOINT__CONNECT_SECONDS": "2"}


@fault
async def junk(exchange: Exchange) -> None:
    """Say something, whatever was asked for."""
    await exchange.reply(JUNK)


@fault
async def as_the_test_says(exchange: Exchange) -> None:
    """Misbehave as the first of the replies says; once the replies are used up, answer as a capable model."""
    held = exchange.server.replies[0]
    await (FAULTS[held](exchange) if isinstance(held, str) else exchange.reply(capable_reply(exchange.body)))


def endpoint(address: str, model: str) -> dict[str, str]:
    """Return the settings of an endpoint that need no finding out."""
    known = {"ENDPOINT__STRUCTURED": "schema", "ENDPOINT__CONTEXT_TOKENS": "16384"}
    return {"ENDPOINT__BASE_URL": address, "ENDPOINT__MODEL": model, **known, **BUDGETS}


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingServer]:
    with server_aside() as server:
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample pack, for the terminal."""
    folder = tmp_path_factory.mktemp("terminal")
    ask_in_terminal(folder, "stages")
    return folder


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, server: MisbehavingServer) -> Iterator[str]:
    with served_app(tmp_path_factory.mktemp("page"), **endpoint(server.base_url, "as_the_test_says")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, address: str, server: MisbehavingServer) -> Iterator[Callable[[str], Visit]]:
    visits: list[Visit] = []

    def open_page(misbehaviour: str) -> Visit:
        server.replies[:] = [misbehaviour]
        visits.append(Visit(browser, address))
        return visits[-1]

    yield open_page
    for one in visits:
        one.close()
        assert one.foreign == []
        assert one.troubles == []


def ask_in_terminal(house: Path, *arguments: str, typed: str = "", **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the terminal."""
    command = [sys.executable, "-m", "channels.terminal.cli", *arguments]
    variables = environment(house, **settings)
    return subprocess.run(
        command, check=False, cwd=CHECKOUT, env=variables, input=typed, capture_output=True, encoding="utf-8", timeout=60
    )


def told(ran: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    """Return the one object on standard output of an answer that failed; its sentence stands on standard error."""
    assert ran.returncode == 1, ran.stderr
    answer: dict[str, Any] = json.loads(ran.stdout)
    assert answer["error"] in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "sk-very-secret" not in ran.stdout + ran.stderr
    return answer


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
def test_the_terminal_tells_a_fault_in_a_sentence_and_in_its_object(server: MisbehavingServer, house: Path, case: Case) -> None:
    before = server.count(case.fault)
    answer = told(ask_in_terminal(house, "ask", "user_stories", BRIEF, "--json", **endpoint(server.base_url, case.fault)))
    assert case.sentence in answer["error"]
    assert answer["artifact"] is None
    assert answer["turn"]
    assert server.count(case.fault) - before >= case.calls


@pytest.mark.slow
def test_the_terminal_tells_that_nothing_answers_at_the_address(house: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}/v1"
    answer = told(ask_in_terminal(house, "ask", "user_stories", BRIEF, "--json", **endpoint(nobody, "m")))
    assert "cannot be reached" in answer["error"]


@pytest.mark.slow
def test_a_reply_that_stays_junk_is_kept_in_the_terminals_object(server: MisbehavingServer, house: Path) -> None:
    answer = told(ask_in_terminal(house, "ask", "user_stories", BRIEF, "--json", **endpoint(server.base_url, "junk")))
    assert answer["draft"] == JUNK
    assert [finding["severity"] for finding in answer["findings"]] == ["error"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stage", "brief", "sentence"),
    [
        ("user_stories", " ", "empty"),
        # One argument holds at most 128 KiB on Linux: what is longer comes over standard input.
        ("user_stories", "x" * 100_000, "100,000"),
        ("no_such_stage", BRIEF, "There is no stage"),
    ],
    ids=["empty", "long", "stage"],
)
def test_the_terminal_refuses_what_cannot_be_answered(house: Path, stage: str, brief: str, sentence: str) -> None:
    assert sentence in told(ask_in_terminal(house, "ask", stage, brief, "--json"))["error"]


@pytest.mark.slow
def test_the_terminal_refuses_200_000_characters_from_standard_input(house: Path) -> None:
    ran = ask_in_terminal(house, "ask", "user_stories", "-", "--json", typed=LONG)
    assert "200,000" in told(ran)["error"]


@pytest.mark.browser
@NEEDS_CHROMIUM
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
def test_a_fault_is_a_sentence_in_the_page_and_one_press_asks_the_server_again(
    visit: Callable[[str], Visit], server: MisbehavingServer, case: Case
) -> None:
    page = visit(case.fault)
    page.send(BRIEF)
    failed = page.card("failed")
    expect(failed.get_by_role("alert").first).to_contain_text(case.sentence)
    expect(page.page.get_by_text(BRIEF).first).to_be_visible()
    asked = len(server.requests)
    server.replies[:] = [capable_reply]
    failed.locator(".sc-retry").click()
    expect(page.card("ready")).to_contain_text("Freeze a debit card")
    assert len(server.requests) > asked
    assert BRIEF in server.requests[-1]["messages"][-1]["content"]


@pytest.mark.browser
@NEEDS_CHROMIUM
def test_what_had_arrived_before_the_fault_can_be_read_in_the_page(visit: Callable[[str], Visit]) -> None:
    page = visit("junk")
    page.send(BRIEF)
    failed = page.card("failed")
    failed.get_by_text("The draft as far as it came").click()
    expect(failed.locator("pre").first).to_have_text(JUNK)


@pytest.mark.browser
@NEEDS_CHROMIUM
def test_a_server_that_was_down_is_asked_again_at_one_press(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    with served_app(tmp_path, **endpoint(f"http://127.0.0.1:{port}/v1", "scripted")) as address:
        page = Visit(browser, address)
        page.send(BRIEF)
        failed = page.card("failed")
        expect(failed.get_by_role("alert").first).to_contain_text("cannot be reached")
        with server_aside([capable_reply], port=port):
            failed.locator(".sc-retry").click()
            expect(page.card("ready")).to_contain_text("Freeze a debit card")
        page.close()
        assert page.troubles == []


@pytest.mark.browser
@NEEDS_CHROMIUM
def test_an_empty_brief_cannot_be_sent_and_one_of_200_000_characters_is_told_its_limit(
    visit: Callable[[str], Visit], server: MisbehavingServer
) -> None:
    page = visit("hang")
    asked = len(server.requests)
    page.page.click("#chat-input")
    page.page.keyboard.insert_text("  ")
    expect(page.page.locator("#chat-submit")).to_be_disabled()
    page.send(LONG)
    expect(page.page.get_by_text("at most 20000 can be read")).to_be_visible()
    expect(page.page.get_by_text(LONG[:80]).first).to_be_attached()
    assert len(server.requests) == asked
