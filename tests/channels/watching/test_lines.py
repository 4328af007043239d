"""What a log line holds, and what it never holds, however hard somebody tries."""

import json
import logging
import sys
from typing import Any

import pytest

from channels.watching.lines import ACCESS, TURNS, Lines, LogOptions, on_standard_error
from errors import BriefError

JSON = LogOptions("json", "info", hidden=("topsecretkey", "models.bank.example"))
KEY = "sk-stagecraft-AbCdEf0123456789AbCdEf0123456789"
TOKEN = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdoaWo0"


def line(message: str, *arguments: object, options: LogOptions = JSON, error: BaseException | None = None, **extra: Any) -> str:
    """One line as it is written."""
    caught = (type(error), error, error.__traceback__) if error is not None else None
    record = logging.LogRecord("stagecraft.test", logging.WARNING, __file__, 1, message, arguments, caught)
    for name, value in extra.items():
        setattr(record, name, value)
    return Lines(options).format(record)


def raised(error: BaseException) -> BaseException:
    """The error as it is after it was raised."""
    try:
        raise error
    except BaseException as caught:  # noqa: BLE001
        return caught


def test_a_line_is_one_json_object_with_the_facts_that_were_added() -> None:
    told = json.loads(line("turn %s", "ended", turn="t1", stage="faq", seconds=1.5, tokens={"prompt": 3}))
    assert told["message"] == "turn ended"
    assert (told["turn"], told["stage"], told["seconds"], told["tokens"]) == ("t1", "faq", 1.5, {"prompt": 3})
    assert told["time"].endswith("+00:00")
    assert told["level"] == "WARNING"


def test_a_fact_that_is_not_on_the_list_is_left_out() -> None:
    assert "freeze" not in line("turn ended", brief="freeze a card", prompt="freeze", email="ana@bank.example")


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize(
    "secret",
    [
        KEY,
        f"Authorization: Bearer {TOKEN}",
        f"Basic {TOKEN}",
        "api_key='hunter2hunter'",
        '{"client_secret": "hunter2hunter"}',
        "password=hunter2hunter&x=1",
        "xoxb-123456789-hunter2hunter",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEifQ.hunter2hunter",
        f"cookie {TOKEN}",
        "ana.smith@bank.example",
        "http://models.bank.example:8000/v1",
        "postgresql+asyncpg://stagecraft:hunter2hunter@db.bank.example/x",
        "10.20.30.40",
        "it is topsecretkey now",
        "https://localhost.evil.test/x",
    ],
)
def test_an_obedient_attempt_to_log_a_secret_fails(form: Any, secret: str) -> None:
    options = LogOptions(form, hidden=JSON.hidden)
    error = raised(RuntimeError(f"could not send {secret}"))
    written = line("sent %s", secret, options=options, error=error, route=secret, turn=secret)
    for piece in (KEY, TOKEN, "hunter2", "ana.smith", "bank.example", "10.20.30.40", "topsecretkey", "evil.test"):
        assert piece not in written


def test_an_error_is_told_by_kinds_places_and_one_line_of_its_text() -> None:
    error = raised(ValueError("1 fault\ninput_value='A customer can freeze a lost card'"))
    error.__cause__ = raised(KeyError("story"))
    told = json.loads(line("failure ab12", error=error, failure="ab12"))
    assert [one["type"] for one in told["error"]] == ["ValueError", "KeyError"]
    assert told["error"][0]["text"] == "1 fault"
    assert told["error"][0]["at"][-1].startswith("tests/channels/watching/test_lines.py:")
    assert "freeze" not in json.dumps(told)


def test_a_text_of_many_lines_or_letters_is_cut() -> None:
    assert json.loads(line("Message was:\nA customer freezes a card"))["message"] == "Message was:"
    assert len(json.loads(line("x y " * 1000))["message"]) < 310


def test_ids_and_addresses_of_this_machine_stay_readable() -> None:
    text = "turn d4f0e5c8-9a1b-4c2d-8e3f-0123456789ab at http://127.0.0.1:8000/v1 failed"
    assert json.loads(line(text))["message"] == text


def test_a_line_for_people_says_the_same() -> None:
    written = line("turn ended", options=LogOptions("text"), turn="t1", seconds=2, error=raised(BriefError("No.", "不。")))
    assert written.splitlines()[0].endswith("stagecraft.test: turn ended turn=t1 seconds=2")
    assert written.splitlines()[1] == "  BriefError: No."


@pytest.mark.parametrize(("level", "told"), [("info", True), ("warning", False)])
def test_requests_and_turns_have_a_line_where_that_is_chosen(capsys: pytest.CaptureFixture[str], level: Any, told: bool) -> None:
    with on_standard_error(LogOptions("json", level)):
        for name in (ACCESS, TURNS, "somebody.else"):
            logging.getLogger(name).info("news of %s", name)
        logging.getLogger("somebody.else").warning("a warning")
    written = [json.loads(row)["logger"] for row in capsys.readouterr().err.splitlines()]
    assert written == [*([ACCESS, TURNS] if told else []), "somebody.else"]


def test_the_server_itself_writes_no_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    access, errors = logging.getLogger("uvicorn.access"), logging.getLogger("uvicorn.error")
    own = logging.StreamHandler(sys.stderr)
    for logger in (access, errors):
        logger.addHandler(own)
    try:
        with on_standard_error(JSON), on_standard_error(JSON):
            access.error("GET /artifacts/secret-id/export/md")
            errors.error("shutting down")
    finally:
        restored = [own in logger.handlers for logger in (access, errors)]
        for logger in (access, errors):
            logger.removeHandler(own)
    rows = [json.loads(row) for row in capsys.readouterr().err.splitlines()]
    assert [row["message"] for row in rows] == ["shutting down"]
    assert restored == [True, True]
