"""The misbehaving server in a thread of its own: for journeys whose test is no coroutine, as a browser's."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from tests.doubles.misbehaving_server import MisbehavingServer, Scripted


@contextlib.contextmanager
def server_aside(replies: list[Scripted] | None = None, *, port: int = 0) -> Iterator[MisbehavingServer]:
    """Serve until the block ends; `requests` and `replies` of what is yielded may be read and changed meanwhile."""
    server = MisbehavingServer(replies, port=port)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
