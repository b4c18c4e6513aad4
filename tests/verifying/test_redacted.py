"""An archive of which entries were redacted verifies, and so do the proofs that were made before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text

from archive import Archive
from archive.log import tables
from archive.proving import check_proof
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.verifying.archives import MIDDLE, build, set_entry, sql

BY = {"who": "ann", "program": "tests"}
REDACTED = (MIDDLE, 12, 60)


@pytest.fixture
def opened(
    database_kind: Kind, database_template: DatabaseTemplate, fresh_database: FreshDatabase
) -> Iterator[Archive]:
    """An archive with a history, once on each database."""
    with Archive.open(fresh_database(database_kind, database_template(database_kind, "verifying", build))) as found:
        yield found


def test_what_was_redacted_is_no_finding_and_its_leaf_still_verifies(opened: Archive) -> None:
    """Content, salt and keys are gone; digest and leaf stay, and so do checkpoints and proofs."""
    kept = opened.checkpoint()
    proofs = [str(opened.prove(position, kept)) for position in REDACTED]
    for position in REDACTED:
        _, by = opened.redact(position, "a test", **BY)
        assert by is not None
        opened.redact(by, "a test of that", **BY)
    opened.erase()
    done = opened.verify([("kept", kept)])
    assert done.findings.found == []
    assert done.log.redacted == 2 * len(REDACTED)
    assert done.read_model
    for position, proof in zip(REDACTED, proofs, strict=True):
        assert check_proof(proof, checkpoints=[kept])["leaf"]["position"] == position
        again = check_proof(str(opened.prove(position)))
        assert again["leaf"] == check_proof(proof)["leaf"]


def test_what_was_emptied_by_hand_is_found_beside_what_was_redacted(opened: Archive) -> None:
    """That one entry is redacted excuses no other, nor one that was put back."""
    with opened.reading() as connection:
        columns = (tables.entries.c.payload, tables.entries.c.salt)
        content = connection.execute(select(*columns).where(tables.entries.c.position == MIDDLE)).one()
    opened.redact(MIDDLE, "a test", **BY)
    sql("UPDATE entries SET payload = NULL, salt = NULL, dedupe_content = NULL, dedupe_id = NULL WHERE position = 44")(
        opened.engine
    )
    set_entry(MIDDLE, payload=content.payload, salt=content.salt)(opened.engine)
    done = opened.verify(log_alone=True)
    assert {("emptied", 44), ("not redacted", MIDDLE), ("keys", MIDDLE)} == {
        (one.kind, one.position) for one in done.findings.found
    }


def test_a_text_that_was_forgotten_is_no_finding(opened: Archive) -> None:
    """The source stays registered with its digest."""
    opened.forget("news")
    done = opened.verify()
    assert done.findings.found == []
    assert done.texts.kept == 0
    with opened.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM documents")).scalar_one() == 0
