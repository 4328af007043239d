"""How acceptance criteria are judged: what the parser lets pass, and what makes a scenario decidable."""

import re
from collections import Counter
from functools import partial

from formats.lexicon import joined_actions
from stages.acceptance_criteria.findings import RULES
from stages.acceptance_criteria.shape import AcceptanceCriteria, Kind, Scenario
from stages.acceptance_criteria.view import read_back
from stages.findings import Finding, Mended
from stages.material import Material

LEAST_SCENARIOS = 3
NEEDED: tuple[tuple[str, Kind], ...] = (("no-negative", "negative"), ("no-boundary", "boundary"))
UI_WORDS = re.compile(
    r"\b(clicks?|clicked|buttons?|drop-?downs?|check ?box(?:es)?|pop-?ups?|text ?fields?|scrolls?|swipes?)\b|点击|按钮|下拉|复选框|弹窗|文本框|滑动",
    re.IGNORECASE,
)
VAGUE = re.compile(
    r"\b(quickly|fast|soon|easily|user-friendly|appropriate(?:ly)?|properly|correctly|as expected|several|many|some time|a few|a lot of|large amounts?|approximately|roughly|promptly|as soon as possible|timely|adequate(?:ly)?|sufficient(?:ly)?|reasonable)\b"
    r"|很快|尽快|快速地|及时|适当|合理的|正确地|若干|大量|较大|较多|一段时间|符合预期|一些|几个|几次|几笔|多次|大约|左右|尽量|适时|足够的?|合适的?",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"<([^<>]+)>")
_NUMBER = re.compile(
    r"\d|\b(zero|one|two|three|four|five|six|seven|eight|nine|ten|empty)\b|[零二三四五六七八九十百千万两]|(?<![统第])一(?![个位笔名张条次份种些定致般样直起旦])|为空",
    re.IGNORECASE,
)


def check_read_back(artifact: AcceptanceCriteria, material: Material) -> list[Finding]:
    """Find features that Gherkin's own parser refuses or reads otherwise."""
    return [
        RULES.finding("unreadable", material.language, place=story, message=message)
        for story, message in read_back(artifact, material.language)
    ]


def check_coverage(artifact: AcceptanceCriteria, material: Material) -> list[Finding]:
    """Find stories without scenarios, with too few, or without a negative and a boundary one."""
    language = material.language
    stories = {item.id for item in material.upstream}
    found = [
        RULES.finding("story-unknown", language, place=f"scenarios[{place}].story", item=scenario.id, story=scenario.story)
        for place, scenario in enumerate(artifact.scenarios)
        if scenario.story not in stories
    ]
    for story in sorted(stories, key=lambda name: (len(name), name)):
        kinds = Counter(scenario.kind for scenario in artifact.scenarios if scenario.story == story)
        told = partial(RULES.finding, language=language, place=story, story=story)
        if not kinds:
            found.append(told("story-uncovered"))
            continue
        if kinds.total() < LEAST_SCENARIOS:
            found.append(told("too-few", count=kinds.total()))
        found += [told(rule) for rule, kind in NEEDED if not kinds[kind]]
    return found


def check_scenarios(artifact: AcceptanceCriteria, material: Material) -> list[Finding]:
    """Judge each scenario by itself."""
    found: list[Finding] = []
    for place, scenario in enumerate(artifact.scenarios):
        told = partial(RULES.finding, language=material.language, item=scenario.id)
        where = f"scenarios[{place}]"
        found += [
            told("ui-words", place=f"{where}.{at}", word=word.group(0))
            for at, text in scenario.texts().items()
            if (word := UI_WORDS.search(text))
        ]
        found += [
            told("vague", place=f"{where}.{at}", word=word.group(0))
            for at, text in scenario.texts().items()
            if (word := VAGUE.search(text))
        ]
        if joined := joined_actions(scenario.when, material.language):
            found.append(told("several-actions", place=f"{where}.when", word=joined))
        told_numbers = " ".join([*scenario.texts().values(), *(cell for row in scenario.rows for cell in row)])
        if scenario.kind == "boundary" and not _NUMBER.search(told_numbers):
            found.append(told("boundary-without-number", place=where))
        found += _outline_findings(scenario, where, told)
    return found


def _outline_findings(scenario: Scenario, where: str, told: "partial[Finding]") -> list[Finding]:
    """Judge placeholders, columns and rows."""
    used = {name for text in scenario.texts().values() for name in _PLACEHOLDER.findall(text)}
    found = [told("placeholder-undefined", place=where, name=name) for name in sorted(used - set(scenario.columns))]
    found += [told("placeholder-unused", place=where, name=name) for name in scenario.columns if name not in used]
    if scenario.columns and not scenario.rows:
        found.append(told("outline-without-rows", place=where))
    width = len(scenario.columns)
    found += [
        told("rows-uneven", place=where, row=number, cells=len(row), columns=width)
        for number, row in enumerate(scenario.rows, 1)
        if len(row) != width
    ]
    return found


def check_unique(artifact: AcceptanceCriteria, material: Material) -> list[Finding]:
    """Find scenarios of one story that share a name or all their steps."""
    found: list[Finding] = []
    for place, scenario in enumerate(artifact.scenarios):
        for other in artifact.scenarios[:place]:
            if other.story != scenario.story:
                continue
            told = partial(RULES.finding, language=material.language, place=f"scenarios[{place}]", item=scenario.id)
            if _plain(other.name) == _plain(scenario.name):
                found.append(told("duplicate-name"))
            if (other.given, other.when, other.then, other.rows) == (scenario.given, scenario.when, scenario.then, scenario.rows):
                found.append(told("same-steps", other=other.id))
    return found


def mend_steps(artifact: AcceptanceCriteria, _material: Material) -> tuple[AcceptanceCriteria, list[Mended]]:
    """Leave out keywords that the renderer adds by itself, full stops, and steps that are told twice."""
    mended: list[Mended] = []
    scenarios: list[Scenario] = []
    for scenario in artifact.scenarios:
        changed = {at: after for at, text in scenario.texts().items() if (after := _bare(at, text)) != text}
        mended += [Mended("wording", at, scenario.texts()[at], after, scenario.id) for at, after in changed.items()]
        mend = scenario.with_texts(changed) if changed else scenario
        once = {"given": list(dict.fromkeys(mend.given)), "then": list(dict.fromkeys(mend.then))}
        mended += [
            Mended("repeated-step", name, "; ".join(steps), "; ".join(once[name]), scenario.id)
            for name, steps in (("given", mend.given), ("then", mend.then))
            if steps != once[name]
        ]
        scenarios.append(mend.model_copy(update=once))
    return (artifact.with_items(scenarios), mended) if mended else (artifact, [])


def mend_names(artifact: AcceptanceCriteria, _material: Material) -> tuple[AcceptanceCriteria, list[Mended]]:
    """Number the scenarios anew within their story, and tell two of the same name apart by their kind."""
    mended: list[Mended] = []
    counts: Counter[str] = Counter()
    names: set[tuple[str, str]] = set()
    scenarios: list[Scenario] = []
    for scenario in artifact.scenarios:
        counts[scenario.story] += 1
        name = scenario.name
        if (scenario.story, _plain(name)) in names:
            name = f"{name[:100]} – {scenario.kind} {counts[scenario.story]}"
            mended.append(Mended("duplicate-name", "name", scenario.name, name, scenario.id))
        names.add((scenario.story, _plain(name)))
        scenarios.append(scenario.model_copy(update={"id": f"{scenario.story}-{counts[scenario.story]}", "name": name}))
    return artifact.with_items(scenarios), mended


# A step's own keyword, where no word begins with it: 当前余额, 那么多 and "given name" stay.
_AND = r"(?:and|but)(?=\s)|而且|并且|但是"
_LEADS = {
    "given": re.compile(rf"^\s*(?:given(?=\s)(?! names?\b)|假如|假设|假定|{_AND})[ ,，:：]*", re.IGNORECASE),
    "when": re.compile(
        rf"^\s*(?:when(?=\s)|当(?![前天日月年地事时期局场中面班选作做成即且初下值])|{_AND})[ ,，:：]*", re.IGNORECASE
    ),
    "then": re.compile(rf"^\s*(?:then(?=\s)|那么(?![多大少])|{_AND})[ ,，:：]*", re.IGNORECASE),
}


def _bare(place: str, text: str) -> str:
    """Return a step without a keyword of its own and without a full stop."""
    lead = _LEADS.get(place.split("[", maxsplit=1)[0])
    bare = (lead.sub("", text) if lead else text).strip().rstrip("。.;；").strip()
    return bare if len(bare) >= 2 else text


def _plain(name: str) -> str:
    """Return a name as two names are compared."""
    return " ".join(name.casefold().split())
