"""`stagecraft demo-portal`: a portal on this machine, beside `stagecraft serve`, to try the widget in."""

import contextlib
import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from channels.terminal.door import Door
from errors import ConfigurationError

if TYPE_CHECKING:
    from settings import Settings

_PORT = click.IntRange(1, 65535)
_ASK_SECONDS = 5


@click.command("demo-portal", short_help="Open a portal to try the widget in.")
@click.option("--port", type=_PORT, default=8500, show_default=True, metavar="PORT", help="Port to listen on.")
@click.option(
    "--assistant-port", type=_PORT, metavar="PORT", help="Port of `stagecraft serve`.  [default: STAGECRAFT_WEB__PORT, 8000]"
)
@click.option("--settings", "show_settings", is_flag=True, help="Print the settings that the assistant needs, and end.")
@click.pass_obj
def demo_portal(door: Door, port: int, assistant_port: int | None, *, show_settings: bool) -> None:
    """Open a small portal with two people and a few tickets, in this terminal until Ctrl-C.

    \b
    The widget needs sign-in, so the assistant is started with the settings that --settings prints:
      eval "$(stagecraft demo-portal --settings)" && stagecraft serve
      stagecraft demo-portal                        in another terminal

    Both listen on this machine only. The portal signs with a key of its own, made at the first run in the data folder.
    """
    from channels.widget.portal.signing import portal_key

    _require_local(door.settings)
    address = f"http://localhost:{port}"
    assistant = f"http://localhost:{assistant_port or door.settings.web.port}"
    key, public = portal_key(door.settings.data_dir.absolute() / "demo-portal")
    if show_settings:
        click.echo("\n".join(_settings(door.settings, address, assistant, public)))
    else:
        _serve(address, assistant, key, port)


def _serve(address: str, assistant: str, key: bytes, port: int) -> None:
    import uvicorn

    from channels.terminal.server import require_free
    from channels.widget.portal.application import Portal, portal_application

    require_free("127.0.0.1", port)
    is_there = _assistant_is_there(assistant, port)
    click.echo(f"The demo portal is open at {address} (Ctrl-C ends it)")
    if not is_there:
        click.echo(f"The assistant is not running at {assistant} yet. In another terminal: {_command(port)}")
    # Ctrl-C is how it is meant to end.
    with contextlib.suppress(KeyboardInterrupt):
        application = portal_application(Portal(address, assistant, key))
        uvicorn.run(application, host="127.0.0.1", port=port, log_level="warning", server_header=False)


def _settings(settings: "Settings", address: str, assistant: str, public: Path) -> list[str]:
    """Return the lines that a shell, or `.env`, takes; a way of signing in that is chosen already stays."""
    method = settings.signin.method
    values = {
        "SIGNIN__METHOD": "password" if method == "none" else method,
        "WEB__PORT": str(urlsplit(assistant).port),
        "WEB__PUBLIC_URL": assistant,
        "WIDGET__ORIGINS": json.dumps([address]),
        "WIDGET__PORTALS": json.dumps({address: str(public)}),
        "WIDGET__GROUPS": json.dumps(["cards-team"]),
    }
    return [f"export STAGECRAFT_{name}={shlex.quote(value)}" for name, value in values.items()]


def _require_local(settings: "Settings") -> None:
    """Raise ConfigurationError where the settings are those of an assistant that others use: the demo lets anybody be anybody."""
    if settings.signin.method == "header":
        raise ConfigurationError(
            "STAGECRAFT_SIGNIN__METHOD is 'header': a proxy signs people in, and the demo portal is none. Try it in a folder without these settings.",
            "STAGECRAFT_SIGNIN__METHOD 为 header：用户由代理登录，而演示门户不是该代理。请在没有这些设置的目录中试用。",
        )
    host = urlsplit(settings.web.public_url or "http://localhost").hostname
    if host != "localhost":
        raise ConfigurationError(
            f"STAGECRAFT_WEB__PUBLIC_URL is {settings.web.public_url}: others use this assistant, and in the demo portal anybody may be anybody. Try it in a folder without these settings.",
            f"STAGECRAFT_WEB__PUBLIC_URL 为 {settings.web.public_url}：该助手供他人使用，而演示门户允许任意切换用户。请在没有这些设置的目录中试用。",
        )


def _assistant_is_there(assistant: str, port: int) -> bool:
    """Tell whether the assistant runs with the widget. Raises ConfigurationError where it runs without."""
    import httpx

    try:
        answer = httpx.get(f"{assistant}/widget.js", timeout=_ASK_SECONDS)
    except httpx.HTTPError:
        return False
    if answer.is_success:
        return True
    raise ConfigurationError(
        f"The assistant at {assistant} runs without the widget. End it, and start it so: {_command(port)}",
        f"{assistant} 上的助手未启用门户小部件。请先停止，再这样启动：{_command(port)}",
    )


def _command(port: int) -> str:
    chosen = "" if port == 8500 else f" --port {port}"
    return f'eval "$(stagecraft demo-portal{chosen} --settings)" && stagecraft serve'
