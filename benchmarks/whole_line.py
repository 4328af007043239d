"""Twenty initiatives through all six stages, beside the bare model: validity, references, coverage, words, seconds, tokens."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assembly import House
from benchmarks.figures import Figure, Journal
from benchmarks.opened import opened, settings_for
from errors import Language
from evaluation.bare import asked_bare
from evaluation.initiatives import STAGES, read_initiatives
from evaluation.whole_line import StageResult, WholeLine
from records.workspaces import Workspaces
from settings import Settings
from stages.catalog import catalog

Pair = tuple[StageResult, StageResult]
COVERED = 0.75
FEW = ("zh-transfer-limit",)


async def measure(data: Path, journal: Journal, *, full: bool, model: str | None) -> None:
    """Carry the initiatives (the shortest alone unless `full`) through the stages, print each, then the table and the figures."""
    settings = settings_for(data, model)
    pairs = await _pairs(settings, journal, full=full)
    for figure in told([ours for ours, _ in pairs]):
        journal.tell(figure)
    print("\n".join(table(pairs)), flush=True)


async def _pairs(settings: Settings, journal: Journal, *, full: bool) -> list[Pair]:
    """Return ours and the bare model's of each stage; those of an earlier run of the same commit are taken over."""
    done = {row["id"]: row["pairs"] for row in journal.kept("whole_line")}
    languages: tuple[Language, ...] = ("en", "zh")
    every = [pair for language in languages for pair in read_initiatives(language)]
    chosen = [pair for pair in every if full or pair[1].id in FEW]
    pairs: list[Pair] = []
    async with opened(settings) as house:
        for brief, initiative in chosen:
            if initiative.id not in done:
                done[initiative.id] = await _one(house, brief, initiative, settings.endpoint.reply_tokens)
                journal.keep("whole_line", {"id": initiative.id, "pairs": done[initiative.id]})
            kept = [(StageResult.from_json(ours), StageResult.from_json(bare)) for ours, bare in done[initiative.id]]
            for ours, _ in kept:
                _show(ours)
            pairs += kept
    return pairs


async def _one(house: House, brief: Any, initiative: Any, reply_tokens: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    assert house.assistant is not None
    assert house.database is not None
    line = WholeLine(house.assistant, house.catalog, Workspaces(house.database))
    rows = []
    async for carried in line.carried(brief, initiative):
        stage = catalog().stage(carried.result.stage)
        bare = await asked_bare(house.endpoint, house.assistant, stage, carried, initiative, brief, tokens=reply_tokens)
        rows.append((carried.result.as_json(), bare.as_json()))
    return rows


def told(results: Sequence[StageResult]) -> list[Figure]:
    """Return what the results come to, each held against its target."""
    valid = sum(result.is_valid for result in results)
    broken = sum(len(result.broken_references) for result in results)
    rows = [
        Figure("whole line", "artifacts that pass schema and parser", f"{valid}/{len(results)}", "all", valid == len(results)),
        Figure("whole line", "references to what does not exist", str(broken), "0", broken == 0),
        Figure("whole line", "texts filled in by us", str(sum(len(result.filled_in) for result in results)), "0"),
    ]
    for stage in STAGES:
        for language in ("en", "zh"):
            covered, points = _coverage([one for one in results if (one.stage, one.language) == (stage, language)])
            if not points:
                continue
            share = covered / points
            name = f"outline covered: {stage}, {language}"
            rows.append(
                Figure("whole line", name, f"{covered}/{points} = {share:.0%}", f"at least {COVERED:.0%}", share >= COVERED)
            )
    return rows


def table(pairs: Sequence[Pair]) -> list[str]:
    """Return the lift table: a stage a row, ours beside the bare model."""
    rows = [f"{'stage':22}{'':3}{'valid':>9}{'bad refs':>10}{'covered':>10}{'own words':>11}{'median s':>10}{'tokens':>9}"]
    for stage in STAGES:
        mine = [pair for pair in pairs if pair[0].stage == stage]
        for name, results in (("ours", [ours for ours, _ in mine]), ("bare", [bare for _, bare in mine])):
            rows.append(f"{stage if name == 'ours' else '':22}{_row(name, results)}")
    return rows


def _row(name: str, results: Sequence[StageResult]) -> str:
    covered, points = _coverage(results)
    seconds = sorted(result.seconds for result in results)
    valid = sum(result.is_valid for result in results)
    share = f"{covered / points:.0%}" if points else "-"
    broken = sum(len(result.broken_references) for result in results)
    official, forbidden = (sum(getattr(result, name) for result in results) for name in ("official_words", "forbidden_words"))
    words = f"{official / (official + forbidden):.0%}" if official + forbidden else "-"
    median = seconds[len(seconds) // 2] if seconds else 0.0
    tokens = sum(result.tokens for result in results)
    return f"{name:5}{f'{valid}/{len(results)}':>7}{broken:>10}{share:>10}{words:>11}{median:>10.1f}{tokens:>9}"


def _coverage(results: Sequence[StageResult]) -> tuple[int, int]:
    points = sum(result.points for result in results)
    return points - sum(len(result.missed) for result in results), points


def _show(result: StageResult) -> None:
    covered = f"{result.points - len(result.missed)}/{result.points}"
    print(
        f"{result.initiative:26} {result.stage:20} {'ok' if result.is_valid else 'FAILED':7} {covered:>6} {result.seconds:6.1f} s"
    )
    held = {"failed": (result.failure,) if result.failure else (), "unparsed": result.unparsed, "missed": result.missed}
    held |= {"no such reference": result.broken_references, "filled in": result.filled_in}
    for name, values in held.items():
        if values:
            print(f"    {name}: {'; '.join(values)}"[:400])
    if result.missed or not result.is_valid:
        print("\n".join(f"      {item}"[:160] for item in result.items[:12]), flush=True)
