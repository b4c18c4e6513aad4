"""A private PostgreSQL server for one test run, run as root or not, and gone when the run is."""

import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

from tests.postgresql_programs import Account, PostgreSQLMissingError, environment, own, run_as

SUPERUSER = "postgres"
# The first locale that the build and its C library know is taken.
LOCALES = (
    ("--locale=C.UTF-8",),
    ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    ("--locale=C",),
)
# A zone that nobody is in: whoever forgets that the archive speaks UTC is off by a visible 5:45.
SETTINGS = {"listen_addresses": "", "timezone": "Asia/Kathmandu", "max_connections": "200", "jit": "off"}
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# Outlives whoever starts it, and waits at the read end of a pipe whose only writer is the test run: however that
# ends, kill -9 included, the server stops and its folder goes. The trap keeps Ctrl-C for the run itself.
KEEPER = """
folder=$1; shift
exec 3<&0 </dev/null
(
  trap '' HUP INT
  "$@" 3<&- >"$folder/server.log" 2>&1 &
  server=$!
  trap 'kill -QUIT "$server"' TERM
  read -r _ <&3
  kill -QUIT "$server" 2>/dev/null
  wait "$server"
  cd / && rm -rf "$folder"
) &
"""


@dataclass(frozen=True)
class Server:
    """A running cluster, reached by a socket in `folder`; its superuser needs no password."""

    folder: str

    def url(self, database: str) -> str:
        """Return SQLAlchemy's address of a database."""
        query = {"host": self.folder, "port": "5432"}
        return URL.create("postgresql+psycopg", SUPERUSER, database=database, query=query).render_as_string()

    def connect(self) -> psycopg.Connection:
        """Open an autocommitting connection to the maintenance database."""
        return psycopg.connect(host=self.folder, port=5432, user=SUPERUSER, dbname="postgres", autocommit=True)

    def create(self, database: str, template: str) -> None:
        """Make a database as a copy of `template`, to which nobody may be connected."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with self.connect() as connection:
            connection.execute(statement.format(sql.Identifier(database), sql.Identifier(template)))

    def drop(self, database: str) -> None:
        """Remove a database, and whoever is still connected to it."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def run_folder(who: Account | None) -> Path:
    """Make a folder for a run, its server's own, where that server can reach it."""
    for parent in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):  # noqa: S108 - mkdtemp makes the name
        if run_as(who, ["/bin/sh", "-c", 'test -w "$0" && test -x "$0"', parent]).returncode == 0:
            folder = Path(tempfile.mkdtemp(prefix="archive-tests-", dir=parent))
            own(folder, who)
            return folder
    raise PostgreSQLMissingError(
        "no temporary folder can be reached by the server's user: set TMPDIR to one that anybody may enter"
    )


def start(folder: Path, alive: int, who: Account | None, bin_: Path, *, durable: bool = False) -> Server:
    """Make a cluster in `folder` and start its server; both are gone once `alive` reads end of file."""
    data = folder / "data"
    complaints = []
    for locale in LOCALES:
        options = ["--auth=trust", "--encoding=UTF8", "--no-sync", f"--username={SUPERUSER}", *locale]
        made = run_as(who, [bin_ / "initdb", *options, f"--pgdata={data}"], cwd=folder)
        if made.returncode == 0:
            break
        complaints.append(made.stderr.strip())
    else:
        raise PostgreSQLMissingError("initdb failed: " + "; ".join(complaints))
    settings = SETTINGS | {"unix_socket_directories": str(folder)} | ({} if durable else QUICK)
    command = [str(bin_ / "postgres"), "-D", str(data), *(f"--{name}={value}" for name, value in settings.items())]
    subprocess.run(
        ["/bin/sh", "-c", KEEPER, "archive-tests-keeper", str(folder), *command],
        cwd=folder,
        env=environment(),
        user=who.uid if who else None,
        group=who.gid if who else None,
        extra_groups=[] if who else None,
        stdin=alive,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=True,
    )
    server = Server(str(folder))
    deadline = time.monotonic() + 60
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                log = (folder / "server.log").read_text(errors="replace")
                raise PostgreSQLMissingError(f"the server did not start: {log[-2000:]}") from error
            time.sleep(0.05)
        else:
            return server
