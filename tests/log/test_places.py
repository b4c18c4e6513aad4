"""Paths and URLs: what names an archive, what is refused, and what is never shown."""

from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

import archive
from archive.cli import main
from archive.errors import UnknownDatabase
from archive.log.places import locate, shown
from tests.databases import FreshDatabase

PASSWORD = "hunter2secret"  # noqa: S105  # nobody's


@pytest.mark.parametrize(
    "url",
    ["mysql://host/db", "sqlite://", "sqlite:///:memory:", "nonsense://", "://", "", "sqlite:///a.db?mode=ro"],
)
def test_what_names_no_archive_is_refused(url: str) -> None:
    """With the forms that would be right."""
    with pytest.raises(UnknownDatabase, match="say a path"):
        locate(url)


@pytest.mark.parametrize(
    "name",
    [
        "Big",
        "1st",
        "pg_archive",
        "pg_",
        "information_schema",
        "a'b",
        'a"; DROP SCHEMA public; --',
        "a,public",
        "a%20-crole%3Dpostgres",
        "a%0Ab",
        "a" * 64,
        "ä",
        "",
        "a&archive=b",
    ],
)
def test_a_name_that_postgresql_would_not_take_as_it_is_is_refused(name: str) -> None:
    """Quotes, signs, capitals, 64 letters, names that PostgreSQL keeps for itself; none reaches a server."""
    with pytest.raises(UnknownDatabase, match="names no archive; say one name of at most 63"):
        locate(f"postgresql://host/database?archive={name}")


def test_the_longest_name_makes_an_archive(fresh_database: FreshDatabase) -> None:
    """And it is not cut off: another, one letter shorter, is another archive."""
    url = fresh_database("postgresql")
    for length in (63, 62):
        place = f"{url}&archive={'a' * length}"
        assert archive.Archive.make(place, origin=f"tests.example/{length}")
        assert not archive.Archive.make(place)


def test_an_address_of_two_lines_is_refused() -> None:
    """SQLAlchemy would read the first alone."""
    with pytest.raises(UnknownDatabase, match="line breaks"):
        locate("postgresql://host/database?archive=a\nb")


def test_every_spelling_of_postgresql_means_the_driver_that_we_use() -> None:
    """Whichever SQLAlchemy would take by itself."""
    for scheme in ("postgres", "postgresql", "postgresql+psycopg2", "postgresql+psycopg"):
        assert locate(f"{scheme}://host/database").drivername == "postgresql+psycopg"


def test_several_hosts_may_be_named() -> None:
    """As SQLAlchemy has it for libpq, which tries one after the other."""
    url = locate("postgresql://ann@/db?host=one:5432&host=two:5433&target_session_attrs=read-write&archive=acme")
    assert url.query["host"] == ("one:5432", "two:5433")


HOSTS = {
    "one:5432,two:5433": [("one", "5432"), ("two", "5433")],
    "one,[::1]:5434,two:": [("one", ""), ("::1", "5434"), ("two", "")],
    "one,two": [("one", ""), ("two", "")],
}


@pytest.mark.parametrize("hosts", HOSTS)
@pytest.mark.parametrize("user", ["", "ann@", "ann:p%40ss@"])
@pytest.mark.parametrize("rest", ["/db", "/db?archive=acme&target_session_attrs=read-write", "", "?archive=acme"])
def test_several_hosts_may_be_written_as_libpq_has_them(hosts: str, user: str, rest: str) -> None:
    """Each is given to libpq with its port, in the order of the address, and the rest as it stands."""
    url = locate(f"postgresql://{user}{hosts}{rest}")
    _, given = url.get_dialect()().create_connect_args(url)
    assert list(zip(given["host"].split(","), given["port"].split(","), strict=True)) == HOSTS[hosts]
    assert given.get("dbname", "") == ("db" if rest.startswith("/") else "")
    assert given.get("password") == ("p@ss" if ":" in user else None)
    assert given.get("archive") == ("acme" if "acme" in rest else None)
    assert given.get("target_session_attrs") == ("read-write" if "attrs" in rest else None)


def test_what_is_shown_hides_every_secret() -> None:
    """Before the host and among the parameters."""
    url = locate(f"postgresql://ann:{PASSWORD}@host/db?sslpassword={PASSWORD}&sslmode=require")
    assert PASSWORD not in shown(url)
    assert "sslmode=require" in shown(url)
    assert PASSWORD not in shown(locate(f"postgresql://host/db?password={PASSWORD}"))


HOSTILE = [
    f"postgresql://ann:{PASSWORD}@127.0.0.1:1/none",
    f"postgresql://ann:x@{PASSWORD}@127.0.0.1:1/none",
    f"postgresql://ann:{PASSWORD}@127.0.0.1:port/none",
    f"postgresql://ann:{PASSWORD}@[::1/none",
    f"postgresql://ann:{PASSWORD}/x@127.0.0.1:1/none",
    f"postgresql://ann:{PASSWORD}@127.0.0.1:1,127.0.0.1:2/none",
    f"postgresql://ann:x@{PASSWORD}@127.0.0.1:1,127.0.0.1:2/none",
    f"postgresql://ann:{PASSWORD}@127.0.0.1:port,127.0.0.1:2/none",
    f"postgresql://ann:{PASSWORD}@/none?host=127.0.0.1:port&host=127.0.0.1:2",
    f"postgresql://127.0.0.1:1/none?user=ann&password={PASSWORD}",
    f"postgresql://127.0.0.1:1/none?password={PASSWORD}&password={PASSWORD}",
    f"postgresql://ann:{PASSWORD}@127.0.0.1:1/none?nonsense=1",
    f"postgresql://ann:{PASSWORD}@127.0.0.1:1/none?archive=A",
    f"mysql://ann:{PASSWORD}@127.0.0.1:1/none",
]


def said(place: str, *arguments: str) -> Result:
    """What a command prints, with the traceback where there is one."""
    environment = {"ARCHIVE_URL": place, "ARCHIVE_DEBUG": "1"}
    return CliRunner(env=environment).invoke(main, arguments)


@pytest.mark.parametrize("place", HOSTILE)
def test_no_password_is_printed_however_wrong_the_address(place: str) -> None:
    """The error is one of the database's, never a bug of ours with a traceback."""
    done = said(place, "project")
    assert 30 <= done.exit_code < 40, done.stderr
    assert PASSWORD not in done.stdout + done.stderr


def test_no_password_is_printed_by_an_archive_that_answers(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    """In talk, in errors and in the traceback of a bug, here of a table that somebody dropped."""
    place = fresh_database("postgresql").replace("postgres@", f"postgres:{PASSWORD}@") + "&archive=acme"
    assert PASSWORD in place
    faulty = tmp_path / "faulty.jsonl"
    faulty.write_text('{"type": "PersonRegistered", "person": "ann-lee", "name": "Ann Lee"}\n')
    done = [said(place, *arguments) for arguments in (["project"], ["init"], ["init"], ["sql", "SELECT nothing"])]
    assert [one.exit_code for one in done] == [30, 0, 0, 5]
    with psycopg.connect(place.replace("+psycopg", "").partition("&archive")[0]) as connection:
        connection.execute("ALTER TABLE acme.mentions RENAME TO lost")
    done.append(said(place, "append", str(faulty)))
    assert done[-1].exit_code == 70
    assert "Traceback" in done[-1].stderr
    assert not [one for one in done if PASSWORD in one.stdout + one.stderr]
