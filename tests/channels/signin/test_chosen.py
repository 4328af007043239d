"""The settings of the sign-in, as they reach it."""

import pytest

import settings
from channels.signin.chosen import sign_in_of
from channels.signin.options import SignIn
from errors import ConfigurationError


def test_without_any_setting_nobody_signs_in() -> None:
    assert sign_in_of(settings.load()) == SignIn()


def test_every_setting_reaches_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "WEB__HOST": "0.0.0.0",
        "WEB__PUBLIC_URL": "https://stagecraft.bank.test",
        "WEB__PROXIES": '["10.0.0.7"]',
        "SIGNIN__METHOD": "oidc",
        "SIGNIN__SESSION_HOURS": "0.5",
        "SIGNIN__ADMINS": '[" Root@bank.test"]',
        "SIGNIN__DEFAULT_ROLES": "[]",
        "SIGNIN__ROLE_MAP": '{"sc-curators": "curator"}',
        "SIGNIN__OIDC_ADDRESS": "https://sso.bank.test",
        "SIGNIN__OIDC_CLIENT_ID": "stagecraft",
        "SIGNIN__OIDC_CLIENT_SECRET": "hidden-one",
        "SIGNIN__GROUPS_CLAIM": "realm_access.roles",
        "SIGNIN__TRUST_EMAIL": "true",
        "SIGNIN__HEADER_USER": "X-Remote-User",
    }.items():
        monkeypatch.setenv(f"STAGECRAFT_{name}", value)
    loaded = settings.load()
    signin = sign_in_of(loaded)
    assert (signin.method, signin.public_url, signin.proxies) == ("oidc", "https://stagecraft.bank.test", ("10.0.0.7",))
    assert (signin.session_seconds, list(signin.admins), list(signin.default_roles)) == (1800, ["root@bank.test"], [])
    assert signin.role_map == {"sc-curators": "curator"}
    assert (signin.oidc.address, signin.oidc.client_id, signin.oidc.client_secret) == (
        "https://sso.bank.test",
        "stagecraft",
        "hidden-one",
    )
    assert (signin.oidc.groups_claim, signin.oidc.trust_email, signin.is_secure) == ("realm_access.roles", True, True)
    assert signin.headers.names == {"x-remote-user", "x-forwarded-email", "x-forwarded-groups"}
    assert "hidden-one" in loaded.hidden()


@pytest.mark.parametrize(
    ("name", "value"), [("SIGNIN__METHOD", "magic"), ("SIGNIN__SESSION_HOURS", "9"), ("SIGNIN__ROLE_MAP", '{"g": "king"}')]
)
def test_an_unknown_way_role_or_length_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"STAGECRAFT_{name}", value)
    with pytest.raises(ConfigurationError, match=name.split("__")[1]):
        settings.load()


def test_the_address_given_at_the_start_is_the_one_that_is_judged() -> None:
    with pytest.raises(ConfigurationError, match=r"0\.0\.0\.0"):
        sign_in_of(settings.load(), "0.0.0.0")
