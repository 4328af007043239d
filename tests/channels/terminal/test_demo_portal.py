"""`stagecraft demo-portal`: the settings that it prints let it in and nobody else, and it refuses where others use the assistant."""

import shlex
import socket
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from pydantic import TypeAdapter

from channels.signin.chosen import sign_in_of
from channels.terminal.cli import main
from channels.terminal.door import Door
from channels.widget.chosen import widget_of
from settings import Settings, SignInSettings, WebSettings, WidgetSettings

Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def command(*arguments: str, **groups: object) -> int:
        door = Door(load=lambda: Settings(data_dir=tmp_path / "data", **groups))  # type: ignore[arg-type]
        return main(["demo-portal", *arguments], door)

    return command


def printed(text: str) -> dict[str, str]:
    pairs = (shlex.split(line.removeprefix("export "))[0].split("=", 1) for line in text.splitlines())
    return {name.removeprefix("STAGECRAFT_"): value for name, value in pairs}


def test_what_it_prints_are_settings_under_which_the_assistant_starts_with_the_widget(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run("--settings", "--port", "8555", "--assistant-port", "8111") == 0
    said = printed(capsys.readouterr().out)
    settings = Settings(
        data_dir=tmp_path / "data",
        signin=SignInSettings(method=said["SIGNIN__METHOD"]),
        web=WebSettings(port=int(said["WEB__PORT"]), public_url=said["WEB__PUBLIC_URL"]),
        widget=WidgetSettings(
            origins=TypeAdapter(tuple[str, ...]).validate_json(said["WIDGET__ORIGINS"]),
            portals=TypeAdapter(dict[str, str]).validate_json(said["WIDGET__PORTALS"]),
            groups=TypeAdapter(tuple[str, ...]).validate_json(said["WIDGET__GROUPS"]),
        ),
    )
    widget = widget_of(settings, sign_in_of(settings))
    assert widget.origins == ("http://localhost:8555",)
    assert widget.portals["http://localhost:8555"].algorithm == "EdDSA"
    assert (said["SIGNIN__METHOD"], said["WEB__PUBLIC_URL"]) == ("password", "http://localhost:8111")


def test_a_way_of_signing_in_that_is_chosen_stays(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--settings", signin=SignInSettings(method="oidc")) == 0
    assert printed(capsys.readouterr().out)["SIGNIN__METHOD"] == "oidc"


@pytest.mark.parametrize(
    ("groups", "word"),
    [
        ({"signin": SignInSettings(method="header")}, "header"),
        ({"web": WebSettings(public_url="https://stagecraft.bank.test")}, "others use this assistant"),
    ],
)
def test_it_refuses_politely_where_others_use_the_assistant(
    run: Run, capsys: pytest.CaptureFixture[str], groups: dict[str, object], word: str, tmp_path: Path
) -> None:
    assert run("--settings", **groups) == 1
    assert word in capsys.readouterr().err
    assert run(**groups) == 1
    assert not (tmp_path / "data" / "demo-portal").exists()


def test_a_port_in_use_is_told(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert run("--port", str(taken.getsockname()[1])) == 1
    assert "in use" in capsys.readouterr().err


@pytest.fixture
def without_widget() -> Iterator[int]:
    """The port of an assistant that runs without the widget."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_anything: object) -> None:
            """Keep the test's output clean."""

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_an_assistant_that_runs_without_the_widget_is_told_and_how_to_start_it(
    run: Run, capsys: pytest.CaptureFixture[str], without_widget: int
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    assert run("--port", port, "--assistant-port", str(without_widget)) == 1
    told = capsys.readouterr().err
    assert "without the widget" in told
    assert f'eval "$(stagecraft demo-portal --port {port} --settings)" && stagecraft serve' in told
