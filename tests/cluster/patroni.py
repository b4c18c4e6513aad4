"""Three Patroni and three etcd processes on loopback: Debian's programs, in a folder of their own."""

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cluster.kept import USER, Kept, free_ports, kept, url_of, wait_until, write
from tests.postgresql_programs import own

NODES = ("one", "two", "three")
SECONDS = 540
"""How long the whole may take; then everything is ended."""

TIMES = {"ttl": 20, "loop_wait": 2, "retry_timeout": 5}
"""Seconds that Patroni gives a leader (20 is the least that it takes), lets pass between two looks, gives an answer."""

PACKAGES = ("patroni", "etcd-server", "python3-etcd", "postgresql")
MISSING = "the cluster needs Debian's packages {packages}, and finds no {what}: as root, apt-get install {packages}"


def prepare() -> None:
    """See that the programs are there; as root on Debian, install what is missing. Raises RuntimeError."""
    missing = [program for program in ("patroni", "etcd") if shutil.which(program) is None]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        options = ["apt-get", "-y", "--no-install-recommends"]
        for command in ([*options, "update"], [*options, "install", *PACKAGES]):
            subprocess.run(
                command, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, capture_output=True, check=False
            )
        missing = [program for program in missing if shutil.which(program) is None]
    if missing:
        raise RuntimeError(MISSING.format(packages=" ".join(PACKAGES), what=" and no ".join(missing)))


@dataclass
class Cluster:
    """Nodes by name, each with its ports: of PostgreSQL, and of Patroni's own answers."""

    processes: Kept
    ports: dict[str, int]
    rest: dict[str, int]

    @property
    def url(self) -> str:
        """The address of all, of which the one that can write is taken."""
        return url_of(list(self.ports.values()))

    def start(self, name: str) -> None:
        """Start a node, for the first time or again."""
        self.processes.start(name, shutil.which("patroni") or "patroni", self.processes.folder / f"{name}.yml")

    def members(self) -> dict[str, dict[str, Any]]:
        """What the first node that answers knows of each; nothing if none does."""
        for port in self.rest.values():
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/cluster", timeout=2) as answer:
                    return {member["name"]: member for member in json.load(answer)["members"]}
            except (OSError, ValueError):
                continue
        return {}

    def leader(self) -> str | None:
        """The name of the leader, if there is one."""
        return next((name for name, member in self.members().items() if member["role"] == "leader"), None)

    def whole(self) -> bool:
        """Whether there are a leader, a synchronous standby and another that follows, all at work."""
        members = self.members().values()
        states = [member["state"] in ("running", "streaming") for member in members]
        roles = sorted(member["role"] for member in members)
        lines = {member.get("timeline") for member in members}
        return (
            len(states) == len(NODES)
            and all(states)
            and roles == ["leader", "replica", "sync_standby"]
            and (len(lines) == 1)
        )


@contextmanager
def cluster(programs: Path | None = None) -> Iterator[Cluster]:
    """A cluster at work, in synchronous mode, fsync on; its programs are there."""
    with kept(programs, seconds=SECONDS) as processes:
        clients = _start_etcd(processes)
        ports = dict(zip(NODES, free_ports(len(NODES)), strict=True))
        rest = dict(zip(NODES, free_ports(len(NODES)), strict=True))
        made = Cluster(processes, ports, rest)
        for name in NODES:
            write(processes, f"{name}.yml", json.dumps(_settings(made, name, clients)))
            made.start(name)
        try:
            wait_until(made.whole, "the cluster is at work", 120)
        except AssertionError:
            raise AssertionError("\n".join([str(made.members()), *map(processes.log, processes.pids)])) from None
        yield made


def _start_etcd(processes: Kept) -> list[str]:
    """Start three etcd; the addresses for clients."""
    clients = [f"127.0.0.1:{port}" for port in free_ports(len(NODES))]
    peers = [f"http://127.0.0.1:{port}" for port in free_ports(len(NODES))]
    everyone = ",".join(f"etcd-{name}={peer}" for name, peer in zip(NODES, peers, strict=True))
    for name, client, peer in zip(NODES, clients, peers, strict=True):
        data = processes.folder / f"etcd-{name}"
        data.mkdir(mode=0o700)
        own(data, processes.who)
        processes.start(
            f"etcd-{name}",
            shutil.which("etcd") or "etcd",
            *("--name", f"etcd-{name}", "--data-dir", data),
            *("--listen-client-urls", f"http://{client}", "--advertise-client-urls", f"http://{client}"),
            *("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer),
            *("--initial-cluster", everyone, "--initial-cluster-state", "new"),
        )
    for client in clients:
        wait_until(lambda address=client: _is_healthy(address), "etcd has a leader")  # type: ignore[misc]  # a default
    return clients


def _is_healthy(etcd: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{etcd}/health", timeout=2) as answer:
            return bool(json.load(answer)["health"] == "true")
    except (OSError, ValueError):
        return False


def _settings(made: Cluster, name: str, etcd: list[str]) -> dict[str, Any]:
    """Patroni's settings of one node; JSON is YAML."""
    postgresql = f"127.0.0.1:{made.ports[name]}"
    rest = f"127.0.0.1:{made.rest[name]}"
    return {
        "scope": "archive-tests",
        "name": name,
        "etcd3": {"hosts": ",".join(etcd)},
        "restapi": {"listen": rest, "connect_address": rest},
        "bootstrap": {
            "dcs": {
                **TIMES,
                "synchronous_mode": True,
                "synchronous_mode_strict": True,
                "postgresql": {"use_pg_rewind": True},
            },
            "initdb": [{"auth": "trust"}, {"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
            "pg_hba": ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"],
        },
        "postgresql": {
            "listen": postgresql,
            "connect_address": postgresql,
            "data_dir": str(made.processes.folder / name),
            "pgpass": str(made.processes.folder / f"{name}.pgpass"),
            "bin_dir": str(made.processes.programs),
            "authentication": {"superuser": {"username": USER}, "replication": {"username": "replicator"}},
            "parameters": {"unix_socket_directories": str(made.processes.folder)},
        },
    }
