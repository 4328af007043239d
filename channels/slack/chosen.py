"""How the Slack door is set up, as the settings say it."""

from typing import TYPE_CHECKING

from channels.slack.options import SlackOptions
from errors import ConfigurationError

if TYPE_CHECKING:
    from pydantic import SecretStr

    from settings import Settings


def slack_of(settings: "Settings") -> SlackOptions | None:
    """Return how Slack is set up, or None where it is not. Raises ConfigurationError where that could not work."""
    chosen = settings.slack
    if chosen.bot_token is None:
        return None
    if settings.signin.method == "none":
        raise ConfigurationError(
            "Slack needs sign-in: a person in Slack is one who has signed in to the page once with the same e-mail. Set "
            "STAGECRAFT_SIGNIN__METHOD, or take STAGECRAFT_SLACK__BOT_TOKEN out.",
            "Slack 需要登录：Slack 中的人须用同一邮箱登录过页面一次。请设置 STAGECRAFT_SIGNIN__METHOD，或删除 STAGECRAFT_SLACK__BOT_TOKEN。",
        )
    if not chosen.teams:
        raise _lacks("TEAMS", "which workspaces may ask", "哪些工作区可以提问")
    if chosen.mode == "http" and chosen.signing_secret is None:
        raise _lacks("SIGNING_SECRET", "by which Slack's calls are known", "用于识别 Slack 的调用")
    if chosen.mode == "socket" and chosen.app_token is None:
        raise _lacks("APP_TOKEN", "by which the connection to Slack is opened", "用于连接 Slack")
    return SlackOptions(
        bot_token=_told(chosen.bot_token),
        signing_secret=_told(chosen.signing_secret),
        teams=frozenset(chosen.teams),
        app_token=_told(chosen.app_token),
        socket=chosen.mode == "socket",
        base_url=chosen.base_url.rstrip("/") + "/",
        public_url=(settings.web.public_url or "").rstrip("/"),
        briefs_a_person=chosen.briefs_a_person,
        briefs_a_channel=chosen.briefs_a_channel,
        parallel=chosen.parallel,
    )


def _lacks(name: str, en: str, zh: str) -> ConfigurationError:
    setting = f"STAGECRAFT_SLACK__{name}"
    return ConfigurationError(
        f"Slack is set up without {setting}, {en}. docs/slack.md says where to find it.",
        f"Slack 缺少 {setting}（{zh}），参见 docs/slack.md。",
    )


def _told(secret: "SecretStr | None") -> str:
    return secret.get_secret_value() if secret is not None else ""
