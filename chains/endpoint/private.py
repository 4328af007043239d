"""Asks the organisation's private model server, and keeps its faults and its silences within our own time budget."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Literal

from chains.endpoint import sentences as say
from chains.endpoint.abilities import find_out
from chains.endpoint.asking import Abilities, Ask, Piece, Reply
from chains.endpoint.breaker import Breaker, BreakerState
from chains.endpoint.client import EndpointClient
from chains.endpoint.faults import Fault, translate
from chains.endpoint.options import EndpointOptions
from chains.endpoint.pacing import Chunk, paced
from chains.endpoint.repetition import repeats_endlessly
from errors import BrokenReply, EndpointError

log = logging.getLogger(__name__)

CHECK_EVERY = 200


class OpenAIEndpoint:
    """A server that speaks the OpenAI protocol (vLLM, SGLang, llama.cpp, Ollama …), asked by `EndpointClient`."""

    def __init__(self, options: EndpointOptions) -> None:
        self._options = options
        self._breaker = Breaker(options.failures_until_rest, options.rest_seconds)
        self._abilities: Abilities | None = None
        self._finding_out = asyncio.Lock()
        self._client = EndpointClient(options)

    @property
    def breaker_state(self) -> BreakerState:
        """Whether the endpoint is asked at the moment."""
        return self._breaker.state

    async def abilities(self) -> Abilities:
        """Return what the endpoint can do, found out at the first call and kept; a failed attempt is not kept.

        Raises EndpointError where it cannot be reached, is misconfigured, or was not asked because it failed repeatedly.
        """
        async with self._finding_out:
            if self._abilities is None:
                self._breaker.check()
                try:
                    self._abilities = await find_out(self._options, self._client.get, self._whole)
                except EndpointError as error:
                    self._failed(error)
                    raise
            return self._abilities

    async def stream(self, ask: Ask) -> AsyncGenerator[Piece | Reply, None]:
        """Yield the reply in pieces of 30 ms and a `Reply` last; asks once more where no text had arrived.

        Raises EndpointError for every fault of the endpoint; BrokenReply and EndpointTimeout carry the text that had arrived.
        """
        abilities = await self.abilities()
        self._breaker.check()
        try:
            async with aclosing(self._twice(ask, abilities)) as events:
                async for event in events:
                    yield event
        except EndpointError as error:
            self._failed(error)
            raise
        self._breaker.succeeded()

    async def warm(self) -> None:
        """Find out the abilities and import the client, so that the first brief does not wait for either.

        Raises EndpointError as `abilities` does.
        """
        await self._client.ready(await self.abilities())

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    def _failed(self, error: EndpointError) -> None:
        """Count the failed call, and tell the operator's log what the person is not shown."""
        self._breaker.failed(error)
        log.warning("endpoint: %s: %s", type(error).__name__, error.detail)

    async def _twice(self, ask: Ask, abilities: Abilities) -> AsyncGenerator[Piece | Reply, None]:
        """Make the call, and once more where the fault allows it and nothing was shown yet."""
        for may_retry in (True, False):
            arrived: list[str] = []
            try:
                async with aclosing(self._once(ask, abilities, arrived)) as events:
                    async for event in events:
                        yield event
                    return
            except Exception as error:  # translate() raises again whatever is no fault of the endpoint
                fault = translate(error, "".join(arrived), secret=self._options.api_key)
                wait = self._pause(fault) if may_retry and not arrived else None
                if wait is None:
                    raise fault.error from error
                log.info("endpoint: asked once more after %.1f s: %s", wait, fault.error.detail)
            await asyncio.sleep(wait)

    def _pause(self, fault: Fault) -> float | None:
        """Return the seconds before asking once more; None where that makes no sense or the service asks for too long a wait."""
        if not fault.retry:
            return None
        wait = fault.wait_seconds if fault.wait_seconds is not None else self._options.retry_seconds
        return wait if wait <= self._options.busy_seconds else None

    async def _once(self, ask: Ask, abilities: Abilities, arrived: list[str]) -> AsyncGenerator[Piece | Reply, None]:
        """Make one call; `arrived` grows with the text, so that a fault can carry it."""
        await self._client.ready(abilities)
        started, first, end, unchecked = time.monotonic(), 0.0, Chunk(), 0
        chunks = self._client.chunks(ask, abilities)
        silence = self._options.first_token_seconds if abilities.streaming else self._options.answer_seconds
        finish: Literal["stop", "length", "repetition"] | None = None
        async with aclosing(paced(chunks, silence, self._options.answer_seconds)) as pieces:
            async for end in pieces:
                if end.text:
                    first = first or time.monotonic() - started
                    arrived.append(end.text)
                    unchecked += len(end.text)
                    yield Piece(end.text)
                if unchecked >= CHECK_EVERY:
                    unchecked = 0
                    if repeats_endlessly("".join(arrived)):
                        finish = "repetition"
                        break
        text = "".join(arrived)
        yield Reply(
            text=text,
            finish=finish or _finish(end.finish, text),
            model=abilities.model,
            prompt_tokens=end.prompt_tokens,
            completion_tokens=end.completion_tokens,
            cached_tokens=end.cached_tokens,
            first_token_seconds=first,
            seconds=time.monotonic() - started,
        )

    async def _whole(self, ask: Ask, abilities: Abilities) -> Reply:
        """Make one call of the finding out and return its end, without pieces.

        Raises EndpointError as `stream` does.
        """
        async with aclosing(self._twice(ask, abilities)) as events:
            async for event in events:
                if isinstance(event, Reply):
                    return event
        raise say.nothing()


def _finish(finish: str | None, text: str) -> Literal["stop", "length"]:
    """Return why a complete reply ended; raise BrokenReply where it is empty, withheld or did not end at all."""
    broken: BrokenReply | None = None
    if finish == "content_filter":
        broken = say.withheld("finish_reason=content_filter", text)
    elif not text.strip():
        broken = say.nothing(f"an empty reply, finish_reason={finish}")
    elif finish is None:
        broken = say.cut("the stream ended without a finish_reason", text)
    if broken is not None:
        raise broken
    return "length" if finish == "length" else "stop"
