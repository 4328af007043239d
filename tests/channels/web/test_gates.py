"""Who may call from where, where people sign in. (Without sign-in: test_hardening.)"""

from typing import Any

import pytest

from channels.signin.options import SignIn
from channels.web.gates import PublicAddress, ThisMachine, came_through_proxy, gate_of

URL = "https://stagecraft.bank.test"
GATE = PublicAddress(SignIn("password", URL, ("10.0.0.7", "10.0.1.0/24")))


def scope(
    client: str = "10.0.0.7", path: str = "/", kind: str = "http", server: str = "10.0.0.1", **headers: str
) -> dict[str, Any]:
    said = {"host": "stagecraft.bank.test", "x_forwarded_proto": "https", **headers}
    return {
        "type": kind,
        "path": path,
        "scheme": "ws" if kind == "websocket" else "http",
        "client": (client, 1234),
        "server": (server, 8000),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in said.items() if value],
    }


def test_without_sign_in_the_gate_is_this_machines() -> None:
    assert isinstance(gate_of(SignIn()), ThisMachine)
    assert isinstance(gate_of(SignIn("password")), PublicAddress)


@pytest.mark.parametrize(("kind", "scheme"), [("http", "https"), ("websocket", "wss")])
def test_a_listed_proxy_says_the_scheme_and_who_calls(kind: str, scheme: str) -> None:
    asked = scope(kind=kind, x_forwarded_for="6.6.6.6, 8.8.8.8, 10.0.1.9")
    assert GATE.refusal(asked) is None
    assert asked["scheme"] == scheme
    assert asked["client"] == ("8.8.8.8", 0), "the nearest that is no proxy; what stands before it anybody may have written"
    assert came_through_proxy(asked)


def test_who_is_no_proxy_may_not_speak_for_others() -> None:
    for header in ("x_forwarded_proto", "x_forwarded_for", "x_forwarded_host", "x_forwarded_anything", "forwarded"):
        asked = scope("10.0.0.8", **{"x_forwarded_proto": "", header: "https"})
        refused = GATE.refusal(asked)
        assert refused is not None
        assert refused[0] == 403
        assert not came_through_proxy(asked)


def test_a_connection_past_the_proxy_is_not_https() -> None:
    refused = GATE.refusal(scope("10.0.0.8", x_forwarded_proto=""))
    assert refused is not None
    assert URL in refused[1]


@pytest.mark.parametrize(
    "host", ["evil.test", "", "10.0.0.1:8000", "stagecraft.bank.test.evil.test", "stagecraft.bank.test:8000", "127.0.0.1:8000"]
)
def test_only_the_public_name_is_answered(host: str) -> None:
    refused = GATE.refusal(scope(host=host))
    assert refused is not None
    assert "own address" in refused[1]


@pytest.mark.parametrize("host", ["stagecraft.bank.test", "STAGECRAFT.bank.test", "stagecraft.bank.test:443"])
def test_the_public_name_is_answered_however_it_is_written(host: str) -> None:
    assert GATE.refusal(scope(host=host)) is None


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_what_watches_the_process_needs_no_public_name(path: str) -> None:
    assert GATE.refusal(scope("10.0.0.99", path, host="10.0.0.1:8000", x_forwarded_proto="")) is None
    assert GATE.refusal(scope("10.0.0.99", path, host="10.0.0.1:8000")) is not None, "yet it speaks for nobody else"


def test_another_port_is_part_of_the_name() -> None:
    gate = PublicAddress(SignIn("password", "https://[fd00::1]:8443", ("10.0.0.7",)))
    assert gate.refusal(scope(host="[fd00::1]:8443")) is None
    assert gate.refusal(scope(host="[fd00::1]")) is not None


def test_without_a_public_address_this_machine_alone_is_answered() -> None:
    gate = PublicAddress(SignIn("password"))
    here = {"x_forwarded_proto": "", "host": "127.0.0.1:8000"}
    assert gate.refusal(scope("127.0.0.1", server="127.0.0.1", **here)) is None
    assert gate.refusal(scope("127.0.0.1", server="127.0.0.1", **{**here, "host": "evil.test:8000"})) is not None
    assert gate.refusal(scope("10.0.0.9", server="10.0.0.1", **here)) is not None
