"""What is internal, decided in one place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import Archive
from archive.cli import main
from archive.queries.internal import Internal
from tests.databases import Kind
from tests.queries.reported import held, opened, take


@pytest.fixture
def archive(acme_url: str) -> Iterator[Archive]:
    """The archive of the registrations with an internal source (18) and a person (19) for it to name."""
    with opened(acme_url) as made:
        take(
            made,
            {"type": "SourceRegistered", "source": "memo", "published": "2020-03-01", "access": "internal"},
            {"type": "PersonRegistered", "person": "cat", "name": "Cat"},
        )
        yield made


def internal(archive: Archive) -> set[int]:
    """The positions of the internal entries."""
    with archive.reading() as connection:
        return set(Internal(connection).positions)


def test_a_source_is_internal_by_its_registration_as_amended(archive: Archive) -> None:
    """Its own registration with it."""
    with archive.reading() as connection:
        asked = Internal(connection)
        assert (asked.source("memo"), asked.source("wire"), asked.report(18), asked.report(19)) == (
            True,
            False,
            True,
            False,
        )
    (amendment,) = take(archive, {"type": "Amended", "target": 5, "changes": {"access": "internal"}})
    assert {5, amendment} < internal(archive)


def test_an_entry_is_internal_by_itself_its_source_or_what_it_is_about(archive: Archive) -> None:
    """A row is, if any entry that decides it is."""
    own, through, public = take(
        archive,
        held("Appointed", "ann", "2020-04-01", access="internal"),
        held("Attested", "ann", "2020-05-01", "memo"),
        held("Attested", "ann", "2020-06-01"),
    )
    (denial,) = take(archive, {"type": "Disputed", "target": own, "by": "source", "source": "gazette"})
    (about,) = take(archive, {"type": "Retracted", "target": denial})
    assert internal(archive) == {18, own, through, denial, about}
    with archive.reading() as connection:
        asked = Internal(connection)
        assert asked.row([public, own])
        assert not asked.row([public, 19])


def test_what_was_retracted_stays_internal(archive: Archive) -> None:
    """Nothing is known of it now, and it may still not be shown."""
    (own,) = take(archive, held("Appointed", "ann", "2020-04-01", access="internal"))
    take(archive, {"type": "Retracted", "target": own})
    assert own in internal(archive)


def test_who_is_named_by_internal_reports_alone_is_internal(archive: Archive) -> None:
    """Registration or not; one public report makes a person public."""
    take(archive, held("Appointed", "cat", "2020-04-01", "memo"), held("Appointed", "ann", "2020-05-01"))
    with archive.reading() as connection:
        asked = Internal(connection)
        assert (asked.identity("person", "cat"), asked.name("person/cat", "Cat")) == (True, True)
        assert (asked.identity("person", "ann"), asked.name("person/ann", "Ann")) == (False, False)
        assert not asked.identity("person", "bob")
    take(archive, held("Attested", "cat", "2020-06-01", "gazette"))
    with archive.reading() as connection:
        asked = Internal(connection)
        assert (asked.identity("person", "cat"), asked.name("person/cat", "Cat")) == (False, False)


def test_a_name_that_an_internal_report_alone_gives_is_internal(archive: Archive) -> None:
    """The person is not."""
    take(
        archive,
        held("Appointed", "ann", "2020-05-01"),
        {"type": "NameRecorded", "person": "ann", "name": "Annie", "source": "memo"},
        {"type": "NameRecorded", "person": "ann", "name": "A. N.", "source": "memo"},
        {"type": "NameRecorded", "person": "ann", "name": "A. N.", "source": "gazette"},
    )
    with archive.reading() as connection:
        asked = Internal(connection)
        named = {name: asked.name("person/ann", name) for name in ("Ann", "Annie", "A. N.")}
    assert named == {"Ann": False, "Annie": True, "A. N.": False}


def test_a_picture_in_a_file_leaves_out_what_an_internal_entry_decides(
    archive: Archive, tmp_path: Path, database_kind: Kind
) -> None:
    """And says how many rows; the terminal, which is the asker's own, has them."""
    take(archive, held("Appointed", "ann", "2020-04-01"), held("Appointed", "cat", "2021-04-01", access="internal"))
    whole, public = archive.timeline("acme"), archive.timeline("acme", include_internal=False)
    people = [{bar["person"] for lane in one["lanes"] for bar in lane["bars"]} for one in (whole, public)]
    assert people == [{"ann", "cat"}, set()]  # that Ann's time ended is the internal entry's word too
    assert (whole["left_out"], public["left_out"]) == (0, 2)
    if database_kind == "sqlite":
        picture = tmp_path / "a.svg"
        arguments = ["--archive", str(archive.engine.url.database), "timeline", "acme", "--output", str(picture)]
        assert "2 internal rows are left out" in CliRunner().invoke(main, arguments).stderr
        assert "Cat" not in picture.read_text(encoding="utf-8")
        CliRunner().invoke(main, [*arguments, "--include-internal"])
        assert "Cat" in picture.read_text(encoding="utf-8")
