"""A primary and a standby of PostgreSQL, made as README.md says under "From a file to a cluster"."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.cluster.kept import USER, Kept, free_ports, kept, url_of, wait_until, write
from tests.postgresql import LOCALES

STANDBY = "standby"


@dataclass
class Pair:
    """Two servers by name; `standby` follows `primary`, which waits for it at each commit."""

    processes: Kept
    ports: dict[str, int]

    @property
    def url(self) -> str:
        """The address of both, of which the one that can write is taken."""
        return url_of(list(self.ports.values()))

    def url_of(self, name: str) -> str:
        """The address of one alone, whether it can write or not."""
        return url_of([self.ports[name]], attributes="any")

    def ask(self, name: str, statement: str) -> Any:
        """The first value of what one server answers."""
        with psycopg.connect(host="127.0.0.1", port=self.ports[name], user=USER, autocommit=True) as connection:
            row = connection.execute(statement.encode()).fetchone()
            return row[0] if row else None

    def answers(self, name: str) -> bool:
        """Whether a server takes sessions."""
        try:
            return bool(self.ask(name, "SELECT 1") == 1)
        except psycopg.OperationalError:
            return False

    def start(self, name: str, *settings: str) -> None:
        """Start a server on its folder and wait for it to answer."""
        here = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={self.ports[name]}"]
        here += ["-c", f"unix_socket_directories={self.processes.folder}"]
        data = self.processes.folder / name
        self.processes.start(name, self.processes.programs / "postgres", "-D", data, *here, *settings)
        try:
            wait_until(lambda: self.answers(name), f"{name} answers")
        except AssertionError as error:
            raise AssertionError(self.processes.log(name)) from error

    def copy(self, of: str, to: str, *arguments: str | Path) -> None:
        """Make a base backup of a running server."""
        where = f"host=127.0.0.1 port={self.ports[of]} user={USER} application_name={to}"
        data = self.processes.folder / to
        self.processes.run("pg_basebackup", "-d", where, "-D", data, "--checkpoint=fast", *arguments)

    def follow(self) -> None:
        """Make the standby, and have the primary wait for it."""
        self.copy("primary", STANDBY, "--write-recovery-conf")
        self.start(STANDBY)
        self.execute("primary", f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'")
        self.execute("primary", "SELECT pg_reload_conf()")
        state = "SELECT sync_state FROM pg_stat_replication"
        wait_until(lambda: self.ask("primary", state) == "sync", "the standby is synchronous")

    def execute(self, name: str, statement: str) -> None:
        """Have one server do something."""
        with psycopg.connect(host="127.0.0.1", port=self.ports[name], user=USER, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def primary(programs: Path | None = None, *settings: str) -> Iterator[Pair]:
    """A server alone, with fsync on as in earnest, and a port for the second one."""
    with kept(programs) as processes:
        pair = Pair(processes, dict(zip(("primary", STANDBY), free_ports(2), strict=True)))
        data = processes.folder / "primary"
        made = ["--auth=trust", "--encoding=UTF8", f"--username={USER}", *LOCALES[0]]
        processes.run("initdb", *made, f"--pgdata={data}")
        write(processes, "primary/postgresql.conf", *settings)
        pair.start("primary")
        yield pair
