"""How an endpoint is reached and what it may cost in time: the plain values that the doors hand down."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class EndpointOptions:
    """The settings of the endpoint as plain values (seconds and tokens), and what only the assembly knows.

    `structured`, `way`, `context_tokens`, `model` and `streaming` override what would be found out. `decoding` is `llguidance`
    for the embedded model only: its server holds a reply to a grammar three times faster than to `response_format`, and
    without white space. `retry_seconds` is the pause before the one retry, `rest_seconds` how long an endpoint that
    failed `failures_until_rest` times in a row is not asked again.
    """

    base_url: str
    api_key: str | None = field(default=None, repr=False)
    model: str | None = None
    structured: Literal["auto", "schema", "prompt"] = "auto"
    way: Literal["auto", "whole", "items"] = "auto"
    parallel: int = 4
    context_tokens: int | None = None
    reply_tokens: int = 3000
    temperature: float = 0.0
    connect_seconds: float = 5.0
    first_token_seconds: float = 20.0
    answer_seconds: float = 120.0
    busy_seconds: float = 10.0
    streaming: bool | None = None
    demonstration: bool = False
    decoding: Literal["response_format", "llguidance"] = "response_format"
    retry_seconds: float = 0.2
    rest_seconds: float = 10.0
    failures_until_rest: int = 3
