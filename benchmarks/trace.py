"""How long the trace of a workspace of 500 artifacts takes, from the records to the table, and as a spreadsheet."""

import gc
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, Journal
from chains.changing.staleness import Standing
from chains.workspace.trace import trace_sheet, trace_table
from formats.xlsx import workbook
from records.artifacts import Artifact, Link, NewArtifact
from records.database import Database, sqlite_url
from records.migrate import migrate
from records.trace import Traces
from records.workspaces import Workspaces
from stages.catalog import catalog

ARTIFACTS, STORIES, RUNS, TRACE_MS = 500, 4, 9, 300.0
OWNER = "bench"


async def measure(journal: Journal) -> None:
    """Print the median of the trace with its target, then that of the spreadsheet."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(sqlite_url(Path(folder)))
        try:
            await migrate(database)
            workspace = await fill(Workspaces(database))
            await _tell(journal, database, workspace)
        finally:
            await database.close()


async def _tell(journal: Journal, database: Database, workspace: str) -> None:
    traced, processor, written = [], [], []
    # As a server does after loading: else the collector goes through all that is loaded now and then.
    gc.collect()
    gc.freeze()
    for _ in range(RUNS):
        used = time.process_time()
        since = time.perf_counter()
        standing = Standing(await Traces(database).workspace(workspace, owner=OWNER), catalog())
        table = trace_table("bench", standing, "en")
        traced.append((time.perf_counter() - since) * 1000)
        processor.append((time.process_time() - used) * 1000)
        since = time.perf_counter()
        workbook([trace_sheet(table, "en")])
        written.append((time.perf_counter() - since) * 1000)
    gc.unfreeze()
    items = sum(len(items) for items in standing.items.values())
    name = f"trace of {len(standing.artifacts)} artifacts, {items:,} items, {len(table.rows):,} rows"
    median = statistics.median(traced)
    journal.tell(Figure("trace", name, f"{median:.0f} ms", f"under {TRACE_MS:.0f} ms", median < TRACE_MS))
    journal.tell(Figure("trace", "of the processor, which a busy machine leaves alone", f"{statistics.median(processor):.0f} ms"))
    journal.tell(
        Figure("trace", f"stale items among them: {table.stale}; as a spreadsheet", f"{statistics.median(written):.0f} ms")
    )


async def fill(workspaces: Workspaces) -> str:
    """Keep the artifacts, half of them stories, half the scenarios that rest on them; every fifth story has changed since."""
    opened = await workspaces.open("bench", OWNER)
    for number in range(ARTIFACTS // 2):
        new = NewArtifact(opened.id, "user_stories", f"Stories {number}", "en", _stories(number), "assistant", sources=_sources())
        kept = await workspaces.add_artifact(new, owner=OWNER)
        body, links = _scenarios(kept.artifact)
        new = NewArtifact(
            opened.id, "acceptance_criteria", f"Criteria {number}", "en", body, "assistant", _sources(), links=links
        )
        await workspaces.add_artifact(new, owner=OWNER)
        if number % 5 == 0:
            changed = _stories(number)
            changed["stories"][0]["want"] = "freeze every card of the account at once"
            await workspaces.add_version(kept.artifact.id, based_on=1, body=changed, author=OWNER, reason="edited", owner=OWNER)
    return opened.id


def _sources() -> tuple[dict[str, Any], ...]:
    """Return passages as long as those that artifacts cite."""
    return tuple(
        {"key": f"P{n}", "passage_id": f"p{n}", "title": "Cards", "shelf": "rules", "breadcrumb": "Cards", "text": "word " * 200}
        for n in range(1, 7)
    )


def _stories(number: int) -> dict[str, Any]:
    told = [
        {
            "id": f"S{n}",
            "role": "customer",
            "want": f"freeze card {n} of account {number}",
            "benefit": "nobody can pay with it",
            "entities": ["debit card"],
            "sources": ["P1"],
        }
        for n in range(1, STORIES + 1)
    ]
    return {"stories": told, "questions": []}


def _scenarios(upstream: Artifact) -> tuple[dict[str, Any], tuple[Link, ...]]:
    told = [
        {
            "id": f"S{story}-{n}",
            "story": f"S{story}",
            "kind": kind,
            "name": f"Freezing card {story} is seen at once, case {n}",
            "given": [f"the customer has {n} cards"],
            "when": "the customer freezes one card",
            "then": ["a payment of 10 EUR is refused", "the card is shown as frozen"],
            "columns": [],
            "rows": [],
            "sources": ["P1"],
        }
        for story in range(1, STORIES + 1)
        for n, kind in enumerate(("positive", "negative", "boundary"), 1)
    ]
    links = tuple(Link(upstream.id, 1, str(one["id"]), str(one["story"]), str(one["story"])) for one in told)
    return {"scenarios": told, "questions": [], "stories": []}, links
