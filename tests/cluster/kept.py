"""Servers of a test's own, on loopback, in a folder of their own: started, frozen, killed, and gone when it ends."""

import json
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.cluster.keeper import descendants, signal_all
from tests.postgresql import run_folder
from tests.postgresql_programs import Account, account, environment, find_programs, own, run_as

USER = "postgres"


def wait_until(so: Callable[[], bool], what: str, seconds: float = 60) -> float:
    """Wait for something to be so, and say for how many seconds."""
    began = time.monotonic()
    while not so():
        assert time.monotonic() < began + seconds, f"{what}: not so after {seconds} seconds"
        time.sleep(0.05)
    return time.monotonic() - began


def free_ports(count: int) -> list[int]:
    """Ports of loopback on which nobody listens, and which no connection is given by the system in the meantime."""
    free: list[int] = []
    for port in random.sample(range(20_000, 32_000), 1_000):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            free.append(port)
        if len(free) == count:
            break
    return free


@dataclass
class Kept:
    """Processes by name; each writes what it says to `folder/NAME.log`."""

    folder: Path
    programs: Path
    who: Account | None
    keeper: "subprocess.Popen[str]"
    pids: dict[str, int] = field(default_factory=dict)

    def start(self, name: str, *argv: str | Path, env: dict[str, str] | None = None) -> None:
        """Start a process as the servers' user."""
        asked = {
            "argv": [str(word) for word in argv],
            "env": environment() | (env or {}),
            "uid": self.who.uid if self.who else None,
            "gid": self.who.gid if self.who else None,
            "log": str(self.folder / f"{name}.log"),
        }
        assert self.keeper.stdin is not None
        assert self.keeper.stdout is not None
        self.keeper.stdin.write(json.dumps(asked) + "\n")
        self.keeper.stdin.flush()
        self.pids[name] = int(self.keeper.stdout.readline())

    def run(self, program: str, *arguments: str | Path) -> str:
        """Run a program of PostgreSQL as the servers' user; what it printed."""
        done = run_as(self.who, [self.programs / program, *arguments], cwd=self.folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def tell(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a process and to all that descend from it."""
        signal_all([self.pids[name], *descendants(self.pids[name])], number)

    def kill(self, name: str) -> None:
        """Kill -9 a process, the server on the folder of its name, and all that descend from them; see them gone."""
        roots = [self.pids[name]]
        with suppress(FileNotFoundError):
            # Patroni's server is no child of Patroni's.
            roots.append(int((self.folder / name / "postmaster.pid").read_text().splitlines()[0]))
        tree = [process for root in roots for process in (root, *descendants(root))]
        signal_all(tree, signal.SIGKILL)
        wait_until(lambda: not any(runs(process) for process in tree), f"{name} is killed")

    def log(self, name: str) -> str:
        """The end of what a process said."""
        return (self.folder / f"{name}.log").read_text(errors="replace")[-3000:]


def runs(process: int) -> bool:
    """Whether a process is there and not merely unburied."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def kept(programs: Path | None = None, *, seconds: float = 300) -> Iterator[Kept]:
    """Keep processes for a test, at most so many seconds; all end and their folder goes with it."""
    who = account()
    folder = run_folder(who)
    keeper = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("keeper.py")), str(folder), str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield Kept(folder, find_programs(who, folder, programs), who, keeper)
    finally:
        keeper.communicate(timeout=30)
        assert not folder.exists()


def write(to: Kept, name: str, *lines: str) -> Path:
    """A file that the servers' user owns."""
    path = to.folder / name
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    own(path, to.who)
    return path


def url_of(ports: Sequence[int], database: str = "postgres", attributes: str = "read-write", name: str = "news") -> str:
    """The address of the archive `news` on servers of loopback, as a user would write it."""
    hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
    return f"postgresql://{USER}@{hosts}/{database}?target_session_attrs={attributes}&archive={name}"
