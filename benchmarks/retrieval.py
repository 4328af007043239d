"""Measures how often the right paragraph of XQuAD is found, by language and across languages, through the real ingest and search.

Run `STAGECRAFT_TEST_DATA=… python -m benchmarks.retrieval [--paragraphs 240] [--questions 300]`.
Exits 1 where a share lies below its threshold.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.own_knowledge import knowledge_in
from errors import Language
from knowledge.embeddings.embedding import EmbeddedE5
from knowledge.knowledge import Knowledge

# Embedding → store and language of the question → least R@1 and R@5. "half" holds every paragraph in one language only.
THRESHOLDS: dict[str, dict[tuple[str, Language], tuple[float, float]]] = {
    "embedded": {
        ("en", "en"): (0.94, 0.98),
        ("zh", "zh"): (0.92, 0.98),
        ("half", "en"): (0.75, 0.93),
        ("half", "zh"): (0.75, 0.93),
    },
    "none": {("en", "en"): (0.90, 0.97), ("zh", "zh"): (0.90, 0.97)},
}


@dataclass(frozen=True)
class Question:
    """A question and the number of the paragraph that answers it."""

    text: str
    paragraph: int


def paragraphs(data: Path, language: Language, count: int) -> Iterator[tuple[int, str, list[Question]]]:
    """Yield number, text and questions of paragraphs spread over all articles; both languages give the same numbers."""
    articles = json.loads((data / "xquad" / f"xquad.{language}.json").read_text("utf-8"))["data"]
    every = [paragraph for article in articles for paragraph in article["paragraphs"]]
    for number in range(0, len(every), max(1, len(every) // count)):
        questions = [Question(entry["question"], number) for entry in every[number]["qas"]]
        yield number, every[number]["context"], questions


def write_store(data: Path, folder: Path, count: int) -> dict[Language, list[Question]]:
    """Write every paragraph as an asset in both languages; groups make three stores of one."""
    asked: dict[Language, list[Question]] = {"en": [], "zh": []}
    for language in asked:
        for number, text, mine in paragraphs(data, language, count):
            asked[language] += mine
            groups = [language, "half"] if (number // max(1, 240 // count)) % 2 == (language == "zh") else [language]
            front = f"---\ntitle: '{number}'\nshelf: xquad\ntype: text\ngroups: {json.dumps(groups)}\nlanguage: {language}\n---\n"
            (folder / f"{number}.{language}.md").write_text(front + text, "utf-8")
    return asked


async def shares(knowledge: Knowledge, store: str, questions: list[Question]) -> tuple[float, float, float]:
    """Return R@1, R@5 and the median milliseconds of a search."""
    first = fifth = 0
    times = []
    for question in questions:
        begun = time.perf_counter()
        hits = await knowledge.search(question.text, groups=frozenset([store]), limit=10)
        times.append((time.perf_counter() - begun) * 1000)
        found = list(dict.fromkeys(hit.asset.title for hit in hits))
        first += found[:1] == [str(question.paragraph)]
        fifth += str(question.paragraph) in found[:5]
    return first / len(questions), fifth / len(questions), sorted(times)[len(times) // 2]


async def measure(data: Path, folder: Path, count: int, asked: int, embedding: Literal["embedded", "none"]) -> bool:
    """Print one line a store and language; return whether all thresholds hold."""
    pack = folder / "xquad-pack"
    pack.mkdir(exist_ok=True)
    questions = write_store(data, pack, count)
    sound = True
    async with knowledge_in(folder / "store", EmbeddedE5() if embedding == "embedded" else None, pack=pack) as knowledge:
        await knowledge.sync_pack()
        for (store, language), (least_first, least_fifth) in THRESHOLDS[embedding].items():
            some = questions[language][:: max(1, len(questions[language]) // asked)]
            first, fifth, median = await shares(knowledge, store, some)
            sound &= first >= least_first and fifth >= least_fifth
            reached = f"R@1 {first:.3f} (≥ {least_first})  R@5 {fifth:.3f} (≥ {least_fifth})"
            print(f"{store:4} ← {language}  {reached}  p50 {median:.0f} ms")
    return sound


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--paragraphs", type=int, default=240)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--embedding", choices=["embedded", "none"], default="embedded")
    parser.add_argument("--folder", type=Path, help="keep the store here, so that a second run starts at once")
    arguments = parser.parse_args()
    data = os.environ.get("STAGECRAFT_TEST_DATA")
    if not data:
        sys.exit("Set STAGECRAFT_TEST_DATA to the folder that holds xquad/.")
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(exist_ok=True, parents=True)
        sound = asyncio.run(measure(Path(data), folder, arguments.paragraphs, arguments.questions, arguments.embedding))
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
