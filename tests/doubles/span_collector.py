"""A collector of spans on loopback that really receives them: `with collector() as found: ... found.spans`."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collector:
    """Keeps what it was sent; `redirect` sends every caller elsewhere instead."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.address = ""
        self.redirect = ""

    @property
    def spans(self) -> list[Any]:
        """Every span, as the protocol has it."""
        found = []
        for body in self.bodies:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                found += [span for scope in resource.scope_spans for span in scope.spans]
        return found


@contextlib.contextmanager
def collector() -> Iterator[Collector]:
    """Collect until the block ends."""
    found = Collector()

    class Receives(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if found.redirect:
                self.send_response(307)
                self.send_header("Location", found.redirect)
            else:
                found.bodies.append(body)
                self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_anything: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receives)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_port}/v1/traces"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
