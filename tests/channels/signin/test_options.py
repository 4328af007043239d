"""Combinations that would leave a door open are refused before anything listens."""

from dataclasses import replace

import pytest

from channels.signin.options import Oidc, ProxyHeaders, SignIn, require_sound
from errors import ConfigurationError

PUBLIC = SignIn("password", "https://stagecraft.bank.test", ("10.0.0.7",))
OIDC = replace(PUBLIC, method="oidc", oidc=Oidc("https://sso.bank.test", "stagecraft"))


@pytest.mark.parametrize(
    ("signin", "host"),
    [
        (SignIn(), "127.0.0.1"),
        (SignIn(), "::1"),
        (SignIn("password"), "localhost"),
        (SignIn("password", "http://127.0.0.1:8000"), "127.0.0.1"),
        (PUBLIC, "0.0.0.0"),
        (PUBLIC, "127.0.0.1"),
        (replace(PUBLIC, public_url="https://stagecraft.bank.test:8443/"), "10.1.2.3"),
        (OIDC, "0.0.0.0"),
        (replace(OIDC, oidc=Oidc("http://127.0.0.1:9000", "s")), "0.0.0.0"),
        (replace(PUBLIC, method="header"), "0.0.0.0"),
        (SignIn("header", proxies=("127.0.0.1", "10.0.0.0/8")), "127.0.0.1"),
    ],
)
def test_sound_combinations_start(signin: SignIn, host: str) -> None:
    require_sound(signin, host)


@pytest.mark.parametrize(
    ("signin", "host", "said"),
    [
        (SignIn(), "0.0.0.0", "listens on this machine only"),
        (SignIn(), "bank.example", "listens on this machine only"),
        (SignIn(public_url="https://stagecraft.bank.test"), "127.0.0.1", "nobody signs in"),
        (SignIn(proxies=("10.0.0.7",)), "127.0.0.1", "nobody signs in"),
        (SignIn("password"), "0.0.0.0", "WEB__PUBLIC_URL"),
        (SignIn("password", "http://stagecraft.bank.test"), "127.0.0.1", "travel readable"),
        (SignIn("password", "http://127.0.0.1:8000"), "0.0.0.0", "travel readable"),
        (SignIn("password", "https://stagecraft.bank.test"), "0.0.0.0", "WEB__PROXIES"),
        (replace(PUBLIC, public_url="https://stagecraft.bank.test/path"), "0.0.0.0", "without a path"),
        (replace(PUBLIC, public_url="stagecraft.bank.test"), "0.0.0.0", "without a path"),
        (replace(PUBLIC, public_url="https://a@stagecraft.bank.test"), "0.0.0.0", "without a path"),
        (replace(PUBLIC, public_url="https://[bad"), "0.0.0.0", "without a path"),
        (replace(PUBLIC, public_url="ftp://stagecraft.bank.test"), "0.0.0.0", "without a path"),
        (replace(PUBLIC, proxies=("0.0.0.0/0",)), "0.0.0.0", "everybody"),
        (replace(PUBLIC, proxies=("::/0",)), "0.0.0.0", "everybody"),
        (replace(PUBLIC, proxies=("proxy.bank.test",)), "0.0.0.0", "no address or network"),
        (SignIn("header"), "127.0.0.1", "STAGECRAFT_SIGNIN__HEADER_USER"),
        (replace(PUBLIC, method="header", headers=ProxyHeaders(user="")), "0.0.0.0", "STAGECRAFT_SIGNIN__HEADER_USER"),
        (replace(PUBLIC, method="oidc"), "0.0.0.0", "OIDC_ADDRESS"),
        (replace(OIDC, oidc=Oidc("https://sso.bank.test", "")), "0.0.0.0", "OIDC_CLIENT_ID"),
        (replace(OIDC, oidc=Oidc("http://sso.bank.test", "s")), "0.0.0.0", "over https"),
        (replace(OIDC, oidc=Oidc("https://sso.bank.test", "s", scopes=("email",))), "0.0.0.0", "openid"),
    ],
)
def test_unsound_combinations_are_refused_with_a_sentence(signin: SignIn, host: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught:
        require_sound(signin, host)
    assert caught.value.sentence("zh")


def test_the_providers_secret_is_not_shown() -> None:
    assert "hidden-one" not in repr(replace(OIDC, oidc=Oidc("https://sso.bank.test", "s", "hidden-one")))
