"""What a portal's server does for the widget, as short as it gets: sign who is there, and ask the assistant for a ticket.

A portal of your own needs these lines in its own language; docs/widget.md says what each claim means.
"""

import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt

_SECONDS = 60
_WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class PortalUser:
    """Whom the portal has signed in."""

    id: str
    name: str
    email: str
    groups: tuple[str, ...] = ()


class AssistantSilent(Exception):
    """The assistant cannot be reached, or does not answer as one."""


def assertion_of(user: PortalUser, *, issuer: str, audience: str, key: bytes) -> str:
    """Return what the portal says of a user, signed with its private key (PEM), for one minute, to be handed in once."""
    moment = int(time.time())
    claims = {
        "iss": issuer,
        "aud": audience,
        "sub": user.id,
        "email": user.email,
        "email_verified": True,
        "name": user.name,
        "groups": list(user.groups),
        "iat": moment,
        "exp": moment + _SECONDS,
        "jti": secrets.token_urlsafe(16),
    }
    return jwt.encode(claims, key, algorithm="EdDSA")


async def ticket_for(assistant: str, assertion: str, challenge: str, language: str) -> tuple[int, dict[str, Any]]:
    """Hand an assertion in and return the assistant's answer, with its status. Raises AssistantSilent."""
    import httpx

    body, headers = {"assertion": assertion, "challenge": challenge}, {"Accept-Language": language}
    try:
        async with httpx.AsyncClient(timeout=_WAIT_SECONDS) as client:
            answer = await client.post(f"{assistant}/widget/session", json=body, headers=headers)
        return answer.status_code, dict(answer.json())
    except (httpx.HTTPError, ValueError, TypeError) as error:
        raise AssistantSilent(assistant) from error


def portal_key(folder: Path) -> tuple[bytes, Path]:
    """Return the portal's private key (PEM) and the file of its public key; both are made when they are first needed."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    private, public = folder / "private.pem", folder / "public.pem"
    if not private.is_file():
        made = Ed25519PrivateKey.generate()
        plain, pkcs8 = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
        private.touch(mode=0o600)
        private.write_bytes(made.private_bytes(serialization.Encoding.PEM, pkcs8, plain))
    key = serialization.load_pem_private_key(private.read_bytes(), None).public_key()
    public.write_bytes(key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    return private.read_bytes(), public
