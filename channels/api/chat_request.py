"""What a tool sends to be answered, in OpenAI's shape, read strictly where it counts and leniently where it does not."""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from channels.api.callers import language_of
from channels.api.refusals import Refusal
from channels.texts import texts_in
from records.columns import storable_json

MOST_MESSAGES = 400
_MOST_BYTES = 1024 * 1024
Role = Literal["system", "developer", "user", "assistant"]


class _Read(BaseModel):
    """What is not known is ignored: clients send much that changes nothing here, such as a temperature."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class TextPart(_Read):
    """A part of a message."""

    type: Literal["text"]
    text: str


class ChatMessage(_Read):
    """A message of the conversation."""

    role: Role
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content).strip()
        return (self.content or "").strip()


class ResponseFormat(_Read):
    """Whether Markdown or JSON is wanted."""

    type: Literal["text", "json_object", "json_schema"]


class StreamOptions(_Read):
    """What a stream ends with."""

    include_usage: bool | None = None


class ChatRequest(_Read):
    """A call of `/v1/chat/completions`."""

    model: str = Field(min_length=1, max_length=200)
    messages: list[ChatMessage] = Field(min_length=1, max_length=MOST_MESSAGES)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    response_format: ResponseFormat | None = None
    metadata: dict[str, str] | None = None
    n: int | None = None

    @property
    def wants_json(self) -> bool:
        """Whether the artifact itself is wanted instead of its card."""
        return self.response_format is not None and self.response_format.type != "text"

    @property
    def wants_usage(self) -> bool:
        """Whether a stream tells what it cost."""
        return bool(self.stream_options and self.stream_options.include_usage)


async def read_json(request: Request) -> Any:
    """Return the JSON of a request's body. Raises Refusal where it is too long, no JSON or nested too deeply."""
    texts = texts_in(language_of(request))
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise Refusal(413, "body_too_long", texts("api_body_long"))
    try:
        return storable_json(json.loads(bytes(body), parse_constant=_refuse_constant))
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "invalid_json", texts("api_no_json")) from error


async def read_chat(request: Request) -> ChatRequest:
    """Return the call. Raises Refusal, naming what is wrong with it."""
    texts = texts_in(language_of(request))
    told = await read_json(request)
    if not isinstance(told, dict):
        raise Refusal(400, "invalid_json", texts("api_no_object"))
    for unsupported in ("tools", "functions"):
        if told.get(unsupported):
            raise Refusal(400, "unsupported", texts("api_no_tools"), unsupported)
    if told.get("n") not in (None, 1):
        raise Refusal(400, "unsupported", texts("api_one_answer"), "n")
    if place := _place_of_picture(told):
        raise Refusal(400, "unsupported", texts("api_no_pictures"), place)
    try:
        return ChatRequest.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Refusal(400, "invalid_value", texts("api_unsound", place=place[:200], reason=first["msg"]), place[:200]) from error


def _place_of_picture(told: dict[str, Any]) -> str:
    """Return where a message holds something else than text, or nothing."""
    messages = told.get("messages")
    for number, message in enumerate(messages if isinstance(messages, list) else []):
        content = message.get("content") if isinstance(message, dict) else None
        for place, part in enumerate(content if isinstance(content, list) else []):
            if isinstance(part, dict) and part.get("type") in ("image_url", "input_audio", "file", "image"):
                return f"messages.{number}.content.{place}"
    return ""


def _refuse_constant(name: str) -> None:
    """Refuse NaN and infinities, which are no JSON."""
    raise ValueError(name)
