"""How the widget is set up, as plain values, and which combinations of them would leave a door open."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from channels.signin.options import SignIn, is_loopback
from errors import ConfigurationError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

Theme = Literal["auto", "light", "dark"]
Spoken = Literal["auto", "en", "zh"]
Position = Literal["right", "left"]
Load = Literal["open", "idle"]
_ORIGIN = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::[1-9][0-9]{0,4})?")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_LEAST_RSA_BITS = 2048


@dataclass(frozen=True)
class PortalKey:
    """A portal's public key, and the one algorithm that it signs with: whatever an assertion says of itself is not asked."""

    key: Any = field(repr=False)
    algorithm: str


@dataclass(frozen=True)
class WidgetOptions:
    """`origins` are the portals' own; `portals` holds their keys by the name that they issue assertions under; `groups` are those that
    they may name. An ID token counts where it was issued to `oidc_audience`.
    """

    origins: tuple[str, ...] = ()
    portals: Mapping[str, PortalKey] = field(default_factory=dict)
    oidc_audience: str = ""
    groups: frozenset[str] = frozenset()
    session_seconds: int = 4 * 60 * 60
    theme: Theme = "auto"
    language: Spoken = "auto"
    position: Position = "right"
    load: Load = "open"
    starters: tuple[str, ...] = ()

    @property
    def is_on(self) -> bool:
        """Whether any portal may show the widget."""
        return bool(self.origins)


WITHOUT_WIDGET = WidgetOptions()


def require_sound_widget(widget: WidgetOptions, signin: SignIn) -> None:
    """Raise ConfigurationError where the widget would let in who is nobody, or could let in no one."""
    if not widget.is_on:
        return
    if signin.method == "none":
        raise ConfigurationError(
            "STAGECRAFT_WIDGET__ORIGINS opens the assistant to a portal, but nobody signs in: every visitor of the portal would be the local analyst. Choose STAGECRAFT_SIGNIN__METHOD, or unset the origins.",
            "STAGECRAFT_WIDGET__ORIGINS 会向门户开放助手，但未启用登录，门户的所有访客都会成为本机分析员。请设置 STAGECRAFT_SIGNIN__METHOD，或取消该项。",
        )
    for origin in widget.origins:
        _require_origin(origin)
    if not signin.public_url:
        raise ConfigurationError(
            "STAGECRAFT_WIDGET__ORIGINS needs STAGECRAFT_WEB__PUBLIC_URL: portals write it into what they sign, so that it counts nowhere else.",
            "设置 STAGECRAFT_WIDGET__ORIGINS 时还须设置 STAGECRAFT_WEB__PUBLIC_URL：门户签名时会写入该地址，使签名在别处无效。",
        )
    if widget.oidc_audience and signin.method != "oidc":
        raise ConfigurationError(
            "STAGECRAFT_WIDGET__OIDC_AUDIENCE is set, but people do not sign in with OIDC here. Unset it, and give the portal a key in STAGECRAFT_WIDGET__PORTALS.",
            "已设置 STAGECRAFT_WIDGET__OIDC_AUDIENCE，但此处未使用 OIDC 登录。请取消该项，并在 STAGECRAFT_WIDGET__PORTALS 中登记门户的公钥。",
        )
    if not (widget.portals or widget.oidc_audience):
        raise ConfigurationError(
            "STAGECRAFT_WIDGET__ORIGINS names portals, but nothing says how they vouch for people: set STAGECRAFT_WIDGET__PORTALS or STAGECRAFT_WIDGET__OIDC_AUDIENCE.",
            "STAGECRAFT_WIDGET__ORIGINS 列出了门户，但未说明门户如何证明用户身份：请设置 STAGECRAFT_WIDGET__PORTALS 或 STAGECRAFT_WIDGET__OIDC_AUDIENCE。",
        )


def _require_origin(origin: str) -> None:
    """Raise ConfigurationError unless this is an origin exactly as a browser writes it, over https or of this machine."""
    if not _ORIGIN.fullmatch(origin) or origin.endswith(_DEFAULT_PORTS[origin.partition(":")[0]]):
        raise ConfigurationError(
            f"STAGECRAFT_WIDGET__ORIGINS is unsound: {origin!r} is no exact origin. Write it as a browser does, such as https://portal.bank.example, without a path and without *.",
            f"STAGECRAFT_WIDGET__ORIGINS 不正确：{origin!r} 不是精确的来源。请按浏览器的写法填写，例如 https://portal.bank.example，不带路径，不用 *。",
        )
    parts = urlsplit(origin)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ConfigurationError(
            f"STAGECRAFT_WIDGET__ORIGINS is unsound: {origin} is not reached over https, so that what is shown there could be read and changed on its way.",
            f"STAGECRAFT_WIDGET__ORIGINS 不正确：{origin} 未使用 https，内容可能在传输途中被读取或篡改。",
        )


def portal_keys(portals: Mapping[str, str]) -> dict[str, PortalKey]:
    """Return the keys of portals from their names and their public keys, each as PEM or as the path of a PEM file.

    Raises ConfigurationError, naming the portal, where one cannot be read or is too weak.
    """
    with _unsound_keys():
        return {name: _portal_key(name, text) for name, text in portals.items()}


@contextlib.contextmanager
def _unsound_keys() -> Iterator[None]:
    try:
        yield
    except _Unsound as error:
        raise ConfigurationError(
            f"STAGECRAFT_WIDGET__PORTALS is unsound for {error.name!r}: {error.english}. Give an Ed25519, P-256 or RSA public key (2048 bits or more) as PEM, or the path of its file.",
            f"STAGECRAFT_WIDGET__PORTALS 中 {error.name!r} 的公钥不正确：{error.chinese}。请提供 Ed25519、P-256 或 RSA（至少 2048 位）公钥的 PEM 内容或文件路径。",
        ) from error


class _Unsound(Exception):
    """Why a portal's key cannot be used."""

    def __init__(self, name: str, english: str, chinese: str) -> None:
        super().__init__(english)
        self.name, self.english, self.chinese = name, english, chinese


def _portal_key(name: str, text: str) -> PortalKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if not name:
        raise _Unsound(name, "a portal needs a name", "门户须有名称")
    try:
        pem = text.encode() if "-----BEGIN" in text else Path(text).expanduser().read_bytes()
        key = load_pem_public_key(pem)
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise _Unsound(name, f"no public key can be read there ({type(error).__name__})", "无法读取公钥") from error
    return PortalKey(key, _algorithm_of(name, key))


def _algorithm_of(name: str, key: "PublicKeyTypes") -> str:
    """Return the algorithm of a key. Raises _Unsound where it is none of those that are taken."""
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    if isinstance(key, Ed25519PublicKey):
        return "EdDSA"
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return "ES256"
    if isinstance(key, RSAPublicKey) and key.key_size >= _LEAST_RSA_BITS:
        return "RS256"
    raise _Unsound(name, "its kind or its length is not taken", "密钥类型或长度不受支持")
