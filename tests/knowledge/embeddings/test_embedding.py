"""The packaged embedding, and what happens where it is missing."""

import json
import threading
from pathlib import Path

import numpy as np
import pytest

from errors import ConfigurationError
from knowledge.embeddings.embedding import EmbeddedE5, SentenceTransformersEmbedding


@pytest.fixture(scope="module")
def e5() -> EmbeddedE5:
    return EmbeddedE5()


def test_vectors_have_length_one_and_a_row_a_text(e5: EmbeddedE5) -> None:
    found = e5.passages(["A transfer above 5,000 needs approval.", "单笔转账超过五千元须复核。"])
    assert found.shape == (2, 384)
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1], abs=1e-4)
    assert e5.queries(["x"]).shape == (1, 384)


def test_the_same_meaning_lies_near_across_languages(e5: EmbeddedE5) -> None:
    passages = e5.passages(["A transfer above 5,000 needs a second approval.", "The cafeteria opens at noon."])
    cosines = passages @ e5.queries(["哪些转账需要复核？"])[0]
    assert cosines[0] > cosines[1]


def test_threads_do_not_disturb_each_other(e5: EmbeddedE5) -> None:
    texts = [f"sentence number {number}" for number in range(6)]
    alone = e5.passages(texts)
    found: dict[int, np.ndarray] = {}
    threads = [threading.Thread(target=lambda n=n: found.update({n: e5.passages([texts[n]])[0]})) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.stack([found[n] for n in range(6)]) == pytest.approx(alone, abs=1e-3)


def written_model(folder: Path, prompts: object = None) -> Path:
    """A tiny model with weights drawn by chance, in a folder."""
    transformers = pytest.importorskip("transformers")
    folder.mkdir()
    (folder / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "transfer", "limit", "query"]), "utf-8"
    )
    transformers.BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    shape = transformers.BertConfig(
        vocab_size=8, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    transformers.BertModel(shape).save_pretrained(folder)
    if prompts is not None:
        (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}), "utf-8")
    return folder


@pytest.mark.slow
def test_an_organisation_s_own_model_is_read_from_its_folder(tmp_path: Path) -> None:
    embedding = SentenceTransformersEmbedding(written_model(tmp_path / "model"))
    assert embedding.dimensions == 16
    assert embedding.name.startswith("folder:model:")
    found = embedding.passages(["transfer limit", "transfer"])
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1], abs=1e-4)
    assert embedding.queries(["transfer"]) == pytest.approx(embedding.passages(["transfer"]), abs=1e-5)


@pytest.mark.slow
def test_what_stands_before_a_text_is_set_or_is_the_model_s_own_prompt(tmp_path: Path) -> None:
    folder = written_model(tmp_path / "model", {"query": "query ", "document": ""})
    own, chosen = SentenceTransformersEmbedding(folder), SentenceTransformersEmbedding(folder, "limit ", "transfer ")
    assert own.queries(["limit"]) == pytest.approx(own.passages(["query limit"]), abs=1e-5)
    assert chosen.queries(["limit"]) == pytest.approx(own.passages(["limit limit"]), abs=1e-5)
    assert chosen.passages(["limit"]) == pytest.approx(own.passages(["transfer limit"]), abs=1e-5)
    assert len({own.name, chosen.name}) == 2


def test_a_folder_without_safetensors_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ConfigurationError, match="safetensors"):
        SentenceTransformersEmbedding(tmp_path)
