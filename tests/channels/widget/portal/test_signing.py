"""What the demo portal's server does: a key of its own, a word for its user that the assistant takes, and a ticket in return."""

import socket
import stat
from pathlib import Path

import pytest

from channels.widget.assertions import read_assertion
from channels.widget.options import portal_keys
from channels.widget.portal.signing import AssistantSilent, PortalUser, assertion_of, portal_key, ticket_for

MEI = PortalUser("mei", "Mei Lin", "mei@bank.test", ("cards-team",))


def test_the_key_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "demo-portal"
    private, public = portal_key(folder)
    assert portal_key(folder) == (private, public)
    assert stat.S_IMODE((folder / "private.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert b"PRIVATE" in private
    assert "PRIVATE" not in public.read_text()


def test_its_word_is_taken_by_the_assistant_that_it_is_for(tmp_path: Path) -> None:
    private, public = portal_key(tmp_path / "demo-portal")
    word = assertion_of(MEI, issuer="http://localhost:8500", audience="http://localhost:8000", key=private)
    asserted = read_assertion(word, portal_keys({"http://localhost:8500": str(public)}), "http://localhost:8000")
    assert (asserted.subject, asserted.name, asserted.groups) == ("mei", "Mei Lin", ("cards-team",))


async def test_an_assistant_that_is_not_there_is_said_to_be_silent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(AssistantSilent):
            await ticket_for(f"http://127.0.0.1:{free.getsockname()[1]}", "a", "c", "en")
