"""The page as a person meets it: served by a child process, opened in a real Chromium."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.doubles.misbehaving_server import MisbehavingServer

CHECKOUT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT = 30_000


@contextlib.contextmanager
def served_page(data_dir: Path, method: str = "none") -> Iterator[str]:
    """Serve the page with the scripted assistant, to people who sign in by a method, and yield its address.

    Chainlit is imported in the child alone.
    """
    port = free_port()
    command = [sys.executable, "-m", "tests.doubles.scripted_page", str(port), str(data_dir), method]
    with _served(command, port, data_dir, dict(os.environ)) as address:
        yield address


@contextlib.contextmanager
def served_app(data_dir: Path, **settings: str) -> Iterator[str]:
    """Serve the real application with the sample pack, which is found by words alone, and yield its address.

    A setting may name that address as `{address}`.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    variables = environment(data_dir, **{name: value.replace("{address}", address) for name, value in settings.items()})
    ingest = [sys.executable, "-m", "channels.terminal.cli", "ingest", "knowledge/pack"]
    subprocess.run(ingest, cwd=CHECKOUT, env=variables, check=True, capture_output=True, timeout=60)
    command = [sys.executable, "-m", "uvicorn", "app:app", "--port", str(port), "--log-level", "warning"]
    with _served(command, port, data_dir, variables) as address:
        yield address


@contextlib.contextmanager
def served_with(server: MisbehavingServer, data_dir: Path) -> Iterator[str]:
    """Serve the real application with a model server on loopback, which is asked for whole artifacts."""
    endpoint = {"BASE_URL": server.base_url, "MODEL": "scripted", "STRUCTURED": "schema", "CONTEXT_TOKENS": "32768"}
    with served_app(data_dir, **{f"ENDPOINT__{name}": value for name, value in endpoint.items()}) as address:
        yield address


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """Return an environment of these settings (`ENDPOINT__MODEL="m"`) and of no other."""
    held = {name: value for name, value in os.environ.items() if not name.upper().startswith("STAGECRAFT_")}
    chosen = {"DATA_DIR": str(data_dir), "KNOWLEDGE__EMBEDDING": "none", **settings}
    return held | {f"STAGECRAFT_{name}": value for name, value in chosen.items()}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def _served(command: list[str], port: int, data_dir: Path, variables: dict[str, str]) -> Iterator[str]:
    """Run a server until the block ends and yield its address."""
    address = f"http://127.0.0.1:{port}"
    with (
        (data_dir / "page.log").open("wb") as log,
        subprocess.Popen(command, cwd=CHECKOUT, env=variables, stdout=log, stderr=log) as child,
    ):
        try:
            _wait_for(f"{address}/health", child)
            yield address
        finally:
            child.terminate()
            child.wait(20)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start a headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One person's tab; `foreign` holds every request that left the host, `troubles` what the page complained of."""

    def __init__(self, browser: Browser, address: str, locale: str = "en-US") -> None:
        self.address = address
        self.foreign: list[str] = []
        self.troubles: list[str] = []
        self.page: Page = browser.new_context(locale=locale, accept_downloads=True).new_page()
        self.page.set_default_timeout(WAIT)
        self.page.on("request", self._note)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda message: self.troubles.append(message.text) if message.type == "error" else None)
        self.page.goto(address)
        self.page.locator(".sc-welcome").wait_for()

    def send(self, brief: str) -> None:
        """Write a brief and send it."""
        self.page.click("#chat-input")
        self.page.keyboard.insert_text(brief)
        self.page.click("#chat-submit:not([disabled])")

    def work_in(self, workspace: str) -> None:
        """Have what is written from here on belong to a workspace."""
        self.page.click("#chat-settings-open-modal")
        self.page.locator("input#workspace").fill(workspace)
        self.page.click("#confirm")
        self.page.locator("input#workspace").wait_for(state="detached")

    def choose(self, stage: str) -> None:
        """Choose the stage, by its title, beside the text field."""
        self.page.click("#mode-picker-trigger-stage")
        self.page.get_by_role("option", name=stage).or_(self.page.get_by_role("menuitem", name=stage)).first.click()

    def card(self, phase: str, at: int = 0, *, within: float = WAIT) -> Any:
        """Return the card in this phase, once there is one; `within` so many milliseconds."""
        card = self.page.locator(f".sc-phase-{phase}").nth(at)
        card.wait_for(timeout=within)
        return card

    def close(self) -> None:
        """Close the tab."""
        self.page.context.close()

    def _note(self, request: Any) -> None:
        ours = (self.address, self.address.replace("http", "ws", 1), "data:", "blob:")
        if not request.url.startswith(ours):
            self.foreign.append(request.url)


def _wait_for(address: str, child: "subprocess.Popen[bytes]") -> None:
    """Wait until the address answers."""
    until = time.monotonic() + 60
    while time.monotonic() < until and child.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(address, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise AssertionError("The page did not start; see page.log.")
