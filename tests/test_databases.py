"""The harness itself: fresh databases of both kinds, as root or not, and nothing left behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests import postgresql_programs
from tests.databases import DatabaseTemplate, FreshDatabase, Kind, new_run
from tests.postgresql import Server
from tests.postgresql_programs import MISSING, PostgreSQLMissingError, account, find_programs, runs, wheel_folder

ROOT = Path(__file__).parents[1]

# Starts a server as an ordinary user (root becomes one first), says who and where, and waits to be told to end.
SESSION = """
import os, sys
from pathlib import Path
from tests.databases import new_run
from tests.postgresql_programs import Account, find_programs
programs = None
if os.geteuid() == 0:
    programs = find_programs(Account(65534, 65534), Path(sys.argv[1]))
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
run = new_run(programs)
with run.server().connect() as connection:
    assert connection.execute("select 1").fetchone() == (1,)
print(os.geteuid(), run.folder, flush=True)
sys.stdin.read()
run.close()
"""


def execute(url: str, *statements: str) -> list[object]:
    """Run statements on a connection of their own and return the first value of each that has one."""
    with create_engine(url, poolclass=NullPool).begin() as connection:
        results = [connection.execute(text(statement)) for statement in statements]
        return [result.scalar() for result in results if result.returns_rows]


def fill(url: str) -> None:
    """Make a table with one row."""
    execute(url, "create table built (n integer)", "insert into built values (1)")


def gone(folder: Path, pid: int) -> bool:
    """Wait for a run's folder and server to be gone."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not folder.exists() and not alive(pid):
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    """Say whether a process of that id runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def server_pid(folder: Path) -> int:
    """Return the process id of the server whose cluster is in a run's folder."""
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def session(folder: Path) -> subprocess.Popen[str]:
    """Start SESSION, with a home of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", SESSION, str(folder)],
        cwd=ROOT,
        env=os.environ | {"HOME": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_every_database_answers(database_url: str) -> None:
    """Both addresses are SQLAlchemy's, and what is behind them works."""
    assert execute(database_url, "select 1") == [1]


def test_a_fresh_database_is_empty_and_ones_own(database_kind: Kind, fresh_database: FreshDatabase) -> None:
    """What one database holds, the next does not."""
    first, second = fresh_database(database_kind), fresh_database(database_kind)
    fill(first)
    fill(second)
    assert execute(first, "select count(*) from built") == [1]


def test_a_template_is_built_once_and_never_changed(
    database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate
) -> None:
    """Copies of a template start alike, whatever is done to one of them."""
    built = []

    def build(url: str) -> None:
        built.append(url)
        fill(url)

    name = f"harness_{os.getpid()}"
    template = database_template(database_kind, name, build)
    assert database_template(database_kind, name, build) == template
    first = fresh_database(database_kind, template)
    execute(first, "insert into built values (2)")
    assert execute(fresh_database(database_kind, template), "select count(*) from built") == [1]
    assert len(built) == 1


def test_postgresql_speaks_utf8_and_sorts_by_code_point(postgresql_server: Server) -> None:
    """Text of any script goes in, and is ordered as SQLite orders it."""
    with postgresql_server.connect() as connection:
        assert connection.execute("show server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("select 'Z' < 'a' and 'z' < 'é' and 'é' < '山'").fetchone() == (True,)


def test_an_ordinary_user_can_start_and_stop_a_server(tmp_path: Path) -> None:
    """Nothing needs root, and nothing is left when the run ends."""
    with session(tmp_path) as process:
        assert process.stdout is not None
        uid, folder = process.stdout.readline().split()
        pid = server_pid(Path(folder))
        process.communicate("")
    assert process.returncode == 0
    assert int(uid) != 0
    assert gone(Path(folder), pid)


def test_a_killed_run_leaves_no_server(tmp_path: Path) -> None:
    """The server and its folder go when the run that started them is killed with -9."""
    with session(tmp_path) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().split()[1])
        pid = server_pid(folder)
        process.send_signal(signal.SIGKILL)
    assert gone(folder, pid)


def test_the_programs_of_the_wheel_run_from_a_folder_closed_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without PostgreSQL, whose Python lies in root's home, has a server all the same."""
    wheel = wheel_folder()
    assert wheel is not None
    package = wheel.parents[1]
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for tree in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(tree, closed / tree.name, ignore=shutil.ignore_patterns("include"), symlinks=True)
    programs = closed / wheel.relative_to(package.parent)
    monkeypatch.setattr(postgresql_programs, "system_folders", lambda: iter(()))
    monkeypatch.setattr(postgresql_programs, "wheel_folder", lambda: programs)
    assert runs(programs, account()) is (os.geteuid() != 0)
    run = new_run()
    try:
        with run.server().connect() as connection:
            pid = server_pid(run.folder)
            found = connection.execute("select setting from pg_config where name = 'BINDIR'").fetchone()
            assert found is not None
            assert Path(found[0]).is_relative_to(run.folder if os.geteuid() == 0 else closed)
    finally:
        run.close()
    assert gone(run.folder, pid)


def test_a_machine_without_any_postgresql_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search ends in a sentence that names the packages."""
    monkeypatch.setattr(postgresql_programs, "system_folders", lambda: iter((tmp_path,)))
    monkeypatch.setattr(postgresql_programs, "wheel_folder", lambda: None)
    with pytest.raises(PostgreSQLMissingError, match="apt install postgresql"):
        find_programs(account(), tmp_path)


def test_without_postgresql_a_test_fails_and_is_not_skipped(tmp_path: Path) -> None:
    """Half of the tests never go missing in silence."""
    chosen = f"{Path(__file__).name}::{test_every_database_answers.__name__}"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--postgresql-bin={tmp_path}", f"tests/{chosen}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert MISSING in done.stdout
    assert "1 passed, 1 error" in done.stdout
    assert "skipped" not in done.stdout
