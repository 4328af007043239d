"""An OpenID provider on loopback with one user: discovery, authorisation, tokens, keys; and every way in which one may go wrong."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "stagecraft", "s3cret/with:signs"
Fault = Literal[
    "",
    "signature",
    "aud",
    "azp",
    "nonce",
    "expired",
    "early",
    "iss",
    "none",
    "hs256",
    "no_sub",
    "no_token",
    "token_500",
    "token_html",
]


@dataclass
class _Code:
    """What a code was given out for."""

    challenge: str
    nonce: str
    redirect_uri: str


@dataclass
class OidcProvider:
    """The provider; tests change `user`, `fault` and its keys while it runs. `asked` holds the paths that were called."""

    address: str = ""
    user: dict[str, Any] = field(default_factory=dict)
    user_info: dict[str, Any] = field(default_factory=dict)
    fault: Fault = ""
    calls_itself: str = ""
    asked: list[str] = field(default_factory=list)
    asks_person: bool = False

    def __post_init__(self) -> None:
        self._codes: dict[str, _Code] = {}
        self._first = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}, private=True)
        self.behave()

    def behave(self) -> None:
        """Do everything right from here on, for Ana."""
        self.user = {"sub": "u-1", "name": "Ana Lim", "email": "ana@bank.test", "email_verified": True, "groups": []}
        self.user_info, self.fault, self.calls_itself = {}, "", ""
        self.key, self.published = self._first, [self._first.as_dict(private=False)]
        self.asked.clear()

    def rotate(self) -> None:
        """Sign with a new key from here on, and publish that one alone."""
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"}, private=True)
        self.published = [self.key.as_dict(private=False)]

    def authorised(self, query: dict[str, str]) -> str:
        """Return where a browser is sent back to, with a code."""
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["client_id"] == CLIENT_ID
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = _Code(query["code_challenge"], query["nonce"], query["redirect_uri"])
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, bytes]:
        """Exchange a code, once, for a token."""
        if self.fault in ("token_500", "token_html"):
            return (500, b"{}") if self.fault == "token_500" else (200, b"<html>")
        pair = f"{CLIENT_ID}:{quote(CLIENT_SECRET, safe='')}"
        given = self._codes.pop(form.get("code", ""), None)
        challenge = _written(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if authorization != f"Basic {base64.b64encode(pair.encode()).decode()}":
            return 401, b'{"error": "invalid_client"}'
        if given is None or given.challenge != challenge or given.redirect_uri != form.get("redirect_uri"):
            return 400, b'{"error": "invalid_grant"}'
        answer = {"access_token": "access", "token_type": "Bearer"}
        if self.fault != "no_token":
            answer["id_token"] = self._id_token(given.nonce)
        return 200, json.dumps(answer).encode()

    def _id_token(self, nonce: str) -> str:
        moment = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT_ID, "iat": moment, "exp": moment + 300, "nonce": nonce, **self.user}
        wrong: dict[str, dict[str, Any]] = {
            "aud": {"aud": "another"},
            "azp": {"aud": [CLIENT_ID, "another"], "azp": "another"},
            "nonce": {"nonce": "another"},
            "expired": {"exp": moment - 3600, "iat": moment - 7200},
            "early": {"iat": moment + 3600},
            "iss": {"iss": "https://evil.test"},
            "no_sub": {"sub": ""},
        }
        claims |= wrong.get(self.fault, {})
        if self.fault == "none":
            return f"{_parts({'alg': 'none'}, claims)}."
        if self.fault == "hs256":
            signed = _parts({"alg": "HS256", "kid": self.key.kid}, claims)
            return f"{signed}.{_written(hmac.digest(self.key.as_pem(private=False), signed.encode(), 'sha256'))}"
        token = str(jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key))
        if self.fault == "signature":
            other = RSAKey.generate_key(2048, {"kid": str(self.key.kid)}, private=True)
            return str(jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, other))
        return token

    def described(self) -> dict[str, Any]:
        """Return the discovery document."""
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys", "userinfo_endpoint": "me"}
        endpoints = {name: f"{self.address}/{path}" for name, path in paths.items()}
        return {"issuer": self.calls_itself or self.address, **endpoints}


def _parts(*parts: dict[str, Any]) -> str:
    return ".".join(_written(json.dumps(part).encode()) for part in parts)


def _written(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@contextmanager
def oidc_provider() -> Iterator[OidcProvider]:
    """Run a provider on a free port of loopback."""
    provider = OidcProvider()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            query = dict(parse_qsl(parts.query))
            if parts.path == "/authorize" and provider.asks_person and "yes" not in query:
                self._send(200, f'<a id="yes" href="/authorize?{parts.query}&yes=1">Yes, it is me</a>'.encode(), "text/html")
            elif parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorised(query))
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                told: dict[str, Any] = {
                    "/.well-known/openid-configuration": provider.described(),
                    "/keys": {"keys": provider.published},
                    "/me": {"sub": provider.user["sub"], **provider.user_info},
                }
                found = told.get(parts.path)
                self._send(200 if found else 404, json.dumps(found or {}).encode())

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            form = {
                name: values[0]
                for name, values in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()
            }
            self._send(*provider.token(form, self.headers.get("Authorization", "")))

        def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_anything: Any) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        provider.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
