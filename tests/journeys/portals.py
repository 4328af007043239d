"""The demo portal beside the real application, as an operator starts both: two commands, each a process of its own."""

import contextlib
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.doubles.misbehaving_server import MisbehavingServer
from tests.journeys.served import CHECKOUT, WAIT, environment, free_port

_TERMINAL = [sys.executable, "-m", "channels.terminal.cli"]


@dataclass(frozen=True)
class Served:
    """Where the portal and the assistant answer."""

    portal: str
    assistant: str


@contextlib.contextmanager
def served_portal(server: MisbehavingServer, data_dir: Path) -> Iterator[Served]:
    """Serve the assistant with what `demo-portal --settings` prints, and the portal beside it."""
    endpoint = {"BASE_URL": server.base_url, "MODEL": "scripted", "STRUCTURED": "schema", "CONTEXT_TOKENS": "32768"}
    variables = environment(data_dir, **{f"ENDPOINT__{name}": value for name, value in endpoint.items()})
    at = Served(f"http://localhost:{free_port()}", f"http://localhost:{free_port()}")
    demo = [
        *_TERMINAL,
        "demo-portal",
        "--port",
        at.portal.rpartition(":")[2],
        "--assistant-port",
        at.assistant.rpartition(":")[2],
    ]
    printed = subprocess.run(
        [*demo, "--settings"], cwd=CHECKOUT, env=variables, check=True, capture_output=True, text=True
    ).stdout
    chosen = variables | dict(shlex.split(line)[1].split("=", 1) for line in printed.splitlines())
    ingest = [*_TERMINAL, "ingest", "knowledge/pack"]
    subprocess.run(ingest, cwd=CHECKOUT, env=variables, check=True, capture_output=True, timeout=60)
    with contextlib.ExitStack() as running:
        log = running.enter_context((data_dir / "served.log").open("wb"))
        for command, address, path in (
            ([*_TERMINAL, "serve"], at.assistant, "/health"),
            (demo, at.portal, "/"),
        ):
            # The portal runs without the settings, as in another terminal.
            env = chosen if address == at.assistant else variables
            child = running.enter_context(subprocess.Popen(command, cwd=CHECKOUT, env=env, stdout=log, stderr=log))
            running.callback(child.wait, 20)
            running.callback(child.terminate)
            _wait_for(f"{address}{path}", child)
        yield at


def _wait_for(address: str, child: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and child.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(address, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise AssertionError("It did not start; see served.log.")


class PortalVisit:
    """One person's tab of the portal; notes every request, what left both hosts, and what the page complained of."""

    def __init__(self, browser: Browser, at: Served, locale: str = "en-US", user: str = "mei") -> None:
        self.at = at
        self.requested: list[str] = []
        self.troubles: list[str] = []
        self.page: Page = browser.new_context(
            locale=locale, accept_downloads=True, viewport={"width": 1280, "height": 900}
        ).new_page()
        self.page.set_default_timeout(WAIT)
        self.page.on("request", lambda request: self.requested.append(request.url))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda message: self.troubles.append(message.text) if message.type == "error" else None)
        self.become(user)

    def become(self, user: str) -> None:
        """Have the portal sign somebody in."""
        self.page.goto(f"{self.at.portal}/as/{user}", wait_until="networkidle")

    def open(self) -> None:
        """Press the widget's button."""
        self.page.locator("#stagecraft-widget button.open").click()
        self.page.locator(".sc-welcome").wait_for()

    def send(self, brief: str) -> None:
        """Write a brief and send it."""
        self.page.click("#chat-input")
        self.page.keyboard.insert_text(brief)
        self.page.click("#chat-submit:not([disabled])")

    @property
    def foreign(self) -> list[str]:
        """Requests that left the portal and the assistant."""
        live = self.at.assistant.replace("http", "ws", 1)
        ours = (self.at.portal, self.at.assistant, live, "data:", "blob:")
        return [url for url in self.requested if not url.startswith(ours)]

    def close(self) -> None:
        """Close the tab."""
        self.page.context.close()
