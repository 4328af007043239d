"""The organisation's OpenID provider: where it sends people, what it answers, and whether that is true of this sign-in."""

import base64
import hashlib
import json
from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from channels.signin.cookies import UnderWay
from channels.signin.id_tokens import checked_claims, key_set
from channels.signin.options import Oidc, is_safe_address
from channels.signin.refusals import SignInRefused

if TYPE_CHECKING:
    import httpx
    from joserfc.jwk import KeySet

_WELL_KNOWN = "/.well-known/openid-configuration"
_SECONDS, _LONGEST_ANSWER = 10.0, 1024 * 1024
_KEPT_SECONDS = 3600.0
# A token under an unknown key has the keys fetched anew, but nobody can have us hammer the provider.
_KEYS_AT_MOST_EVERY = 10.0


class Provider:
    """One provider; what it tells of itself is kept for an hour, its keys until a token names another one."""

    def __init__(self, oidc: Oidc) -> None:
        self._oidc = oidc
        self._told: dict[str, Any] = {}
        self._told_at = 0.0
        self._keys: KeySet | None = None
        self._searched_at = -_KEYS_AT_MOST_EVERY

    async def address_for(self, begun: UnderWay, redirect_uri: str) -> str:
        """Return where a browser is sent to sign in. Raises SignInRefused where the provider cannot be reached."""
        told = await self._discovered()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self._oidc.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(self._oidc.scopes),
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        address = str(told["authorization_endpoint"])
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    async def claims(self, code: str, begun: UnderWay, redirect_uri: str) -> dict[str, Any]:
        """Return what the provider says of the person whom a code stands for.

        Raises SignInRefused where the code, or the token that it is exchanged for, is not for this sign-in.
        """
        told = await self._discovered()
        answer = await self._exchanged(told, code, begun.verifier, redirect_uri)
        id_token = answer.get("id_token")
        if not isinstance(id_token, str):
            raise _refused("the token endpoint returned no id_token")
        claims = await self._verified(id_token, str(told["issuer"]), begun.nonce, self._oidc.client_id)
        return await self._with_user_info(told, answer.get("access_token"), claims)

    async def claims_of_token(self, id_token: str, client_id: str) -> dict[str, Any]:
        """Return the claims of an ID token that the provider issued to another application, such as a portal.

        Raises SignInRefused where it is not right.
        """
        told = await self._discovered()
        return await self._verified(id_token, str(told["issuer"]), None, client_id)

    async def _discovered(self) -> dict[str, Any]:
        if self._told and monotonic() - self._told_at < _KEPT_SECONDS:
            return self._told
        address = self._oidc.address.removesuffix(_WELL_KNOWN).rstrip("/")
        told = await self._fetched("GET", f"{address}{_WELL_KNOWN}")
        if str(told.get("issuer", "")).rstrip("/") != address:
            raise _unreachable(f"the provider at {address} calls itself {str(told.get('issuer'))[:200]!r}")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_safe_address(str(told.get(name, ""))):
                raise _unreachable(f"the provider's {name} is not reached over https")
        self._told, self._told_at = told, monotonic()
        return told

    async def _exchanged(self, told: Mapping[str, Any], code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
        methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        client_id, secret = self._oidc.client_id, self._oidc.client_secret
        headers = {}
        if secret and "client_secret_basic" in methods:
            pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": client_id} | ({"client_secret": secret} if secret else {})
        return await self._fetched("POST", str(told["token_endpoint"]), data=form, headers=headers)

    async def _verified(self, id_token: str, issuer: str, nonce: str | None, client_id: str) -> dict[str, Any]:
        """Return the claims of a token; a key that is not known may have come with a rotation, so the keys are fetched once more."""
        keys = self._keys or await self._fetched_keys()
        claims = checked_claims(id_token, keys, issuer=issuer, client_id=client_id, nonce=nonce)
        if claims is None and monotonic() - self._searched_at >= _KEYS_AT_MOST_EVERY:
            self._searched_at = monotonic()
            keys = await self._fetched_keys()
            claims = checked_claims(id_token, keys, issuer=issuer, client_id=client_id, nonce=nonce)
        if claims is None:
            raise _refused("the id_token is signed with a key that the provider does not publish")
        return claims

    async def _fetched_keys(self) -> "KeySet":
        told = await self._discovered()
        self._keys = key_set(await self._fetched("GET", str(told["jwks_uri"])))
        return self._keys

    async def _with_user_info(self, told: Mapping[str, Any], access_token: Any, claims: dict[str, Any]) -> dict[str, Any]:
        """Add what only the user information holds; it counts where it is about the same subject."""
        address = str(told.get("userinfo_endpoint", ""))
        wanted = {"email", self._oidc.groups_claim.split(".")[0]}
        if wanted <= claims.keys() or not isinstance(access_token, str) or not is_safe_address(address):
            return claims
        added = await self._fetched("GET", address, headers={"Authorization": f"Bearer {access_token}"})
        return {**added, **claims} if added.get("sub") == claims["sub"] else claims

    async def _fetched(self, method: str, address: str, **options: Any) -> dict[str, Any]:
        """Return the JSON object at an address of the provider; a 4xx means the code was refused, anything else is trouble."""
        import httpx

        try:
            async with (
                httpx.AsyncClient(timeout=_SECONDS, follow_redirects=False) as client,
                client.stream(method, address, **options) as answer,
            ):
                body = await _bounded(answer)
        except httpx.HTTPError as error:
            raise _unreachable(f"{type(error).__name__} at {address}") from error
        if method == "POST" and answer.is_client_error:
            raise _refused(f"the token endpoint answered {answer.status_code}: {_error_in(body)}")
        found = _object_in(body)
        if not answer.is_success or found is None:
            raise _unreachable(f"{address} answered {answer.status_code}, {len(body)} bytes")
        return found


async def _bounded(answer: "httpx.Response") -> bytes:
    body = b""
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > _LONGEST_ANSWER:
            raise _unreachable(f"{answer.url} answered with more than {_LONGEST_ANSWER} bytes")
    return body


def _object_in(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _error_in(body: bytes) -> str:
    """Return the provider's name of an error, for the operator's log."""
    return str((_object_in(body) or {}).get("error", ""))[:100]


def _refused(detail: str) -> SignInRefused:
    return SignInRefused("signin_not_confirmed", status=403, detail=detail)


def _unreachable(detail: str) -> SignInRefused:
    return SignInRefused("signin_provider_down", status=503, detail=detail)
