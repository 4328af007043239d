"""Ask: one call, or the calls for the items of an outline, told as events while they run."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from chains.answering.turn import RunningTurn
from chains.endpoint.asking import Ask, Endpoint, Piece, Reply
from chains.events import TextArrived
from stages.declaration import Entry

Json = dict[str, Any]


async def call(endpoint: Endpoint, ask: Ask, turn: RunningTurn) -> AsyncGenerator[TextArrived | Reply, None]:
    """Make one call; yield its text as it arrives, and the reply last.

    Raises EndpointError as the endpoint does; what had arrived stands in the turn's record.
    """
    record = turn.sent(ask)
    async for piece in endpoint.stream(ask):
        turn.arrived()
        if isinstance(piece, Piece):
            record["reply"] += piece.text
            yield TextArrived(piece.text)
        else:
            record["reply"] = piece.text
            turn.received(piece)
            yield piece


async def call_each(
    endpoint: Endpoint, asks: Sequence[tuple[Entry, Callable[[], Ask]]], turn: RunningTurn, parallel: int
) -> AsyncGenerator[TextArrived | tuple[Entry, Reply], None]:
    """Make the calls of many items, at most `parallel` at a time; yield texts, and each entry with its reply when it is whole.

    Each call is written when its turn comes, so that the first does not wait for the prompts of all.

    Raises the first EndpointError of any call, after the others were ended.
    """
    queue: asyncio.Queue[TextArrived | tuple[Entry, Reply] | BaseException | None] = asyncio.Queue()
    slots = asyncio.Semaphore(parallel)

    async def one(entry: Entry, ask: Callable[[], Ask]) -> None:
        async with slots:
            async for event in call(endpoint, ask(), turn):
                queue.put_nowait((entry, event) if isinstance(event, Reply) else event)

    async def all_of_them() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for entry, ask in asks:
                    group.create_task(one(entry, ask))
            queue.put_nowait(None)
        except BaseExceptionGroup as failed:
            queue.put_nowait(failed.exceptions[0])

    running = asyncio.create_task(all_of_them())
    try:
        while (event := await queue.get()) is not None:
            if isinstance(event, BaseException):
                raise event
            yield event
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
