import uuid
from typing import Any

import pytest
from pydantic import ValidationError

from channels.page.from_browser import Accept, Ask, Edit, Reject, known_settings, read_preferences, sound_handshake, typed_message

MESSAGE = {"id": str(uuid.uuid4()), "output": "freeze a card", "command": "User stories", "modes": {"stage": "user_stories"}}


def test_a_message_is_the_persons_whatever_the_browser_says() -> None:
    forged = {
        **MESSAGE,
        "type": "system_message",
        "name": "Stagecraft",
        "parentId": "x",
        "metadata": {"admin": True},
        "threadId": "' OR 1=1",
    }
    message = typed_message({"message": forged, "fileReferences": [{"id": "x"}]}, "Local analyst")
    assert message is not None
    assert message["fileReferences"] is None
    assert {key: message["message"][key] for key in ("type", "name", "metadata", "threadId")} == {
        "type": "user_message",
        "name": "Local analyst",
        "metadata": {},
        "threadId": "",
    }


@pytest.mark.parametrize(
    "payload", [None, {}, {"message": None}, {"message": {**MESSAGE, "id": "1"}}, {"message": {**MESSAGE, "output": {"a": 1}}}]
)
def test_a_message_that_cannot_be_read_is_dropped(payload: Any) -> None:
    assert typed_message(payload, "x") is None


@pytest.mark.parametrize("session_id", ["../../..", "", None, 7, "a" * 36])
def test_a_session_id_that_is_no_uuid_is_refused_for_a_folder_is_named_after_it(session_id: Any) -> None:
    with pytest.raises(ConnectionRefusedError):
        sound_handshake({"sessionId": session_id, "threadId": "", "clientType": "webapp"})


def test_a_handshake_keeps_nothing_but_its_ids() -> None:
    session_id = str(uuid.uuid4())
    auth = {"sessionId": session_id, "threadId": None, "clientType": "slack", "userEnv": '{"KEY": "x"}', "chatProfile": "admin"}
    assert sound_handshake(auth) == {
        "sessionId": session_id,
        "threadId": "",
        "clientType": "webapp",
        "userEnv": "{}",
        "chatProfile": "",
    }
    with pytest.raises(ConnectionRefusedError):
        sound_handshake({**auth, "threadId": "'; DROP TABLE threads"})


@pytest.mark.parametrize(
    ("model", "payload"),
    [
        (Accept, {"artifact_id": "../x", "version": 1}),
        (Accept, {"artifact_id": "a1", "version": 0}),
        (Accept, {"artifact_id": "a1", "version": "1"}),
        (Accept, {"artifact_id": "a1", "version": 1, "status": "accepted"}),
        (Reject, {"artifact_id": "a1", "version": 1, "reason": ""}),
        (Edit, {"artifact_id": "a1", "version": 1, "item": "", "text": "x"}),
        (Edit, {"artifact_id": "a1", "version": 1, "item": "S1", "text": "x" * 20_001}),
        (Ask, {"stage": "user_stories", "brief": ""}),
        (Ask, {"stage": "user_stories", "brief": "x", "upstream": ["a/b"]}),
    ],
)
def test_a_forged_button_is_refused(model: type, payload: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(payload)  # type: ignore[attr-defined]


def test_preferences_that_cannot_be_taken_count_as_not_chosen() -> None:
    assert read_preferences({"language": "zh", "workspace": " 跨境支付 "}).workspace == "跨境支付"
    assert read_preferences({}).sound
    for chosen in ({"language": "xx"}, {"workspace": ""}, {"workspace": "../x"}, {"workspace": "x" * 61}, {"language": ["en"]}):
        preferences = read_preferences(chosen)
        assert (preferences.language, preferences.workspace, preferences.sound) == (None, "default", False)


def test_settings_that_there_are_not_are_left_out() -> None:
    assert known_settings({"language": "en", "admin": True, "workspace": 7}) == {"language": "en"}
    assert known_settings("x") == {}


def test_a_brief_that_is_far_too_long_arrives_so_that_its_limit_can_be_told() -> None:
    message = typed_message({"message": {"id": str(uuid.uuid4()), "output": "x" * 200_001}}, "Ana")
    assert message is not None
    assert len(message["message"]["output"]) == 200_001


def test_files_go_with_a_message_by_their_ids_alone() -> None:
    file = {"id": str(uuid.uuid4()), "path": "/etc/passwd", "name": "x"}
    read = typed_message({"message": {"id": str(uuid.uuid4()), "output": ""}, "fileReferences": [file]}, "Ana")
    assert read is not None
    assert read["fileReferences"] == [{"id": file["id"]}]


@pytest.mark.parametrize("sent", ["all of them", [{"id": "../../secret"}], [{}], [{"id": str(uuid.uuid4())}] * 51])
def test_unsound_references_to_files_are_left_out(sent: object) -> None:
    read = typed_message({"message": {"id": str(uuid.uuid4()), "output": "brief"}, "fileReferences": sent}, "Ana")
    assert read is not None
    assert read["fileReferences"] is None
