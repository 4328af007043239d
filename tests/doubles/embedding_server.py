"""A server of `/v1/embeddings` on loopback, in a thread of its own, that really misbehaves: the model's name chooses how.

with EmbeddingDouble() as server:
    embedding = EndpointEmbedding(EmbeddingServer(server.base_url, "hashed"))
"""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.doubles.hashed_embedding import HashedEmbedding

Fault = Callable[["_Asked"], None]
FAULTS: dict[str, Fault] = {}


class EmbeddingDouble:
    """The server; `requests` keeps the bodies, `heads` the headers, `connections` counts them. It may be stopped and begun again."""

    def __init__(self, dimensions: int = 64, *, port: int = 0) -> None:
        self.embedding = HashedEmbedding(dimensions)
        self.requests: list[dict[str, Any]] = []
        self.heads: list[dict[str, str]] = []
        self.connections = 0
        self.port = port
        self.stopping = threading.Event()
        self._http: ThreadingHTTPServer | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def begin(self) -> None:
        asked = type("Asked", (_Asked,), {"double": self})
        self.stopping.clear()
        self._http = ThreadingHTTPServer(("127.0.0.1", self.port), asked)
        self._http.daemon_threads = True
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def end(self) -> None:
        if self._http is not None:
            self.stopping.set()
            self._http.shutdown()
            self._http.server_close()
            self._http = None


class _Asked(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    double: EmbeddingDouble

    def setup(self) -> None:
        super().setup()
        self.double.connections += 1
        self.answered = 0

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.double.requests.append(body)
        self.double.heads.append({name.lower(): value for name, value in self.headers.items()})
        self.answered += 1
        if self.double.stopping.is_set():
            self.close_connection = True
            return
        FAULTS.get(body["model"], hashed)(self)

    def rows(self) -> list[dict[str, Any]]:
        """The healthy answer to the last request."""
        found = self.double.embedding.queries(self.double.requests[-1]["input"]).tolist()
        return [{"object": "embedding", "index": place, "embedding": row} for place, row in enumerate(found)]

    def reply(self, rows: Any) -> None:
        self.send(200, json.dumps({"object": "list", "data": rows, "model": "m"}).encode())

    def send(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


def fault(behave: Fault) -> Fault:
    """Register a behaviour under its function's name, the model's name that chooses it."""
    FAULTS[behave.__name__] = behave
    return behave


def hashed(asked: _Asked) -> None:
    """Answer as HashedEmbedding does."""
    asked.reply(asked.rows())


def refusal(name: str, status: int, body: bytes = b'{"error": {"message": "sk-very-secret"}}', **headers: str) -> None:
    """Register a behaviour that is one refusal."""
    FAULTS[name] = lambda asked: asked.send(status, body, **headers)


refusal("wrong_key", 401)
refusal("forbidden", 403)
refusal("unknown_model", 404)
refusal("internal_error", 500)
refusal("busy_for_long", 429, retry_after="0.01")
refusal("redirect", 302, b"", location="http://127.0.0.1:1/elsewhere")
FAULTS["html_page"] = lambda asked: asked.send(200, b"<html>sign in to the proxy</html>", "text/html")
FAULTS["empty_body"] = lambda asked: asked.send(200, b"")
FAULTS["no_json"] = lambda asked: asked.send(200, b'{"data": [')
FAULTS["no_data"] = lambda asked: asked.send(200, b'{"data": null}')
FAULTS["nothing"] = lambda asked: asked.reply([])
FAULTS["one_too_few"] = lambda asked: asked.reply(asked.rows()[:-1] if len(asked.rows()) > 1 else asked.rows())
FAULTS["one_too_many"] = lambda asked: asked.reply([*asked.rows(), {"index": 99, "embedding": [1.0]}])
FAULTS["twice_the_same"] = lambda asked: asked.reply([asked.rows()[0]] * len(asked.rows()))
FAULTS["backwards"] = lambda asked: asked.reply(asked.rows()[::-1])
FAULTS["long_vectors"] = lambda asked: asked.reply(
    [{**row, "embedding": [7 * x for x in row["embedding"]]} for row in asked.rows()]
)
FAULTS["not_a_number"] = lambda asked: asked.reply([{**row, "embedding": [float("nan")] * 64} for row in asked.rows()])
FAULTS["zeros"] = lambda asked: asked.reply([{**row, "embedding": [0.0] * 64} for row in asked.rows()])
FAULTS["words_for_numbers"] = lambda asked: asked.reply([{**row, "embedding": "AAAA"} for row in asked.rows()])


@fault
def grows(asked: _Asked) -> None:
    """Answer with longer vectors from the second request on."""
    more = [0.1] * (len(asked.double.requests) > 1)
    asked.reply([{**row, "embedding": [*row["embedding"], *more]} for row in asked.rows()])


@fault
def busy_once(asked: _Asked) -> None:
    """Be busy at every other request."""
    if len(asked.double.requests) % 2:
        asked.send(429, b"{}", retry_after="0.05")
    else:
        hashed(asked)


@fault
def cuts_kept_connections(asked: _Asked) -> None:
    """Close a kept connection at its second request, as llama.cpp's server does."""
    if asked.answered > 1:
        asked.close_connection = True
    else:
        hashed(asked)


@fault
def hangs(asked: _Asked) -> None:
    """Take the request and say nothing."""
    asked.double.stopping.wait(30)


@fault
def drips(asked: _Asked) -> None:
    """Send a byte now and then, for ever."""
    asked.send_response(200)
    asked.send_header("content-length", "1000000")
    asked.end_headers()
    while not asked.double.stopping.wait(0.05):
        asked.wfile.write(b" ")
        time.sleep(0)
