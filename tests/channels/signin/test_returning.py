"""After signing in, a person goes to a page of this host and nowhere else."""

import pytest

from channels.signin.returning import safe_return, signin_for


@pytest.mark.parametrize("path", ["/", "/thread/5", "/a?b=c&d=%2F", "/a#b", "/a?next=https://bank.test"])
def test_a_path_of_this_host_is_gone_back_to(path: str) -> None:
    assert safe_return(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "https://evil.test",
        "//evil.test",
        "///evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "/a\r\nSet-Cookie: x=y",
        "javascript:alert(1)",
        "evil.test",
        " //evil.test",
        "/" + "x" * 3000,
        "/signin?next=/a",
        "/login",
        "/logout",
        "//[",
    ],
)
def test_anything_else_leads_to_the_page_itself(path: str | None) -> None:
    assert safe_return(path) == "/"


def test_signs_that_a_header_cannot_hold_are_written_out() -> None:
    assert safe_return("/线程?a=卡") == "/%E7%BA%BF%E7%A8%8B?a=%E5%8D%A1"


def test_the_sign_in_page_knows_the_way_back() -> None:
    assert signin_for("/", "") == "/signin"
    assert signin_for("/thread/5", "a=b") == "/signin?next=%2Fthread%2F5%3Fa%3Db"
    assert signin_for("//evil.test", "") == "/signin"
