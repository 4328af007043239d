"""Whom a portal vouches for is believed where everything is right, and nobody else."""

import base64
import json
import time
from typing import Any

import jwt
import pytest

from channels.widget.assertions import read_assertion
from channels.widget.options import portal_keys
from channels.widget.refusals import WidgetRefused
from tests.doubles.portal_keys import ASSISTANT, PORTAL, assertion, claims, key_pair

KEYS = portal_keys({PORTAL: key_pair()[1], "https://ec.test": key_pair("p-256")[1], "https://rsa.test": key_pair("rsa")[1]})


def refusal(token: str) -> str:
    with pytest.raises(WidgetRefused) as caught:
        read_assertion(token, KEYS, ASSISTANT)
    assert caught.value.status == 403
    assert caught.value.reason not in str(caught.value)
    return caught.value.reason


def hand_made(header: dict[str, Any], body: dict[str, Any], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(body).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


@pytest.mark.parametrize(
    ("algorithm", "issuer"), [("EdDSA", PORTAL), ("ES256", "https://ec.test"), ("RS256", "https://rsa.test")]
)
def test_a_sound_assertion_says_who_it_is(algorithm: str, issuer: str) -> None:
    asserted = read_assertion(assertion(algorithm, iss=issuer, groups=["cards-team"]), KEYS, ASSISTANT)
    assert (asserted.issuer, asserted.subject, asserted.name, asserted.email) == (issuer, "u-17", "Ana Ruiz", "Ana@bank.test")
    assert asserted.groups == ("cards-team",)
    assert asserted.until.timestamp() > time.time() + 60
    assert read_assertion(assertion(), KEYS, ASSISTANT).groups is None


def test_a_wrong_key_an_unknown_portal_and_another_portals_key_are_refused() -> None:
    assert refusal(assertion(owner="somebody else")) == "signature"
    assert refusal(assertion(iss="https://evil.test")) == "signature"
    assert refusal(assertion("ES256", iss=PORTAL)) == "signature"
    assert refusal(hand_made({"alg": "EdDSA"}, claims(iss=[PORTAL]))) == "signature"


def test_no_signature_is_no_signature() -> None:
    for algorithm in ("none", "None", "NONE", ""):
        assert refusal(hand_made({"alg": algorithm, "typ": "JWT"}, claims())) == "signature"
    assert refusal(jwt.encode(claims(), "", algorithm="none")) == "signature"
    head, body, _ = assertion().split(".")
    assert refusal(f"{head}.{body}.") == "signature"


def test_a_public_key_is_never_a_shared_secret() -> None:
    import hashlib
    import hmac

    for kind in ("ed25519", "rsa"):
        public = key_pair(kind)[1].encode()
        for issuer in (PORTAL, "https://rsa.test"):
            parts = hand_made({"alg": "HS256", "typ": "JWT"}, claims(iss=issuer)).rpartition(".")[0]
            signature = hmac.new(public, parts.encode(), hashlib.sha256).digest()
            signed = f"{parts}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
            assert refusal(signed) == "signature"


def test_a_key_that_the_token_itself_brings_is_not_asked() -> None:
    theirs = jwt.encode(
        claims(), key_pair(owner="evil")[0], algorithm="EdDSA", headers={"jwk": {"kty": "OKP"}, "kid": "../../etc"}
    )
    assert refusal(theirs) == "signature"


def test_what_was_changed_after_signing_is_refused() -> None:
    head, _, signature = assertion().split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims(sub="admin")).encode()).rstrip(b"=").decode()
    assert refusal(f"{head}.{body}.{signature}") == "signature"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "....", "\ud800", "e30.e30.e30", "x" * 20_000, "[]", "bnVsbA.bnVsbA.bnVsbA"])
def test_what_is_no_token_is_refused_and_breaks_nothing(token: str) -> None:
    assert refusal(token) == "signature"


MOMENT = int(time.time())


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"aud": "https://other.bank.test"}, "aud"),
        ({"aud": f"{ASSISTANT}/"}, "aud"),
        ({"aud": [ASSISTANT, "https://other.bank.test"]}, "aud"),
        ({"aud": None}, "aud"),
        ({"exp": MOMENT - 20, "iat": MOMENT - 60}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": "soon"}, "exp"),
        ({"exp": True}, "exp"),
        ({"iat": MOMENT + 600, "exp": MOMENT + 660}, "iat"),
        ({"iat": None}, "iat"),
        ({"iat": MOMENT, "exp": MOMENT + 61}, "lifetime"),
        ({"iat": MOMENT - 3600, "exp": MOMENT + 30}, "lifetime"),
        ({"iat": MOMENT + 5, "exp": MOMENT + 5}, "lifetime"),
        ({"nbf": MOMENT + 600}, "nbf"),
        ({"email_verified": False}, "email_verified"),
        ({"email_verified": "true"}, "email_verified"),
        ({"email_verified": 1}, "email_verified"),
        ({"email_verified": None}, "email_verified"),
        ({"email": "no address"}, "email"),
        ({"email": None}, "email"),
        ({"sub": ""}, "sub"),
        ({"sub": None}, "sub"),
        ({"sub": "x" * 256}, "sub"),
        ({"name": None}, "name"),
        ({"jti": None}, "jti"),
        ({"jti": "short"}, "jti"),
        ({"groups": "cards-team"}, "groups"),
        ({"groups": ["g"] * 201}, "groups"),
    ],
)
def test_a_claim_that_is_missing_or_not_right_is_named_to_the_portal(changed: dict[str, Any], reason: str) -> None:
    shift = int(time.time()) - MOMENT
    for name in ("iat", "exp", "nbf"):
        if type(changed.get(name)) is int:
            changed = {**changed, name: changed[name] + shift}
    # PyJWT does not write a subject that is no text; what it would not write is not a portal's doing.
    assert refusal(assertion(**changed)) == reason
