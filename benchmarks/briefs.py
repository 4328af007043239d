"""How well briefs are answered: every brief through the assistant, every answer judged; a run that was cut goes on."""

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from benchmarks.figures import Figure, Journal
from benchmarks.opened import knowledge_of, opened, settings_for
from evaluation.briefs import Brief, read_briefs
from evaluation.report import Figures, details, figures, line
from evaluation.runner import Result, Runner, outlined
from settings import Settings

TARGETS = {"en": 0.80, "zh": 0.70}
FEW = (
    "en-income-records",
    "en-card-disputes",
    "en-meaningless",
    "zh-income-records",
    "zh-hostile-payee",
    "zh-meaningless",
)


async def measure(data: Path, journal: Journal, *, full: bool, model: str | None, file: str = "briefs.yaml") -> None:
    """Answer the briefs (six of them unless `full`), print each and then the figures."""
    chosen = [brief for brief in read_briefs(file) if full or file != "briefs.yaml" or brief.id in FEW]
    settings = settings_for(data, model)
    results = [result async for result in _results(chosen, settings, journal, f"briefs:{file}")]
    for figure in told(figures(results), "briefs" if file == "briefs.yaml" else Path(file).stem):
        journal.tell(figure)


def measure_outlines(journal: Journal, file: str) -> None:
    """Print how far the rules alone take the briefs apart: the most that any model can reach after them."""
    results = [outlined(brief) for brief in read_briefs(file) if brief.kind != "meaningless"]
    for result in results:
        if result.missed or result.extra:
            _show(result)
    found = figures(results)
    for language, (covered, actions) in sorted(found.coverage.items()):
        name = f"actions in the outline by rules, {language}, {Path(file).stem}"
        journal.tell(Figure("outlines", name, f"{covered}/{actions} = {covered / actions:.0%}"))
    journal.tell(Figure("outlines", f"entries that no action asks for, {Path(file).stem}", f"{found.extra}/{found.items}"))


async def measure_cases(data: Path, journal: Journal, *, model: str | None) -> None:
    """Answer the stages' own cases and print how many expectations are met."""
    settings = settings_for(data, model)
    async with opened(settings) as house:
        assert house.assistant is not None
        runner = Runner(house.assistant, house.catalog, knowledge_of(house))
        for stage in house.catalog:
            results = []
            async for result in runner.run_cases(stage.name):
                results.append(result)
                _show(result)
            sound = sum(result.holds for result in results)
            met = sum(result.holds and not result.unmet for result in results)
            count = len(results)
            journal.tell(Figure("cases", f"{stage.name}: cases sound", f"{sound}/{count}", f"{count}/{count}", sound == count))
            journal.tell(Figure("cases", f"{stage.name}: cases with every expectation met", f"{met}/{count}"))


async def _results(briefs: Sequence[Brief], settings: Settings, journal: Journal, name: str) -> AsyncGenerator[Result, None]:
    """Yield the results in order, those of an earlier run of the same commit and model first."""
    asked = _model_of(settings)
    done = {row["result"]["id"]: row["result"] for row in journal.kept("answers") if (row["name"], row["asked"]) == (name, asked)}
    waiting = [brief for brief in briefs if brief.id not in done]
    for brief in briefs:
        if brief.id in done:
            result = Result.from_json(done[brief.id])
            _show(result)
            yield result
    if not waiting:
        return
    async with opened(settings) as house:
        assert house.assistant is not None
        async for result in Runner(house.assistant, house.catalog, knowledge_of(house)).run_briefs(waiting):
            journal.keep("answers", {"name": name, "asked": asked, "result": result.as_json()})
            _show(result)
            yield result


def told(found: Figures, part: str) -> list[Figure]:
    """Return what the results come to, each held against its target."""
    rows = [
        Figure(part, "meaningful or hostile briefs answered soundly", *_share(found.answered, found.meaningful)),
        Figure(part, "briefs without meaning asked about", *_share(found.asked_back, found.meaningless)),
    ]
    for language, (covered, actions) in sorted(found.coverage.items()):
        share = covered / actions if actions else 1.0
        target = TARGETS[language]
        value = f"{covered}/{actions} = {share:.0%}"
        rows.append(Figure(part, f"actions covered, {language}", value, f"at least {target:.0%}", share >= target))
    counts = {
        "pairs of stories alike": found.duplicates,
        "references to what does not exist": found.broken_references,
        "items that the model did not write": found.unwritten,
        "items that do not read back": found.unreadable,
    }
    rows += [Figure(part, name, str(count), "0", count == 0) for name, count in counts.items()]
    rows.append(Figure(part, "stories that no action of the outlines asks for", f"{found.extra}/{found.items}"))
    rows.append(Figure(part, "texts copied from an example shown to the model", str(found.copied)))
    rows.append(Figure(part, "median seconds an answer", f"{found.median_seconds:.1f} s"))
    rows += [Figure(part, f"findings shown: {rule}", str(count)) for rule, count in found.rules.items()]
    return rows


def _share(some: int, every: int) -> tuple[str, str, bool]:
    return f"{some}/{every}", f"{every}/{every}", some == every


def _show(result: Result) -> None:
    print("\n".join([line(result), *details(result)]), flush=True)


def _model_of(settings: Settings) -> str:
    chosen = settings.endpoint
    return f"{chosen.base_url} {chosen.model}" if chosen.base_url else settings.embedded.model
