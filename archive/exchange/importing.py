"""A file of data into an archive: registered as a source, read by its conventions, held against what is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archive.errors import UsageError
from archive.exchange.conventions import Conventions, settle
from archive.exchange.listing import Listing, Wire
from archive.exchange.popolo import read_popolo
from archive.exchange.spreadsheet import read_csv
from archive.exchange.taking import Speaking, Taken, Taking
from archive.intake.adding import adding
from archive.intake.append import Intake
from archive.intake.documents import digest_of
from archive.intake.faults import Wrong
from archive.times import TimeFault, parse_time
from events.sources import SourceRegistered

if TYPE_CHECKING:
    from archive.queries.earlier import Earlier
    from archive.queries.registers import Registers

READERS: dict[str, Callable[[bytes, str, Conventions, str], Listing]] = {"popolo": read_popolo, "csv": read_csv}
"""The reader of each format: of the bytes, the file's name, the conventions, and when what has no date was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is said of a file beside its bytes.

    source: its id; registration: further fields of it (`title`, `url`, `published`, `access` …)
    settings: how it is read, where that is said; basis: of every report of it
    """

    source: str
    registration: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    basis: str = "stated"
    retract: bool = False
    without_faulty: bool = False


def importing(  # noqa: PLR0917 - where, and what
    earlier: Earlier, known: Registers, form: str, data: bytes, name: str, given: Given
) -> Taken:
    """What the file comes to, to be appended. Raises UsageError for a version older than the last one imported."""
    digest = digest_of(data)
    registered = earlier.source
    try:
        conventions, wires, version = _registered(registered, known, digest, name, given)
    except Wrong as wrong:
        return Taken(Intake([], [wrong.at(name, None)], []))
    versions = [] if registered is None else [one["sha256"] for one in registered["versions"]]
    if digest in versions[:-1]:
        raise UsageError(
            f"{name} is an earlier version of {given.source} than the one imported last",
            hint="import the newest file; what the archive knew before is asked with --as-recorded",
        )
    published = given.registration.get("published")
    if registered is not None and versions and digest not in versions and published is not None:
        _check_order(registered, published, given)
    listing = READERS[form](data, name, conventions, published or f"[..{known.now}]")
    speaking = Speaking(given.source, version, given.basis, not versions, conventions["tz"])
    taking = Taking(known, earlier, speaking, name)
    taking.source(wires)
    taking.take(listing, retract=given.retract)
    return taking.finish(listing, without_faulty=given.without_faulty)


def _registered(
    registered: Mapping[str, Any] | None, known: Registers, digest: str, name: str, given: Given
) -> tuple[Conventions, list[Wire], str | None]:
    """The conventions, the reports that register the file, and the digest that its reports name."""
    fields = {**given.registration, "source": given.source}
    if registered is None:
        conventions = settle(given.source, given.settings, None)
        wire = {"type": "SourceRegistered", **fields, "sha256": digest, "read_as": list(conventions.stored())}
        return conventions, [wire], None
    event = known.entry(registered["position"])
    stored = event.read_as if isinstance(event, SourceRegistered) else ()
    wires: list[Wire] = []
    conventions = settle(given.source, given.settings, stored or None)
    if not stored:
        changes = {"read_as": list(conventions.stored())}
        wires.append({"type": "Amended", "target": registered["position"], "by": "archive", "changes": changes})
    found = adding(fields, digest, name, [registered], known.entry)
    if found.wire is not None:
        wires.append(found.wire)
    first = registered["versions"][0]["sha256"] if registered["versions"] else None
    return conventions, wires, None if digest == first else digest


def _check_order(registered: Mapping[str, Any], published: str, given: Given) -> None:
    """Refuse a new version that was published before the last one: what changed since would be changed back."""
    last = registered["versions"][-1]["published"] or {}
    try:
        latest = parse_time(published, given.registration.get("tz")).latest
    except TimeFault:
        return
    if latest is not None and last.get("latest") and latest < last["latest"]:
        raise UsageError(
            f"--published {published} is before that of the version imported last, {last['text']}",
            hint="import versions in the order in which they were published",
        )
