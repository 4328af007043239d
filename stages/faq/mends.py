"""What of an FAQ is mended by rule: marks, statuses, duplicates, and above all an answer that nothing cited holds."""

from stages.faq.asking import as_answer, as_question, same_question
from stages.faq.evidence import bearing, cited_texts, support_of
from stages.faq.shape import Faq, FaqEntry
from stages.findings import Mended
from stages.material import Material


def mend_wording(artifact: Faq, material: Material) -> tuple[Faq, list[Mended]]:
    """Leave out marks (`Q:`, `A:`), emphasis and links, and end what asks with a question mark."""
    mended: list[Mended] = []
    entries: list[FaqEntry] = []
    for entry in artifact.entries:
        after = {"question": as_question(entry.question, material.language), "answer": as_answer(entry.answer)}
        if len(after["question"]) < 3:
            after["question"] = entry.question
        changed = {name: text for name, text in after.items() if text != getattr(entry, name)}
        mended += [Mended("wording", name, getattr(entry, name), text, entry.id) for name, text in changed.items()]
        entries.append(entry.model_copy(update=changed) if changed else entry)
    return (artifact.with_items(entries), mended) if mended else (artifact, [])


def mend_citations(artifact: Faq, material: Material) -> tuple[Faq, list[Mended]]:
    """Leave out citations of what does not exist, told twice, or idle beside one that holds something of the answer."""
    mended: list[Mended] = []
    entries: list[FaqEntry] = []
    for entry in artifact.entries:
        known = cited_texts(entry, material)
        kept = set(bearing(entry, entry.answer, material)) or set(known)
        after = {
            "sources": [key for key in dict.fromkeys(entry.sources) if key in kept],
            "rests": [name for name in dict.fromkeys(entry.rests) if name in kept],
        }
        changed = {name: names for name, names in after.items() if names != getattr(entry, name)}
        mended += [
            Mended("citation", name, ", ".join(getattr(entry, name)), ", ".join(names), entry.id)
            for name, names in changed.items()
        ]
        entries.append(entry.model_copy(update=changed) if changed else entry)
    return (artifact.with_items(entries), mended) if mended else (artifact, [])


def mend_support(artifact: Faq, material: Material) -> tuple[Faq, list[Mended]]:
    """Turn an answer that nothing cited holds into an open question, its text kept as a draft; mark the others as what they are."""
    mended: list[Mended] = []
    entries: list[FaqEntry] = []
    for entry in artifact.entries:
        held = bool(entry.answer) and support_of(entry.answer, tuple(cited_texts(entry, material).values()), material).is_enough
        if held:
            after = entry.model_copy(update={"status": "answered", "draft": ""})
        elif entry.answer:
            after = entry.model_copy(update={"status": "open", "answer": "", "draft": entry.answer})
            mended.append(Mended("unsupported", "answer", entry.answer, "", entry.id))
        else:
            after = entry.model_copy(update={"status": "open"})
        if after.status != entry.status:
            mended.append(Mended("status", "status", entry.status, after.status, entry.id))
        entries.append(after)
    return artifact.with_items(entries), mended


def mend_duplicates(artifact: Faq, _material: Material) -> tuple[Faq, list[Mended]]:
    """Leave out a question that is asked twice, the open one before the answered one, and number anew where an id stands twice."""
    kept: list[FaqEntry] = []
    mended: list[Mended] = []
    for entry in artifact.entries:
        place = next((place for place, other in enumerate(kept) if same_question(entry.question, other.question)), None)
        if place is None:
            kept.append(entry)
            continue
        better = kept[place].status == "open" and entry.status == "answered"
        gone = kept[place] if better else entry
        if better:
            kept[place] = entry
        mended.append(Mended("duplicate", gone.id, f"{gone.question} {gone.answer}".strip(), "", gone.id))
    if len({entry.id for entry in kept}) < len(kept):
        kept = [entry.model_copy(update={"id": f"Q{number}"}) for number, entry in enumerate(kept, 1)]
        return artifact.with_items(kept), mended
    return (artifact.with_items(kept), mended) if mended else (artifact, [])
