"""What is found out about an endpoint, once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from chains.endpoint.options import EndpointOptions
from chains.endpoint.private import OpenAIEndpoint
from errors import EndpointBusy, EndpointError, EndpointMisconfigured, EndpointTimeout, EndpointUnreachable
from tests.doubles.misbehaving_server import MisbehavingServer


@asynccontextmanager
async def endpoint(server: MisbehavingServer, **options: Any) -> AsyncIterator[OpenAIEndpoint]:
    given: dict[str, Any] = {"retry_seconds": 0.01, "first_token_seconds": 1.0, "busy_seconds": 0.2}
    opened = OpenAIEndpoint(EndpointOptions(server.base_url, **given | options))
    yield opened
    await opened.close()


def listing(model: str, **entry: Any) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": model, **entry}]}


async def test_model_context_and_schema_are_found_out_once() -> None:
    async with MisbehavingServer(models=listing("keeps_to_schema", max_model_len=32768)) as server, endpoint(server) as opened:
        found = await opened.abilities()
        assert await opened.abilities() is found
    assert (found.model, found.context_tokens, found.structured, found.streaming) == ("keeps_to_schema", 32768, True, True)
    assert (found.way, found.parallel, found.demonstration, found.notes) == ("whole", 4, False, ())
    assert server.paths.count("/v1/models") == 1
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("entry", "props", "expected"),
    [
        ({"owned_by": "llamacpp", "meta": {"n_ctx": 4096, "n_ctx_train": 32768}}, None, 4096),
        ({"owned_by": "llamacpp", "meta": {"n_ctx_train": 32768}}, {"default_generation_settings": {"n_ctx": 2048}}, 2048),
        ({"owned_by": "llamacpp", "meta": {"n_ctx_train": 32768}}, None, 32768),
        ({}, None, 8192),
    ],
)
async def test_the_context_is_taken_from_the_first_place_that_says_it(entry: Any, props: Any, expected: int) -> None:
    async with MisbehavingServer(models=listing("keeps_to_schema", **entry), props=props) as server, endpoint(server) as opened:
        assert (await opened.abilities()).context_tokens == expected


@pytest.mark.parametrize("model", ["ignores_schema", "refuses_schema"])
async def test_a_schema_that_is_not_kept_to_goes_into_the_prompt(model: str) -> None:
    async with MisbehavingServer(models=listing(model, max_model_len=4096)) as server, endpoint(server) as opened:
        found = await opened.abilities()
    assert not found.structured
    assert found.streaming
    assert "prompt" in found.notes[0]


async def test_a_server_that_answers_in_one_body_is_asked_so() -> None:
    async with MisbehavingServer(models=listing("does_not_stream", max_model_len=4096)) as server, endpoint(server) as opened:
        found = await opened.abilities()
    assert (found.streaming, found.structured) == (False, True)
    assert "does not stream" in found.notes[0]


async def test_what_the_settings_say_is_not_asked() -> None:
    given: dict[str, Any] = {"model": "scripted", "context_tokens": 2048, "structured": "prompt", "way": "items"}
    async with MisbehavingServer() as server, endpoint(server, **given, parallel=2, streaming=False) as opened:
        found = await opened.abilities()
    assert (found.model, found.context_tokens, found.structured, found.way) == ("scripted", 2048, False, "items")
    assert (found.parallel, found.streaming) == (2, False)
    assert server.paths == []


async def test_the_demonstration_model_is_asked_by_items() -> None:
    async with MisbehavingServer() as server, endpoint(server, demonstration=True, structured="schema") as opened:
        found = await opened.abilities()
    assert (found.way, found.demonstration) == ("items", True)


async def test_a_server_without_a_list_needs_the_name_of_the_model() -> None:
    async with MisbehavingServer(models=False) as server:
        async with endpoint(server, model="keeps_to_schema") as opened:
            found = await opened.abilities()
            assert (found.model, found.context_tokens) == ("keeps_to_schema", 8192)
        async with endpoint(server) as opened:
            with pytest.raises(EndpointMisconfigured) as caught:
                await opened.abilities()
    assert "the settings name none" in caught.value.detail


async def test_a_model_that_is_not_listed_is_still_asked_and_noted() -> None:
    async with MisbehavingServer() as server, endpoint(server, model="keeps_to_schema") as opened:
        assert "does not list the model" in (await opened.abilities()).notes[0]


@pytest.mark.parametrize(
    ("fault", "kind"), [("wrong_key", EndpointMisconfigured), ("html_page", EndpointMisconfigured), ("hang", EndpointTimeout)]
)
async def test_a_fault_of_the_list_is_typed(fault: str, kind: type[EndpointError]) -> None:
    async with MisbehavingServer(models=fault) as server, endpoint(server, model="scripted", first_token_seconds=0.2) as opened:
        with pytest.raises(kind):
            await opened.abilities()


@pytest.mark.parametrize(("fault", "kind"), [("rate_limited_for_long", EndpointBusy), ("wrong_key", EndpointMisconfigured)])
async def test_a_fault_while_finding_out_is_not_taken_for_a_missing_ability(fault: str, kind: type[EndpointError]) -> None:
    async with MisbehavingServer() as server, endpoint(server, model=fault) as opened:
        with pytest.raises(kind):
            await opened.abilities()


async def test_a_failed_finding_out_is_not_kept() -> None:
    async with MisbehavingServer(models="wrong_key") as server, endpoint(server) as opened:
        with pytest.raises(EndpointMisconfigured):
            await opened.abilities()
        server.models = listing("keeps_to_schema", max_model_len=4096)
        assert (await opened.abilities()).model == "keeps_to_schema"


async def test_finding_out_beside_a_server_that_is_gone_is_unreachable() -> None:
    async with MisbehavingServer() as gone:
        pass
    async with endpoint(gone) as opened:
        with pytest.raises(EndpointUnreachable):
            await opened.abilities()
