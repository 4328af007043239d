"""Where the numbers of a scenario come from: a limit is told by a story or a passage, a test value lies beside it."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from formats.numbers import numbers, numbers_told
from stages.acceptance_criteria.findings import RULES
from stages.acceptance_criteria.shape import AcceptanceCriteria, Scenario
from stages.findings import Finding
from stages.material import Material
from stages.shared_checks import RULES as SHARED

# Just above and just below a limit lies as much as a whole one, a tenth, or a cent.
_STEPS = tuple(Decimal(step) for step in ("1", "0.1", "0.01"))


def check_numbers(artifact: AcceptanceCriteria, material: Material) -> list[Finding]:
    """Find limits that neither a story, a remark nor a cited passage tells; of a positive scenario such numbers are test data."""
    told = numbers_told(material.brief).union(*(numbers_told(item.text) for item in material.upstream))
    found: list[Finding] = []
    for place, scenario in enumerate(artifact.scenarios):
        cited = (source.text for key in scenario.sources if (source := material.source(key)))
        known = _with_neighbours(told.union(*(numbers_told(text) for text in cited)))
        strange = _strange(scenario.texts().values(), known)
        if scenario.kind == "positive":
            if strange:
                named = ", ".join(strange)
                found.append(
                    RULES.finding("example-numbers", material.language, item=scenario.id, place=_at(place), numbers=named)
                )
            continue
        unsupported = [
            SHARED.finding("unsupported-number", material.language, item=scenario.id, place=f"{_at(place)}.{at}", number=number)
            for at, text in scenario.texts().items()
            for number in _strange([text], known)
        ]
        found += unsupported
        if scenario.kind == "boundary" and not unsupported and not _is_founded(scenario, known):
            found.append(RULES.finding("boundary-unfounded", material.language, item=scenario.id, place=_at(place)))
    return found


def _at(place: int) -> str:
    return f"scenarios[{place}]"


def _strange(texts: Iterable[str], known: set[str]) -> list[str]:
    """Return the numbers above nine that are not known, in their order."""
    every = set().union(*(numbers(text) for text in texts))
    return sorted(number for number in every - known if len(number) > 1)


def _is_founded(scenario: Scenario, known: set[str]) -> bool:
    """Tell whether a boundary has a number that is told, or lies at a natural end such as none, one or the last."""
    held = set().union(*(numbers_told(text) for text in scenario.texts().values()))
    held |= set().union(*(numbers(cell) for row in scenario.rows for cell in row))
    return not held or bool(held & known) or any(len(number) == 1 for number in held)


def _with_neighbours(known: set[str]) -> set[str]:
    """Return numbers with what lies just above and just below each, in the form in which numbers are compared."""
    found = set(known)
    for number in known:
        try:
            value = Decimal(number)
        except InvalidOperation:
            continue
        for step in _STEPS:
            found |= {f"{near.normalize():f}" for near in (value - step, value + step)}
    return found
