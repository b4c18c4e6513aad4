"""Under CI=true a session fails on a skip whose reason tests/allowed-skips.txt does not name."""

import os
from pathlib import Path

import pytest

ALLOWED = Path(__file__).with_name("allowed-skips.txt")
_reasons: dict[str, str] = {}


def allowed_reasons(text: str) -> frozenset[str]:
    """Return the lines of an allowance file that are neither blank nor a comment."""
    lines = (line.strip() for line in text.splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _note(report: pytest.TestReport | pytest.CollectReport) -> None:
    # An xfail that fails as expected is reported as skipped too; xfail_strict watches those.
    if report.skipped and not hasattr(report, "wasxfail"):
        longrepr = report.longrepr
        reason = str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)
        _reasons[report.nodeid] = reason.removeprefix("Skipped: ")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note a skipped test; under xdist the controller sees the reports of all workers."""
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Note a module that was skipped whole."""
    _note(report)


def _refused() -> dict[str, str]:
    allowed = allowed_reasons(ALLOWED.read_text(encoding="utf-8"))
    return {node: reason for node, reason in _reasons.items() if reason not in allowed}


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a session with a refused skip into a failed one."""
    if os.environ.get("CI") == "true" and session.exitstatus == pytest.ExitCode.OK and _refused():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which skips were refused, and the way out."""
    if os.environ.get("CI") == "true" and (refused := _refused()):
        terminalreporter.section("skips that tests/allowed-skips.txt does not name", red=True)
        for node, reason in sorted(refused.items()):
            terminalreporter.line(f"{node}: {reason}")
        terminalreporter.line("hint: provide what the test needs; a line of its own in that file allows a reason")
