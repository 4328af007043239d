"""How well we find the right paragraph of XQuAD beside LangChain, LlamaIndex and Haystack, in and across both languages.

Every system gets the same 240 paragraphs a language as documents and the same questions. Each peer runs as its tutorial sets it up,
in an environment of its own, once with MiniLM (its usual default; LlamaIndex's and LangChain's own default needs a paid endpoint)
and once with the embedding that we use, so that the model's share of a lead can be read.
"""

import asyncio
import hashlib
import json
import math
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import ROOT, Figure, Journal
from benchmarks.kept_e5 import KeptE5, vectors_in
from benchmarks.own_knowledge import knowledge_in
from benchmarks.peers_environment import REQUIREMENTS, python_of_peers
from benchmarks.retrieval import paragraphs
from errors import Language
from knowledge.knowledge import Knowledge

# Column → language of the questions, language of the paragraphs.
COLUMNS: dict[str, tuple[Language, Language]] = {
    "en → en": ("en", "en"),
    "zh → zh": ("zh", "zh"),
    "zh → en": ("zh", "en"),
    "en → zh": ("en", "zh"),
}
# Questions of a language: all of them.
EVERY = 1_190
# No column may lie further behind a peer than this.
BEHIND = 0.003
_RESAMPLES = 10_000
_SEED = 20_26
# At most two passages of one asset are returned: enough for ten paragraphs.
_PASSAGES = 24
# A peer is asked again where one of these changed.
_THEIR_SOURCES = ("embeddings.py", "run_peers.py", "systems.py")


@dataclass(frozen=True)
class Peer:
    """A peer with one embedding; `default` is how many pieces it returns by default."""

    title: str
    system: str
    model: str
    default: int


PEERS = (
    Peer("LangChain tutorial, MiniLM", "langchain", "minilm", 4),
    Peer("LangChain tutorial, our e5", "langchain", "e5", 4),
    Peer("LlamaIndex default, MiniLM", "llamaindex", "minilm", 2),
    Peer("LlamaIndex default, our e5", "llamaindex", "e5", 2),
    Peer("Haystack BM25", "haystack-words", "none", 10),
    Peer("Haystack vectors, MiniLM", "haystack-vectors", "minilm", 10),
    Peer("Haystack vectors, our e5", "haystack-vectors", "e5", 10),
)

# Column → for each question the place of the right paragraph among the paragraphs found, from 1; 0 where it is not found.
Places = dict[str, list[int]]


def measure(source: Path, data: Path, journal: Journal, *, questions: int) -> None:
    """Print the table of all systems and the verdict on each peer; `questions` a column, spread over all paragraphs."""
    comparison, right = _comparison(source, questions)
    python = python_of_peers(data)
    ours = asyncio.run(_ours(comparison, right, data))
    of_peers = {peer.title: _found_by(peer, python, comparison, data) for peer in PEERS}
    rows = {"Stagecraft": ours}
    for peer in PEERS:
        rows[peer.title] = _places(of_peers[peer.title], right)
        if peer.default < 10:
            cut = {column: [found[: peer.default] for found in lists] for column, lists in of_peers[peer.title].items()}
            rows[f"{peer.title}, its default k={peer.default}"] = _places(cut, right)
    _print_table(rows, journal)
    for peer in PEERS:
        journal.tell(_verdict(peer, ours, rows[peer.title]))


def _comparison(source: Path, questions: int) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return what is asked, as the peers read it, and for each column the numbers of the right paragraphs."""
    texts: dict[str, dict[str, str]] = {}
    asked: dict[str, list[tuple[str, str]]] = {}
    for language in ("en", "zh"):
        found = list(paragraphs(source, language, 240))
        texts[language] = {str(number): text for number, text, _ in found}
        every = [(question.text, str(question.paragraph)) for _, _, mine in found for question in mine]
        asked[language] = every[:: max(1, len(every) // questions)][:questions]
    columns = {name: {"paragraphs": of, "questions": [text for text, _ in asked[by]]} for name, (by, of) in COLUMNS.items()}
    right = {name: [number for _, number in asked[by]] for name, (by, _) in COLUMNS.items()}
    return {"paragraphs": texts, "columns": columns}, right


async def _ours(comparison: dict[str, Any], right: dict[str, list[str]], data: Path) -> Places:
    """Take the paragraphs in and search them: a fresh store, the real ingest, the real search."""
    with tempfile.TemporaryDirectory() as temporary:
        pack, data_dir = Path(temporary, "paragraphs"), Path(temporary, "data")
        pack.mkdir()
        for language, texts in comparison["paragraphs"].items():
            for number, text in texts.items():
                front = f"---\ntitle: '{number}'\nshelf: xquad\ntype: text\ngroups: [{language}]\nlanguage: {language}\n---\n"
                (pack / f"{number}.{language}.md").write_text(front + text, "utf-8")
        async with knowledge_in(data_dir, KeptE5(data), pack=pack) as knowledge:
            await knowledge.sync_pack()
            found = {name: await _searched(knowledge, column) for name, column in comparison["columns"].items()}
    return _places(found, right)


async def _searched(knowledge: Knowledge, column: dict[str, Any]) -> list[list[str]]:
    groups = frozenset([column["paragraphs"]])
    hits = [await knowledge.search(question, groups=groups, limit=_PASSAGES) for question in column["questions"]]
    return [[hit.asset.title for hit in found] for found in hits]


def _found_by(peer: Peer, python: Path, comparison: dict[str, Any], data: Path) -> dict[str, list[list[str]]]:
    """Return what a peer finds, by column and question; a peer that was asked the same before is not asked again."""
    asked = data / "peers" / "comparison.json"
    asked.write_text(json.dumps(comparison, ensure_ascii=False), "utf-8")
    made_of = [asked, REQUIREMENTS, *(REQUIREMENTS.with_name(name) for name in _THEIR_SOURCES)]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in made_of)).hexdigest()[:12]
    kept = asked.with_name(f"{peer.system}-{peer.model}-{digest}.jsonl")
    if not kept.exists():
        command = [str(python), "-m", "benchmarks.peers_env.run_peers", peer.system, peer.model, str(asked)]
        command.append(str(vectors_in(data)))
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if run.returncode:
            raise RuntimeError(f"{peer.title} broke:\n{run.stderr[-1500:]}")
        fresh = kept.with_suffix(".new")
        fresh.write_text(run.stdout, "utf-8")
        fresh.replace(kept)
    found: dict[str, list[list[str]]] = {name: [] for name in comparison["columns"]}
    for line in kept.read_text("utf-8").splitlines():
        row = json.loads(line)
        found[row["column"]].append(row["found"])
    return found


def _places(found: dict[str, list[list[str]]], right: dict[str, list[str]]) -> Places:
    """Return where the right paragraph stands among the different paragraphs found."""
    places: Places = {}
    for column, lists in found.items():
        ranked = [list(dict.fromkeys(numbers)) for numbers in lists]
        pairs = zip(ranked, right[column], strict=True)
        places[column] = [numbers.index(wanted) + 1 if wanted in numbers else 0 for numbers, wanted in pairs]
    return places


def gain(place: int) -> float:
    """Return nDCG@10 of one question with one right paragraph at `place` (0: not found)."""
    return 1 / math.log2(place + 1) if 1 <= place <= 10 else 0.0


def _mean_gain(places: list[int]) -> float:
    return sum(gain(place) for place in places) / len(places)


def _print_table(rows: dict[str, Places], journal: Journal) -> None:
    """Print nDCG@10 and R@5 of every system as a Markdown table, and keep them."""
    counts = ", ".join(f"{len(places)}" for places in rows["Stagecraft"].values())
    print(f"nDCG@10 / R@5; 240 paragraphs a language, questions a column: {counts}\n")
    print(f"| system | {' | '.join(COLUMNS)} | mean nDCG@10 |\n|---|{'---|' * (len(COLUMNS) + 1)}")
    for title, places in rows.items():
        gains = {column: _mean_gain(found) for column, found in places.items()}
        fifths = {column: sum(1 <= place <= 5 for place in found) / len(found) for column, found in places.items()}
        cells = " | ".join(f"{gains[column]:.3f} / {fifths[column]:.3f}" for column in COLUMNS)
        print(f"| {title} | {cells} | {sum(gains.values()) / len(gains):.3f} |", flush=True)
        journal.keep("peers", {"system": title, "ndcg_10": gains, "recall_5": fifths})
    print()


def _verdict(peer: Peer, ours: Places, theirs: Places) -> Figure:
    """Compare question by question: ahead in the mean, and behind in no column by more than allowed."""
    leads = {column: _mean_gain(ours[column]) - _mean_gain(theirs[column]) for column in COLUMNS}
    intervals = {column: interval(ours[column], theirs[column]) for column in COLUMNS}
    mean = sum(leads.values()) / len(leads)
    told = ", ".join(f"{leads[column]:+.3f} [{intervals[column][0]:+.3f}, {intervals[column][1]:+.3f}]" for column in COLUMNS)
    print(f"  {peer.title}: ours − theirs by column [95 %]: {told}")
    held = mean > 0 and min(leads.values()) >= -BEHIND
    value = f"mean {mean:+.3f}, least {min(leads.values()):+.3f}"
    return Figure("peers", f"nDCG@10 ahead of {peer.title}", value, f"mean over 0, least −{BEHIND}", held)


def interval(ours: list[int], theirs: list[int]) -> tuple[float, float]:
    """Return the 95 % interval of our lead in nDCG@10 by a paired bootstrap over the questions (10,000 resamples, seeded)."""
    import numpy

    leads = numpy.array([gain(mine) - gain(other) for mine, other in zip(ours, theirs, strict=True)])
    chance = numpy.random.default_rng(_SEED)
    means = [leads[chance.integers(len(leads), size=len(leads))].mean() for _ in range(_RESAMPLES)]
    low, high = numpy.percentile(means, [2.5, 97.5])
    return float(low), float(high)
