"""Vectors by the private server, and everything that such a server may answer instead."""

import time
from collections.abc import Iterator

import numpy as np
import pytest

from errors import BrokenReply, EndpointBusy, EndpointError, EndpointMisconfigured, EndpointTimeout, EndpointUnreachable
from knowledge.embeddings.embedding import MayFail
from knowledge.embeddings.endpoint import EmbeddingServer, EndpointEmbedding
from tests.doubles.embedding_server import EmbeddingDouble
from tests.doubles.hashed_embedding import HashedEmbedding

TEXTS = ["A transfer above 5,000 needs approval.", "单笔转账超过五千元须复核。", "The cafeteria opens at noon."]


@pytest.fixture
def server() -> Iterator[EmbeddingDouble]:
    with EmbeddingDouble() as double:
        yield double


def asking(server: EmbeddingDouble, model: str = "hashed", **more: object) -> EndpointEmbedding:
    """An embedding that knows how long its vectors are, so that the first call is the test's."""
    return EndpointEmbedding(EmbeddingServer(server.base_url, model, **more), 64)  # type: ignore[arg-type]


def test_the_length_of_a_vector_is_found_out_by_a_first_call_and_stands_in_the_name(server: EmbeddingDouble) -> None:
    embedding = EndpointEmbedding(EmbeddingServer(server.base_url, "bge"))
    assert (embedding.dimensions, embedding.name) == (64, "endpoint:bge:64")
    other = EndpointEmbedding(EmbeddingServer(server.base_url, "bge", query_prefix="ask: "))
    assert other.name.startswith("endpoint:bge:64:")
    assert isinstance(embedding, MayFail)


def test_vectors_are_those_of_the_server_in_the_order_of_the_texts(server: EmbeddingDouble) -> None:
    wanted = HashedEmbedding(64).queries(TEXTS)
    for model in ("hashed", "backwards", "long_vectors"):
        found = asking(server, model).passages(TEXTS)
        assert found.dtype == np.float32
        assert found == pytest.approx(wanted, abs=1e-5)


def test_many_texts_go_in_batches_over_one_kept_connection(server: EmbeddingDouble) -> None:
    found = asking(server).passages([f"text {number}" for number in range(150)])
    assert found.shape == (150, 64)
    assert [len(request["input"]) for request in server.requests] == [64, 64, 22]
    assert server.connections == 1


def test_the_key_goes_with_every_request_and_prefixes_stand_before_the_texts(server: EmbeddingDouble) -> None:
    embedding = asking(server, key="sk-1", query_prefix="ask: ", passage_prefix="told: ")
    embedding.queries(["limits"])
    embedding.passages(["limits"])
    assert [request["input"] for request in server.requests] == [["ask: limits"], ["told: limits"]]
    assert {head["authorization"] for head in server.heads} == {"Bearer sk-1"}


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        ("wrong_key", EndpointMisconfigured),
        ("forbidden", EndpointMisconfigured),
        ("unknown_model", EndpointMisconfigured),
        ("redirect", EndpointMisconfigured),
        ("html_page", EndpointMisconfigured),
        ("internal_error", EndpointUnreachable),
        ("busy_for_long", EndpointBusy),
        ("empty_body", BrokenReply),
        ("no_json", BrokenReply),
        ("no_data", BrokenReply),
        ("nothing", BrokenReply),
        ("one_too_few", BrokenReply),
        ("one_too_many", BrokenReply),
        ("twice_the_same", BrokenReply),
        ("not_a_number", BrokenReply),
        ("zeros", BrokenReply),
        ("words_for_numbers", BrokenReply),
    ],
)
def test_whatever_is_no_vector_is_a_sentence_without_key_or_address(
    server: EmbeddingDouble, model: str, kind: type[EndpointError]
) -> None:
    with pytest.raises(kind) as raised:
        asking(server, model, key="sk-very-secret").passages(TEXTS)
    for sentence in (raised.value.sentence("en"), raised.value.sentence("zh")):
        assert "secret" not in sentence
        assert "127.0.0.1" not in sentence
    assert raised.value.sentence("zh") != raised.value.sentence("en")


def test_a_vector_of_another_length_is_refused_not_compared(server: EmbeddingDouble) -> None:
    embedding = EndpointEmbedding(EmbeddingServer(server.base_url, "grows"))
    with pytest.raises(BrokenReply):
        embedding.passages(TEXTS)


def test_a_busy_server_is_asked_again_after_the_time_it_named(server: EmbeddingDouble) -> None:
    begun = time.monotonic()
    assert asking(server, "busy_once").passages(TEXTS).shape == (3, 64)
    assert time.monotonic() - begun >= 0.05
    assert len(server.requests) == 2


def test_a_kept_connection_that_was_cut_is_opened_again_without_a_word(server: EmbeddingDouble) -> None:
    embedding = asking(server, "cuts_kept_connections")
    for _ in range(3):
        assert embedding.queries(["limits"]).shape == (1, 64)
    assert embedding.passages(TEXTS).shape == (3, 64)
    assert embedding.trouble is None


@pytest.mark.parametrize("model", ["hangs", "drips"])
def test_a_question_does_not_wait_for_a_server_that_does_not_answer(server: EmbeddingDouble, model: str) -> None:
    embedding = asking(server, model, query_seconds=0.3)
    begun = time.monotonic()
    with pytest.raises(EndpointTimeout):
        embedding.queries(["limits"])
    assert time.monotonic() - begun < 3


def test_after_a_failure_questions_fail_at_once_for_a_while_and_then_go_well_again(server: EmbeddingDouble) -> None:
    embedding = asking(server, rest_seconds=0.3)
    server.end()
    with pytest.raises(EndpointUnreachable):
        embedding.queries(["limits"])
    server.begin()
    with pytest.raises(EndpointUnreachable):
        embedding.queries(["limits"])
    assert embedding.trouble is not None
    assert "words alone" in embedding.trouble.en
    assert not server.requests
    time.sleep(0.3)
    assert embedding.queries(["limits"]).shape == (1, 64)
    assert embedding.trouble is None


def test_a_server_that_is_away_at_the_start_is_told(server: EmbeddingDouble) -> None:
    server.end()
    with pytest.raises(EndpointUnreachable):
        EndpointEmbedding(EmbeddingServer(server.base_url, "hashed"))


def test_no_proxy_of_the_environment_is_used(server: EmbeddingDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert asking(server).queries(["limits"]).shape == (1, 64)
