"""An admin settles what a channel of Slack may see."""

import json
from pathlib import Path

import pytest

from channels.terminal.cli import main

CHANNEL = "C0123456789"


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGECRAFT_DATA_DIR", str(tmp_path / "data"))


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["slack", *arguments]) == 0
    return capsys.readouterr().out


def test_a_channel_is_opened_to_a_group_and_to_a_workspace_and_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    assert "group: everyone" in told(capsys, "channel", CHANNEL)
    assert told(capsys, "channels") == "Every channel sees what is open to everyone.\n"
    assert "group: risk" in told(capsys, "channel", CHANNEL, "--group", "risk")
    assert told(capsys, "channel", CHANNEL, "--workspace", "Cards  2026") == f"{CHANNEL}, group: risk, workspace: Cards 2026\n"
    listed = json.loads(told(capsys, "channels", "--json"))
    assert listed == [{"channel": CHANNEL, "group": "risk", "workspace": "Cards 2026"}]
    assert "group: everyone" in told(capsys, "channel", CHANNEL, "--forget")
    assert json.loads(told(capsys, "channels", "--json")) == []


@pytest.mark.parametrize("name", ["#cards", "cards", "c0123456789", "D0123456789", "C0;DROP"])
def test_what_is_no_id_of_a_channel_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slack", "channel", name, "--group", "risk"]) == 2
    assert "is no id of a channel" in capsys.readouterr().err
