"""How the Slack door is set up, as plain values."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SlackOptions:
    """`socket` opens a connection to Slack instead of waiting for it to call; `public_url` is the page's address for links."""

    bot_token: str
    signing_secret: str
    teams: frozenset[str]
    app_token: str = ""
    socket: bool = False
    base_url: str = "https://slack.com/api/"
    public_url: str = ""
    briefs_a_person: int = 30
    briefs_a_channel: int = 90
    parallel: int = 8
    # Slack takes about one change a second of a message.
    send_seconds: float = 1.0
