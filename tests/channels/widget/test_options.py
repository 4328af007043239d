"""What may be set for the widget, and what would leave a door open."""

from pathlib import Path

import pytest

from channels.signin.options import SignIn
from channels.widget.options import PortalKey, WidgetOptions, portal_keys, require_sound_widget
from errors import ConfigurationError
from tests.doubles.portal_keys import ASSISTANT, PORTAL, key_pair

SIGNED_IN = SignIn("password", ASSISTANT, ("10.0.0.7",))
KEYS = {PORTAL: PortalKey(None, "EdDSA")}


def test_without_an_origin_there_is_nothing_to_judge() -> None:
    require_sound_widget(WidgetOptions(), SignIn())
    assert not WidgetOptions().is_on


def test_a_portal_without_sign_in_would_make_everybody_the_local_analyst() -> None:
    with pytest.raises(ConfigurationError, match="local analyst") as caught:
        require_sound_widget(WidgetOptions((PORTAL,), KEYS), SignIn())
    assert "本机分析员" in caught.value.sentence("zh")


@pytest.mark.parametrize("origin", [PORTAL, "https://portal.bank.test:8443", "http://localhost:8500", "http://127.0.0.1:8500"])
def test_an_exact_origin_is_taken(origin: str) -> None:
    require_sound_widget(WidgetOptions((origin,), KEYS), SIGNED_IN)


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "",
        "portal.bank.test",
        "https://*.bank.test",
        "https://portal.bank.test/",
        "https://portal.bank.test/desk",
        "https://PORTAL.bank.test",
        "https://portal.bank.test:443",
        "http://localhost:80",
        "https://ana@portal.bank.test",
        "https://portal.bank.test https://evil.test",
        "https://portal.bank.test\n",
        "ftp://portal.bank.test",
        "http://portal.bank.test",
    ],
)
def test_what_is_no_exact_origin_of_a_page_over_https_is_refused(origin: str) -> None:
    with pytest.raises(ConfigurationError, match="WIDGET__ORIGINS"):
        require_sound_widget(WidgetOptions((PORTAL, origin), KEYS), SIGNED_IN)


def test_a_portal_needs_an_address_to_sign_for_and_a_way_to_vouch() -> None:
    with pytest.raises(ConfigurationError, match="WEB__PUBLIC_URL"):
        require_sound_widget(WidgetOptions((PORTAL,), KEYS), SignIn("password"))
    with pytest.raises(ConfigurationError, match="vouch"):
        require_sound_widget(WidgetOptions((PORTAL,)), SIGNED_IN)
    with pytest.raises(ConfigurationError, match="OIDC_AUDIENCE"):
        require_sound_widget(WidgetOptions((PORTAL,), oidc_audience="portal"), SIGNED_IN)


@pytest.mark.parametrize(("kind", "algorithm"), [("ed25519", "EdDSA"), ("p-256", "ES256"), ("rsa", "RS256")])
def test_a_key_has_the_one_algorithm_of_its_kind(kind: str, algorithm: str, tmp_path: Path) -> None:
    pem = key_pair(kind)[1]
    assert portal_keys({PORTAL: pem})[PORTAL].algorithm == algorithm
    (tmp_path / "public.pem").write_text(pem)
    assert portal_keys({PORTAL: str(tmp_path / "public.pem")})[PORTAL].algorithm == algorithm


@pytest.mark.parametrize(
    "text", ["", "no key", "/no/such/file.pem", key_pair("p-384")[1], key_pair("rsa-1024")[1], key_pair()[0]]
)
def test_a_key_that_is_none_weak_or_private_is_refused_by_the_portals_name(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"portal\.bank\.test") as caught:
        portal_keys({PORTAL: text})
    assert "PRIVATE" not in str(caught.value)
    with pytest.raises(ConfigurationError):
        portal_keys({"": key_pair()[1]})
