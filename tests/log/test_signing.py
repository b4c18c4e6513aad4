"""Checkpoints of an archive, signed and not; proofs under them; and that no fork is ever signed."""

import os
import shutil
import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, text, update

from archive import Archive
from archive.errors import DamagedLog, Forked, NoSuchEntry, NotProven, UsageError
from archive.log import tables
from archive.log.checkpoints import Checkpoint, parse_checkpoint
from archive.log.log import Log
from archive.log.merkle import Frontier
from archive.log.notes import Signer, Verifier
from archive.log.proving import Consistency, Inclusion, parse_proof
from archive.log.transactions import write_transaction
from archive.proving import check_proof
from tests.log.archives import ORIGIN, build_archive, noted


def grow(log: Log, first: int, last: int, summary: str = "note") -> None:
    """Append notes."""
    events = [noted(number, summary=f"{summary} {number}") for number in range(first, last + 1)]
    log.transact(lambda writing: writing.append(events), who="ann", program="tests")


@pytest.fixture
def archive(engine: Engine, log: Log) -> Archive:
    """An archive of nine entries."""
    grow(log, 1, 9)
    return Archive(engine)


@pytest.fixture
def key(archive: Archive, tmp_path: Path) -> Path:
    """A key of it."""
    archive.new_key(tmp_path / "key")
    return tmp_path / "key"


def unguarded(engine: Engine, *statements: str) -> None:
    """Change the log behind its guards."""
    if engine.dialect.name == "sqlite":
        before = [f"DROP TRIGGER {table}_refuse_{what}" for table in ("entries",) for what in ("update", "delete")]
    else:
        before = ["ALTER TABLE entries DISABLE TRIGGER USER", "ALTER TABLE appends DISABLE TRIGGER USER"]
    with write_transaction(engine) as connection:
        for statement in (*before, *statements):
            connection.execute(text(statement))


def test_a_signed_checkpoint_is_of_the_log_as_it_is(archive: Archive, key: Path) -> None:
    """Its key's name is the archive's origin, and the public key alone checks it."""
    made = archive.checkpoint(key)
    public = archive_key(key)
    with archive.reading() as connection:
        head = archive.log.head(connection)
    found = parse_checkpoint(made.note, [public])
    assert (found.origin, found.size, found.root.hex()) == (ORIGIN, 9, head.root)
    assert found.signers == (ORIGIN,)


def test_a_key_is_its_owners_alone_and_is_never_overwritten(archive: Archive, key: Path) -> None:
    """Whatever the umask is; one that others may read signs nothing."""
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before, mask = key.read_text(), os.umask(0)
    try:
        archive.new_key(key.with_name("open"))
    finally:
        os.umask(mask)
    assert stat.S_IMODE(key.with_name("open").stat().st_mode) == 0o600
    with pytest.raises(UsageError, match="never overwritten"):
        archive.new_key(key)
    assert key.read_text() == before
    key.chmod(0o640)
    with pytest.raises(UsageError, match="others may read or write the key"):
        archive.checkpoint(key)
    with pytest.raises(UsageError, match="cannot be read"):
        archive.checkpoint(key.with_name("none"))


def test_a_key_of_another_archive_signs_nothing(archive: Archive, key: Path) -> None:
    """It would speak in a name that is not its own."""
    with write_transaction(archive.engine) as connection:
        connection.execute(update(tables.archive).values(origin="other.example/log"))
    with pytest.raises(UsageError, match=r"the key is that of tests\.example/log"):
        archive.checkpoint(key)
    with write_transaction(archive.engine) as connection:
        connection.execute(update(tables.archive).values(origin="a blank"))
    with pytest.raises(UsageError, match="no key can be"):
        archive.new_key(key.with_name("other"))


def test_every_entry_is_proved_to_who_has_no_archive(archive: Archive, key: Path) -> None:
    """Under the last signed checkpoint that reaches it, else under one that nobody signed, which says so."""
    made, public = archive.checkpoint(key), archive_key(key)
    grow(archive.log, 10, 20)
    for position in range(1, 21):
        text = str(archive.prove(position))
        proof = parse_proof(text)
        assert isinstance(proof, Inclusion)
        assert str(proof) == text
        told = check_proof(text, keys=[public] if position <= 9 else [], entry=archive.disclosed(position))
        assert told["size"] == (9 if position <= 9 else 20)
        assert told["leaf"]["position"] == position
        assert told["payload"]["summary"] == f"note {position}"
        assert check_proof(str(archive.prove(min(position, 9), made)), keys=[public], checkpoints=[made])
    with pytest.raises(NotProven, match="not signed by a key given"):
        check_proof(str(archive.prove(10)), keys=[public])
    for position in (21, 10):
        with pytest.raises(NoSuchEntry, match="reaches to entry"):
            archive.prove(position, made if position == 10 else None)


def test_a_proof_that_was_altered_does_not_hold(archive: Archive, key: Path) -> None:
    """Any hash, the leaf, the index, the size or the root; nor does one with the entry of another."""
    archive.checkpoint(key)
    public = archive_key(key)
    lines = str(archive.prove(4)).splitlines(keepends=True)
    assert check_proof("".join(lines), keys=[public])
    for number, line in enumerate(lines[:-1]):
        changed = line.replace("3", "4") if line.startswith("index") else line.replace(line[6:9], "AbC")
        if changed == line:
            continue
        with pytest.raises(NotProven):
            check_proof("".join([*lines[:number], changed, *lines[number + 1 :]]), keys=[public])
    for wrong in (archive.disclosed(5), archive.disclosed(4).replace("note 4", "note 5"), "{}", "no json"):
        with pytest.raises(NotProven, match="the entry given"):
            check_proof("".join(lines), entry=wrong)


def test_that_the_log_continues_an_earlier_one_is_proved(archive: Archive, key: Path) -> None:
    """From any size, to who kept the earlier checkpoint."""
    earlier, public = archive.checkpoint(key), archive_key(key)
    grow(archive.log, 10, 20)
    later = archive.checkpoint(key)
    text = str(archive.prove_consistency(earlier))
    assert isinstance(parse_proof(text), Consistency)
    told = check_proof(text, keys=[public], checkpoints=[earlier])
    assert (told["old"], told["size"], told["root"]) == (9, 20, later.root.hex())
    with pytest.raises(NotProven, match="nothing says what the log was then"):
        check_proof(text, keys=[public])
    with pytest.raises(NotProven, match="is not shown to continue"):
        check_proof(text, checkpoints=[Checkpoint(ORIGIN, 9, later.root)])
    with pytest.raises(NoSuchEntry, match="never of size 21"):
        archive.prove_consistency(21)
    with pytest.raises(Forked, match="another root than the checkpoint"):
        archive.prove_consistency(Checkpoint(ORIGIN, 9, later.root))
    with pytest.raises(Forked, match="is of the log elsewhere"):
        archive.prove_consistency(9, Checkpoint("elsewhere", 20, later.root))


def test_a_fork_is_never_signed(archive: Archive, key: Path) -> None:
    """Not one in the archive, whose record is kept in it, nor in a copy of it, whose record is beside the key."""
    grown = archive.checkpoint(key)
    beside = key.with_name("key.signed")
    assert beside.read_text() == grown.note
    unguarded(
        archive.engine,
        "UPDATE entries SET leaf = digest WHERE position = 9",
        "UPDATE head SET root = (SELECT digest FROM entries WHERE position = 8)",
    )
    with pytest.raises(DamagedLog, match="names another root"):
        archive.checkpoint(key)
    rewritten(archive.engine)
    with pytest.raises(Forked):
        archive.prove(3)
    beside.rename(beside.with_name("away"))
    with pytest.raises(Forked, match="at size 9 the log has another root than the checkpoint"):
        archive.checkpoint(key)
    assert not beside.exists()
    beside.with_name("away").rename(beside)
    with write_transaction(archive.engine) as connection:
        connection.execute(delete(tables.signed))
    with pytest.raises(Forked, match="at size 9 the log has another root than the checkpoint"):
        archive.checkpoint(key)
    assert beside.read_text() == grown.note
    beside.write_text("damaged")
    with pytest.raises(NotProven, match="is damaged"):
        archive.checkpoint(key)


def rewritten(engine: Engine) -> None:
    """Make tree and head fit the entries as they are."""
    with write_transaction(engine) as connection:
        leaves = connection.execute(text("SELECT leaf FROM entries ORDER BY position")).scalars().all()
        frontier = Frontier()
        full = frontier.extend(bytes(leaf) for leaf in leaves)
        connection.execute(delete(tables.nodes))
        if full:
            connection.execute(
                tables.nodes.insert(), [dict(zip(("level", "number", "hash"), node, strict=True)) for node in full]
            )
        connection.execute(update(tables.head).values(size=len(leaves), frontier=bytes(frontier), root=frontier.root()))


def test_an_older_copy_of_the_archive_is_not_signed(tmp_path: Path) -> None:
    """It forgot what it had signed; the file beside the key did not."""
    path = tmp_path / "archive.db"
    build_archive(str(path))
    with Archive.open(path) as archive:
        grow(archive.log, 1, 5)
        archive.new_key(tmp_path / "key")
        archive.checkpoint(tmp_path / "key")
    shutil.copy(path, tmp_path / "older.db")
    with Archive.open(path) as archive:
        grow(archive.log, 6, 8)
        archive.checkpoint(tmp_path / "key")
    with Archive.open(tmp_path / "older.db") as older:
        with pytest.raises(Forked, match="the log has 5 entries, the checkpoint 8"):
            older.checkpoint(tmp_path / "key")
        grow(older.log, 6, 8, "other")
        with pytest.raises(Forked, match="at size 8 the log has another root"):
            older.checkpoint(tmp_path / "key")


def test_an_entry_that_was_altered_is_not_proved(archive: Archive) -> None:
    """No proof is made of what is not in the log."""
    unguarded(archive.engine, "UPDATE entries SET stream = 'registry' WHERE position = 3")
    with pytest.raises(DamagedLog, match="entry 3 is not what was appended"):
        archive.prove(3)
    assert archive.prove(4).check()["position"] == 4


def test_the_empty_log_has_a_checkpoint_too(engine: Engine) -> None:
    """Of size 0, with the root of nothing; no entry is proved under it."""
    made = Archive(engine).checkpoint()
    assert parse_checkpoint(made.note).size == 0
    with pytest.raises(NoSuchEntry):
        Archive(engine).prove(1)


def archive_key(path: Path) -> Verifier:
    """The public key of a secret one."""
    return Signer.parse(path.read_text()).verifier
