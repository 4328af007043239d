"""Sends an answer piece by piece (server-sent events), with a sign of life while there is nothing to read."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from channels.api.answering import Answer, Beat
from channels.api.refusals import Refusal
from channels.api.shape import Shape
from channels.api.written import dumped

# An answer that fails at once is refused with its own status; after this the answer begins, and only its text can tell.
_HELD_SECONDS = 3.0
_BEAT_SECONDS = 10.0
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

Told = str | Beat | Exception | None
Refuse = Callable[[Exception], Refusal]


class _Streamed(StreamingResponse):
    """A stream that ends the work behind it however it ends itself, also when nobody ever reads from it."""

    def __init__(self, content: AsyncGenerator[str, None], work: "asyncio.Task[None]") -> None:
        super().__init__(content, media_type="text/event-stream", headers=_HEADERS)
        self._work = work

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await _end(self._work)


async def streamed(answer: Answer, shape: Shape, refusal: Refuse) -> Response:
    """Return the stream of an answer, `[DONE]` last. Raises what the turn raises within its first seconds.

    `refusal` says how an exception is told once the stream has begun.
    """
    told: asyncio.Queue[Told] = asyncio.Queue()
    work = asyncio.create_task(_work(answer, told))
    try:
        first = await _first(told)
    except BaseException:
        await _end(work)
        raise
    return _Streamed(_events(answer, shape, refusal, first, told), work)


async def _work(answer: Answer, told: "asyncio.Queue[Told]") -> None:
    """Follow the answer, and tell its end as None or as what was raised."""
    try:
        async with contextlib.aclosing(answer.pieces()) as pieces:
            async for piece in pieces:
                told.put_nowait(piece)
        told.put_nowait(None)
    except Exception as error:  # noqa: BLE001 - whoever reads raises it
        told.put_nowait(error)


async def _first(told: "asyncio.Queue[Told]") -> list[Told]:
    """Return what was told by the first text, or within the first seconds. Raises what was raised by then."""
    found: list[Told] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_HELD_SECONDS):
            while not found or isinstance(found[-1], Beat):
                found.append(await told.get())
    if found and isinstance(found[-1], Exception):
        raise found[-1]
    return found


async def _events(
    answer: Answer, shape: Shape, refusal: Refuse, first: list[Told], told: "asyncio.Queue[Told]"
) -> AsyncGenerator[str, None]:
    yield _event(shape.piece({"role": "assistant", "content": ""}))
    async for piece in _told(first, told):
        if isinstance(piece, Exception):
            yield _event(refusal(piece).body(turn=answer.turn))
            return
        if isinstance(piece, Beat):
            yield f": {piece.about or 'writing'}\n\n"
        else:
            yield _event(shape.piece({"refusal" if answer.is_refusal else "content": piece}))
    for last in shape.end(answer):
        yield _event(last)
    yield "data: [DONE]\n\n"


async def _told(first: list[Told], told: "asyncio.Queue[Told]") -> AsyncGenerator[str | Beat | Exception, None]:
    """Yield what is told until its end, and a beat now and then while nothing is."""
    for piece in first:
        if piece is None:
            return
        yield piece
    while True:
        try:
            piece = await asyncio.wait_for(told.get(), _BEAT_SECONDS)
        except TimeoutError:
            piece = Beat()
        if piece is None:
            return
        yield piece


def _event(value: dict[str, Any]) -> str:
    return f"data: {dumped(value)}\n\n"


async def _end(work: "asyncio.Task[Any]") -> None:
    """Cancel work and wait until it is on record as ended."""
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def unless_gone(request: Request, answer: Answer) -> str | None:
    """Return the text of an answer, whole; None where the caller left before it came. Raises what the turn raises."""
    work = asyncio.create_task(_drained(answer))
    gone = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        return work.result() if work.done() else None
    finally:
        await _end(gone)
        await _end(work)


async def _drained(answer: Answer) -> str:
    async with contextlib.aclosing(answer.pieces()) as pieces:
        return "".join([piece async for piece in pieces if isinstance(piece, str)])


async def _gone(request: Request) -> None:
    """Return when the caller has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
