"""How an FAQ is judged: an answer says only what its citations hold, a question asks, and what is open is marked so."""

from functools import partial

from formats.support import LEAST_SHARE, Support, unheld_words
from stages.faq.asking import is_question, is_several, same_question
from stages.faq.evidence import bearing, cited_texts, support_of, told
from stages.faq.shape import Faq, FaqEntry
from stages.faq.view import read_back
from stages.findings import Finding, Rules
from stages.material import Material
from stages.shared_checks import RULES as SHARED
from stages.shared_checks import check_numbers
from stages.words import related_sources, terms_in

RULES = Rules("stages.faq")
_MOST_WORDS = 6


def check_read_back(artifact: Faq, material: Material) -> list[Finding]:
    """Find an FAQ whose JSON-LD does not come back as it was, and one in which nothing is answered."""
    found = [
        RULES.finding("unreadable", material.language, place="entries", message=message)
        for message in read_back(artifact, material.language)
    ]
    if not any(entry.answer for entry in artifact.entries):
        found.append(RULES.finding("nothing-answered", material.language, place="entries"))
    return found


def check_support(artifact: Faq, material: Material) -> list[Finding]:
    """Hold every answer, and every draft that was turned open, against what it cites."""
    found: list[Finding] = []
    for place, entry in enumerate(artifact.entries):
        where = f"entries[{place}].answer"
        text = entry.answer or entry.draft
        if not text:
            continue
        held = support_of(text, tuple(cited_texts(entry, material).values()), material)
        if not entry.answer:
            missing = _missing(held, cited=bool(cited_texts(entry, material)), material=material)
            found.append(
                RULES.finding("unsupported", material.language, place=where, item=entry.id, missing=missing, draft=entry.draft)
            )
        elif cited_texts(entry, material):
            found += _unheld(held, entry, where, material)
        else:
            found.append(RULES.finding("no-citation", material.language, place=where, item=entry.id))
    return found


def _unheld(held: Support, entry: FaqEntry, where: str, material: Material) -> list[Finding]:
    """Tell what of an answer its citations lack."""
    finding = partial(RULES.finding, language=material.language, place=where, item=entry.id)
    found = [finding("number-not-held", number=number) for number in held.numbers]
    found += [finding("limit-not-held", limit=limit) for limit in held.limits]
    found += [finding("term-not-held", term=term) for term in held.terms]
    if held.by_hand:
        found.append(finding("by-hand"))
    elif held.share < LEAST_SHARE:
        found.append(
            finding(
                "words-not-held",
                share=int(held.share * 100),
                least=int(LEAST_SHARE * 100),
                words=_listed(held.words, material),
            )
        )
    return found


def _missing(held: Support, *, cited: bool, material: Material) -> str:
    """Tell in short what turned an answer open."""
    if not cited:
        return "没有引用" if material.language == "zh" else "nothing is cited"
    named = (*held.numbers, *held.limits, *held.terms)
    return _listed(named if named else held.words, material)


def check_citations(artifact: Faq, material: Material) -> list[Finding]:
    """Find citations of what does not exist, and those that say nothing of what the answer says."""
    language = material.language
    upstream = {item.id for item in material.upstream}
    found: list[Finding] = []
    for place, entry in enumerate(artifact.entries):
        told_at = partial(Rules.finding, language=language, place=f"entries[{place}].sources", item=entry.id)
        found += [told_at(SHARED, "unknown-source", key=key) for key in entry.sources if material.source(key) is None]
        found += [told_at(RULES, "unknown-item", key=name) for name in entry.rests if name not in upstream]
        if entry.answer:
            near = bearing(entry, entry.answer, material)
            found += [told_at(RULES, "citation-idle", key=name) for name in cited_texts(entry, material) if name not in near]
    return found


def check_status(artifact: Faq, material: Material) -> list[Finding]:
    """Find entries that are marked otherwise than they are, and tell of the open ones what is missing."""
    found: list[Finding] = []
    for place, entry in enumerate(artifact.entries):
        finding = partial(RULES.finding, language=material.language, place=f"entries[{place}].status", item=entry.id)
        if entry.status == "answered" and not entry.answer.strip():
            found.append(finding("answered-without-answer"))
        elif entry.status == "open" and entry.answer.strip():
            found.append(finding("open-with-answer"))
        elif entry.status == "open" and not entry.draft:
            found.append(_open(entry, finding, material))
    return found


def _open(entry: FaqEntry, finding: "partial[Finding]", material: Material) -> Finding:
    """Tell what is missing to answer a question: terms that nothing speaks of, or what is near without holding the answer."""
    known = "\n".join([*(told(source) for source in material.sources), *(item.text for item in material.upstream)])
    spoken = terms_in(known, material.terms)
    silent = [term.name for term in terms_in(entry.question, material.terms) if term not in spoken]
    if silent := silent or list(unheld_words(entry.question, known) if not spoken else ()):
        return finding("open-silent", words=_listed(tuple(silent), material))
    near = [*entry.sources, *entry.rests] or [source.key for source in related_sources(entry.question, material)]
    return finding("open-near", keys=_listed(tuple(near), material)) if near else finding("open-unknown")


def check_questions(artifact: Faq, material: Material) -> list[Finding]:
    """Find questions that do not ask, ask several things, hold a number of nowhere, or are asked twice."""
    found = [finding for finding in check_numbers(artifact, material) if finding.place == "question"]
    for place, entry in enumerate(artifact.entries):
        finding = partial(RULES.finding, language=material.language, place=f"entries[{place}].question", item=entry.id)
        if not is_question(entry.question):
            found.append(finding("no-question", text=entry.question))
        elif is_several(entry.question):
            found.append(finding("several-questions"))
        before = artifact.entries[:place]
        if twin := next((other for other in before if same_question(entry.question, other.question)), None):
            found.append(finding("duplicate", other=twin.id))
        elif entry.answer and (twin := next((other for other in before if other.answer == entry.answer), None)):
            found.append(finding("same-answer", other=twin.id))
    return found


def _listed(words: tuple[str, ...], material: Material) -> str:
    """Return the first of some words as a list."""
    joint = "、" if material.language == "zh" else ", "
    return joint.join(words[:_MOST_WORDS]) + (" …" if len(words) > _MOST_WORDS else "")
