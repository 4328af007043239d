"""JSON as these doors write it."""

import json
from typing import Any

from starlette.responses import Response

from records.columns import storable_json


def dumped(value: Any) -> str:
    """Return JSON with its Chinese readable; what no UTF-8 can hold, such as half of a surrogate pair, becomes U+FFFD."""
    return json.dumps(storable_json(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class Json(Response):
    """An answer in JSON that nobody keeps."""

    media_type = "application/json"

    def __init__(self, content: Any, status_code: int = 200, headers: dict[str, str] | None = None) -> None:
        super().__init__(content, status_code, {"Cache-Control": "no-store", **(headers or {})})

    def render(self, content: Any) -> bytes:
        """Return the bytes that are sent."""
        return dumped(content).encode()
