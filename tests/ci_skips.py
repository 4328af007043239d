"""In continuous integration a test that is skipped for a reason nobody agreed to fails the run: `pytest -p tests.ci_skips`.

ALLOWED_SKIPS holds the agreed reasons, one a line; a skip is allowed where its reason contains one of them.
"""

import os
from collections.abc import Iterator

import pytest


class SkipJudge:
    """Collects the skips that are not allowed."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._allowed = allowed
        self.refused: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self._judge(report.nodeid, report.longrepr)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self._judge(report.nodeid, report.longrepr)

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        if self.refused and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return (yield)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.refused:
            terminalreporter.section("skips that are not allowed here", red=True)
            for line in self.refused:
                terminalreporter.line(line)

    def _judge(self, nodeid: str, longrepr: object) -> None:
        reason = str(longrepr[2] if isinstance(longrepr, tuple) else longrepr)
        if not any(allowed in reason for allowed in self._allowed):
            self.refused.append(f"{nodeid}: {reason}")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to judge."""
    allowed = tuple(line.strip() for line in os.environ.get("ALLOWED_SKIPS", "").splitlines() if line.strip())
    config.pluginmanager.register(SkipJudge(allowed), "skip-judge")
