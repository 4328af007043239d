"""The results of an evaluation as a table for people, and as the figures that are held against targets."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from errors import Language
from evaluation.runner import Result


@dataclass(frozen=True)
class Figures:
    """What the results come to. Coverage is a share of the actions of all briefs of a language."""

    meaningful: int
    answered: int
    meaningless: int
    asked_back: int
    coverage: dict[Language, tuple[int, int]]
    duplicates: int
    broken_references: int
    unwritten: int
    unreadable: int
    items: int
    extra: int
    copied: int
    rules: dict[str, int]
    median_seconds: float


def figures(results: Sequence[Result]) -> Figures:
    """Return what the results come to."""
    meant = [result for result in results if result.kind != "meaningless"]
    blank = [result for result in results if result.kind == "meaningless"]
    coverage: dict[Language, tuple[int, int]] = {}
    for result in meant:
        covered, actions = coverage.get(result.language, (0, 0))
        coverage[result.language] = (covered + result.actions - len(result.missed), actions + result.actions)
    rules: Counter[str] = Counter()
    for result in results:
        rules.update(result.rules)
    times = sorted(result.seconds for result in meant)
    return Figures(
        meaningful=len(meant),
        answered=sum(result.holds for result in meant),
        meaningless=len(blank),
        asked_back=sum(result.holds for result in blank),
        coverage=coverage,
        duplicates=sum(len(result.duplicates) for result in meant),
        broken_references=sum(len(result.broken_references) for result in meant),
        unwritten=sum(len(result.unwritten) for result in meant),
        unreadable=sum(len(result.unreadable) for result in meant),
        items=sum(len(result.items) for result in meant),
        extra=sum(len(result.extra) for result in meant),
        copied=sum(len(result.copied) for result in meant),
        rules=dict(rules.most_common()),
        median_seconds=times[len(times) // 2] if times else 0.0,
    )


def line(result: Result) -> str:
    """Return one row of the table."""
    covered = f"{result.actions - len(result.missed)}/{result.actions}" if result.actions else "-"
    return f"{result.id:26} {result.outcome:10} {'ok' if result.holds else 'FAILED':6} {covered:>5} {result.seconds:6.1f} s"


def details(result: Result) -> Iterator[str]:
    """Yield what stands against a result; nothing where all is well."""
    told = {
        "failed": (result.failure,) if result.failure else (),
        "missed": result.missed,
        "asked by no action": result.extra,
        "copied from an example": result.copied,
        "unmet": result.unmet,
        "unreadable": result.unreadable,
        "no such reference": result.broken_references,
        "alike": result.duplicates,
        "not written by the model": result.unwritten,
    }
    for name, values in told.items():
        if values:
            yield f"    {name}: {'; '.join(values)}"
    if result.missed or result.unmet or result.extra:
        yield f"    outline: {' | '.join(result.outline)}"
        if result.items != result.outline:
            yield from (f"      {item}" for item in result.items)


def table(results: Sequence[Result]) -> Iterator[str]:
    """Yield every row with its details."""
    for result in results:
        yield line(result)
        yield from details(result)
