"""The rows that searches are timed over: real embedded passages, repeated with small noise on their vectors."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

from benchmarks.figures import ROOT
from benchmarks.kept_e5 import KeptE5
from benchmarks.own_knowledge import database_in
from benchmarks.peers_env.vectors import repeated
from benchmarks.retrieval import paragraphs
from errors import Language
from knowledge.intake.splitting import Piece, split, tokens_in
from records.database import now
from records.knowledge import Asset, KnowledgeRecords, Passage, embedded_text, text_hash

# Passages of one asset: about a document of 2,000 words.
_AN_ASSET = 20
_VECTORS_AT_A_TIME = 2_000
_QUERY_TOKENS = range(12, 19)
# What the store is made of: it is made again where one of these changed.
_MADE_OF = ("benchmarks/latency_rows.py", "benchmarks/peers_env/vectors.py", "records/knowledge_tables.py", "records/assets.py")


@dataclass(frozen=True)
class Real:
    """A passage of XQuAD as our splitting cuts it."""

    language: Language
    piece: Piece


def real_passages(source: Path, most: int) -> list[Real]:
    """Return up to `most` passages of XQuAD, English and Chinese in turn by paragraph."""
    both: dict[Language, dict[int, str]] = {
        language: {number: text for number, text, _ in paragraphs(source, language, 240)} for language in ("en", "zh")
    }
    found = (
        Real(language, piece)
        for number in both["en"]
        for language in both
        for piece in split(str(number), both[language][number])
    )
    return list(islice(found, most))


def queries(source: Path, count: int) -> list[str]:
    """Return so many questions of about 15 tokens, English and Chinese in turn."""
    asked: dict[Language, list[str]] = {}
    for language in ("en", "zh"):
        every = [question.text for _, _, mine in paragraphs(source, language, 240) for question in mine]
        asked[language] = list(dict.fromkeys(text for text in every if tokens_in(text) in _QUERY_TOKENS))
    pairs = zip(asked["en"], asked["zh"], strict=False)
    spread = [text for pair in pairs for text in pair]
    return spread[:: max(1, len(spread) // count)][:count]


async def filled(data: Path, real: list[Real], rows: int) -> Path:
    """Return a data folder whose database holds so many passages with vectors; one that is filled already is taken as it is."""
    folder = data / "latency" / str(rows)
    made_of = hashlib.sha256(b"".join((ROOT / path).read_bytes() for path in _MADE_OF) + repr(real).encode()).hexdigest()
    stamp = folder / "filled"
    if stamp.is_file() and stamp.read_text("utf-8") == made_of:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    async with database_in(folder) as database:
        await _fill(KnowledgeRecords(database), data, real, rows)
    stamp.write_text(made_of, "utf-8")
    return folder


async def _fill(records: KnowledgeRecords, data: Path, real: list[Real], rows: int) -> None:
    """Commit the passages, asset by asset, then their vectors."""
    embedding = KeptE5(data)
    vectors = repeated(embedding.passages([embedded_text(one.piece.breadcrumb, one.piece.text) for one in real]), rows)
    names: list[str] = [""] * rows
    for language, numbers in _assets(real, rows):
        asset = _asset(language, numbers[0])
        pieces = [_passage(asset, place, number, real) for place, number in enumerate(numbers)]
        await records.put_asset(asset, pieces)
        for number, piece in zip(numbers, pieces, strict=True):
            names[number] = piece.text_hash
    for start in range(0, rows, _VECTORS_AT_A_TIME):
        some = range(start, min(start + _VECTORS_AT_A_TIME, rows))
        await records.put_vectors(embedding.name, {names[row]: vectors[row].astype("<f4").tobytes() for row in some})


def _assets(real: list[Real], rows: int) -> Iterator[tuple[Language, list[int]]]:
    """Yield the rows of each asset: of one language, up to twenty."""
    ordered = sorted(range(rows), key=lambda row: (real[row % len(real)].language, row))
    for language, mine in groupby(ordered, key=lambda row: real[row % len(real)].language):
        numbers = list(mine)
        for start in range(0, len(numbers), _AN_ASSET):
            yield language, numbers[start : start + _AN_ASSET]


def _asset(language: Language, number: int) -> Asset:
    name = f"{language}-{number}"
    return Asset(
        id=hashlib.sha256(name.encode()).hexdigest()[:32],
        pack="latency",
        path=f"{name}.md",
        content_hash=name,
        file_hash=name,
        title=name,
        shelf="xquad",
        type="text",
        owner="",
        groups=("everyone",),
        status="approved",
        language=language,
        updated=now(),
    )


def _passage(asset: Asset, place: int, number: int, real: list[Real]) -> Passage:
    """Return a row's passage; the breadcrumb of a repetition says so, which gives it a vector of its own."""
    piece, repetition = real[number % len(real)].piece, number // len(real)
    breadcrumb = f"{piece.breadcrumb} ({repetition})" if repetition else piece.breadcrumb
    return Passage(
        id=hashlib.sha256(str(number).encode()).hexdigest()[:32],
        asset=asset.id,
        place=place,
        breadcrumb=breadcrumb,
        text=piece.text,
        text_hash=text_hash(breadcrumb, piece.text),
        language=asset.language,
        tokens=piece.tokens,
    )
