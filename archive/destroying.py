"""An archive made to forget: the content of an entry, the kept text of a source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from archive.log.log import Log

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from archive.log.writing import Writing
    from archive.queries.redacting import Forgetting, Redacting


class Destroying:
    """What destroys, of an ``Archive``, which has the engine and the log."""

    _engine: Engine
    log: Log

    def redacting(self, position: int, reason: str, keep: Sequence[str] = ()) -> Redacting:
        """What `redact` would destroy and keep; nothing is changed."""
        from archive.queries.redacting import redacting  # noqa: PLC0415  # only this needs it

        with self.log.reading() as connection:
            return redacting(connection, position, reason, keep)

    def redact(
        self, position: int, reason: str, keep: Sequence[str] = (), *, who: str, program: str, why: str | None = None
    ) -> tuple[Redacting, int | None]:
        """Destroy the content of an entry; what is kept of it is appended in the same transaction, in its place.

        Returns what was done and the position of the entry that says so; of one that was redacted before, nothing is
        done. The answer at every record time is then what it would be without the entry. Call `erase` afterwards.
        """
        from archive.log.redacting import destroy  # noqa: PLC0415  # only this needs it
        from archive.projections.projector import project_rows  # noqa: PLC0415  # the same
        from archive.projections.reach import catch_up, note  # noqa: PLC0415  # the same
        from archive.projections.redaction import without  # noqa: PLC0415  # the same
        from archive.projections.search_index import reindex  # noqa: PLC0415  # the same
        from archive.queries.redacting import redacting  # noqa: PLC0415  # the same

        def work(writing: Writing) -> tuple[Redacting, int | None]:
            connection = writing.connection
            catch_up(connection, self.log.head(connection).size)
            made = redacting(connection, position, reason, keep)
            if made.event is None:
                return made, made.by
            (answer,) = writing.append([made.event])
            if answer.entry is None:
                raise AssertionError("no earlier entry redacts what is there still")
            without(connection, position, lambda: destroy(connection, position))
            project_rows(connection, [answer.entry], writing.recorded_at)
            note(connection, answer.position)
            reindex(connection)
            return made, answer.position

        return self.log.transact(work, who=who, program=program, why=why)

    def forgetting(self, source: str, version: str | None = None) -> Forgetting:
        """What `forget` would destroy; nothing is changed. UsageError where no text is kept, or which is not clear."""
        from archive.queries.redacting import forgetting  # noqa: PLC0415  # only this needs it

        with self.log.reading() as connection:
            return forgetting(connection, source, version)

    def forget(self, source: str, version: str | None = None) -> Forgetting:
        """Destroy the kept text of a source, of all its versions or of one; the log stays. Call `erase` afterwards."""
        from archive.log.redacting import overwrite  # noqa: PLC0415  # only this needs it
        from archive.log.transactions import retrying, write_transaction  # noqa: PLC0415  # the same
        from archive.projections.texts import remove  # noqa: PLC0415  # the same
        from archive.queries.redacting import forgetting  # noqa: PLC0415  # the same

        def whole() -> Forgetting:
            with write_transaction(self._engine) as connection:
                found = forgetting(connection, source, version)
                overwrite(connection)
                for digest in found.kept:
                    remove(connection, digest)
                return found

        return retrying(whole)

    def erase(self) -> tuple[str, ...]:
        """Leave no copy of what was destroyed in the files of the database; what had to be left, in words.

        Rewrites the database, and waits for other programs as long as an append does.
        """
        from archive.log.erasing import erase  # noqa: PLC0415  # only this needs it

        return erase(self._engine)

    def stored_size(self) -> int:
        """The bytes that the archive takes on the disk."""
        from archive.log.erasing import stored_size  # noqa: PLC0415  # only this needs it

        return stored_size(self._engine)
