"""`python -m benchmarks.load.driver ADDRESS`: the people, in a process of their own; reads orders as JSON lines and answers with JSON lines.

{"do": "stream", "people": 100, "seconds": 600, "arrive": 10}     everybody asks again and again
{"do": "burst", "people": 300}                                    everybody asks at the same moment
"""

import asyncio
import json
import sys
import time
from typing import Any

from benchmarks.load.replies import brief
from benchmarks.load.visitor import Shown, Visitor

_LONGEST_SECONDS = 240.0
_PAUSE_SECONDS = 1.0
_AFTER_SECONDS = 15.0
_AT_ONCE = 10
Json = dict[str, Any]


async def stream(address: str, *, people: int, seconds: float, arrive: float) -> Json:
    """Have people arrive one after the other and ask again and again; a brief begun before the end is waited for."""
    visitors = [Visitor(address, number) for number in range(people)]
    until = time.time() + seconds
    begun = time.process_time()
    await asyncio.gather(*(_stay(visitor, at * arrive / people, until) for at, visitor in enumerate(visitors)))
    return {
        "shown": [shown.row() for visitor in visitors for shown in visitor.shown],
        "lost": sum(visitor.lost for visitor in visitors),
        "driver_cpu": time.process_time() - begun,
    }


async def _stay(visitor: Visitor, after: float, until: float) -> None:
    await asyncio.sleep(after)
    await visitor.open()
    while time.time() < until and not visitor.lost:
        await visitor.ask(brief(), _LONGEST_SECONDS)
        await asyncio.sleep(_PAUSE_SECONDS)
    await visitor.close()


async def burst(address: str, *, people: int) -> Json:
    """Have everybody, whose pages are open, ask at one moment; one more arrives every second after that."""
    visitors = [Visitor(address, 10_000 + number) for number in range(people)]
    for start in range(0, people, _AT_ONCE):
        await asyncio.gather(*(visitor.open() for visitor in visitors[start : start + _AT_ONCE]))
    asked = [asyncio.create_task(visitor.ask(brief(), _LONGEST_SECONDS)) for visitor in visitors]
    after = await _arriving(address)
    shown = await asyncio.gather(*asked)
    for visitor in visitors:
        await visitor.close()
    return {"shown": [one.row() for one in shown], "after": after, "lost": sum(visitor.lost for visitor in visitors)}


async def _arriving(address: str) -> list[Json]:
    """Have somebody new come every second and ask; return how long each waited for the page and for a first sign of their brief."""
    began = time.time()
    arrived = [asyncio.create_task(_newcomer(address, 20_000 + number, number + 1.0)) for number in range(int(_AFTER_SECONDS))]
    return [{**row, "at": row["at"] - began} for row in await asyncio.gather(*arrived)]


async def _newcomer(address: str, number: int, after: float) -> Json:
    await asyncio.sleep(after)
    at = time.time()
    visitor = Visitor(address, number)
    opened = await visitor.open()
    asking = asyncio.create_task(visitor.ask(brief(), _LONGEST_SECONDS))
    while not (visitor.shown and visitor.shown[-1].told) and not asking.done():
        await asyncio.sleep(0.02)
    shown: Shown = visitor.shown[-1]
    asking.cancel()
    await visitor.close()
    return {"at": at, "opened": opened, "told": shown.told - shown.sent, "phase": shown.phase}


async def main(address: str) -> None:
    """Do what each line of standard input says, until there is none."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order: Json = json.loads(line)
        told = await (stream if order.pop("do") == "stream" else burst)(address, **order)
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
