"""The sentence of the passages that speaks of a topic most nearly: what a small model answers from."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from errors import Language
from formats.language import words
from stages.faq.topics import Topic
from stages.material import Material, Source

# How to write is told by these; they are no answer to a customer.
HOW_TO = frozenset({"standard", "template", "checklist", "example", "past-artifact"})
LONGEST_KNOWN = {"en": 230, "zh": 110}
SHORT = {"en": 90, "zh": 40}
# How much of a topic's words a sentence must hold with its headings, and how much of what the brief is about as a whole.
LEAST_SHARED = {"en": 0.6, "zh": 0.5}
LEAST_AROUND = 0.34
# A story is answered from itself unless a sentence speaks of just what it wants, without help of its headings.
LEAST_WHOLLY = {"en": 0.66, "zh": 0.7}
_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“(])|(?<=[。！？；])|\n+")
_CLAUSE = re.compile(r"[,;，；]")
_RULER = re.compile(r"^\|[\s:|-]+\|$")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage, with the headings that it stands under; `is_cell` marks one made of a cell of a table."""

    text: str
    key: str
    heading: str
    follows: str = ""
    is_cell: bool = False


def sentences(source: Source) -> Iterator[Sentence]:
    """Yield the sentences of a passage; a row of a table is told with its headings, a heading is none."""
    columns: list[str] = []
    heading = f"{source.title} > {source.breadcrumb}"
    for block in source.text.splitlines():
        line = block.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not columns:
                columns = cells
            elif not _RULER.match(line):
                yield from _cells(columns, cells, source, heading)
            continue
        columns = []
        parts = [part.strip(" -*") for part in _ENDS.split(line) if part.strip(" -*")]
        for place, part in enumerate(parts):
            yield Sentence(part, source.key, heading, " ".join(parts[place + 1 : place + 2]))


def _cells(columns: Sequence[str], cells: Sequence[str], source: Source, heading: str) -> Iterator[Sentence]:
    """Yield a sentence for each cell of a row, told with what heads its row and its column: a small model mixes up a whole row."""
    between, colon, end = ("，", "：", "。") if source.language == "zh" else (", ", ": ", ".")
    told = [f"{cells[0]}{between}{name}{colon}{cell}{end}" for name, cell in zip(columns[1:], cells[1:], strict=False) if cell]
    for place, text in enumerate(told):
        yield Sentence(text, source.key, heading, " ".join(told[place + 1 : place + 2]), is_cell=True)


def usable(material: Material) -> tuple[Sentence, ...]:
    """Return the sentences of the passages that tell how the business works, in the language of the answer."""
    return tuple(
        sentence
        for source in material.sources
        if source.kind not in HOW_TO and not source.kept and source.language == material.language
        for sentence in sentences(source)
        if len(re.findall(r"\w", sentence.text)) >= 8
    )


def nearest(
    topic: Topic, known: Sequence[Sentence], language: Language, taken: Sequence[str] = (), *, wholly: bool = False
) -> Sentence | None:
    """Return the sentence that holds most of a topic, rare words counting more; None where none holds enough of its words.

    A sentence that another topic has taken already comes last. `wholly` counts what the sentence says itself, and asks for more.
    """
    known = [sentence for sentence in known if not (wholly and sentence.is_cell)]
    least = LEAST_WHOLLY[language] if wholly else LEAST_SHARED[language]
    wanted, around = set(words(topic.text)), set(words(topic.subject))
    counts = Counter(word for sentence in known for word in set(words(sentence.text)))
    best: tuple[float, Sentence] | None = None
    for sentence in known:
        said, headed = set(words(sentence.text)), set(words(sentence.heading))
        told = said | headed
        if not wanted & said or len(wanted & (said if wholly else told)) < least * len(wanted):
            continue
        if len(around & told) < LEAST_AROUND * len(around):
            continue
        score = sum(1 / math.sqrt(counts[word]) for word in wanted & said)
        score += 0.4 * sum(1 / math.sqrt(counts[word] or 1) for word in (wanted & headed) - said)
        score += 0.3 * len(around & told) / max(1, len(around))
        score *= 0.5 if sentence.text in taken else 1.0
        if best is None or score > best[0]:
            best = (score, sentence)
    return best[1] if best else None


def shown(sentence: Sentence, language: Language) -> str:
    """Return a sentence as the model sees it: with the next one where it is short, cut at a clause where it is long."""
    text = sentence.text
    if len(text) < SHORT[language] and sentence.follows:
        joint = "" if language == "zh" else " "
        text = f"{text}{joint}{sentence.follows}"
        if len(text) > LONGEST_KNOWN[language]:
            text = sentence.text
    return shortened(text, language)


def shortened(text: str, language: Language) -> str:
    """Return a text of one line that is short enough, ended at the last clause that fits."""
    plain = " ".join(text.split())
    most = LONGEST_KNOWN[language]
    if len(plain) <= most:
        return plain
    ends = [found.start() for found in _CLAUSE.finditer(plain[:most])]
    end = "。" if language == "zh" else "."
    return (plain[: ends[-1]] if ends and ends[-1] > most // 3 else plain[:most].rsplit(" ", 1)[0]) + end
