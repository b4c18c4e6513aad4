"""The log vouched for: checkpoints of it, signed and unsigned, and the proofs made under them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from archive.errors import DamagedLog, Forked, NoSuchEntry, NotProven, UsageError
from archive.log import codec, nodes, tables
from archive.log.checkpoints import Checkpoint, parse_checkpoint
from archive.log.entries import Head, read_head
from archive.log.keys import last_signed, note_signed, opened_key, write_key
from archive.log.notes import Signer, is_key_name
from archive.log.proving import Consistency, Inclusion
from archive.log.schema import origin_of
from archive.log.transactions import write_transaction

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

VERIFY = "see what else is wrong: archive verify"

ELSEWHERE = "this is not the log that the checkpoint was made of, or it was rolled back or rewritten: archive verify"


def new_key(connection: Connection, path: Path) -> Signer:
    """A new key in the log's name, in a file of its own. Raises UsageError."""
    origin = origin_of(connection)
    if not is_key_name(origin):
        raise UsageError(
            f"the archive is called {origin!r}, and no key can be: it has a blank or a + in it",
            hint="make an archive with another --origin",
        )
    signer = Signer.new(origin)
    write_key(path, signer)
    return signer


def checkpoint_of(connection: Connection) -> Checkpoint:
    """The checkpoint of the log as it is now, which nobody has signed. Raises DamagedLog if its head is not so."""
    head = read_head(connection)
    checkpoint = Checkpoint(origin_of(connection), head.size, _root(connection, head))
    return Checkpoint(checkpoint.origin, checkpoint.size, checkpoint.root, checkpoint.unsigned)


def sign(engine: Engine, path: Path) -> Checkpoint:
    """The checkpoint of the log as it is now, signed by the key of a file, and kept before this returns.

    What the key and the archive signed last must be what the log begins with: else Forked, and nothing is signed.
    """
    with opened_key(path) as signer, write_transaction(engine) as connection:
        head = read_head(connection)
        checkpoint = Checkpoint(origin_of(connection), head.size, _root(connection, head))
        if signer.verifier.name != checkpoint.origin:
            raise UsageError(
                f"the key is that of {signer.verifier.name}, the archive is called {checkpoint.origin}",
                hint="make a key of this archive: archive checkpoint keygen FILE",
            )
        for earlier in (last_signed(path, signer), signed(connection)):
            if earlier is not None:
                refuse_fork(connection, earlier, head)
        note = signer.sign(checkpoint.text)
        note_signed(path, note)
        _keep(connection, head, note)
    return Checkpoint(checkpoint.origin, head.size, checkpoint.root, note, (signer.verifier.name,))


def signed(connection: Connection) -> Checkpoint | None:
    """The last checkpoint that was signed of this archive, its signature not looked at."""
    note = connection.execute(select(tables.signed.c.note)).scalar_one_or_none()
    return None if note is None else parse_checkpoint(note)


def refuse_fork(connection: Connection, earlier: Checkpoint, head: Head) -> None:
    """Raise Forked unless the log begins with what it was at an earlier checkpoint."""
    if earlier.origin != origin_of(connection):
        raise Forked(f"the checkpoint is of the log {earlier.origin}, this is {origin_of(connection)}", hint=ELSEWHERE)
    if earlier.size > head.size:
        raise Forked(f"the log has {head.size} entries, the checkpoint {earlier.size}", hint=ELSEWHERE)
    if nodes.root_at(connection, earlier.size) != earlier.root:
        raise Forked(f"at size {earlier.size} the log has another root than the checkpoint", hint=ELSEWHERE)


def prove_entry(connection: Connection, position: int, given: Checkpoint | None = None) -> Inclusion:
    """The proof that an entry is in the log, under the checkpoint given, else the last signed that reaches it, else
    one of now that nobody signed. Raises NoSuchEntry, Forked, and DamagedLog for an entry that is not what it was."""
    checkpoint = _under(connection, given, position)
    if not 1 <= position <= checkpoint.size:
        raise NoSuchEntry(f"the checkpoint reaches to entry {checkpoint.size}, not to {position}")
    row = connection.execute(
        select(tables.entries, tables.appends.c.digest.label("append"))
        .join(tables.appends, tables.appends.c.id == tables.entries.c.append_id)
        .where(tables.entries.c.position == position)
    ).first()
    if row is None:
        raise NoSuchEntry(f"the log has no entry {position}")
    leaf = codec.leaf_data(
        append=row.append,
        payload=row.digest,
        position=position,
        recorded_at=row.recorded_at,
        stream=row.stream,
        name=row.type,
        type_version=row.type_version,
        version=row.version,
    )
    hashes = nodes.inclusion_proof(connection, position - 1, checkpoint.size)
    proof = Inclusion(leaf, position - 1, tuple(hashes), checkpoint)
    try:
        proof.check()
    except NotProven as error:
        raise DamagedLog(f"entry {position} is not what was appended: {error.message}", hint=VERIFY) from error
    return proof


def prove_consistency(connection: Connection, old: int | Checkpoint, given: Checkpoint | None = None) -> Consistency:
    """The proof that the log continues what it was at an old size or checkpoint, to the checkpoint given, else the
    last signed that is later, else one of now that nobody signed. Raises NoSuchEntry and Forked."""
    size = old if isinstance(old, int) else old.size
    checkpoint = _under(connection, given, size)
    if isinstance(old, Checkpoint):
        refuse_fork(connection, old, read_head(connection))
    if size > checkpoint.size:
        raise NoSuchEntry(f"the log was never of size {size}: the checkpoint is of {checkpoint.size}")
    return Consistency(size, tuple(nodes.consistency_proof(connection, size, checkpoint.size)), checkpoint)


def _under(connection: Connection, given: Checkpoint | None, reaching: int) -> Checkpoint:
    if given is not None:
        refuse_fork(connection, given, read_head(connection))
        return given
    last = signed(connection)
    if last is None or last.size < reaching:
        return checkpoint_of(connection)
    refuse_fork(connection, last, read_head(connection))
    return last


def _root(connection: Connection, head: Head) -> bytes:
    """The root of the head, which its tree must have."""
    root = nodes.root_at(connection, head.size)
    if root.hex() != head.root:
        raise DamagedLog(f"the head of the log names another root than its {head.size} entries", hint=VERIFY)
    return root


def _keep(connection: Connection, head: Head, note: str) -> None:
    values = {"size": head.size, "note": note}
    there = connection.execute(select(tables.signed.c.id)).first()
    connection.execute(
        insert(tables.signed).values(id=1, **values) if there is None else update(tables.signed).values(**values)
    )
