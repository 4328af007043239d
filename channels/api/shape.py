"""Completions and chunks in OpenAI's shape."""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from channels.api.answering import Answer


@dataclass(frozen=True)
class Shape:
    """What every chunk of one answer shares: the model's name, an id, when it was made; `usage` says that its end tells the cost."""

    model: str
    usage: bool = False
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def completion(self, answer: Answer, text: str) -> dict[str, Any]:
        """Return a whole answer."""
        told = {"content": None, "refusal": text} if answer.is_refusal else {"content": text, "refusal": None}
        choice = {"index": 0, "message": {"role": "assistant", **told}, "logprobs": None, "finish_reason": answer.finish_reason}
        return {**self._about("chat.completion"), "choices": [choice], "usage": answer.usage, "stagecraft": answer.told}

    def piece(self, delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        """Return a chunk that adds to the answer."""
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        told = {**self._about("chat.completion.chunk"), "choices": [choice]}
        return {**told, "usage": None} if self.usage else told

    def end(self, answer: Answer) -> list[dict[str, Any]]:
        """Return the last chunks: why the answer ended, what came of it, and what it cost where that was asked for."""
        last = [{**self.piece({}, answer.finish_reason), "stagecraft": answer.told}]
        if self.usage:
            last.append({**self._about("chat.completion.chunk"), "choices": [], "usage": answer.usage})
        return last

    def _about(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}
