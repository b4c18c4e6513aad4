"""A proof told to a stranger: what it proves, and what the entry says that it is of. No archive is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from archive.errors import NoSuchEntry, NotProven
from archive.exchange.log import ENTRY, of_entry, to_entry
from archive.exchange.log_reading import fits
from archive.log.codec import digest
from archive.log.copying import stored_entry
from archive.log.proving import Consistency, parse_proof

if TYPE_CHECKING:
    from archive.log.checkpoints import Checkpoint
    from archive.log.log import Log
    from archive.log.notes import Verifier


def disclosed(log: Log, position: int) -> str:
    """The line of an entry in an export of the log. Raises NoSuchEntry, for a redacted one too."""
    with log.reading() as connection:
        entry = stored_entry(connection, position)
    if entry is None or entry.payload is None:
        raise NoSuchEntry(f"the log has no entry {position}" if entry is None else f"entry {position} is redacted")
    return orjson.dumps(of_entry(entry)).decode()


def checked(
    text: str, keys: Sequence[Verifier], checkpoints: Sequence[Checkpoint], entry: str | None
) -> dict[str, Any]:
    """What a proof proves, as JSON values. Raises NotProven."""
    proof = parse_proof(text, keys)
    newer = proof.checkpoint
    about = {"origin": newer.origin, "size": newer.size, "root": newer.root.hex(), "signed_by": list(newer.signers)}
    if isinstance(proof, Consistency):
        if entry is not None:
            raise NotProven("the proof is of no entry: it shows that a log continues an earlier one")
        known = _earlier(proof, checkpoints)
        return {"proved": "consistency", **about, "old": proof.old, "old_root": known.root.hex()}
    leaf = proof.check()
    known_to = _the_same(newer, checkpoints)
    told = {"proved": "inclusion", **about, "checkpoint_given": known_to, "leaf": dict(leaf)}
    return told if entry is None else told | {"payload": _payload(entry, leaf)}


def _earlier(proof: Consistency, checkpoints: Sequence[Checkpoint]) -> Checkpoint:
    """The checkpoint given that the newer one is proved to continue."""
    if not checkpoints:
        raise NotProven(
            f"the proof begins at size {proof.old}, and nothing says what the log was then",
            hint="give the checkpoint that you kept: --checkpoint FILE",
        )
    earlier = next((one for one in checkpoints if one.size == proof.old), checkpoints[0])
    proof.check(earlier)
    return earlier


def _the_same(checkpoint: Checkpoint, checkpoints: Sequence[Checkpoint]) -> bool:
    """Whether one of the checkpoints given is that of the proof; NotProven where one of its size is not."""
    for given in checkpoints:
        if given.origin != checkpoint.origin:
            raise NotProven(f"the proof is of the log {checkpoint.origin}, the checkpoint given of {given.origin}")
        if given.size == checkpoint.size and given.root != checkpoint.root:
            raise NotProven(
                f"the log was forked: at size {given.size} the proof has another root than the checkpoint given",
                hint="keep both: together they show that the log told two stories",
            )
    if checkpoints and checkpoint not in checkpoints:
        raise NotProven(
            f"the proof is under a checkpoint of size {checkpoint.size}, which is none of those given",
            hint="ask for: archive prove POSITION --checkpoint FILE",
        )
    return bool(checkpoints)


def _payload(text: str, leaf: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry says that is the one of a leaf."""
    try:
        line = orjson.loads(text)
    except orjson.JSONDecodeError:
        line = None
    if not isinstance(line, dict) or not all(fits(name, line.get(name), kind) for name, kind in ENTRY.items()):
        raise NotProven("the entry given is not written as one is", hint="ask for: archive prove POSITION --entry FILE")
    entry = to_entry(line)
    said = (entry.position, entry.stream, entry.version, entry.type, entry.type_version)
    proved = tuple(leaf[name] for name in ("position", "stream", "version", "type", "type_version"))
    if entry.payload is None or entry.salt is None or said != proved:
        raise NotProven(f"the entry given is not entry {leaf['position']}, which the proof is of")
    if digest(entry.salt, entry.payload).hex() != leaf["payload"]:
        raise NotProven(f"the entry given is not what was appended as entry {leaf['position']}")
    payload: dict[str, Any] = orjson.loads(entry.payload)
    return payload
