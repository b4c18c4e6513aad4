"""A skip that nobody allowed fails the session under CI=true."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.skips import ALLOWED, allowed_reasons

ROOT = Path(__file__).parents[1]
IN_A_TEST = """
import pytest

def test_one():
    pytest.skip("no PostgreSQL here")

def test_two():
    assert 1 + 1 == 2
"""
OF_A_MODULE = 'import pytest\npytest.skip("no PostgreSQL here", allow_module_level=True)\n'
BY_A_MARK = """
import pytest

@pytest.mark.skipif(True, reason="no PostgreSQL here")
def test_one():
    assert False

def test_two():
    assert 1 + 1 == 2
"""
AN_EXPECTED_FAILURE = """
import pytest

@pytest.mark.xfail(reason="no PostgreSQL here")
def test_one():
    assert False
"""


def run_session(folder: Path, source: str, *options: str, ci: str = "true") -> subprocess.CompletedProcess[str]:
    """Run pytest on one file in a session of its own that has the gate and nothing else of ours."""
    (folder / "test_given.py").write_text(source)
    (folder / "pytest.ini").write_text("[pytest]\n")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.skips", *options],
        cwd=folder,
        env=os.environ | {"CI": ci, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("source", "options"),
    [(IN_A_TEST, ()), (IN_A_TEST, ("-p", "xdist", "-n", "1")), (BY_A_MARK, ())],
    ids=["in-a-test", "in-a-test-of-a-worker", "by-a-mark"],
)
def test_a_skip_that_is_not_allowed_fails_the_session(tmp_path: Path, source: str, options: tuple[str, ...]) -> None:
    """It fails with the test and its reason named, whether workers ran it or not."""
    done = run_session(tmp_path, source, *options)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "test_given.py" in done.stdout
    assert "no PostgreSQL here" in done.stdout
    assert "hint:" in done.stdout


def test_a_module_that_skips_itself_fails_the_session(tmp_path: Path) -> None:
    """A whole file cannot go missing either."""
    (tmp_path / "test_other.py").write_text("def test_other():\n    assert 1 + 1 == 2\n")
    assert run_session(tmp_path, OF_A_MODULE).returncode == pytest.ExitCode.TESTS_FAILED


def test_an_allowed_skip_passes(tmp_path: Path) -> None:
    """The reason of every line of the file is let through as it stands."""
    reasons = allowed_reasons(ALLOWED.read_text(encoding="utf-8"))
    assert reasons
    for reason in reasons:
        assert run_session(tmp_path, IN_A_TEST.replace("no PostgreSQL here", reason)).returncode == pytest.ExitCode.OK


def test_the_gate_stands_only_where_changes_are_taken(tmp_path: Path) -> None:
    """On a developer's own machine a skip is a skip."""
    assert run_session(tmp_path, IN_A_TEST, ci="").returncode == pytest.ExitCode.OK


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    """A test that fails as foretold was run."""
    assert run_session(tmp_path, AN_EXPECTED_FAILURE).returncode == pytest.ExitCode.OK


def test_no_allowed_reason_lets_postgresql_be_absent() -> None:
    """Half of the tests would go with it."""
    assert not [
        reason for reason in allowed_reasons(ALLOWED.read_text(encoding="utf-8")) if "postgres" in reason.lower()
    ]
