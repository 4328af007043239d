"""The connections to the model server: a stream is read as it comes, and a whole reply through LangChain's chat client."""

import asyncio
import json
import ssl
import threading
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chains.endpoint.asking import Abilities, Ask, Message
from chains.endpoint.event_stream import events_of
from chains.endpoint.faults import NotAnApiError, translate
from chains.endpoint.options import EndpointOptions
from chains.endpoint.pacing import Chunk

if TYPE_CHECKING:
    import httpx2
    from langchain_openai import ChatOpenAI


_KEPT_CONNECTIONS = 64
# More than any error of a server; a page that somebody put in its place may be longer.
_ERROR_CHARACTERS = 2000


class EndpointClient:
    """One pool of connections and a chat client a model; made at the first use, because the import takes seconds.

    Streams are read here, at a fifth of what LangChain's chat client costs for each token: a process carries so many more people.
    """

    def __init__(self, options: EndpointOptions) -> None:
        self._options = options
        self._http: httpx2.AsyncClient | None = None
        self._chats: dict[str, ChatOpenAI] = {}
        self._making = threading.RLock()

    async def close(self) -> None:
        """Give the connections back."""
        if self._http is not None:
            await self._http.aclose()
        self._http = None
        self._chats.clear()

    async def ready(self, abilities: Abilities) -> None:
        """Make what the first call needs; that imports for seconds, off the loop, so that other pages go on."""
        if not abilities.streaming:
            await self.chat(abilities.model)
        elif self._http is None:
            await asyncio.to_thread(self._pool)

    async def chat(self, model: str) -> "ChatOpenAI":
        """Return LangChain's chat client of a model."""
        return await asyncio.to_thread(self._chat, model)

    async def chunks(self, ask: Ask, abilities: Abilities) -> AsyncGenerator[Chunk, None]:
        """Yield what the model server says, in our own words; raises whatever the vendor's client raises."""
        extra = self._extra(ask, abilities)
        if not abilities.streaming:
            chat = await self.chat(abilities.model)
            yield _heard(await chat.ainvoke([_spoken(message) for message in ask.messages], extra_body=extra))
            return
        body = {
            "model": abilities.model,
            "messages": [{"role": message.role, "content": message.text} for message in ask.messages],
            "temperature": self._options.temperature,
            "stream": True,
            "stream_options": {"include_usage": True},
            **extra,
        }
        await self.ready(abilities)
        address = f"{self._options.base_url.rstrip('/')}/chat/completions"
        async with self._pool().stream("POST", address, json=body, headers=self._headers()) as response:
            if response.status_code != 200:
                raise await _status_error(response)
            async with aclosing(events_of(response.aiter_bytes())) as events:
                async for event in events:
                    yield _said(event, response)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._options.api_key}"} if self._options.api_key else {}

    def _extra(self, ask: Ask, abilities: Abilities) -> dict[str, Any]:
        """Return the parts of the request that the client would rename or detour.

        ChatOpenAI sends `max_tokens` under a newer name that older servers do not know, and a `response_format` sends the
        stream through a helper that assembles every chunk again and fails on a reply cut by its length.
        """
        extra: dict[str, Any] = {"max_tokens": min(ask.reply_tokens, self._options.reply_tokens)}
        if ask.schema is None or not abilities.structured:
            return extra
        if self._options.decoding == "llguidance":
            # Lenient: an unknown keyword is skipped. Otherwise this server drops the whole grammar without a word.
            held = {**ask.schema, "x-guidance": {"whitespace_flexible": False, "lenient": True}}
            return extra | {"grammar": "%llguidance {}\nstart: %json " + json.dumps(held, ensure_ascii=False)}
        schema = {"name": ask.schema_name, "strict": True, "schema": ask.schema}
        return extra | {"response_format": {"type": "json_schema", "json_schema": schema}}

    async def get(self, path: str) -> Any:
        """Return the JSON at a path: `/models` under the version path, any other at the root; None where the path is not there.

        Raises EndpointError, also for a body that is no JSON.
        """
        import openai

        http = await asyncio.to_thread(self._pool)
        root = self._options.base_url.rstrip("/")
        parts = urlsplit(root)
        address = root + path if path == "/models" else f"{parts.scheme}://{parts.netloc}{path}"
        try:
            async with asyncio.timeout(self._options.first_token_seconds):
                response = await http.get(address, headers=self._headers())
            if response.status_code in (404, 405):
                return None
            if response.status_code != 200:
                raise openai.APIStatusError(f"status {response.status_code}", response=response, body=response.text[:300])
            return response.json()
        except Exception as error:  # translate() raises again whatever is no fault of the endpoint
            raise translate(error, secret=self._options.api_key).error from error

    def _pool(self) -> "httpx2.AsyncClient":
        """Return the one pool of connections; how many calls there are at a time is the gate's matter."""
        import httpx2
        import openai  # noqa: F401  its errors tell what went wrong; whoever fails first must not wait for the import

        with self._making:
            if self._http is None:
                self._http = httpx2.AsyncClient(
                    # The system's own certificates: a bank's authority is there and not in the list that comes with Python.
                    verify=ssl.create_default_context(),
                    # No proxy out of the environment: prompts go to the private server and nowhere else.
                    trust_env=False,
                    limits=httpx2.Limits(max_connections=None, max_keepalive_connections=_KEPT_CONNECTIONS),
                    timeout=httpx2.Timeout(self._options.answer_seconds, connect=self._options.connect_seconds),
                    event_hooks={"response": [_refuse_pages]},
                )
            return self._http

    def _chat(self, model: str) -> "ChatOpenAI":
        """Return the chat client of a model, made at its first use."""
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        with self._making:
            if model not in self._chats:
                self._chats[model] = ChatOpenAI(
                    model=model,
                    base_url=self._options.base_url,
                    api_key=SecretStr(self._options.api_key or "none"),
                    organization=None,
                    openai_proxy=None,
                    temperature=self._options.temperature,
                    max_retries=0,
                    stream_usage=True,
                    stream_chunk_timeout=None,
                    use_responses_api=False,
                    cache=False,
                    http_async_client=self._pool(),
                )
            return self._chats[model]


async def _refuse_pages(response: "httpx2.Response") -> None:
    """Recognise the page of a proxy or a sign-in by its type: the client would see an empty stream."""
    kind = response.headers.get("content-type", "")
    if response.status_code == 200 and kind.startswith("text/html"):
        raise NotAnApiError(f"a page ({kind}) where an API was expected, at {response.url}")


async def _status_error(response: "httpx2.Response") -> Exception:
    """Return the error of a status other than 200, with what the server says of it."""
    import openai

    text = (await response.aread()).decode("utf-8", "replace")[:_ERROR_CHARACTERS]
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    body = told.get("error", told) if isinstance(told, dict) else text
    return openai.APIStatusError(f"status {response.status_code}: {text}", response=response, body=body)


def _said(event: dict[str, Any], response: "httpx2.Response") -> Chunk:
    """Return what one event of the stream says. Raises APIError for one that tells of a fault, KeyError or TypeError for another shape."""
    if event.get("error"):
        import openai

        told = event["error"]
        message = told.get("message") if isinstance(told, dict) else told
        raise openai.APIError(f"in the stream: {message}", request=response.request, body=told)
    choices, usage = event.get("choices") or [], event.get("usage") or {}
    delta = choices[0].get("delta") or {} if choices else {}
    return Chunk(
        text=delta.get("content") or "",
        finish=choices[0].get("finish_reason") if choices else None,
        prompt_tokens=usage.get("prompt_tokens") or 0,
        completion_tokens=usage.get("completion_tokens") or 0,
        cached_tokens=(usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0,
    )


def _spoken(message: Message) -> tuple[str, str]:
    """Return a message as LangChain takes it."""
    return ({"system": "system", "user": "human", "assistant": "ai"}[message.role], message.text)


def _heard(part: Any) -> Chunk:
    """Return what one message, or a chunk of it, says."""
    usage = part.usage_metadata or {}
    return Chunk(
        text=part.content if isinstance(part.content, str) else "",
        finish=part.response_metadata.get("finish_reason"),
        prompt_tokens=usage.get("input_tokens", 0),
        completion_tokens=usage.get("output_tokens", 0),
        cached_tokens=(usage.get("input_token_details") or {}).get("cache_read") or 0,
    )
