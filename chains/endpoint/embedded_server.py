"""Runs the embedded model's server: as a child that ends with its parent, or in the foreground for `stagecraft serve-model`."""

import ctypes
import importlib
import json
import os
import signal
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from chains.endpoint.embedded_files import EmbeddedName, model_file
from errors import ConfigurationError

# Gemma 270M is a base model: it continues a text, so the messages become one, and the same chat client speaks to both models.
PLAIN_TEXT = "{% for message in messages %}{{ message['content'] }}{% if not loop.last %}\n\n{% endif %}{% endfor %}"
LONGEST_CONTEXT = {"gemma3-270m": 32768, "smollm2-135m": 8192}
LOOPBACK = ("127.0.0.1", "::1", "localhost")
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class EmbeddedOptions:
    """The embedded model as plain values: context in tokens for each call, processor threads (0: the number of cores).

    One call at a time is the fastest on few cores: two slots share the same cores and gained nothing where it was measured.
    """

    data_dir: Path
    model: EmbeddedName = "gemma3-270m"
    threads: int = 0
    context_tokens: int = 4096
    start_seconds: float = 60.0
    parallel: int = 1

    @property
    def context_of_a_call(self) -> int:
        """The longest prompt and reply together, in tokens: what was asked for, but never more than the model was trained for."""
        return min(self.context_tokens, LONGEST_CONTEXT[self.model])


def serve(options: EmbeddedOptions, host: str = "127.0.0.1", port: int = 8081) -> None:
    """Serve the model in the foreground until interrupted.

    Raises ConfigurationError where a package is missing, the address is not loopback, or the server cannot start there.
    """
    if host not in LOOPBACK:
        raise ConfigurationError(
            f"The embedded model has no sign-in: it is served on a loopback address only, not on {host}.",
            f"内置模型没有登录保护，只能在本机回环地址上提供服务，不能使用 {host}。",
        )
    # The server's own threads do not answer to Ctrl-C; waiting here does.
    server = _start(options, host, port, key="")
    stopped = threading.Event()
    try:
        while not stopped.wait(3600):
            pass
    except KeyboardInterrupt:
        del server


def _start(options: EmbeddedOptions, host: str, port: int, key: str) -> Any:
    """Load the model and listen; return the server, which lives as long as it is held."""
    # Threads that wait spin by default: with another busy process on the same cores that costs nine tenths of the speed.
    os.putenv("OMP_WAIT_POLICY", "passive")
    try:
        llama = importlib.import_module("xllamacpp")
    except ImportError as error:
        raise ConfigurationError(
            "The embedded model needs the package xllamacpp, which is not there for this system. "
            "Install it, or name your own server in STAGECRAFT_ENDPOINT__BASE_URL.",
            "内置模型需要安装包 xllamacpp，当前系统没有该安装包。请安装，或在 STAGECRAFT_ENDPOINT__BASE_URL 中指定自有的模型服务。",
        ) from error
    params = _params(llama.CommonParams(), options)
    params.hostnames, params.port = [host], port
    params.api_keys = [key] if key else []
    try:
        server = llama.Server(params)
    except RuntimeError as error:
        raise ConfigurationError(f"The embedded model could not be started: {error}.", f"内置模型无法启动：{error}。") from error
    _warm(server)
    return server


def _params(params: Any, options: EmbeddedOptions) -> Any:
    """Fill in the server's parameters: no page, no telling of prompts, quiet, prompts of earlier calls kept."""
    threads = options.threads or os.cpu_count() or 1
    params.model.path = str(model_file(options.model, options.data_dir))
    params.model_alias = {options.model}
    params.chat_template = PLAIN_TEXT if options.model == "gemma3-270m" else ""
    params.n_parallel, params.n_ctx = options.parallel, options.context_of_a_call * options.parallel
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.n_gpu_layers = 0
    params.cache_prompt, params.cache_ram_mib = True, 512
    params.ui, params.endpoint_slots, params.verbosity = False, False, 1
    params.cors_origins, params.cors_credentials, params.offline = "http://localhost", False, True
    return params


def _warm(server: Any) -> None:
    """Make one call under a grammar: the first prepares the vocabulary for a second, which no person should wait for."""
    server.handle_chat_completions(
        {"messages": [{"role": "user", "content": "1"}], "max_tokens": 4, "grammar": '%llguidance {}\nstart: %json {"enum": [1]}'}
    )


def _child() -> None:
    """Read the options and a key from the first line of standard input, say the address on standard output, and stay.

    The address is announced on a copy of standard output; the server's own lines go to standard error, a file of the parent.
    """
    announce = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _end_with_parent_on_linux()
    given = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_at_end_of_input, daemon=True).start()
    key = given.pop("key")
    try:
        server = _start(EmbeddedOptions(**given | {"data_dir": Path(given["data_dir"])}), "127.0.0.1", 0, key)
    except ConfigurationError as error:
        said = {"en": error.en, "zh": error.zh}
    else:
        said = {"address": server.listening_address}
    announce.write(json.dumps(said) + "\n")
    announce.close()
    if "address" in said:
        threading.Event().wait()


def _end_with_parent_on_linux() -> None:
    """Ask the kernel to end this process with its parent, also where another child of that parent still holds our input open."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _end_at_end_of_input() -> None:
    """End this process when its input ends: the parent has gone, however it went."""
    sys.stdin.read()
    os._exit(0)


def spoken_to_child(options: EmbeddedOptions, key: str) -> bytes:
    """Return the first line that the child reads: the options, and the key without which it answers nobody."""
    return json.dumps(asdict(options) | {"data_dir": str(options.data_dir.absolute()), "key": key}).encode() + b"\n"


if __name__ == "__main__":
    _child()
