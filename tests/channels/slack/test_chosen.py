"""Slack is set up by settings, and refuses to start where it could not work."""

from typing import Any

import pytest
from pydantic import SecretStr

from channels.slack.chosen import slack_of
from errors import ConfigurationError
from settings import Settings, SignInSettings, SlackSettings

SET_UP: dict[str, Any] = {"bot_token": SecretStr("xoxb-1"), "signing_secret": SecretStr("s"), "teams": ("T1",)}


def settings(method: str = "password", **slack: Any) -> Settings:
    return Settings(signin=SignInSettings(method=method), slack=SlackSettings(**slack))


def test_without_a_bot_token_there_is_no_slack() -> None:
    assert slack_of(settings("none")) is None


def test_without_sign_in_slack_refuses_to_start_and_says_why() -> None:
    with pytest.raises(ConfigurationError, match="Slack needs sign-in") as caught:
        slack_of(settings("none", **SET_UP))
    assert "需要登录" in caught.value.sentence("zh")


@pytest.mark.parametrize(
    ("missing", "changed"),
    [
        ("TEAMS", {"teams": ()}),
        ("SIGNING_SECRET", {"signing_secret": None}),
        ("APP_TOKEN", {"mode": "socket"}),
    ],
)
def test_what_is_missing_is_named(missing: str, changed: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=f"STAGECRAFT_SLACK__{missing}"):
        slack_of(settings(**{**SET_UP, **changed}))


def test_a_sound_set_up_becomes_plain_values() -> None:
    chosen = slack_of(settings(**SET_UP, base_url="http://127.0.0.1:9/api"))
    assert chosen is not None
    assert (chosen.bot_token, chosen.teams, chosen.socket) == ("xoxb-1", frozenset({"T1"}), False)
    assert chosen.base_url == "http://127.0.0.1:9/api/"
