"""Spans of turns, their steps and their calls, for a collector that the settings name: times and counts, never a text.

The vendor is imported only where a collector is named. What it sends goes to that one address, whatever its variables of the
environment say, neither through a proxy nor after a redirect.
"""

from typing import TYPE_CHECKING, Any

from chains.observing import CallTold, TurnTold
from errors import ConfigurationError
from records.turns import AdoptionKind

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span
    from opentelemetry.util.types import Attributes

_EXPORT_SECONDS = 5.0
_NANO = 1_000_000_000
_FAILED = frozenset({"failed", "interrupted"})


class Tracing:
    """Tells a collector of turns; `endpoint` is its OTLP/HTTP address with the path, such as `http://collector:4318/v1/traces`."""

    def __init__(self, endpoint: str) -> None:
        if not endpoint.startswith(("http://", "https://")):
            raise ConfigurationError(
                "STAGECRAFT_TRACING__ENDPOINT is no http or https address: name the collector's, such as http://collector:4318/v1/traces."
            )
        self._provider = _provider(endpoint)
        self._tracer = self._provider.get_tracer("stagecraft")

    def turn_began(self) -> None:
        """Tell nothing: a span is told when it is whole."""

    def turn_ended(self, turn: TurnTold) -> None:
        """Tell of a turn, its steps and its calls; a step is placed before the one after it, as they follow one another."""
        from opentelemetry.trace import StatusCode, set_span_in_context

        facts = {"turn": turn.id, "stage": turn.stage, "door": turn.door, "outcome": turn.outcome, "language": turn.language}
        numbers = {f"tokens.{name}": count for name, count in turn.tokens.items()}
        numbers |= {"findings": len(turn.severities), "mends": turn.mends}
        told: dict[str, str | int] = {**facts, "model": turn.model, **numbers}
        attributes: Attributes = {f"stagecraft.{name}": value for name, value in told.items()}
        whole = self._tracer.start_span("turn", start_time=_nano(turn.began), attributes=attributes)
        if turn.first_token_seconds is not None:
            whole.add_event("first token", timestamp=_nano(turn.began + turn.first_token_seconds))
        if turn.outcome in _FAILED:
            whole.set_status(StatusCode.ERROR)
        context = set_span_in_context(whole)
        at = turn.began
        for step in turn.steps:
            span = self._tracer.start_span(f"step {step.name}", context, start_time=_nano(at))
            at += step.seconds
            span.end(_nano(at))
        for call in turn.calls:
            self._call(call, context)
        whole.end(_nano(turn.began + turn.seconds))

    def called(self, call: CallTold) -> None:
        """Tell nothing: a call is told with its turn."""

    def adopted(self, stage: str, kind: AdoptionKind) -> None:
        """Tell nothing."""

    def close(self) -> None:
        """Send what is waiting, within seconds, and end."""
        self._provider.shutdown()

    def _call(self, call: CallTold, context: "Context") -> None:
        from opentelemetry.trace import SpanKind, StatusCode

        attributes: Attributes = {
            "stagecraft.call": call.name,
            "stagecraft.fault": call.fault,
            "stagecraft.tokens.completion": call.tokens,
        }
        span: Span = self._tracer.start_span(
            "endpoint call",
            context,
            kind=SpanKind.CLIENT,
            start_time=_nano(call.began),
            attributes=attributes,
        )
        if call.first_token_seconds is not None:
            span.add_event("first token", timestamp=_nano(call.began + call.first_token_seconds))
        if call.fault != "none":
            span.set_status(StatusCode.ERROR)
        span.end(_nano(call.began + call.seconds))


def _provider(endpoint: str) -> "TracerProvider":
    """Return a provider of our own: the global one, which other packages of this process write to, stays as it is and sends nothing."""
    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON

    exporter = OTLPSpanExporter(
        endpoint, headers={}, timeout=_EXPORT_SECONDS, compression=Compression.NoCompression, session=_session()
    )
    provider = TracerProvider(sampler=ALWAYS_ON, resource=Resource({"service.name": "stagecraft"}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


def _session() -> Any:
    """Return a session that goes where it is sent and nowhere else."""
    import requests

    session = requests.Session()
    session.trust_env = False
    session.max_redirects = 0
    return session


def _nano(seconds: float) -> int:
    return int(seconds * _NANO)
