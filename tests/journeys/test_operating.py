"""The real application as an operator watches it while a tool asks: its log, its counts, its spans and its readiness."""

import asyncio
import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from channels.people import LOCAL_ANALYST
from records.database import Database, sqlite_url
from records.keys import SCOPES, Keys
from tests.channels.mcp.conftest import session_at
from tests.doubles.line_replies import line, line_reply
from tests.doubles.server_aside import server_aside
from tests.doubles.span_collector import collector
from tests.journeys.served import served_app

BRIEF = line("en")["user_stories"]["brief"]


def got(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as answer:
        body: bytes = answer.read()
        return body


async def ask(address: str, data_dir: Path) -> tuple[str, str]:
    """Have a brief answered for a tool; return its key and the turn."""
    database = Database(sqlite_url(data_dir))
    try:
        key, _ = await Keys(database).create(LOCAL_ANALYST.id, "a tool", SCOPES)
    finally:
        await database.close()
    async with session_at(address, key) as session:
        result = await session.call_tool("ask_stage", {"stage": "user_stories", "brief": BRIEF})
        told: Any = result.structuredContent
        await session.call_tool("read_artifact", {"artifact": told["artifact"]})
    assert told["outcome"] == "answered"
    return key, told["turn"]


@pytest.mark.slow
def test_an_answer_is_seen_in_the_log_the_counts_and_the_spans_and_no_word_of_it(tmp_path: Path) -> None:
    with server_aside([line_reply]) as model, collector() as spans:
        endpoint = {"BASE_URL": model.base_url, "MODEL": "scripted", "STRUCTURED": "schema", "CONTEXT_TOKENS": "32768"}
        watched = {"LOGS__FORMAT": "json", "LOGS__LEVEL": "info", "TRACING__ENDPOINT": spans.address}
        settings = {**{f"ENDPOINT__{name}": value for name, value in endpoint.items()}, **watched}
        with served_app(tmp_path, **settings) as address:
            key, turn = asyncio.run(ask(address, tmp_path))
            ready = json.loads(got(f"{address}/ready"))
            families = list(text_string_to_metric_families(got(f"{address}/metrics").decode()))
    assert (ready["status"], ready["parts"]["database"], ready["parts"]["endpoint"]) == ("ready", "writes", "closed")
    counted = {(sample.name, *sorted(sample.labels.values())): sample.value for one in families for sample in one.samples}
    assert counted["stagecraft_turns_total", "answered", "mcp", "user_stories"] == 1
    assert counted["stagecraft_endpoint_calls_total", "none"] >= 1
    assert counted["stagecraft_tokens_total", "completion"] > 0
    assert {"turn", "endpoint call", "step gather"} <= {span.name for span in spans.spans}
    log = (tmp_path / "page.log").read_text("utf-8")
    lines = [json.loads(row) for row in log.splitlines()]
    (ended,) = [row for row in lines if row["logger"] == "stagecraft.turns"]
    assert (ended["turn"], ended["door"], ended["outcome"]) == (turn, "mcp", "answered")
    asked = [row for row in lines if row["logger"] == "stagecraft.access"]
    assert {row["route"] for row in asked} == {"/mcp"}
    assert {row["person"] for row in asked} == {ended["person"]}
    for word in ("income", "account", key, LOCAL_ANALYST.id, model.base_url):
        assert word not in log
        assert word.encode() not in b"".join(spans.bodies)
