"""Makes the environment of the peers, apart from ours, and runs modules in it."""

import hashlib
import re
import subprocess
import venv
from pathlib import Path

from benchmarks.figures import ROOT

REQUIREMENTS = ROOT / "benchmarks" / "peers_env" / "requirements.txt"
# Lines that only torch with CUDA needs; a build for the processor alone comes without them.
_CUDA_ONLY = re.compile(r"(nvidia-|triton\b|cuda-)")


def python_of_peers(data: Path) -> Path:
    """Return the Python of the peers' environment below `data`, made where it is missing or of other requirements.

    Takes some minutes and 2 GB. Raises RuntimeError with pip's last words where a package cannot be had.
    """
    folder = data / "peers" / "environment"
    python, stamp = folder / "bin" / "python", folder / "installed"
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text("utf-8") == digest:
        return python
    print(f"Making the peers' environment in {folder} (once; takes some minutes and 2 GB).", flush=True)
    venv.create(folder, with_pip=True, clear=True)
    pins = [line for line in REQUIREMENTS.read_text("utf-8").splitlines() if re.match(r"[A-Za-z0-9]", line)]
    # torch first: its build tells whether the CUDA packages are needed.
    _pip(python, *(pin for pin in pins if pin.startswith("torch==")))
    if _ran([str(python), "-c", "from importlib.metadata import version; print(version('torch'))"]).strip().endswith("+cpu"):
        pins = [pin for pin in pins if not _CUDA_ONLY.match(pin)]
    chosen = folder / "requirements.txt"
    chosen.write_text("\n".join(pins) + "\n", "utf-8")
    _pip(python, "-r", str(chosen))
    stamp.write_text(digest, "utf-8")
    return python


def _pip(python: Path, *wanted: str) -> None:
    _ran(
        [str(python), "-m", "pip", "install", "-qq", "--no-deps", "--no-input", "--disable-pip-version-check", *wanted],
    )


def _ran(command: list[str]) -> str:
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} … failed:\n{run.stderr[-1500:]}")
    return run.stdout
