"""Runs the page's server in the foreground: where it may listen, with a graceful end, and a sentence where it cannot start."""

import contextlib
import errno
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

import click
import uvicorn

from channels.signin.chosen import sign_in_of
from channels.terminal.texts import TerminalTexts
from channels.watching.lines import on_standard_error
from errors import ConfigurationError

if TYPE_CHECKING:
    from channels.terminal.door import Door

_END_SECONDS = 10
_Message = MutableMapping[str, Any]
_Send = Callable[[_Message], Awaitable[None]]


def serve_page(door: "Door", host: str, port: int) -> None:
    """Serve until told to end.

    Raises ConfigurationError where the address would leave a door open or is not free, and whatever keeps the house from opening.
    """
    sign_in_of(door.settings, host)
    with contextlib.closing(_bound(host, port)) as bound, on_standard_error(door.log_options()):
        # The house is imported after the address is ours: a port in use is told at once, not after the vendors are loaded.
        page = _Page(door.application(), _greeting(door, host, port))
        _serve(page, bound)
        if page.failure is not None:
            raise page.failure


def require_free(host: str, port: int) -> None:
    """Raise ConfigurationError where the port is in use or may not be used."""
    _bound(host, port).close()


def _serve(page: "_Page", bound: socket.socket) -> None:
    """Run the server; Ctrl-C is how it is meant to end."""
    config = uvicorn.Config(
        page,
        lifespan="on",
        # The house's own logging stays; headers of a proxy are refused by the hardening, so nothing may swallow them first.
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_END_SECONDS,
    )
    # uvicorn says that it could not start by SystemExit; `page.failure` says why.
    with contextlib.suppress(KeyboardInterrupt, SystemExit), _told_once(page):
        uvicorn.Server(config).run([bound])


@contextlib.contextmanager
def _told_once(page: "_Page") -> Iterator[None]:
    """Keep back the server's own words on a page that cannot open or close: the boundary tells the reason."""
    log = logging.getLogger("uvicorn.error")

    def is_news(_record: logging.LogRecord) -> bool:
        return page.failure is None

    log.addFilter(is_news)
    try:
        yield
    finally:
        log.removeFilter(is_news)


class _Page:
    """The application, watched while it opens: says where it listens, and keeps the reason where it cannot open."""

    def __init__(self, application: Any, greeting: str) -> None:
        self._application = application
        self._greeting = greeting
        self.failure: Exception | None = None

    async def __call__(self, scope: _Message, receive: Callable[[], Awaitable[_Message]], send: _Send) -> None:
        """Pass everything on."""
        if scope["type"] != "lifespan":
            await self._application(scope, receive, send)
            return
        try:
            await self._application(scope, receive, self._watched(send))
        except Exception as error:
            self.failure = error
            raise

    def _watched(self, send: _Send) -> _Send:
        async def watched(message: _Message) -> None:
            # Its text is a traceback; the boundary tells a sentence instead.
            await send({"type": message["type"]})
            if message["type"] == "lifespan.startup.complete":
                click.echo(self._greeting)

        return watched


def _greeting(door: "Door", host: str, port: int) -> str:
    """Say where the page is, and who answers as long as no endpoint is configured."""
    settings = door.settings
    shown = f"[{host}]" if ":" in host else host
    address = settings.web.public_url or f"http://{shown}:{port}"
    lines = [f"Stagecraft is open at {address} (Ctrl-C ends it)"]
    if settings.endpoint.base_url is None:
        texts = TerminalTexts(door.language_of_answers() or "en")
        lines.append(texts("welcome_demonstration", model=settings.embedded.model))
    return "\n".join(lines)


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that holds the address. Raises ConfigurationError where it cannot be had."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    found = socket.socket(family, kind)
    # Without it, an address would stay in use for a minute after a server has ended.
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(address)
    except OSError as error:
        found.close()
        raise _not_free(host, port, error) from error
    return found


def _not_free(host: str, port: int, error: OSError) -> ConfigurationError:
    if error.errno == errno.EADDRINUSE:
        return ConfigurationError(
            f"Port {port} is in use on {host}: perhaps Stagecraft runs already. Choose another with --port.",
            f"{host} 的端口 {port} 已被占用，可能 Stagecraft 已在运行。请用 --port 指定其他端口。",
        )
    return ConfigurationError(
        f"Port {port} of {host} cannot be used: {error.strerror}. Choose another with --port.",
        f"无法使用 {host} 的端口 {port}：{error.strerror}。请用 --port 指定其他端口。",
    )
