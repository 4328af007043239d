"""Stops asking an endpoint that does not answer, so that a person waits milliseconds instead of a time budget."""

import time
from typing import Literal

from chains.endpoint import sentences as say
from errors import EndpointError, EndpointTimeout, EndpointUnreachable

BreakerState = Literal["closed", "half", "open"]


class Breaker:
    """Counts failures in a row; after `limit` of them calls fail at once for `rest_seconds`, then a single failure is enough."""

    def __init__(self, limit: int, rest_seconds: float) -> None:
        self._limit = limit
        self._rest_seconds = rest_seconds
        self._failures = 0
        self._rests_until = 0.0
        self._last = ""

    @property
    def state(self) -> BreakerState:
        """Whether calls pass (`closed`), fail at once (`open`), or the next one decides (`half`)."""
        if self._failures < self._limit:
            return "closed"
        return "open" if time.monotonic() < self._rests_until else "half"

    def check(self) -> None:
        """Let a call pass, or raise EndpointUnreachable where the endpoint is left alone for now."""
        left = self._rests_until - time.monotonic()
        if left > 0:
            raise say.resting(left, f"not asked after {self._failures} failures in a row; the last: {self._last}")

    def succeeded(self) -> None:
        """Forget the failures: the endpoint answered."""
        self._failures = 0

    def failed(self, error: EndpointError) -> None:
        """Count silence; an endpoint that says what is wrong is there, so any other fault counts as an answer."""
        if not isinstance(error, EndpointUnreachable | EndpointTimeout):
            self.succeeded()
            return
        self._failures += 1
        self._last = error.detail
        if self._failures >= self._limit:
            self._rests_until = time.monotonic() + self._rest_seconds
