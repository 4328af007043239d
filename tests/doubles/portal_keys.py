"""Keys of portals, and what they sign: sound as given, and with any claim replaced or left out."""

import time
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

PORTAL = "https://portal.bank.test"
ASSISTANT = "https://stagecraft.bank.test"
KINDS = {"EdDSA": "ed25519", "ES256": "p-256", "RS256": "rsa"}


def key_pair(kind: str = "ed25519", owner: str = "portal") -> tuple[str, str]:
    """Return a private and a public key (PEM) of an owner, the same at every call."""
    return _made(kind, owner)


@cache
def _made(kind: str, _owner: str) -> tuple[str, str]:
    kinds: dict[str, Any] = {
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "p-256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "p-384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "rsa": lambda: rsa.generate_private_key(65537, 2048),
        "rsa-1024": lambda: rsa.generate_private_key(65537, 1024),
    }
    made: Any = kinds[kind]()
    private = made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public = made.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def claims(**changed: Any) -> dict[str, Any]:
    """Return the claims of a sound assertion; a claim that is None is left out."""
    moment = int(time.time())
    sound = {
        "iss": PORTAL,
        "aud": ASSISTANT,
        "sub": "u-17",
        "email": "Ana@bank.test",
        "email_verified": True,
        "name": "Ana Ruiz",
        "iat": moment,
        "exp": moment + 60,
        "jti": f"assertion-{time.monotonic_ns()}",
    }
    return {name: value for name, value in (sound | changed).items() if value is not None}


def assertion(algorithm: str = "EdDSA", owner: str = "portal", **changed: Any) -> str:
    """Return what a portal signs."""
    return jwt.encode(claims(**changed), key_pair(KINDS[algorithm], owner)[0], algorithm=algorithm)
