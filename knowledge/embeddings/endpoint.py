"""Vectors by the private server's `/embeddings`: asked in batches, mistrusted in everything it answers."""

import contextlib
import json
import math
import time
import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from errors import BrokenReply, EndpointBusy, EndpointError, EndpointMisconfigured, EndpointTimeout, EndpointUnreachable
from knowledge.embeddings.embedding import marked
from knowledge.notices import Notice, by_words_until

if TYPE_CHECKING:
    import httpx

    from knowledge.embeddings.embedding import Matrix

_BATCH = 64
_CONNECT_SECONDS = 5.0
_TRIES, _PAUSE_SECONDS, _LONGEST_PAUSE = 3, 0.5, 10.0
# An answer for 64 texts of 4,096 numbers takes some 6 MB as JSON.
_LARGEST_ANSWER = 64 * 1024 * 1024
_UNREACHABLE = ("The server that embeds cannot be reached.", "无法连接嵌入服务。")


@dataclass(frozen=True)
class EmbeddingServer:
    """Where vectors are asked for; `base_url` ends with the version path, the prefixes are what the model was trained with.

    A person waits for a question's vector, so that words answer after `query_seconds`, and for `rest_seconds` more without
    asking again; a batch of passages may take `batch_seconds`.
    """

    base_url: str
    model: str
    key: str | None = field(default=None, repr=False)
    query_prefix: str = ""
    passage_prefix: str = ""
    query_seconds: float = 5.0
    rest_seconds: float = 10.0
    batch_seconds: float = 60.0


class _Busy(EndpointBusy):
    """Refused for now; `pause` is how many seconds the server asks to be left alone, as far as we heed it."""

    pause = _PAUSE_SECONDS


class _Cut(EndpointUnreachable):
    """The connection was there and broke: a kept one that the server had closed meanwhile does so at once."""


class EndpointEmbedding:
    """A model of the private server. Calls raise EndpointError; `trouble` says what the last question failed of."""

    def __init__(self, server: EmbeddingServer, dimensions: int | None = None) -> None:
        """Ask for a first vector to learn how long one is, unless its `dimensions` are known. Raises EndpointError."""
        import httpx

        self._server = server
        self._rests_until = 0.0
        self._told: EndpointError | None = None
        headers = {"Authorization": f"Bearer {server.key}"} if server.key else {}
        # No proxy and no .netrc of the environment: the texts go to this one address.
        self._client = httpx.Client(headers=headers, trust_env=False, follow_redirects=False)
        weakref.finalize(self, self._client.close)
        self.dimensions = dimensions or 0
        if not self.dimensions:
            self.dimensions = self._asked(["length"], self._server.batch_seconds).shape[1]
        prefixes = marked(server.query_prefix, server.passage_prefix)
        self.name = f"endpoint:{server.model[:120]}:{self.dimensions}{prefixes}"

    @property
    def trouble(self) -> Notice | None:
        """What the last question failed of, None after one that went well."""
        return by_words_until(self._told) if self._told is not None else None

    def passages(self, texts: list[str]) -> "Matrix":
        """Return the vectors of texts that are to be found."""
        import numpy

        written = [f"{self._server.passage_prefix}{text}" for text in texts]
        batches = [written[start : start + _BATCH] for start in range(0, len(written), _BATCH)]
        found: Matrix = numpy.concatenate([self._patiently(batch) for batch in batches])
        self._told = None
        return found

    def queries(self, texts: list[str]) -> "Matrix":
        """Return the vectors of texts that ask; after a failure it fails at once for a while."""
        told = self._told
        if told is not None and time.monotonic() < self._rests_until:
            raise EndpointUnreachable(told.en, told.zh, detail=told.detail)
        written = [f"{self._server.query_prefix}{text}" for text in texts]
        try:
            found = self._once_more(written)
        except EndpointError as error:
            self._told, self._rests_until = error, time.monotonic() + self._server.rest_seconds
            raise
        self._told = None
        return found

    def _once_more(self, texts: list[str]) -> "Matrix":
        """Ask for a question's vector, and again at once where a kept connection was cut."""
        try:
            return self._asked(texts, self._server.query_seconds)
        except _Cut:
            return self._asked(texts, self._server.query_seconds)

    def _patiently(self, texts: list[str]) -> "Matrix":
        """Ask for passages' vectors, and again where the server was busy or the connection was cut."""
        for _ in range(_TRIES - 1):
            try:
                return self._asked(texts, self._server.batch_seconds)
            except _Busy as error:
                time.sleep(error.pause)
            except EndpointUnreachable:
                time.sleep(_PAUSE_SECONDS)
        return self._asked(texts, self._server.batch_seconds)

    def _asked(self, texts: list[str], seconds: float) -> "Matrix":
        """Ask once."""
        import httpx

        url = f"{self._server.base_url.rstrip('/')}/embeddings"
        body = {"model": self._server.model, "input": texts, "encoding_format": "float"}
        timeout = httpx.Timeout(seconds, connect=_CONNECT_SECONDS)
        try:
            with self._client.stream("POST", url, json=body, timeout=timeout) as response:
                raw = _read(response, time.monotonic() + seconds)
        except httpx.TimeoutException as error:
            raise _late(_told(error)) from error
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
            raise _Cut(*_UNREACHABLE, detail=_told(error)) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise EndpointUnreachable(*_UNREACHABLE, detail=_told(error)) from error
        if response.status_code != 200:
            raise _refusal(response.status_code, response.headers.get("retry-after", ""), raw)
        return _matrix(raw, len(texts), self.dimensions)


def _read(response: "httpx.Response", until: float) -> bytes:
    """Read an answer, but neither for ever nor without end. Raises EndpointTimeout, BrokenReply."""
    raw = bytearray()
    for piece in response.iter_bytes():
        raw += piece
        if len(raw) > _LARGEST_ANSWER:
            raise _broken("longer than 64 MB")
        if time.monotonic() > until:
            raise _late("it dripped")
    return bytes(raw)


def _matrix(raw: bytes, count: int, dimensions: int) -> "Matrix":
    """Return the vectors in the order of the texts, each of length 1. Raises BrokenReply."""
    import numpy

    if raw.lstrip()[:1] == b"<":
        raise _misconfigured("an HTML page instead of vectors")
    try:
        rows = {item["index"]: item["embedding"] for item in json.loads(raw)["data"]}
        found: Matrix = numpy.array([rows[place] for place in range(count)], dtype=numpy.float32)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise _broken(f"{type(error).__name__}: {error}") from error
    if len(rows) != count or found.ndim != 2 or found.shape[1] != (dimensions or found.shape[1]) or not found.shape[1]:
        raise _broken(f"{len(rows)} vectors of shape {found.shape} for {count} texts of {dimensions or 'any'} numbers")
    lengths = numpy.linalg.norm(found.astype(numpy.float64), axis=1, keepdims=True)
    if not numpy.isfinite(lengths).all() or not (lengths > 0).all():
        raise _broken("a vector that is no number, or nothing but zeros")
    normal: Matrix = (found / lengths).astype(numpy.float32)
    return normal


def _refusal(status: int, retry_after: str, raw: bytes) -> EndpointError:
    """Say what an answer other than 200 means."""
    detail = f"{status}: {raw[:300].decode('utf-8', 'replace')}"
    if status in (429, 503):
        return _busy(retry_after, detail)
    if status >= 500:
        return EndpointUnreachable("The server that embeds failed.", "嵌入服务出错。", detail=detail)
    return _misconfigured(detail)


def _busy(retry_after: str, detail: str) -> _Busy:
    """Note how long the server asks to be left alone; a date is taken for no answer."""
    busy = _Busy("The server that embeds is busy.", "嵌入服务正忙。", detail=detail)
    with contextlib.suppress(ValueError):
        asked = float(retry_after)
        busy.pause = max(0.0, min(asked, _LONGEST_PAUSE)) if math.isfinite(asked) else _PAUSE_SECONDS
    return busy


def _misconfigured(detail: str) -> EndpointMisconfigured:
    return EndpointMisconfigured(
        "The server that embeds is misconfigured: its address, key or model is wrong.",
        "嵌入服务配置有误：地址、密钥或模型名称不正确。",
        detail=detail,
    )


def _late(detail: str) -> EndpointTimeout:
    return EndpointTimeout("The server that embeds did not answer in time.", "嵌入服务未能及时响应。", detail=detail)


def _broken(detail: str) -> BrokenReply:
    return BrokenReply("The server that embeds sent no usable vectors.", "嵌入服务未返回可用的向量。", detail=detail)


def _told(error: Any) -> str:
    return f"{type(error).__name__}: {error}"
