"""What is done inside a namespace that has the loopback interface alone: the product is used, and every connection is written down.

Run by `isolation.py`, never by hand: `python -m benchmarks.faults.alone FOLDER [whole]`. Prints one JSON object. `whole` runs the terminal's
commands too, and the page in both languages.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks.figures import ROOT
from tests.journeys.served import Visit, chromium, free_port

BRIEFS = {
    "en-US": "A customer can view, add, change and delete the income records of an account.",
    "zh-CN": "客户可以查看、添加、修改和删除账户的收入记录。",
}
PATHS = (
    "/", "/health", "/ready", "/metrics", "/signin", "/account/keys", "/widget.js", "/v1/models", "/api/openapi.json", "/docs",
    "/copilot/index.js", "/project/settings", "/workspace/export.zip?name=default", "/workspace/trace.xlsx?name=default",
)  # fmt: skip
_ANSWER_MILLISECONDS = 240_000
_START_SECONDS = 120


def main(folder: Path, *, whole: bool) -> int:
    """Serve under strace, use every page and command, and tell what asked for another host."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    done: dict[str, Any] = {"commands": [_terminal(folder, *command) for command in _commands() if whole]}
    port = free_port()
    serve = [*_traced(folder / "serve.trace"), *_stagecraft("serve", "--port", str(port))]
    with (
        (folder / "serve.log").open("wb") as log,
        subprocess.Popen(serve, cwd=ROOT, env=_settings(folder), stdout=log, stderr=log, start_new_session=True) as child,
    ):
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        print("the page is open", file=sys.stderr, flush=True)
        with chromium() as browser:
            visits = [_used(browser, address, locale, brief) for locale, brief in list(BRIEFS.items())[: 2 if whole else 1]]
        done |= {"answers": [_status(address + path) for path in PATHS], "visits": visits}
        # The tracer passes no signal on: the whole group is told.
        os.killpg(child.pid, signal.SIGTERM)
        child.wait(30)
    print(json.dumps(done))
    return 0


def _commands() -> list[tuple[str, ...]]:
    return [
        ("ingest", "knowledge/pack"),
        ("ask", "user_stories", BRIEFS["en-US"], "--json"),
        ("search", "freeze a card"),
        ("knowledge", "list"),
        ("workspace", "list"),
        ("settings",),
    ]


def _traced(trace: Path) -> list[str]:
    # Without the filter in the kernel every call of every thread would stop: the model took twenty times as long.
    return ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=connect,sendto,sendmsg", "-e", "signal=none", "-o", str(trace)]


def _stagecraft(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "channels.terminal.cli", *arguments]


def _settings(folder: Path) -> dict[str, str]:
    held = {name: value for name, value in os.environ.items() if not name.startswith("STAGECRAFT_")}
    return held | {"STAGECRAFT_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT)}


def _terminal(folder: Path, *arguments: str) -> int:
    """Run a command under strace and return its exit code."""
    trace = folder / f"{arguments[0]}.trace"
    return subprocess.run(
        [*_traced(trace), *_stagecraft(*arguments)], cwd=ROOT, env=_settings(folder), capture_output=True, check=False
    ).returncode


def _used(browser: Any, address: str, locale: str, brief: str) -> dict[str, Any]:
    """Open the page, have a brief answered by the packaged model, look at every view, and return what the browser asked of others."""
    print(f"using the page in {locale}", file=sys.stderr, flush=True)
    visit = Visit(browser, address, locale)
    visit.send(brief)
    card = visit.card("ready", within=_ANSWER_MILLISECONDS)
    for view in ("tables", "source", "items"):
        card.locator(f".sc-view-{view}").click()
    items = card.locator(".sc-item").count()
    visit.close()
    return {"foreign": visit.foreign, "troubles": visit.troubles, "items": items}


def _wait(address: str) -> None:
    since = time.monotonic()
    while _status(f"{address}/health") != 200:
        if time.monotonic() - since > _START_SECONDS:
            raise RuntimeError("the page did not open")
        time.sleep(0.2)


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), whole="whole" in sys.argv))
