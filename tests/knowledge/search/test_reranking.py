"""Reading the best candidates once more: with a real, tiny cross-encoder from a folder, within a budget."""

from pathlib import Path

import pytest

from errors import ConfigurationError
from knowledge.search.reranking import MOST_READ, CrossEncoderReranker

pytest.importorskip("sentence_transformers", reason="the extra local-models is not installed")
TEXTS = [f"A transfer above {number},000 needs a second approval." for number in range(30)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder with random weights."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    path = tmp_path_factory.mktemp("models") / "tiny-reranker"
    path.mkdir()
    letters = [*"abcdefghijklmnopqrstuvwxyz0123456789,."]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=128,
        # Wide enough that no two texts score alike.
        initializer_range=1.0,
    )
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(path, safe_serialization=True)
    BertTokenizer(vocab={token: number for number, token in enumerate(vocabulary)}).save_pretrained(path)
    return path


def test_a_cross_encoder_reads_the_first_twenty_and_leaves_the_others_behind(folder: Path) -> None:
    reranker = CrossEncoderReranker(folder, seconds=60)
    order = reranker.order("Which transfer needs approval?", TEXTS)
    assert sorted(order[:MOST_READ]) == list(range(MOST_READ))
    assert order[:MOST_READ] != list(range(MOST_READ))
    assert order[MOST_READ:] == list(range(MOST_READ, 30))
    assert reranker.order("Which transfer needs approval?", TEXTS) == order


def test_without_time_every_candidate_keeps_its_place(folder: Path) -> None:
    assert CrossEncoderReranker(folder, seconds=0).order("Which transfer?", TEXTS) == list(range(30))


def test_nothing_to_read_is_no_error(folder: Path) -> None:
    assert CrossEncoderReranker(folder, seconds=1).order("Which transfer?", []) == []


def test_a_folder_without_safe_weights_is_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="safetensors"):
        CrossEncoderReranker(tmp_path / "missing", seconds=1)
    (tmp_path / "config.json").write_bytes((folder / "config.json").read_bytes())
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickled")
    with pytest.raises(ConfigurationError, match="safetensors"):
        CrossEncoderReranker(tmp_path, seconds=1)


def test_broken_weights_are_refused_with_the_folder(tmp_path: Path, folder: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"broken")
    with pytest.raises(ConfigurationError, match=r"cannot be loaded"):
        CrossEncoderReranker(tmp_path, seconds=1)
