"""The framing of a streamed reply: cut anywhere, with any end of line, with what else servers send."""

import gzip
import json
from collections.abc import AsyncIterator

import pytest

from chains.endpoint.event_stream import EventBytes, events_of

TEXT = '{"text": "冻结卡片 💳 frozen"}'
PLAIN = f'data: {TEXT}\n\ndata: {{"end": true}}\n\ndata: [DONE]\n\n'.encode()
EVENTS = [{"text": "冻结卡片 💳 frozen"}, {"end": True}]


async def parts(*raw: bytes) -> AsyncIterator[bytes]:
    for part in raw:
        yield part


async def heard(*raw: bytes) -> list[dict[str, object]]:
    return [event async for event in events_of(parts(*raw))]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
async def test_a_stream_cut_anywhere_says_the_same(end: bytes) -> None:
    raw = PLAIN.replace(b"\n", end)
    for at in range(len(raw)):
        assert await heard(raw[:at], raw[at:]) == EVENTS
    assert await heard(*(raw[at : at + 1] for at in range(len(raw)))) == EVENTS


async def test_comments_names_numbers_and_a_mark_in_front_are_passed_over() -> None:
    raw = b"\xef\xbb\xbf: ping\n\nevent: message\nid: 7\nretry: 100\n" + PLAIN.replace(b"data: ", b"data:")
    assert await heard(raw) == EVENTS


async def test_the_lines_of_one_event_are_one() -> None:
    assert await heard(b'data: {"text":\ndata: "a"}\n\n') == [{"text": "a"}]


async def test_an_end_without_a_last_empty_line_or_without_done_is_an_end() -> None:
    assert await heard(PLAIN.removesuffix(b"data: [DONE]\n\n").rstrip()) == EVENTS
    assert await heard(PLAIN.rstrip()) == EVENTS


async def test_of_an_event_that_the_end_cut_nothing_is_heard() -> None:
    assert await heard(b'data: {"end": true}\n\ndata: {"te') == [{"end": True}]


async def test_what_follows_done_is_not_heard() -> None:
    assert await heard(PLAIN, b'data: {"more": 1}\n\n') == EVENTS


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b": ping\n\n",
        b"data: [DONE]\n\n",
        b'{"choices": []}',
        b"<html></html>",
        b'data: {"a\n\n',
        b"data: 7\n\n",
        b'data: {"a": "\xff"}\n\n',
        gzip.compress(PLAIN, mtime=0),
    ],
)
async def test_what_is_no_stream_of_objects_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        await heard(raw)


async def test_half_of_a_pair_of_surrogates_is_text_like_any_other() -> None:
    assert await heard(b'data: {"text": "\\ud83d"}\n\n') == [{"text": "\ud83d"}]


def test_an_event_without_end_does_not_fill_the_memory() -> None:
    stream = EventBytes()
    for _ in range(4):
        assert list(stream.take(b"x" * 999_999)) == []
    with pytest.raises(ValueError, match="no end"):
        list(stream.take(b"x" * 1_000_000))


def test_a_thousand_events_in_one_part_come_in_their_order() -> None:
    raw = b"".join(b"data: %d\n\n" % number for number in range(1000))
    assert [json.loads(data) for data in EventBytes().take(raw)] == list(range(1000))
