"""What is published: a folder of files of our own, with nothing of what is internal."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from archive import Archive
from archive.cli import main
from archive.errors import UsageError
from archive.pictures.publishing import MARK
from tests.pictures.pages import DRAWN, published
from tests.queries.reported import held, opened, take

if TYPE_CHECKING:
    from tests.browser import Opened

DIGEST = sha256(b"SECRET quote").hexdigest()


def test_nothing_internal_is_in_the_files(tmp_path: Path) -> None:
    """Neither source, nor report, nor passage, nor the name of whom they alone name, nor who appended."""
    with opened(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
        secret = {"access": "internal", "summary": "SECRET summary", "attribution": "SECRET voice"}
        quoted = {"passages": [{"start": 0, "quote": "SECRET quote", "end": 12, "sha256": DIGEST}]}
        take(
            archive,
            {"type": "SourceRegistered", "source": "memo", "title": "SECRET memo", "published": "2020-03-01"}
            | {"access": "internal"},
            {"type": "PersonRegistered", "person": "cat", "name": "SECRET Cat"},
            {"type": "OfficeRegistered", "organisation": "acme", "office": "hidden", "title": "SECRET office"},
            held("Appointed", "ann", "2020-04-01", summary="public"),
            held("Appointed", "cat", "2020-05-01", "memo", summary="SECRET through its source"),
            held("Appointed", "cat", "2020-05-01", **secret) | {"office": "hidden"} | quoted,
            {"type": "NameRecorded", "person": "ann", "name": "SECRET Annie", "source": "memo"},
        )
        (denial,) = take(
            archive, {"type": "Disputed", "target": 21, "by": "source", "source": "memo", "reason": "SECRET"}
        )
        data = archive.publication("acme")
        assert data["left_out"] > 0
        published(archive, "acme", tmp_path / "page")
        published(archive, "acme", tmp_path / "whole", include_internal=True)
        assert "SECRET summary" in (tmp_path / "whole" / "data.js").read_text()
        assert not [one for one in data["reports"] if denial in one["later"]]
    for path in (tmp_path / "page").iterdir():
        content = path.read_text()
        assert "SECRET" not in content, path
        assert "memo" not in content, path
        assert '"tests"' not in content, path


def test_an_office_of_which_something_is_left_out_is_never_called_vacant(tmp_path: Path, open_page: Opened) -> None:
    """Ann left, and that Bob came is internal: nobody may be said to hold it, nor nobody."""
    with opened(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
        take(
            archive,
            held("Appointed", "ann", "2020-04-01"),
            held("Resigned", "ann", "2020-05-01"),
            held("Appointed", "bob", "2020-06-01", access="internal"),
        )
        page = open_page(published(archive, "acme", tmp_path / "page"))
        assert page.evaluate(DRAWN) == [["ceo", "unknown", []]]


def test_an_organisation_that_internal_reports_alone_name_is_not_published(tmp_path: Path) -> None:
    """Its name is the secret; whoever wants it says so."""
    with opened(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
        take(
            archive,
            {"type": "OrganisationRegistered", "organisation": "shadow", "name": "Shadow"},
            {"type": "Founded", "organisation": "shadow", "when": "2020", "source": "wire", "access": "internal"},
        )
        with pytest.raises(UsageError, match="internal"):
            archive.publication("shadow")
        assert archive.publication("shadow", include_internal=True)["rows"]


def test_what_an_internal_entry_amends_stays_out(tmp_path: Path) -> None:
    """Neither its old words nor the new ones are what the archive would publish; a public amendment is."""
    with opened(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
        first, _, other = take(
            archive,
            held("Appointed", "ann", "2020-04-01", summary="FIRST"),
            {"type": "OfficeRegistered", "organisation": "acme", "office": "cfo", "title": "Purse"},
            held("Appointed", "bob", "2019-04-01", summary="SECOND") | {"office": "cfo"},
        )
        take(
            archive,
            {"type": "Amended", "target": first, "changes": {"summary": "SECRET"}, "access": "internal"},
            {"type": "Amended", "target": other, "changes": {"summary": "THIRD"}, "access": "public"},
        )
        said = [version["summary"] for one in archive.publication("acme")["reports"] for version in one["versions"]]
        assert "SECRET" not in said
        assert "FIRST" not in said
        assert "THIRD" in said


def run(archive: Path, *arguments: str) -> tuple[int, str]:
    """The exit code and the output of a command."""
    done = CliRunner().invoke(main, ["--archive", str(archive), *arguments])
    return done.exit_code, done.output


def test_a_folder_that_it_did_not_make_is_left_alone(tmp_path: Path) -> None:
    """One with anything in it is refused, and the page of another; its own is renewed, what else lies there stays."""
    where = tmp_path / "archive.db"
    with Archive.create(where) as archive:
        take(
            archive,
            {"type": "OrganisationRegistered", "organisation": "acme", "name": "Acme"},
            {"type": "OrganisationRegistered", "organisation": "other", "name": "Other"},
        )
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("mine")
    code, said = run(where, "publish", "acme", "--output", str(folder))
    assert (code, "was not made by archive publish" in said) == (2, True)
    assert [path.name for path in folder.iterdir()] == ["index.html"]
    assert (folder / "index.html").read_text() == "mine"
    (folder / "index.html").unlink()
    assert run(where, "publish", "acme", "--output", str(folder)) == (0, f"{folder / 'index.html'}\n")
    (folder / "notes.txt").write_text("mine")
    (folder / "data.js").write_text("gone stale")
    code, said = run(where, "publish", "other", "--output", str(folder))
    assert (code, "is the page of acme" in said) == (2, True)
    assert (folder / "data.js").read_text() == "gone stale"
    assert run(where, "publish", "acme", "--output", str(folder))[0] == 0
    assert "archiveData" in (folder / "data.js").read_text()
    assert (folder / "notes.txt").read_text() == "mine"
    assert not [path for path in folder.iterdir() if path.name.endswith(".new")]
    (folder / MARK).write_text('{"made by": "somebody"}')
    assert run(where, "publish", "acme", "--output", str(folder))[0] == 2
    (tmp_path / "file").write_text("")
    code, said = run(where, "publish", "acme", "--output", str(tmp_path / "file"))
    assert (code, "Not a directory" in said) == (1, True)
    assert run(where, "publish", "nobody", "--output", str(tmp_path / "none"))[0] == 3
    assert not (tmp_path / "none").exists()


def test_two_pages_of_one_state_are_the_same_bytes(tmp_path: Path) -> None:
    """Asked at the same instant, on the same log."""
    with opened(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
        take(archive, held("Appointed", "ann", "2020-04-01"))
        for name in ("one", "two"):
            published(archive, "acme", tmp_path / name, at="2020-06-01T00:00:00.000000Z")
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two


def test_what_was_redacted_is_gone_and_said_to_be(tmp_path: Path, open_page: Opened) -> None:
    """Its words are in no file; which entry it was, when it went and why stand on the page, as `project` has them."""
    with opened(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
        (position,) = take(archive, held("Appointed", "ann", "2020-04-01", summary="SECRET"))
        take(archive, held("Attested", "bob", "2019-04-01", summary="public"))
        archive.redact(position, "a court asked for it", who="tests", program="tests")
        page = open_page(published(archive, "acme", tmp_path / "page"))
        assert page.evaluate("archiveData.redacted") == archive.project(None, ["acme"])["organisations"][0]["redacted"]
    shown = page.inner_text("section.redacted")
    assert f"entry {position}, Appointed, redacted 1 Jan 2040" in shown
    assert "a court asked for it" in shown
    for path in (tmp_path / "page").iterdir():
        assert "SECRET" not in path.read_text()


def test_both_databases_publish_the_same(tmp_path: Path, database_url: str) -> None:
    """Every row, report and name, whichever database has them."""
    found = []
    for url in (database_url, f"sqlite:///{tmp_path / 'other.db'}"):
        with opened(url) as archive:
            (position,) = take(archive, held("Appointed", "ann", "2020-04-01", summary="first", development="start"))
            take(
                archive,
                held("Attested", "bob", "2019-04-01", "gazette", basis="rumour"),
                {
                    "type": "Amended",
                    "target": position,
                    "by": "source",
                    "source": "gazette",
                    "changes": {"summary": "then"},
                },
                {"type": "Noted", "organisation": "acme", "when": "2020", "source": "wire", "development": "start"}
                | {"summary": "beside"},
            )
            data = archive.publication("acme", at="2021-01-01T00:00:00.000000Z")
            found.append({**data, "log": data["log"]["size"]})
    assert found[0] == found[1]
    versions = [[version["summary"] for version in one["versions"]] for one in found[0]["reports"]]
    assert ["first", "then"] in versions
