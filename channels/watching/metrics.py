"""The counts of a house in Prometheus' words. No label holds a person, an id or a text, so that their number stays bounded."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from chains.endpoint.breaker import BreakerState
from chains.observing import CallTold, TurnTold
from channels.watching.house import WatchedHouse
from records.turns import AdoptionKind

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_DOORS = frozenset({"page", "widget", "slack", "api", "mcp", "terminal"})
_FIRST_TOKEN = (0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 60)
_ANSWER = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
_TOKENS = ("prompt", "completion", "cached")


class Described(NamedTuple):
    """A metric as documents list it."""

    name: str
    type: str
    labels: tuple[str, ...]
    about: str


class Metrics:
    """Counts what observers are told; `house` is asked at each scrape, and tells nothing before it is open."""

    def __init__(self, house: Callable[[], WatchedHouse | None] = lambda: None) -> None:
        self._registry = CollectorRegistry()
        self._described: list[Described] = []
        self._turns = self._counter("turns", "Turns that have ended.", "stage", "door", "outcome")
        self._open = self._gauge("turns_open", "Turns under way.")
        self._findings = self._counter("findings", "Findings of answers.", "stage", "severity")
        self._mends = self._counter("mends", "What was mended by rule in answers.", "stage")
        self._first_token = self._histogram("first_token_seconds", "From the brief to the first token.", _FIRST_TOKEN, "stage")
        self._answer = self._histogram("answer_seconds", "From the brief to the end of the turn.", _ANSWER, "stage")
        self._tokens = self._counter("tokens", "Tokens that turns cost.", "kind")
        self._calls = self._counter("endpoint_calls", "Calls to the endpoint, by how they ended.", "fault")
        self._call_seconds = self._histogram("endpoint_call_seconds", "How long a call to the endpoint took.", _ANSWER)
        self._adoption = self._counter("adoption", "What people made of items and artifacts.", "stage", "kind")
        self.open_pages = self._gauge("open_pages", "Pages that are open in a browser.")
        self._registry.register(_Standing(house))
        ProcessCollector(registry=self._registry)

    def turn_began(self) -> None:
        """Count a turn under way."""
        self._open.inc()

    def turn_ended(self, turn: TurnTold) -> None:
        """Count a turn and what came of it."""
        self._open.dec()
        door = turn.door if turn.door in _DOORS else "other"
        self._turns.labels(turn.stage, door, turn.outcome).inc()
        for severity in turn.severities:
            self._findings.labels(turn.stage, severity).inc()
        self._mends.labels(turn.stage).inc(turn.mends)
        self._answer.labels(turn.stage).observe(turn.seconds)
        if turn.first_token_seconds is not None:
            self._first_token.labels(turn.stage).observe(turn.first_token_seconds)
        for kind in _TOKENS:
            self._tokens.labels(kind).inc(turn.tokens.get(kind, 0))

    def called(self, call: CallTold) -> None:
        """Count a call."""
        self._calls.labels(call.fault).inc()
        self._call_seconds.observe(call.seconds)

    def adopted(self, stage: str, kind: AdoptionKind) -> None:
        """Count an adoption."""
        self._adoption.labels(stage, kind).inc()

    def text(self) -> bytes:
        """Return everything as Prometheus reads it."""
        return generate_latest(self._registry)

    def described(self) -> tuple[Described, ...]:
        """Return our own metrics, for the documents."""
        return (*self._described, *_STANDING.values())

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        self._described.append(Described(f"stagecraft_{name}_total", "counter", labels, about))
        return Counter(f"stagecraft_{name}", about, labels, registry=self._registry)

    def _gauge(self, name: str, about: str) -> Gauge:
        self._described.append(Described(f"stagecraft_{name}", "gauge", (), about))
        return Gauge(f"stagecraft_{name}", about, registry=self._registry)

    def _histogram(self, name: str, about: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        self._described.append(Described(f"stagecraft_{name}", "histogram", labels, about))
        return Histogram(f"stagecraft_{name}", about, labels, registry=self._registry, buckets=buckets)


_STANDING = {
    one.name: one
    for one in (
        Described("stagecraft_queue_running", "gauge", (), "Calls to the endpoint under way at the gate."),
        Described("stagecraft_queue_waiting", "gauge", (), "Briefs that wait at the gate."),
        Described("stagecraft_shed_total", "counter", (), "Briefs that were sent away because too many waited."),
        Described("stagecraft_breaker", "gauge", ("state",), "1 for the state that the endpoint's breaker is in."),
        Described("stagecraft_passages", "gauge", (), "Passages that can be found."),
        Described("stagecraft_passages_waiting", "gauge", (), "Passages whose vectors are not made yet."),
    )
}


class _Standing(Collector):
    """How the house stands at the moment of a scrape."""

    def __init__(self, house: Callable[[], WatchedHouse | None]) -> None:
        self._house = house

    def collect(self) -> Iterator[Metric]:
        """Yield what is asked of the parts; nothing before the house is open."""
        house = self._house()
        if house is None:
            return
        queue, known = house.queue(), house.knowledge.status()
        yield _told("stagecraft_queue_running", queue.running)
        yield _told("stagecraft_queue_waiting", queue.waiting)
        yield CounterMetricFamily("stagecraft_shed", _STANDING["stagecraft_shed_total"].about, queue.shed)
        breaker = GaugeMetricFamily("stagecraft_breaker", _STANDING["stagecraft_breaker"].about, labels=["state"])
        for state in get_args(BreakerState):
            breaker.add_metric([state], float(house.breaker() == state))
        yield breaker
        yield _told("stagecraft_passages", known.passages)
        yield _told("stagecraft_passages_waiting", known.waiting)


def _told(name: str, value: int) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, _STANDING[name].about, value)
