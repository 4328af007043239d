"""How people sign in here, as plain values, and which combinations of them would leave a door open."""

import contextlib
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from errors import ConfigurationError

Method = Literal["none", "oidc", "header", "password"]
Role = Literal["analyst", "curator", "steward", "admin"]
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True)
class Oidc:
    """The organisation's OpenID provider, by its address, and what it calls this application."""

    address: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    groups_claim: str = "groups"
    trust_email: bool = False


@dataclass(frozen=True)
class ProxyHeaders:
    """The headers by which a proxy says whom it signed in; an empty name is a header that it does not send."""

    user: str = "X-Forwarded-User"
    name: str = ""
    email: str = "X-Forwarded-Email"
    groups: str = "X-Forwarded-Groups"

    @property
    def names(self) -> frozenset[str]:
        """Their names, in lower case."""
        return frozenset(name.lower() for name in (self.user, self.name, self.email, self.groups) if name)


@dataclass(frozen=True)
class SignIn:
    """How people sign in, where the page is found by them, and which proxies stand between."""

    method: Method = "none"
    public_url: str = ""
    proxies: tuple[str, ...] = ()
    session_seconds: int = 8 * 60 * 60
    admins: frozenset[str] = frozenset()
    default_roles: frozenset[Role] = frozenset({"analyst"})
    role_map: Mapping[str, Role] = field(default_factory=dict)
    oidc: Oidc = Oidc()
    headers: ProxyHeaders = ProxyHeaders()

    @property
    def is_secure(self) -> bool:
        """Whether people reach the page over https."""
        return self.public_url.lower().startswith("https://")


WITHOUT_SIGN_IN = SignIn()


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address to listen on."""
    with contextlib.suppress(ValueError):
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    return False


def require_sound(signin: SignIn, host: str) -> None:
    """Raise ConfigurationError where these would let in who did not sign in, or let a secret travel readable.

    `host` is the address that is listened on.
    """
    if signin.method == "none":
        _require_loopback(signin, host)
        return
    _require_sound_proxies(signin)
    _require_sound_url(signin, host)
    if signin.method == "oidc":
        _require_provider(signin.oidc)
    if signin.method == "header" and not (signin.proxies and signin.headers.user):
        raise ConfigurationError(
            "STAGECRAFT_SIGNIN__METHOD is 'header': list the proxies that may name people in STAGECRAFT_WEB__PROXIES, and the header in STAGECRAFT_SIGNIN__HEADER_USER.",
            "STAGECRAFT_SIGNIN__METHOD 为 header：请在 STAGECRAFT_WEB__PROXIES 中列出可以声明用户身份的代理，并在 STAGECRAFT_SIGNIN__HEADER_USER 中写明请求头。",
        )


def _require_loopback(signin: SignIn, host: str) -> None:
    if not is_loopback(host):
        raise ConfigurationError(
            f"Nobody signs in, so the page listens on this machine only, not on {host}. Use 127.0.0.1, or choose STAGECRAFT_SIGNIN__METHOD.",
            f"未启用登录，页面只能在本机监听，不能使用 {host}。请使用 127.0.0.1，或设置 STAGECRAFT_SIGNIN__METHOD。",
        )
    if signin.public_url or signin.proxies:
        raise ConfigurationError(
            "STAGECRAFT_WEB__PUBLIC_URL and STAGECRAFT_WEB__PROXIES let others reach the page, but nobody signs in. Choose STAGECRAFT_SIGNIN__METHOD, or unset both.",
            "STAGECRAFT_WEB__PUBLIC_URL 与 STAGECRAFT_WEB__PROXIES 会让他人访问页面，但未启用登录。请设置 STAGECRAFT_SIGNIN__METHOD，或取消这两项。",
        )


def _require_sound_proxies(signin: SignIn) -> None:
    for proxy in signin.proxies:
        try:
            network = ipaddress.ip_network(proxy, strict=False)
        except ValueError:
            raise ConfigurationError(
                f"STAGECRAFT_WEB__PROXIES is unsound: {proxy!r} is no address or network, such as 10.0.0.7 or 10.0.0.0/24.",
                f"STAGECRAFT_WEB__PROXIES 不正确：{proxy!r} 不是地址或网段（例如 10.0.0.7 或 10.0.0.0/24）。",
            ) from None
        if network.prefixlen == 0:
            raise ConfigurationError(
                f"STAGECRAFT_WEB__PROXIES is unsound: {proxy} is everybody. Name the proxies alone.",
                f"STAGECRAFT_WEB__PROXIES 不正确：{proxy} 包含所有地址，请只列出代理。",
            )


def _require_sound_url(signin: SignIn, host: str) -> None:
    """Raise ConfigurationError unless people reach the page over https, or without leaving this machine."""
    if not signin.public_url:
        if is_loopback(host):
            return
        raise ConfigurationError(
            f"The page listens on {host}, which others reach: say by which https address in STAGECRAFT_WEB__PUBLIC_URL.",
            f"页面监听 {host}，他人可以访问：请在 STAGECRAFT_WEB__PUBLIC_URL 中写明 https 访问地址。",
        )
    parts = _parts(signin.public_url)
    if parts.scheme == "http" and parts.hostname and not (is_loopback(parts.hostname) and is_loopback(host)):
        raise ConfigurationError(
            "STAGECRAFT_WEB__PUBLIC_URL is http: passwords and sessions would travel readable. Put a proxy with https in front, and name its address.",
            "STAGECRAFT_WEB__PUBLIC_URL 为 http：密码与会话将以明文传输。请在前面部署 https 代理，并填写其地址。",
        )
    if parts.scheme == "https" and not signin.proxies:
        raise ConfigurationError(
            "STAGECRAFT_WEB__PUBLIC_URL is https, which a proxy in front has to end: list its address in STAGECRAFT_WEB__PROXIES.",
            "STAGECRAFT_WEB__PUBLIC_URL 为 https，须由前置代理终止：请在 STAGECRAFT_WEB__PROXIES 中列出其地址。",
        )


def _parts(url: str) -> SplitResult:
    """Return the parts of the public address. Raises ConfigurationError unless it is scheme, host and port alone."""
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        alone = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
        if parts.scheme in ("http", "https") and parts.hostname and alone and (parts.port is None or parts.port > 0):
            return parts
    raise ConfigurationError(
        "STAGECRAFT_WEB__PUBLIC_URL is unsound: write it as https://stagecraft.bank.example, without a path.",
        "STAGECRAFT_WEB__PUBLIC_URL 不正确：请写成 https://stagecraft.bank.example 的形式，不带路径。",
    )


def _require_provider(oidc: Oidc) -> None:
    if not (oidc.address and oidc.client_id):
        raise ConfigurationError(
            "STAGECRAFT_SIGNIN__METHOD is 'oidc': name the provider in STAGECRAFT_SIGNIN__OIDC_ADDRESS and this application in STAGECRAFT_SIGNIN__OIDC_CLIENT_ID.",
            "STAGECRAFT_SIGNIN__METHOD 为 oidc：请在 STAGECRAFT_SIGNIN__OIDC_ADDRESS 中填写身份提供方，在 STAGECRAFT_SIGNIN__OIDC_CLIENT_ID 中填写本应用的标识。",
        )
    if not is_safe_address(oidc.address):
        raise ConfigurationError(
            "STAGECRAFT_SIGNIN__OIDC_ADDRESS is unsound: a provider is reached over https.",
            "STAGECRAFT_SIGNIN__OIDC_ADDRESS 不正确：身份提供方须通过 https 访问。",
        )
    if "openid" not in oidc.scopes:
        raise ConfigurationError("STAGECRAFT_SIGNIN__OIDC_SCOPES is unsound: it needs 'openid'.")


def is_safe_address(url: str) -> bool:
    """Tell whether what is sent to an address cannot be read on the way: https, or this machine."""
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        )
    return False
