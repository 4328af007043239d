"""What a portal's server signs about the person who looks at it: read, judged, and believed only where everything is right."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import jwt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from channels.widget.options import PortalKey
from channels.widget.refusals import WidgetRefused
from records.people import canonical_email

if TYPE_CHECKING:
    from jwt.types import Options

LONGEST_SECONDS = 60
# Clocks of two machines differ a little.
_SKEW_SECONDS = 10
_LONGEST_TOKEN = 8_192
_Name = Annotated[str, Field(min_length=1, max_length=255)]
# The claims are judged by ourselves, each with a reason of its own; only the signature is left to the library.
_SIGNATURE_ALONE: "Options" = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


@dataclass(frozen=True)
class Asserted:
    """What is believed of a person because their portal signed it; `groups` is None where it says nothing of them."""

    issuer: str
    subject: str
    name: str
    email: str
    groups: tuple[str, ...] | None
    assertion_id: str
    until: datetime


class _Claims(BaseModel):
    """The claims of an assertion; moments in seconds since 1970."""

    model_config = ConfigDict(strict=True, extra="ignore")

    iss: _Name
    sub: _Name
    aud: str
    email: _Name
    email_verified: bool
    name: _Name
    jti: Annotated[str, Field(min_length=8, max_length=255)]
    iat: int
    exp: int
    nbf: int | None = None
    groups: Annotated[list[_Name], Field(max_length=200)] | None = None


def read_assertion(token: str, portals: Mapping[str, PortalKey], audience: str) -> Asserted:
    """Return what a portal asserts to `audience`, our public address.

    Raises WidgetRefused where no portal that is known here signed it, or a claim is missing or not right.
    """
    claims = _claims(_signed(token, portals))
    wrong = _wrong_in(claims, audience, time.time())
    if wrong:
        raise _refused(wrong)
    until = datetime.fromtimestamp(claims.exp + _SKEW_SECONDS + 1, UTC)
    groups = None if claims.groups is None else tuple(claims.groups)
    return Asserted(claims.iss, claims.sub, claims.name, claims.email, groups, claims.jti, until)


def _signed(token: str, portals: Mapping[str, PortalKey]) -> dict[str, Any]:
    """Return the claims of a token that the portal signed whose name stands in it: with its own key, by that key's one algorithm."""
    if len(token) > _LONGEST_TOKEN:
        raise _refused("signature", "too long")
    try:
        said: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
        portal = portals.get(said["iss"]) if isinstance(said.get("iss"), str) else None
        if portal is None:
            raise _refused("signature", "no portal of this name is known")
        return dict(jwt.decode(token, portal.key, algorithms=[portal.algorithm], options=_SIGNATURE_ALONE))
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise _refused("signature", type(error).__name__) from error


def _claims(said: dict[str, Any]) -> _Claims:
    try:
        return _Claims.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        raise _refused(str(first["loc"][0]), first["type"]) from error


def _wrong_in(claims: _Claims, audience: str, moment: float) -> str:
    """Return the name of the first claim that is not right, or nothing."""
    judged = {
        "aud": claims.aud == audience,
        "exp": claims.exp > moment - _SKEW_SECONDS,
        "iat": claims.iat < moment + _SKEW_SECONDS,
        "nbf": claims.nbf is None or claims.nbf < moment + _SKEW_SECONDS,
        "lifetime": 0 < claims.exp - claims.iat <= LONGEST_SECONDS,
        "email": canonical_email(claims.email) is not None,
        "email_verified": claims.email_verified,
    }
    return next((name for name, is_right in judged.items() if not is_right), "")


def _refused(reason: str, detail: str = "") -> WidgetRefused:
    """Return the refusal of an assertion; `reason` is the claim that is not right, or "signature"."""
    return WidgetRefused("widget_not_vouched", reason, detail=f"the assertion's {reason}: {detail or 'not right'}")
