"""The time budget of a reply and its pieces, whatever the client does meanwhile."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from chains.endpoint.pacing import Chunk, paced


async def said(*chunks: Chunk | float | Exception) -> AsyncGenerator[Chunk, None]:
    """Say chunks; a number is a pause in seconds, an exception is raised."""
    for chunk in chunks:
        if isinstance(chunk, float):
            await asyncio.sleep(chunk)
        elif isinstance(chunk, Exception):
            raise chunk
        else:
            yield chunk


async def pieces(*chunks: Chunk | float | Exception, silence: float = 5.0, whole: float = 10.0) -> list[Chunk]:
    return [piece async for piece in paced(said(*chunks), silence, whole)]


async def listen(heard: list[str], reply: AsyncGenerator[Chunk, None]) -> None:
    async for piece in reply:
        heard.append(piece.text)


async def test_what_comes_at_once_is_one_piece_and_the_last_tells_the_end() -> None:
    heard = await pieces(Chunk("a"), Chunk("b"), Chunk(finish="stop"), Chunk(prompt_tokens=3, completion_tokens=2))
    assert "".join(piece.text for piece in heard) == "ab"
    assert (heard[-1].finish, heard[-1].prompt_tokens, heard[-1].completion_tokens) == ("stop", 3, 2)


async def test_what_comes_slowly_comes_piece_by_piece() -> None:
    heard = await pieces(Chunk("a"), 0.1, Chunk("b"), 0.1, Chunk("c"), Chunk(finish="stop"))
    assert [piece.text for piece in heard if piece.text] == ["a", "b", "c"]


async def test_what_had_arrived_comes_before_the_fault() -> None:
    heard: list[str] = []
    with pytest.raises(OSError, match="cut"):
        await listen(heard, paced(said(Chunk("a"), 0.05, Chunk("b"), OSError("cut")), 5.0, 10.0))
    assert "".join(heard) == "ab"


@pytest.mark.parametrize(("chunks", "told"), [((5.0,), "silent"), ((Chunk("a"), 5.0), "silent")])
async def test_a_silence_ends_the_reading(chunks: tuple[Chunk | float, ...], told: str) -> None:
    with pytest.raises(TimeoutError, match=told):
        await pieces(*chunks, silence=0.1)


async def test_a_sign_of_life_without_text_is_no_silence() -> None:
    heard = await pieces(0.15, Chunk(), 0.15, Chunk(), 0.15, Chunk("a"), Chunk(finish="stop"), silence=0.3)
    assert heard[-1].finish == "stop"


async def test_a_reply_that_never_ends_is_ended() -> None:
    heard: list[str] = []
    endless: list[Chunk | float | Exception] = [Chunk("a"), 0.02]
    with pytest.raises(TimeoutError, match="not finished"):
        await listen(heard, paced(said(*endless * 1000), 5.0, 0.3))
    assert heard


async def test_whoever_stops_listening_ends_the_reading() -> None:
    closed = asyncio.Event()

    async def endless() -> AsyncGenerator[Chunk, None]:
        try:
            while True:
                yield Chunk("a")
                await asyncio.sleep(0.01)
        finally:
            closed.set()

    async with aclosing(paced(endless(), 5.0, 10.0)) as heard:
        await anext(heard)
    assert closed.is_set()
