"""An archive vouched for and checked: checkpoints, proofs, and whether it is what it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from archive.log.checkpoints import Checkpoint
    from archive.log.log import Log
    from archive.log.notes import Verifier
    from archive.log.proving import Consistency, Inclusion
    from archive.verifying import Verified


class Proving:
    """The proofs of an ``Archive``, which has the engine and the log."""

    _engine: Engine
    log: Log

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection on one consistent snapshot, which cannot write."""
        return self.log.reading()

    def new_key(self, path: Path) -> Verifier:
        """Make a secret key in the archive's name, in a new file that its owner alone can read; its public key."""
        from archive.log.signing import new_key  # noqa: PLC0415  # only this needs it

        with self.reading() as connection:
            return new_key(connection, path).verifier

    def checkpoint(self, key: Path | None = None) -> Checkpoint:
        """How long the log is and what its root is, signed by the key of a file, or marked as unsigned.

        Raises Forked, and signs nothing, where the log does not continue what was signed last.
        """
        from archive.log.signing import checkpoint_of, sign  # noqa: PLC0415  # only this needs it

        if key is not None:
            return sign(self._engine, key)
        with self.reading() as connection:
            return checkpoint_of(connection)

    def prove(self, position: int, checkpoint: Checkpoint | None = None) -> Inclusion:
        """The proof that an entry is in the log, under the checkpoint given, else the last signed that reaches it."""
        from archive.log.signing import prove_entry  # noqa: PLC0415  # only this needs it

        with self.reading() as connection:
            return prove_entry(connection, position, checkpoint)

    def prove_consistency(self, old: int | Checkpoint, checkpoint: Checkpoint | None = None) -> Consistency:
        """The proof that the log continues what it was at an old size or checkpoint."""
        from archive.log.signing import prove_consistency  # noqa: PLC0415  # only this needs it

        with self.reading() as connection:
            return prove_consistency(connection, old, checkpoint)

    def disclosed(self, position: int) -> str:
        """An entry as it is stored, with its salt: who has it and a proof knows what the proof is of."""
        from archive.exchange.disclosure import disclosed  # noqa: PLC0415  # only this needs it

        return disclosed(self.log, position)

    def verify(
        self,
        checkpoints: Sequence[tuple[str, Checkpoint]] = (),
        *,
        log_alone: bool = False,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> Verified:
        """What is found when everything is made anew and compared; checkpoints each with what to call it.

        With ``log_alone``, or where the log does not verify, what is made from it is not looked at. ``progress`` hears
        what is being done, how many entries of it are done, and of how many. Nothing is changed, and nothing that is
        found is raised.
        """
        from archive.verifying import verify  # noqa: PLC0415  # only this needs it

        return verify(self._engine, checkpoints, log_alone=log_alone, progress=progress)


def check_proof(
    text: str,
    *,
    keys: Sequence[Verifier] = (),
    checkpoints: Sequence[Checkpoint] = (),
    entry: str | None = None,
) -> dict[str, Any]:
    """What a proof proves, as JSON values: it needs no archive. Raises NotProven.

    With keys, one of them must have signed its checkpoint; with checkpoints, one must be what the proof is under, or
    for a log that continues, what it continues. ``entry`` is what ``disclosed`` gave.
    """
    from archive.exchange.disclosure import checked  # noqa: PLC0415  # only this needs it

    return checked(text, keys, checkpoints, entry)
