"""Asks a peer every question of a comparison; run in the peers' environment, prints one JSON line a question.

`python -m benchmarks.peers_env.run_peers SYSTEM MODEL COMPARISON VECTORS`: COMPARISON is a JSON file with `paragraphs` (language →
number → text) and `columns` (name → `paragraphs`: language, `questions`: texts), VECTORS the folder that keeps vectors. MODEL is
`none` where the system goes by words.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from benchmarks.peers_env.embeddings import KeptEmbedding, Model
from benchmarks.peers_env.systems import SYSTEMS


def main(arguments: Sequence[str]) -> None:
    """Print, for each column and question, the numbers of the paragraphs whose pieces were found, best first."""
    system, model, comparison, vectors = arguments
    asked: dict[str, Any] = json.loads(Path(comparison).read_text("utf-8"))
    embedding = None if model == "none" else KeptEmbedding(cast("Model", model), Path(vectors))
    if embedding is not None:
        embedding.queries(sorted({question for column in asked["columns"].values() for question in column["questions"]}))
    searches = {language: SYSTEMS[system](paragraphs, embedding) for language, paragraphs in asked["paragraphs"].items()}
    for name, column in asked["columns"].items():
        for number, question in enumerate(column["questions"]):
            found = searches[column["paragraphs"]](question)
            print(json.dumps({"column": name, "question": number, "found": found}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
