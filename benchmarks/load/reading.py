"""What reading a stream costs a token: our own reading and LangChain's chat client, in turn, from one endpoint in another process."""

import asyncio
import sys
import time
from pathlib import Path

from benchmarks.figures import Figure, Journal
from benchmarks.load.replies import brief, reply_to, tokens_of
from benchmarks.load.running import endpoint_running
from chains.endpoint.asking import Abilities, Ask, Message
from chains.endpoint.client import EndpointClient
from chains.endpoint.options import EndpointOptions
from chains.endpoint.pacing import paced

# LangChain relays about 1,265 tokens a second and core; 100 people at 10 tokens a second are 1,000.
TARGET = 4000
_AS_FAST_AS_IT_GOES = 1e6
_AT_ONCE = 20
_ABILITIES = Abilities("load")
_ASK = Ask((Message("user", brief()),), None, "stories", 3000)


async def measure(folder: Path, journal: Journal, *, rounds: int) -> None:
    """Print how many tokens a second of processor time either way reads."""
    tokens = len(tokens_of(reply_to({}))) * _AT_ONCE * rounds
    spent = {"ours": 0.0, "LangChain": 0.0}
    async with endpoint_running(folder, _AS_FAST_AS_IT_GOES) as address:
        client = EndpointClient(EndpointOptions(f"{address}/v1", model="load"))
        await asyncio.gather(client.ready(_ABILITIES), client.chat("load"))
        await asyncio.gather(_ours(client), _langchain(client))
        for _ in range(rounds):
            for name, read in (("ours", _ours), ("LangChain", _langchain)):
                began = time.process_time()
                await asyncio.gather(*(read(client) for _ in range(_AT_ONCE)))
                spent[name] += time.process_time() - began
        await client.close()
    for name, seconds in spent.items():
        speed = tokens / seconds
        held = speed >= TARGET if name == "ours" else None
        told = f"at least {TARGET:,}" if name == "ours" else ""
        journal.tell(Figure("reading", f"tokens a second of processor time, {name}", f"{speed:,.0f}", told, held))


async def _ours(client: EndpointClient) -> None:
    async for _ in paced(client.chunks(_ASK, _ABILITIES), 60.0, 120.0):
        pass


async def _langchain(client: EndpointClient) -> None:
    chat = await client.chat("load")
    async for _ in chat.astream([("human", brief())]):
        pass


if __name__ == "__main__":
    asyncio.run(measure(Path(sys.argv[1]), Journal(Path(sys.argv[1])), rounds=3))
