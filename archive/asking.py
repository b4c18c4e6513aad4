"""An archive asked: every question that reads and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archive.log.log import Log
from archive.times import to_instant

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from archive.exchange.importing import Given
    from archive.exchange.taking import Taken
    from archive.log.entries import Head
    from archive.queries.differences import Clock
    from archive.queries.published import Published
    from archive.queries.registers import Registers
    from archive.queries.sql import Rows


class Asking:
    """The questions of an ``Archive``, which has the engine, the clock and the log."""

    _engine: Engine
    _clock: Callable[[], datetime]
    log: Log

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection on one consistent snapshot, which cannot write."""
        return self.log.reading()

    def projected(self) -> Head:
        """The head of the log as far as the read model goes, and how many entries it is behind."""
        with self.reading() as connection:
            return self.log.projected(connection)

    def known(self) -> Registers:
        """What intake must know of the archive: ids, names, entries, and the time now."""
        from archive.queries.registers import Registers  # noqa: PLC0415  # only `append` needs it

        return Registers(self.log, to_instant(self._clock()))

    def project(
        self,
        at: str | None = None,
        organisations: Sequence[str] = (),
        *,
        as_reported: str | None = None,
        as_recorded: str | None = None,
        basis: str = "press",
    ) -> dict[str, Any]:
        """The snapshot at an instant (now unless given), as JSON values.

        Instants are canonical; ``as_recorded`` may be ``@SIZE`` of the log. In every question an organisation is an id
        or a recorded name.
        """
        from archive.queries import snapshot  # noqa: PLC0415  # only this question needs it

        with self.reading() as connection:
            head = self.log.projected(connection)
            return snapshot.project(
                connection,
                head=head,
                at=at or to_instant(self._clock()),
                organisations=organisations,
                as_reported=as_reported,
                as_recorded=as_recorded,
                basis=basis,
                meant=lambda one: _meant(connection, head, one, as_recorded),
            )

    def explain(
        self, organisation: str, item: str, *, model: str = "tenures", at: str | None = None, **known: Any
    ) -> dict[str, Any]:
        """Why the archive says what it says of an office, or of an item of another model, as JSON values.

        ``known`` is ``as_reported``, ``as_recorded`` and ``basis``, as in ``project``.
        """
        from archive.queries.explanation import explain  # noqa: PLC0415  # only this question needs it
        from archive.queries.meant import item_meant  # noqa: PLC0415  # only a question about an item needs it

        with self.reading() as connection:
            head, then = self.log.projected(connection), known.get("as_recorded")
            organisation = _meant(connection, head, organisation, then) if organisation else ""
            item = item_meant(connection, head, organisation, item, then)
            asked = {"organisation": organisation, "item": item, "model": model, "at": at or to_instant(self._clock())}
            return explain(connection, head=head, **asked, **known)

    def conflicts(self, organisation: str | None = None, **known: Any) -> dict[str, Any]:
        """What cannot all be true, of one organisation or of all, and what settled it, as JSON values."""
        from archive.queries.conflicts import conflicts  # noqa: PLC0415  # only this question needs it

        with self.reading() as connection:
            head = self.log.projected(connection)
            named = _meant(connection, head, organisation, known.get("as_recorded")) if organisation else None
            return conflicts(connection, head=head, organisation=named, **known)

    def search(
        self, words: str, *, organisation: str | None = None, limit: int | None = None, **known: Any
    ) -> dict[str, Any]:
        """The names, sources, reports and kept texts in which all of these words stand, as JSON values.

        Text in double quotes is one phrase. ``known`` is ``as_reported`` and ``as_recorded``, as in ``project``.
        """
        from archive.queries.search import search  # noqa: PLC0415  # only this question needs it

        with self.reading() as connection:
            head = self.log.projected(connection)
            named = _meant(connection, head, organisation, known.get("as_recorded")) if organisation else None
            return search(connection, words, head=head, organisation=named, limit=limit, **known)

    def diff(
        self,
        clock: Clock,
        between: tuple[str, str],
        *,
        at: str | None = None,
        organisations: Sequence[str] = (),
        **known: Any,
    ) -> dict[str, Any]:
        """What changed between two instants on one clock, and which entries changed it, as JSON values."""
        from archive.queries.differences import diff  # noqa: PLC0415  # only this question needs it

        with self.reading() as connection:
            head = self.log.projected(connection)
            named = [_meant(connection, head, one, known.get("as_recorded")) for one in organisations]
            asked = {"at": at or to_instant(self._clock()), "organisations": named, **known}
            return diff(connection, head=head, clock=clock, between=between, **asked)

    def sources(self) -> list[dict[str, Any]]:
        """Every source with its versions, as JSON values."""
        from archive.queries.sources import sources  # noqa: PLC0415  # only this question needs it

        with self.reading() as connection:
            return sources(connection)

    def source(self, source: str) -> dict[str, Any]:
        """One source with its versions and the origins that it goes back to, as JSON values."""
        from archive.queries.sources import source as one  # noqa: PLC0415  # only this question needs it

        with self.reading() as connection:
            return one(connection, self.log.projected(connection), source)

    def passages(self, source: str, version: str | None = None) -> dict[str, Any]:
        """The kept text of a version of a source (the first unless given) with the passages cited of it, as JSON
        values; `covered` is how many of its code points they take."""
        from archive.queries.sources import passages  # noqa: PLC0415  # only this question needs it

        with self.reading() as connection:
            return passages(connection, self.log.projected(connection), self.known(), source, version)

    def timeline(self, organisation: str, offices: Sequence[str] = (), **known: Any) -> dict[str, Any]:
        """Who held which office over time, as JSON values: what a picture is drawn from.

        ``known`` is ``as_reported``, ``as_recorded`` and ``basis``, as in ``project``, and ``include_internal``, which
        is so unless given.
        """
        from archive.queries.lanes import lanes  # noqa: PLC0415  # only this question needs it
        from archive.queries.meant import item_meant  # noqa: PLC0415  # only a question about an item needs it

        with self.reading() as connection:
            head = self.log.projected(connection)
            organisation = _meant(connection, head, organisation, known.get("as_recorded"))
            named = [item_meant(connection, head, organisation, one, known.get("as_recorded")) for one in offices]
            return lanes(connection, head=head, organisation=organisation, offices=named, **known)

    def publication(
        self, organisation: str, *, at: str | None = None, include_internal: bool = False
    ) -> dict[str, Any]:
        """What is known now of an organisation at every instant, report time and floor, as JSON values: what a page
        is made from. ``at`` is where it begins, now unless given. Nothing internal is in it unless it is asked for."""
        from archive.queries.publication import publication  # noqa: PLC0415  # only this question needs it

        at = at or to_instant(self._clock())
        with self.reading() as connection:
            head = self.log.projected(connection)
            organisation = _meant(connection, head, organisation)
            return publication(
                connection, head=head, organisation=organisation, at=at, include_internal=include_internal
            )

    def importing(self, form: str, data: bytes, name: str, given: Given) -> Taken:
        """What a file of data (`popolo` or `csv`) comes to: events to be appended, or faults; nothing is appended.

        Raises UsageError for a version that is older than the one imported last.
        """
        from archive.exchange.importing import importing  # noqa: PLC0415  # only `import` needs it
        from archive.queries.earlier import Earlier  # noqa: PLC0415  # only versions of a file need it

        with self.reading() as connection:
            return importing(Earlier(connection, given.source), self.known(), form, data, name, given)

    @contextmanager
    def published(self, *, include_internal: bool = False) -> Iterator[Published]:
        """What may be given away of the archive, on one snapshot: entries and rows of the read models."""
        from archive.queries.published import Published  # noqa: PLC0415  # only `export` needs it

        with self.reading() as connection:
            yield Published(connection, include_internal=include_internal)

    def query(self, sql: str, *, limit: int | None = None, seconds: float | None = None) -> Rows:
        """Answer one read-only SQL statement on the read model, in a minute unless ``seconds`` says otherwise."""
        from archive.queries.sql import SECONDS, query  # noqa: PLC0415  # only this question needs it

        return query(self._engine, sql, limit=limit, seconds=SECONDS if seconds is None else seconds)


def _meant(connection: Connection, head: Head, organisation: str, as_recorded: str | None = None) -> str:
    """The id of the organisation that an id or a name means, as recorded then."""
    from archive.queries.meant import organisation_meant  # noqa: PLC0415  # not every question names one

    return organisation_meant(connection, head, organisation, as_recorded)
