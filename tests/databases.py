"""Fresh databases for tests, on SQLite files and on PostgreSQL; one server serves a whole run and all its workers."""

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import pytest

from tests.postgresql import Server, run_folder, start
from tests.postgresql_programs import PostgreSQLMissingError, account, find_programs

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")
Build = Callable[[str], None]


class FreshDatabase(Protocol):
    """Make a database for this test alone and return its address: empty, or a copy of a template."""

    def __call__(self, kind: Kind, template: str | None = None) -> str: ...  # noqa: D102


class DatabaseTemplate(Protocol):
    """Have `build` fill a database once a run, and return the template that `fresh_database` copies.

    `build` gets an address, and must leave no connection open. A name stands for one content.
    """

    def __call__(self, kind: Kind, name: str, build: Build) -> str: ...  # noqa: D102


@dataclass(frozen=True)
class Run:
    """What the workers of one run share; only the process that opened `writer` has that end of the pipe."""

    folder: Path
    programs: Path | None
    durable: bool
    writer: int | None = None

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """Keep the other workers out of `what` meanwhile."""
        with (self.folder / f"{what}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def server(self) -> Server:
        """Return the server of the run; who comes first starts it, and a failure is the same for all."""
        started, failed = self.folder / "started", self.folder / "failed"
        with self.alone("server"):
            if failed.exists():
                raise PostgreSQLMissingError(failed.read_text())
            if started.exists():
                return Server(str(self.folder))
            reader = os.open(self.folder / "alive", os.O_RDONLY | os.O_NONBLOCK)
            try:
                os.set_blocking(reader, True)
                who = account()
                programs = find_programs(who, self.folder, self.programs)
                server = start(self.folder, reader, who, programs, durable=self.durable)
            except PostgreSQLMissingError as error:
                failed.write_text(str(error))
                raise
            finally:
                os.close(reader)
            started.touch()
            return server

    def template(self, kind: Kind, name: str, build: Build) -> str:
        """Return a template of that name, built by the first who asks."""
        file, built = self.folder / f"{name}.db", self.folder / f"{name}.{kind}"
        with self.alone(f"{name}.{kind}"):
            if not built.exists():
                if kind == "sqlite":
                    file.unlink(missing_ok=True)
                    build(f"sqlite:///{file}")
                else:
                    server = self.server()
                    server.drop(name)
                    server.create(name, "template1")
                    build(server.url(name))
                built.touch()
        return str(file) if kind == "sqlite" else name

    def close(self) -> None:
        """End the run: the server stops and the folder is gone when this returns."""
        if self.writer is None:
            return
        os.close(self.writer)
        # A keeper that has the server removes the folder itself; it has only to be waited for.
        deadline = time.monotonic() + 20
        while (self.folder / "server.log").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        shutil.rmtree(self.folder, ignore_errors=True)


RUN = pytest.StashKey[Run]()


def new_run(programs: Path | None = None, *, durable: bool = False) -> Run:
    """Open a run of our own: it lasts until it is closed, or until this process ends in whatever way."""
    folder = run_folder(account())
    os.mkfifo(folder / "alive")
    return Run(folder, programs, durable, os.open(folder / "alive", os.O_RDWR))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer another PostgreSQL than the one found, and one that survives a power cut."""
    group = parser.getgroup("databases")
    group.addoption(
        "--postgresql-bin",
        type=lambda given: Path(given).absolute(),
        help="folder of the PostgreSQL programs to use, instead of looking",
    )
    group.addoption("--durable", action="store_true", help="run PostgreSQL with fsync on, as in earnest")


def pytest_configure(config: pytest.Config) -> None:
    """Open the run; a worker of xdist joins that of its controller."""
    programs, durable = config.getoption("--postgresql-bin"), config.getoption("--durable")
    if (given := getattr(config, "workerinput", None)) is not None:
        config.stash[RUN] = Run(Path(given["run_folder"]), programs, durable)
    else:
        try:
            config.stash[RUN] = new_run(programs, durable=durable)
        except PostgreSQLMissingError as error:
            raise pytest.UsageError(str(error)) from error


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker of xdist which run it belongs to."""
    config: pytest.Config = getattr(node, "config")  # noqa: B009 - xdist ships no types
    getattr(node, "workerinput")["run_folder"] = str(config.stash[RUN].folder)  # noqa: B009


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the run."""
    if (run := config.stash.get(RUN, None)) is not None:
        run.close()


@pytest.fixture(scope="session")
def postgresql_server(pytestconfig: pytest.Config) -> Server:
    """Return the PostgreSQL server of this run; without one the test fails, and never is skipped."""
    try:
        return pytestconfig.stash[RUN].server()
    except PostgreSQLMissingError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def database_template(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> DatabaseTemplate:
    """Make templates: `database_template(kind, name, build)`, see DatabaseTemplate."""

    def make(kind: Kind, name: str, build: Build) -> str:
        if kind == "postgresql":
            request.getfixturevalue("postgresql_server")
        return pytestconfig.stash[RUN].template(kind, name, build)

    return make


@pytest.fixture(scope="session")
def shared_database(database_template: DatabaseTemplate, request: pytest.FixtureRequest) -> DatabaseTemplate:
    """Have `build` fill a database once a run, and return its address: `shared_database(kind, name, build)`.

    For tests that only read: all have the same one.
    """

    def make(kind: Kind, name: str, build: Build) -> str:
        found = database_template(kind, name, build)
        if kind == "sqlite":
            return f"sqlite:///{found}"
        server: Server = request.getfixturevalue("postgresql_server")
        return server.url(found)

    return make


@pytest.fixture
def fresh_database(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[FreshDatabase]:
    """Make databases: `fresh_database(kind, template)`, see FreshDatabase; they go when the test ends."""
    made: list[tuple[Server, str]] = []

    def make(kind: Kind, template: str | None = None) -> str:
        name = f"test_{secrets.token_hex(8)}"
        if kind == "sqlite":
            path = tmp_path / f"{name}.db"
            if template:
                shutil.copyfile(template, path)
            return f"sqlite:///{path}"
        server: Server = request.getfixturevalue("postgresql_server")
        server.create(name, template or "template1")
        made.append((server, name))
        return server.url(name)

    yield make
    for server, name in made:
        server.drop(name)


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> Kind:
    """Run the test once on each database."""
    kind: Kind = request.param
    return kind


@pytest.fixture
def database_url(database_kind: Kind, fresh_database: FreshDatabase) -> str:
    """Return the address of an empty database of the test's own, once on each database."""
    return fresh_database(database_kind)
