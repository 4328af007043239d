"""How an FAQ is read: as cards, as text that a person edits, as a document, a sheet and FAQPage JSON-LD, and back."""

import json
from collections.abc import Sequence
from typing import Any

from errors import Language
from formats.document import Block, Bullets, Document, Heading, Paragraph
from formats.faq import read_faq, read_pair, render_pair
from formats.json_ld import Fault, Pair, faults_of_faq_page, render_faq_page
from formats.sheet import Sheet
from stages.declaration import Imported, ItemView, Line
from stages.faq.shape import Faq, FaqEntry
from stages.material import Source

_HEADING = {"en": "Frequently asked questions", "zh": "常见问题"}
_STATUS: dict[str, dict[Language, str]] = {
    "answered": {"en": "answered", "zh": "已解答"},
    "open": {"en": "open", "zh": "待解答"},
}
_NOT_ANSWERED = {"en": "What is known does not answer this yet.", "zh": "现有知识尚未给出答案。"}
_OPEN = {"en": "Not answered yet", "zh": "待解答的问题"}
_TO_DECIDE = {"en": "Open questions", "zh": "待澄清的问题"}
_RESTS = {"en": "Rests on", "zh": "依据"}
_COLUMNS: dict[Language, tuple[str, ...]] = {
    "en": ("Id", "Question", "Answer", "Status", "Rests on", "Sources"),
    "zh": ("编号", "问题", "答案", "状态", "依据", "资料"),
}
_FAULTS: dict[str, dict[Language, str]] = {
    "context": {"en": "the context is not https://schema.org", "zh": "@context 不是 https://schema.org"},
    "type": {"en": "the type is not FAQPage", "zh": "@type 不是 FAQPage"},
    "no-questions": {"en": "there is no question", "zh": "没有任何问题"},
    "question-type": {"en": "this is not a Question", "zh": "该项不是 Question"},
    "no-name": {"en": "the question has no words", "zh": "问题没有文字"},
    "no-answer": {"en": "the question has no answer", "zh": "问题没有答案"},
    "answer-type": {"en": "the answer is not an Answer", "zh": "答案不是 Answer"},
    "no-text": {"en": "the answer has no text", "zh": "答案没有文字"},
    "repeated": {"en": "the question is asked twice", "zh": "问题重复"},
}
_MOST_ENTRIES = 40
_LONGEST = {"question": 200, "answer": 1200}


def view(entry: FaqEntry, language: Language) -> ItemView:
    """Return an entry as a card shows it; a draft that nothing holds is told by its finding, never here."""
    line = Line("", entry.answer) if entry.answer else Line("", _NOT_ANSWERED[language])
    badges = (_STATUS[entry.status][language],)
    return ItemView(entry.id, entry.question, (line,), tuple(entry.sources), tuple(entry.rests), badges=badges)


def view_draft(item: Any, _language: Language) -> ItemView | None:
    """Return an entry that is still being written, as far as it can be read."""
    if not isinstance(item, dict) or not isinstance(item.get("question"), str):
        return None
    answer = item.get("answer")
    lines = (Line("", answer),) if isinstance(answer, str) and answer else ()
    return ItemView(str(item.get("id") or ""), item["question"], lines)


def source_text(entry: FaqEntry, language: Language) -> str:
    """Return the entry as the text that a person edits."""
    return render_pair(Pair(entry.question, entry.answer), language)


def read_edited(text: str, entry: FaqEntry, language: Language) -> FaqEntry:
    """Read the question and answer that a person edited; with an answer it counts as answered, without as open.

    Raises ValueError with a sentence for the person where it is not one question.
    """
    pair = read_pair(text)
    if pair is None:
        raise ValueError(
            "请保留“问：…”和“答：…”各一处，答案可以留空。"
            if language == "zh"
            else "Keep one “Q: …” and one “A: …”; the answer may stay empty."
        )
    status = "answered" if pair.answer else "open"
    changed = {"question": pair.question, "answer": pair.answer, "status": status, "draft": "" if pair.answer else entry.draft}
    return FaqEntry.model_validate(entry.model_dump() | changed)


def document(artifact: Faq, language: Language, sources: Sequence[Source]) -> Document:
    """Return the FAQ as a document: what is answered first, each with the numbers of what it rests on, then what is open."""
    numbers = {source.key: f"[{number}]" for number, source in enumerate(sources, 1)}
    blocks: list[Block] = []
    for entry in artifact.entries:
        if not entry.answer:
            continue
        blocks += [Heading(1, entry.question), Paragraph(entry.answer)]
        rests = [*(numbers[key] for key in entry.sources if key in numbers), *entry.rests]
        blocks += [Paragraph(", ".join(rests), _RESTS[language])] if rests else []
    open_ones = [entry.question for entry in artifact.entries if not entry.answer]
    for title, texts in ((_OPEN, open_ones), (_TO_DECIDE, artifact.questions)):
        blocks += [Heading(1, title[language]), Bullets(list(texts))] if texts else []
    told = [(source.title, source.breadcrumb) for source in sources]
    return Document(_HEADING[language], language, blocks, told)


def sheets(artifact: Faq, language: Language) -> tuple[Sheet, ...]:
    """Return the FAQ as one sheet, a row an entry."""
    rows = [
        (
            entry.id,
            entry.question,
            entry.answer,
            _STATUS[entry.status][language],
            ", ".join(entry.rests),
            ", ".join(entry.sources),
        )
        for entry in artifact.entries
    ]
    return (Sheet(_HEADING[language], _COLUMNS[language], rows, [entry.id for entry in artifact.entries]),)


def pairs(artifact: Faq) -> tuple[Pair, ...]:
    """Return what is answered."""
    return tuple(Pair(entry.question, entry.answer) for entry in artifact.entries if entry.answer)


def json_ld(artifact: Faq, language: Language, _sources: Sequence[Source]) -> bytes:
    """Return what is answered as FAQPage JSON-LD."""
    return render_faq_page(pairs(artifact), language).encode()


def read_back(artifact: Faq, language: Language) -> list[str]:
    """Hold the FAQ's JSON-LD against its shape, and its questions and answers against what they were; nothing to hold, no fault."""
    told = pairs(artifact)
    if not told:
        return []
    page = json.loads(render_faq_page(told, language))
    read = [(one["name"], one["acceptedAnswer"]["text"]) for one in page["mainEntity"]]
    same = read == [(pair.question, pair.answer) for pair in told]
    changed = {"en": "the text changes when it is read back", "zh": "读回后文字有变化"}[language]
    # A question that is asked twice has a finding of its own, which names both.
    faults = [_fault(fault, language) for fault in faults_of_faq_page(page) if fault.rule != "repeated"]
    return [*([] if same else [changed]), *faults]


def read_pasted(text: str, language: Language) -> Imported | None:
    """Turn a pasted FAQ into an artifact: every question kept, with an answer answered, without one open; None where it is none.

    It cites nothing yet: the checks say so of each answer, and the person names what it rests on.
    """
    read = read_faq(text)
    if read is None:
        return None
    asked = [pair for pair in read.pairs if pair.question.strip()]
    lost = [*read.lost, *(pair.answer for pair in read.pairs if not pair.question.strip())]
    lost += [f"{pair.question} {pair.answer}" for pair in asked[_MOST_ENTRIES:]]
    entries = []
    for number, pair in enumerate(asked[:_MOST_ENTRIES], 1):
        texts = {"question": pair.question, "answer": pair.answer}
        lost += [text[_LONGEST[name] :] for name, text in texts.items() if len(text) > _LONGEST[name]]
        cut = {name: text[: _LONGEST[name]].strip() for name, text in texts.items()}
        if len(cut["question"]) < 3:
            cut["question"] = f"{cut['question']} ?".rjust(3)
        status = "answered" if cut["answer"] else "open"
        entries.append({"id": f"Q{number}", **cut, "status": status, "rests": [], "sources": []})
    if not entries:
        return None
    faults = tuple(_fault(fault, language) for fault in read.faults)
    return Imported({"entries": entries, "questions": []}, tuple(piece for piece in lost if piece), faults)


def _fault(fault: Fault, language: Language) -> str:
    """Tell a fault in the reader's language."""
    return f"{fault.place}: {_FAULTS[fault.rule][language]}" if fault.place else _FAULTS[fault.rule][language]
