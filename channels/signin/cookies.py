"""The cookies of the sign-in: the session's, and the short one of a sign-in under way."""

import base64
import json
import secrets
from dataclasses import asdict, dataclass, field

from starlette.requests import HTTPConnection
from starlette.responses import Response

from channels.signin.options import SignIn

SESSION = "stagecraft_session"
_UNDER_WAY = "stagecraft_signin_"
_UNDER_WAY_SECONDS = 600
_PATH = "/signin"
_NAMED = 8


def _drawn() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class UnderWay:
    """A sign-in that the provider has yet to answer: what its answer is held against, and where the person wants to go."""

    back: str
    state: str = field(default_factory=_drawn)
    nonce: str = field(default_factory=_drawn)
    verifier: str = field(default_factory=_drawn)


def give_session(response: Response, token: str, signin: SignIn) -> None:
    """Have the browser hold a session."""
    seconds, secure = signin.session_seconds, signin.is_secure
    response.set_cookie(SESSION, token, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")


def take_session(response: Response, signin: SignIn) -> None:
    """Have the browser forget its session."""
    response.delete_cookie(SESSION, path="/", secure=signin.is_secure, httponly=True, samesite="lax")


def session_token(connection: HTTPConnection) -> str | None:
    """Return the token of the session that a browser holds."""
    return connection.cookies.get(SESSION) or None


def give_under_way(response: Response, begun: UnderWay, signin: SignIn) -> None:
    """Have the browser hold a sign-in under way, each window its own."""
    name = f"{_UNDER_WAY}{begun.state[:_NAMED]}"
    value = base64.urlsafe_b64encode(json.dumps(asdict(begun)).encode()).decode()
    seconds, secure = _UNDER_WAY_SECONDS, signin.is_secure
    response.set_cookie(name, value, max_age=seconds, path=_PATH, secure=secure, httponly=True, samesite="lax")


def under_way(connection: HTTPConnection, state: str) -> UnderWay | None:
    """Return the sign-in under way in this browser that a state belongs to."""
    value = connection.cookies.get(f"{_UNDER_WAY}{state[:_NAMED]}", "")
    try:
        begun = UnderWay(**json.loads(base64.urlsafe_b64decode(value.encode())))
        same = secrets.compare_digest(begun.state.encode(), state.encode())
    except (ValueError, TypeError, AttributeError):
        return None
    return begun if same else None


def take_under_way(response: Response, state: str, signin: SignIn) -> None:
    """Have the browser forget a sign-in: its answer serves once."""
    name = f"{_UNDER_WAY}{state[:_NAMED]}"
    response.delete_cookie(name, path=_PATH, secure=signin.is_secure, httponly=True, samesite="lax")
