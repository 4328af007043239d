"""Tells what really comes from Slack: signed with the app's secret, a few minutes ago at most."""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping

_FRESH_SECONDS = 300
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


class Unsigned(Exception):
    """The signature is missing, malformed, wrong or old; the route answers 401."""


def demand_signature(secret: str, headers: Mapping[str, str], body: bytes, clock: Callable[[], float] = time.time) -> None:
    """Raise Unsigned unless the body was signed with the secret at the moment that it claims, not long ago."""
    stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not _TIMESTAMP.fullmatch(stamp) or not _SIGNATURE.fullmatch(signature):
        raise Unsigned
    if abs(clock() - int(stamp)) > _FRESH_SECONDS:
        raise Unsigned
    if not hmac.compare_digest(signed(secret, stamp, body), signature):
        raise Unsigned


def signed(secret: str, stamp: str, body: bytes) -> str:
    """Return the signature of a body at a moment (seconds since 1970, as text)."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
