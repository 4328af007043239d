"""What an issuer says of a person becomes an identity of the directory: name, e-mail, groups, and the roles that follow."""

from collections.abc import Iterable, Mapping
from typing import Any

from channels.signin.options import SignIn
from records.people import Identity, canonical_email

_MOST_GROUPS = 1000


def identity_of(
    signin: SignIn,
    issuer: str,
    subject: str,
    *,
    name: str,
    email: str | None,
    email_verified: bool,
    groups: Iterable[str] | None,
) -> Identity:
    """Return the identity with the roles that its groups, its verified e-mail and the settings give.

    Raises ValueError where issuer or subject cannot be a name.
    """
    held = None if groups is None else frozenset(list(groups)[:_MOST_GROUPS])
    roles: set[str] = set(signin.default_roles)
    roles.update(role for group, role in signin.role_map.items() if held and group in held)
    if email_verified and canonical_email(email) in signin.admins:
        roles.add("admin")
    return Identity(issuer, subject, name, email, email_verified, held, frozenset(roles))


def groups_in(claims: Mapping[str, Any], claim: str) -> list[str] | None:
    """Return the groups under a claim, which may be a path such as `realm_access.roles`; None where it is not there."""
    value: Any = claims.get(claim)
    if value is None:
        value = claims
        for part in claim.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, str):
        return [value]
    return [group for group in value if isinstance(group, str)] if isinstance(value, list | tuple) else None


def is_verified(claims: Mapping[str, Any], *, trusted: bool) -> bool:
    """Tell whether the e-mail among claims is verified; some providers write the word for it, some say nothing."""
    said = claims.get("email_verified")
    return said is True or said == "true" or (trusted and said is None)
