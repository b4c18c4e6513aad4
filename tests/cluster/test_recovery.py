"""Backups: of a file while it is written to, and of a server back to any moment."""

import shutil
import sqlite3
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from archive import Archive
from archive.cli import main
from archive.log.entries import Head
from tests.cluster.kept import free_ports, wait_until, write
from tests.cluster.load import load
from tests.cluster.pair import primary
from tests.databases import DatabaseTemplate, FreshDatabase
from tests.exchange.archives import said
from tests.log.archives import build_archive, noted
from tests.postgresql_programs import account, find_programs, own, run_as


def append(opened: Archive, number: int) -> Head:
    """Append a note; the head of the log after it."""
    opened.append([noted(number)], who="ann", program="tests")
    with opened.reading() as connection:
        return opened.log.head(connection)


def test_a_file_is_copied_whole_while_it_is_written_to(
    fresh_database: FreshDatabase, database_template: DatabaseTemplate, tmp_path: Path
) -> None:
    """With SQLite's own backup; the copy is the archive as it was at one moment, and goes on as one."""
    url = fresh_database("sqlite", database_template("sqlite", "empty_log", build_archive))
    with load(url, tmp_path / "load", ["one:1", "two:3"]) as under_way:
        under_way.wait_for(20)
        source, target = sqlite3.connect(url.removeprefix("sqlite:///")), sqlite3.connect(tmp_path / "copy.db")
        with source, target:
            source.backup(target)
        source.close()
        target.close()
        acknowledged = under_way.acknowledged()
        under_way.wait_for(20)
    with Archive.open(tmp_path / "copy.db") as copy, Archive.open(url) as opened:
        with copy.reading() as connection:
            size = copy.log.head(connection).size
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        with opened.reading() as connection:
            assert opened.log.head(connection).size > size >= min(len(acknowledged), 20)
        then, now = (one.project(as_recorded=f"@{size}", at="2024-01-01T00:00:00Z") for one in (copy, opened))
        assert then == now
        assert append(copy, 1).size == size + 1


def test_one_archive_is_dumped_and_put_back_elsewhere(
    pytestconfig: pytest.Config, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """By PostgreSQL's own programs, out of a database that holds another too; guards and all, it verifies."""
    old, new = fresh_database("postgresql"), fresh_database("postgresql")
    programs = find_programs(account(), tmp_path, pytestconfig.getoption("--postgresql-bin"))

    def run(program: str, url: str, *arguments: str | Path) -> None:
        plain = url.replace("+psycopg", "")
        done = run_as(None, [programs / program, plain, *arguments])
        assert done.returncode == 0, done.stderr

    Archive.make(f"{old}&archive=other")
    with Archive.create(f"{old}&archive=acme") as opened:
        append(opened, 1)
        before = said(opened)
    run("pg_dump", old, "--schema=acme", "--file", tmp_path / "acme.sql")
    run("psql", new, "--set=ON_ERROR_STOP=1", "--quiet", "--file", tmp_path / "acme.sql")
    with Archive.open(f"{new}&archive=acme") as opened:
        assert said(opened) == before
        assert append(opened, 2).size == 2
    verified = CliRunner().invoke(main, ["--archive", f"{new}&archive=acme", "verify"])
    assert verified.exit_code == 0, verified.output


@pytest.mark.long
def test_a_server_goes_back_to_the_moment_before_a_mistake(pytestconfig: pytest.Config) -> None:
    """From a base backup and the log that PostgreSQL has filed away since: the same root as there was then."""
    filed = ("archive_mode = on", "archive_command = 'test ! -f ../filed/%f && cp %p ../filed/%f'")
    with primary(pytestconfig.getoption("--postgresql-bin"), *filed) as pair:
        folder = pair.processes.folder
        (folder / "filed").mkdir()
        own(folder / "filed", pair.processes.who)
        url = pair.url_of("primary")
        Archive.make(url, origin="tests.example/recovery")
        with Archive.open(url) as opened:
            append(opened, 1)
            pair.copy("primary", "restored")
            wanted = append(opened, 2)
            before = said(opened)
            moment = pair.ask("primary", "SELECT clock_timestamp()::text")
            time.sleep(0.1)
            append(opened, 3)
        segment = pair.ask("primary", "SELECT pg_walfile_name(pg_switch_wal())")
        wait_until((folder / "filed" / segment).exists, "the segment is filed away")
        pair.processes.kill("primary")
        shutil.rmtree(folder / "primary")

        write(pair.processes, "restored/recovery.signal")
        target = ["-c", "restore_command=cp ../filed/%f %p", "-c", f"recovery_target_time={moment}"]
        pair.ports["restored"] = free_ports(1)[0]
        pair.start("restored", *target, "-c", "recovery_target_action=promote", "-c", "archive_mode=off")
        with Archive.open(pair.url_of("restored")) as opened:
            wait_until(lambda: pair.ask("restored", "SELECT NOT pg_is_in_recovery()"), "the server is restored")
            with opened.reading() as connection:
                assert opened.log.head(connection) == wanted
                assert connection.execute(text("SELECT count(*) FROM entries")).scalar_one() == 2
            assert said(opened) == before
            assert append(opened, 4).size == 3
