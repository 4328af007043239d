"""What the chain asks of an endpoint, whoever serves it: the port that `endpoint.py` and the doubles of the tests fill."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Role = Literal["system", "user", "assistant"]
Way = Literal["whole", "items"]


@dataclass(frozen=True)
class Message:
    """One message of a prompt."""

    role: Role
    text: str


@dataclass(frozen=True)
class Ask:
    """One call: the prompt, the JSON Schema that the reply is held to, and the most tokens of the reply."""

    messages: tuple[Message, ...]
    schema: dict[str, Any] | None
    schema_name: str
    reply_tokens: int


@dataclass(frozen=True)
class Piece:
    """Some characters of the reply, as they arrive."""

    text: str


@dataclass(frozen=True)
class Reply:
    """The end of a call: the whole text, why it ended and what it cost (tokens; seconds since the call was made)."""

    text: str
    finish: Literal["stop", "length", "repetition"]
    model: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    first_token_seconds: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True)
class Abilities:
    """What was found out about an endpoint, once.

    `structured` says whether it decodes under a JSON Schema given in `response_format`; without it the schema stands in the
    prompt. `way` is `items` for a weak model: an outline first, then each item by a call of its own. `context_tokens` is the
    longest prompt and reply together. `demonstration` marks the embedded model, which the page names as such.
    """

    model: str
    structured: bool = True
    streaming: bool = True
    context_tokens: int = 8192
    way: Way = "whole"
    parallel: int = 1
    demonstration: bool = False
    notes: tuple[str, ...] = field(default=())


class Endpoint(Protocol):
    """A model server that speaks the OpenAI protocol."""

    async def abilities(self) -> Abilities:
        """Return what the endpoint can do, found out at the first call and kept.

        Raises EndpointError where it cannot be reached or is misconfigured.
        """
        ...

    def stream(self, ask: Ask) -> AsyncIterator[Piece | Reply]:
        """Yield the reply in pieces, coalesced to 20–40 ms, and a `Reply` last.

        Raises EndpointError (see errors.py) for every fault of the endpoint, never a vendor's own exception.
        """
        ...

    async def close(self) -> None:
        """Give connections back and end what was started."""
        ...
