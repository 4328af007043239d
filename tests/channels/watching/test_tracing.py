"""Spans reach the one collector that is named, hold no text, and without one nothing is loaded and nothing is sent."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from channels.watching.tracing import Tracing
from errors import ConfigurationError
from settings import Settings, load
from tests.channels.watching.test_metrics import CALL, TURN
from tests.doubles.span_collector import collector
from tests.journeys.served import CHECKOUT, environment


def test_a_turn_is_told_with_its_steps_and_its_calls() -> None:
    with collector() as found:
        tracing = Tracing(found.address)
        tracing.turn_began()
        tracing.adopted("faq", "edited")
        tracing.called(CALL)
        tracing.turn_ended(TURN)
        tracing.turn_ended(replace(TURN, outcome="failed", calls=(replace(CALL, fault="EndpointBusy"),)))
        tracing.close()
    spans = found.spans
    names = [span.name for span in spans]
    assert sorted(names) == sorted(["turn", "step gather", "endpoint call"] * 2)
    turn = next(span for span in spans if span.name == "turn")
    facts = {one.key: one.value for one in turn.attributes}
    assert facts["stagecraft.stage"].string_value == "user_stories"
    assert facts["stagecraft.tokens.completion"].int_value == 7
    assert turn.end_time_unix_nano - turn.start_time_unix_nano == 3_500_000_000
    assert [event.name for event in turn.events] == ["first token"]
    within = [span for span in spans if span.trace_id == turn.trace_id and span is not turn]
    assert {span.parent_span_id for span in within} == {turn.span_id}
    failed = [span for span in spans if span.status.code == 2]
    assert sorted(span.name for span in failed) == ["endpoint call", "turn"]
    assert b"ana" not in b"".join(found.bodies)


def test_spans_go_neither_through_a_proxy_nor_after_a_redirect(monkeypatch: pytest.MonkeyPatch) -> None:
    with collector() as named, collector() as foreign:
        for name in ("HTTP_PROXY", "http_proxy", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
            monkeypatch.setenv(name, foreign.address.removesuffix("/v1/traces"))
        direct = Tracing(named.address)
        direct.turn_ended(TURN)
        direct.close()
        named.redirect = foreign.address
        redirected = Tracing(named.address)
        redirected.turn_ended(TURN)
        redirected.close()
    assert len(named.spans) == 3
    assert foreign.bodies == []


def test_a_collector_that_is_away_costs_seconds_at_the_end_and_nothing_before() -> None:
    with collector() as found:
        address = found.address
    tracing = Tracing(address)
    tracing.turn_ended(TURN)
    tracing.close()


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        Tracing("collector:4318")


@pytest.mark.parametrize("name", ["LITERAL_API_KEY"])
def test_a_service_that_would_be_sent_chats_refuses_the_start(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "x")
    with pytest.raises(ConfigurationError, match=name):
        load()


def test_without_a_collector_nothing_of_the_vendors_is_loaded(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom settings import Settings\nfrom channels.watching.watch import Watchers\n"
        "Watchers(Settings())\nprint([name for name in sys.modules if name.startswith(('opentelemetry', 'traceloop'))])"
    )
    assert Settings().tracing.endpoint is None
    ran = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        env=environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.stdout.strip() == "[]", ran.stderr


@pytest.mark.slow
def test_what_the_chat_framework_brings_along_sends_nothing(tmp_path: Path) -> None:
    """Chainlit loads a tracing kit of its own, which must stay asleep, also where its variables are set for the whole host."""
    script = (
        "import asyncio, time\nimport app\nimport chainlit\n"
        "async def live():\n    async with app.app.router.lifespan_context(app.app):\n        await asyncio.sleep(1)\n"
        "asyncio.run(live())\n"
        "from opentelemetry import trace\nwith trace.get_tracer('any').start_as_current_span('a span'): pass\n"
        "provider = trace.get_tracer_provider()\nprint(type(provider).__name__)"
    )
    with collector() as found:
        root = found.address.removesuffix("/v1/traces")
        told = {"OTEL_EXPORTER_OTLP_ENDPOINT": root, "TRACELOOP_BASE_URL": root, "TRACELOOP_API_KEY": "x", "HTTP_PROXY": root}
        variables = environment(tmp_path, ENDPOINT__BASE_URL="http://127.0.0.1:9/v1") | told
        ran = subprocess.run(
            [sys.executable, "-c", script], check=False, env=variables, cwd=CHECKOUT, capture_output=True, text=True, timeout=120
        )
    assert "ProxyTracerProvider" in ran.stdout, ran.stderr
    assert found.bodies == []
    assert os.environ.get("TRACELOOP_API_KEY") is None
