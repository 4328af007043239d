"""The embedded demonstration model as an endpoint: a child process of ours, started at its first use and ended with us."""

import asyncio
import json
import secrets
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import IO, Any, Self

from chains.endpoint.asking import Abilities, Ask, Piece, Reply
from chains.endpoint.breaker import BreakerState
from chains.endpoint.embedded_server import EmbeddedOptions, serve, spoken_to_child
from chains.endpoint.options import EndpointOptions
from chains.endpoint.private import OpenAIEndpoint
from errors import ConfigurationError

__all__ = ["EmbeddedEndpoint", "EmbeddedModel", "EmbeddedOptions", "serve"]

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 5.0


class EmbeddedModel:
    """The child process that serves the model on a free loopback port; it answers only who knows its `api_key`.

    It has to be started from a thread that lives as long as the process (the event loop's): Linux ends it with that thread.
    """

    def __init__(self, options: EmbeddedOptions) -> None:
        self._options = options
        self._child: asyncio.subprocess.Process | None = None
        self.api_key = secrets.token_urlsafe(24)
        self.base_url = ""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return self._child.pid if self._child is not None and self.is_running else None

    @property
    def is_running(self) -> bool:
        """Whether the child is there."""
        return self._child is not None and self._child.returncode is None

    async def start(self) -> None:
        """Start the child and wait until the model is loaded and warm.

        Raises ConfigurationError where a package is missing, the model cannot be loaded, or it takes over `start_seconds`.
        """
        log_file = self._options.data_dir / "logs" / "embedded.log"
        with _opened(log_file) as written:
            self._child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "chains.endpoint.embedded_server"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=written,
                cwd=ROOT,
                # Ctrl-C in our terminal must not end it in the middle of the last answer; it ends with us.
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(self._options.start_seconds):
                said = await self._greet(self._child)
        except TimeoutError as error:
            await self.stop()
            raise _silent(f"within {self._options.start_seconds:.0f} s", log_file) from error
        except BaseException:
            await self.stop()
            raise
        if "address" not in said:
            await self.stop()
            raise ConfigurationError(said["en"], said["zh"]) if said else _silent("and ended", log_file)
        self.base_url = f"{said['address']}/v1"

    async def _greet(self, child: asyncio.subprocess.Process) -> dict[str, Any]:
        """Hand the child its options and return what it says: its address, a sentence, or nothing where it broke."""
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(spoken_to_child(self._options, self.api_key))
        try:
            await child.stdin.drain()
        except ConnectionError:
            return {}
        return dict(json.loads(await child.stdout.readline() or b"{}"))

    async def stop(self) -> None:
        """End the child: its input closes, and it is killed where that is not enough."""
        child, self._child = self._child, None
        if child is None:
            return
        assert child.stdin is not None
        child.stdin.close()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()


class EmbeddedEndpoint:
    """The embedded model behind the port of every endpoint; started at its first use, and again should it have ended."""

    def __init__(self, options: EmbeddedOptions, *, reply_tokens: int = 3000, answer_seconds: float = 120.0) -> None:
        self._options = options
        self._reply_tokens = reply_tokens
        self._answer_seconds = answer_seconds
        self._model: EmbeddedModel | None = None
        self._inner: OpenAIEndpoint | None = None
        self._starting = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return self._model.pid if self._model is not None else None

    @property
    def breaker_state(self) -> BreakerState:
        """Whether the child is asked at the moment; one that does not run yet is started by the next call."""
        return self._inner.breaker_state if self._inner is not None else "closed"

    async def warm(self) -> None:
        """Start the child and import the client before anybody waits.

        Raises ConfigurationError where the model cannot be started.
        """
        await (await self._running()).warm()

    async def abilities(self) -> Abilities:
        """Return what the embedded model can do: it is known, so nobody waits for the child to start."""
        return Abilities(
            model=self._options.model,
            context_tokens=self._options.context_of_a_call,
            way="items",
            parallel=self._options.parallel,
            demonstration=True,
        )

    async def stream(self, ask: Ask) -> AsyncGenerator[Piece | Reply, None]:
        """Yield the reply in pieces and a `Reply` last.

        Raises ConfigurationError where the model cannot be started, EndpointError for every fault in answering.
        """
        inner = await self._running()
        async with aclosing(inner.stream(ask)) as events:
            async for event in events:
                yield event

    async def close(self) -> None:
        """Give connections back and end the child."""
        async with self._starting:
            await self._stop()

    async def _running(self) -> OpenAIEndpoint:
        """Return the endpoint of a child that runs."""
        async with self._starting:
            if self._inner is not None and self._model is not None and self._model.is_running:
                return self._inner
            await self._stop()
            self._model = EmbeddedModel(self._options)
            await self._model.start()
            self._inner = OpenAIEndpoint(self._endpoint_options(self._model))
            return self._inner

    async def _stop(self) -> None:
        """Let go of the endpoint and the child."""
        inner, model, self._inner, self._model = self._inner, self._model, None, None
        if inner is not None:
            await inner.close()
        if model is not None:
            await model.stop()

    def _endpoint_options(self, model: EmbeddedModel) -> EndpointOptions:
        """Say what is known of the child, so that nothing has to be found out."""
        return EndpointOptions(
            base_url=model.base_url,
            api_key=model.api_key,
            model=self._options.model,
            structured="schema",
            way="items",
            parallel=self._options.parallel,
            context_tokens=self._options.context_of_a_call,
            reply_tokens=self._reply_tokens,
            # Calls of several people wait for each other inside the child: only the whole budget says that it hangs.
            first_token_seconds=self._answer_seconds,
            answer_seconds=self._answer_seconds,
            streaming=True,
            demonstration=True,
            decoding="llguidance",
        )


def _opened(log_file: Path) -> IO[bytes]:
    """Open the child's log, emptied: its lines are of the last start only.

    Raises ConfigurationError where it cannot be written.
    """
    try:
        log_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return log_file.open("wb")
    except OSError as error:
        raise ConfigurationError(
            f"The data folder cannot be written: {log_file}: {error.strerror}. Name another in STAGECRAFT_DATA_DIR.",
            f"无法写入数据目录：{log_file}：{error.strerror}。请在 STAGECRAFT_DATA_DIR 中指定其他目录。",
        ) from error


def _silent(how: str, log_file: Path) -> ConfigurationError:
    """Return the error of a child that said nothing."""
    return ConfigurationError(
        f"The embedded model did not start {how}. Its log is {log_file}; STAGECRAFT_EMBEDDED__START_SECONDS allows more time.",
        f"内置模型未能启动。日志见 {log_file}；可通过 STAGECRAFT_EMBEDDED__START_SECONDS 延长等待时间。",
    )
