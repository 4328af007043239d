"""An endpoint that answers by script, without a server: replies in turn or by a function of the call, and faults on demand.

    endpoint = ScriptedEndpoint(['{"stories": …}'])
    endpoint = ScriptedEndpoint(lambda ask: stories_of(ask), abilities=ITEMS)
    endpoint = ScriptedEndpoint(["half of it"], fault=EndpointTimeout("too slow", "太慢", partial="half"), after=1)

The last reply of a list is given again and again. `fault` is raised after `after` pieces of every call, or of the calls whose
number (from 1) stands in `fails`. Every call is kept in `asks`; `open` counts the calls under way, `most_open` the most at a time.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Container, Sequence
from typing import Any, Literal

from chains.endpoint.asking import Abilities, Ask, Piece, Reply
from errors import BrokenReply

WHOLE = Abilities("scripted", context_tokens=16_384)
ITEMS = Abilities("scripted-small", context_tokens=8192, way="items")
Said = str | dict[str, Any]
Finish = Literal["stop", "length", "repetition"]


class ScriptedEndpoint:
    """See the module; `pace` is the seconds between two pieces, `every` the characters of a piece."""

    def __init__(
        self,
        replies: Sequence[Said] | Callable[[Ask], Said] = ("",),
        *,
        abilities: Abilities | BaseException = WHOLE,
        fault: BaseException | None = None,
        after: int = 0,
        fails: Container[int] | None = None,
        finish: Finish = "stop",
        pace: float = 0.0,
        every: int = 40,
    ) -> None:
        self._replies = replies
        self._abilities = abilities
        self._fault, self._after, self._fails = fault, after, fails
        self._finish, self._pace, self._every = finish, pace, every
        self.asks: list[Ask] = []
        self.open = self.most_open = 0
        self.is_closed = False

    async def abilities(self) -> Abilities:
        """Return what it was given, or raise it."""
        if isinstance(self._abilities, BaseException):
            raise self._abilities
        return self._abilities

    async def stream(self, ask: Ask) -> AsyncGenerator[Piece | Reply, None]:
        """Yield the next reply in pieces."""
        self.asks.append(ask)
        number = len(self.asks)
        fault = self._fault if self._fails is None or number in self._fails else None
        text = self._text(ask, number)
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            for place, start in enumerate(range(0, len(text), self._every)):
                if fault is not None and place == self._after:
                    raise fault
                await asyncio.sleep(self._pace)
                yield Piece(text[start : start + self._every])
            if fault is not None:
                raise fault
            if not text:
                raise BrokenReply("The model returned no answer.", "模型没有返回任何内容。")
            yield Reply(text, self._finish, "scripted", 100, max(1, len(text) // 4), 80, 0.01, 0.02)
        finally:
            self.open -= 1

    async def close(self) -> None:
        """Note that it was closed."""
        self.is_closed = True

    def _text(self, ask: Ask, number: int) -> str:
        replies = self._replies
        said = replies(ask) if callable(replies) else replies[min(number, len(replies)) - 1]
        return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
