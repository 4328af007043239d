"""What an issuer says of a person, as the directory takes it."""

import pytest

from channels.signin.claims import groups_in, identity_of, is_verified
from channels.signin.options import SignIn

SIGNIN = SignIn(role_map={"g1": "curator", "g2": "steward"}, admins=frozenset({"ana@bank.test"}))


def test_roles_follow_from_the_default_the_groups_and_the_settings() -> None:
    said = {"name": "Ana", "email": "Ana@bank.test", "groups": ["g1", "g2", "g3"]}
    ana = identity_of(SIGNIN, "i", "s", email_verified=True, **said)  # type: ignore[arg-type]
    assert ana.roles == frozenset({"analyst", "curator", "steward", "admin"})
    assert ana.groups == frozenset({"g1", "g2", "g3"})
    ben = identity_of(SIGNIN, "i", "s", name="Ben", email="ana@bank.test", email_verified=False, groups=None)
    assert ben.roles == frozenset({"analyst"})
    assert ben.groups is None


@pytest.mark.parametrize(
    ("claims", "groups"),
    [
        ({"groups": ["a", "b"]}, ["a", "b"]),
        ({"groups": "a"}, ["a"]),
        ({"groups": ["a", 1, None, {"b": 1}]}, ["a"]),
        ({"groups": {"a": 1}}, None),
        ({"groups": 5}, None),
        ({}, None),
    ],
)
def test_groups_are_read_whatever_shape_they_have(claims: dict[str, object], groups: list[str] | None) -> None:
    assert groups_in(claims, "groups") == groups


def test_a_claim_may_be_a_path_or_have_dots_in_its_name() -> None:
    assert groups_in({"realm_access": {"roles": ["a"]}}, "realm_access.roles") == ["a"]
    assert groups_in({"https://bank.test/groups": ["b"]}, "https://bank.test/groups") == ["b"]
    assert groups_in({"realm_access": ["a"]}, "realm_access.roles") is None


@pytest.mark.parametrize(
    ("said", "trusted", "verified"),
    [
        (True, False, True),
        ("true", False, True),
        (None, True, True),
        (None, False, False),
        (False, True, False),
        ("no", True, False),
    ],
)
def test_an_e_mail_is_verified_where_the_provider_says_so_or_is_trusted(said: object, trusted: bool, verified: bool) -> None:
    assert is_verified({} if said is None else {"email_verified": said}, trusted=trusted) is verified
