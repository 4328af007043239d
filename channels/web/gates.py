"""Who may call from where: this machine alone, or people by the page's public names and the proxies that stand in front."""

import ipaddress
from collections.abc import Collection
from typing import Any, Protocol
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from channels.signin.options import LOOPBACK_NAMES, SignIn

Refusal = tuple[int, str]
_THROUGH_PROXY = "stagecraft.through_proxy"
# What watches the process comes to its own address, knows no public name and carries no session.
_PROBES = frozenset({"/health", "/ready", "/metrics"})
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Gate(Protocol):
    """Judges a connection before anything else looks at it."""

    def refusal(self, scope: Scope) -> Refusal | None:
        """Return the status and the sentence by which a connection is turned away; puts what a trusted proxy says into the scope."""


def gate_of(signin: SignIn) -> Gate:
    """Return the gate of a way of signing in."""
    return ThisMachine() if signin.method == "none" else PublicAddress(signin)


def came_through_proxy(scope: Any) -> bool:
    """Tell whether a listed proxy handed a connection on, so that its word counts."""
    return bool(scope.get(_THROUGH_PROXY))


def web_scheme(scope: Scope) -> str:
    """Return http or https, also for a websocket."""
    return "https" if scope.get("scheme") in ("https", "wss") else "http"


class ThisMachine:
    """Without sign-in everybody who gets in is the local analyst: this machine's own browser alone may."""

    def refusal(self, scope: Scope) -> Refusal | None:
        """Turn away other machines, a proxy, and a host name that was rebound to this machine."""
        headers = Headers(scope=scope)
        if not _at_this_machine(scope):
            return 403, "Without sign-in, Stagecraft answers this machine only."
        if any(_is_forwarded(name) for name in headers):
            return 403, "Without sign-in, Stagecraft does not answer through a proxy."
        if not _is_own_host(scope, headers.get("host", "")):
            return 403, "Open Stagecraft by its own address, such as http://127.0.0.1:8000."
        return None


class PublicAddress:
    """With sign-in: whoever calls the page by its public name, over https where that is its address."""

    def __init__(self, signin: SignIn) -> None:
        self._url = signin.public_url.rstrip("/")
        self._hosts = _hosts_of(self._url)
        self._networks = tuple(ipaddress.ip_network(proxy, strict=False) for proxy in signin.proxies)
        self._identity_headers = signin.headers.names if signin.method == "header" else frozenset()

    def refusal(self, scope: Scope) -> Refusal | None:
        """Turn away who speaks for others unasked, a foreign host name, and a connection that could be read on its way."""
        headers = Headers(scope=scope)
        if self._is_proxy(_peer(scope)):
            scope[_THROUGH_PROXY] = True
            self._take_from_proxy(scope, headers)
        elif any(_is_forwarded(name) or name in self._identity_headers for name in headers):
            return 403, "Only a proxy that is listed here may speak for others. Call Stagecraft without its headers."
        if scope["path"] in _PROBES:
            return None
        if not self._host_is_ours(scope, headers.get("host", "")):
            return 403, f"Open Stagecraft by its own address{f', {self._url}' if self._url else ''}."
        if self._url.startswith("https:") and web_scheme(scope) != "https":
            return 403, f"Open Stagecraft over https, at {self._url}. (A proxy has to send X-Forwarded-Proto and be listed.)"
        return None

    def _host_is_ours(self, scope: Scope, host: str) -> bool:
        if self._hosts:
            return host.lower() in self._hosts
        return _at_this_machine(scope) and _is_own_host(scope, host)

    def _is_proxy(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        mapped = getattr(found, "ipv4_mapped", None)
        return any((mapped or found) in network for network in self._networks)

    def _take_from_proxy(self, scope: Scope, headers: Headers) -> None:
        """Put the scheme and the address of the caller in the place of the proxy's; the nearest word counts, the rest is hearsay."""
        said = headers.getlist("x-forwarded-proto")
        scheme = said[-1].rpartition(",")[2].strip().lower() if said else ""
        if scheme in ("http", "https"):
            scope["scheme"] = scheme if scope["type"] == "http" else {"http": "ws", "https": "wss"}[scheme]
        passed = [part.strip() for line in headers.getlist("x-forwarded-for") for part in line.split(",") if part.strip()]
        for address in reversed(passed):
            if not self._is_proxy(address):
                scope["client"] = (address[:64], 0)
                return


def _hosts_of(url: str) -> Collection[str]:
    """Return the Host headers that mean a public address."""
    if not url:
        return frozenset()
    parts = urlsplit(url.lower())
    name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else str(parts.hostname)
    default = _DEFAULT_PORTS[parts.scheme]
    port = parts.port or default
    return frozenset({f"{name}:{port}", name} if port == default else {f"{name}:{port}"})


def _is_forwarded(name: str) -> bool:
    return name == "forwarded" or name.startswith("x-forwarded-")


def _peer(scope: Scope) -> str:
    return str((scope.get("client") or ("", 0))[0])


def _at_this_machine(scope: Scope) -> bool:
    """Whether the connection arrived at a loopback address."""
    address = (scope.get("server") or ("", None))[0]
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _is_own_host(scope: Scope, host: str) -> bool:
    """Whether the Host is a loopback name with the port that is listened on."""
    port = (scope.get("server") or ("", None))[1]
    name, colon, number = host.lower().rpartition(":") if not host.endswith("]") else (host.lower(), "", "")
    if not colon:
        name, number = host.lower(), str(_DEFAULT_PORTS[web_scheme(scope)])
    return name in LOOPBACK_NAMES and number == str(port)
