"""Whether an ID token is the provider's, for this application, of this sign-in, and still in force."""

import secrets
import time
from typing import TYPE_CHECKING, Any

from channels.signin.refusals import SignInRefused

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

# Never "none", and no shared secret: a public key that is read as one would let anybody sign.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_SKEW_SECONDS = 60


def key_set(published: dict[str, Any]) -> "KeySet":
    """Return the provider's public keys for signatures; kinds that are not known are left out."""
    from joserfc.errors import JoseError
    from joserfc.jwk import JWKRegistry, KeySet

    keys = []
    listed = published.get("keys")
    for entry in listed if isinstance(listed, list) else []:
        try:
            if entry.get("kty") in ("RSA", "EC") and entry.get("use", "sig") == "sig":
                keys.append(JWKRegistry.import_key(entry))
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue
    return KeySet(keys)


def checked_claims(token: str, keys: "KeySet", *, issuer: str, client_id: str, nonce: str | None) -> dict[str, Any] | None:
    """Return the claims of a token, or None where none of the keys signed it.

    Raises SignInRefused where it is no such token, or its issuer, audience, time or nonce is wrong. Of a token that the provider issued
    to another application, such as a portal, no nonce is known.
    """
    from joserfc import jwt
    from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError

    if not keys.keys:
        return None
    try:
        claims = jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
    except (InvalidKeyIdError, BadSignatureError):
        return None
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise _refused(f"the id_token cannot be verified: {type(error).__name__}") from error
    wrong = _wrong_in(claims, issuer, client_id, nonce)
    if wrong:
        raise _refused(f"the id_token's {wrong} is not right")
    return dict(claims)


def _wrong_in(claims: dict[str, Any], issuer: str, client_id: str, nonce: str | None) -> str:
    """Return the name of the first claim that is not right, or nothing."""
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    said_nonce, subject, moment = claims.get("nonce"), claims.get("sub"), time.time()
    judged = {
        "iss": claims.get("iss") == issuer,
        "aud": client_id in audiences,
        "azp": claims.get("azp", client_id if len(audiences) == 1 else None) == client_id,
        "exp": _is_number(claims.get("exp")) and claims["exp"] > moment - _SKEW_SECONDS,
        "iat": _is_number(claims.get("iat")) and claims["iat"] < moment + _SKEW_SECONDS,
        "nbf": "nbf" not in claims or (_is_number(claims["nbf"]) and claims["nbf"] < moment + _SKEW_SECONDS),
        "nonce": nonce is None or (isinstance(said_nonce, str) and secrets.compare_digest(said_nonce.encode(), nonce.encode())),
        "sub": isinstance(subject, str) and bool(subject),
    }
    return next((name for name, is_right in judged.items() if not is_right), "")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _refused(detail: str) -> SignInRefused:
    return SignInRefused("signin_not_confirmed", detail=detail)
