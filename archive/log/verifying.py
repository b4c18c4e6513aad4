"""The log against itself: stored bytes against digests, digests against leaves, leaves against tree and head.

Nothing that is stored is believed: every hash is made anew from the bytes. What a whole rewrite made consistent again
is found by a checkpoint kept elsewhere alone (``checkpoints``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from archive.log import codec, nodes
from archive.log.checkpoints import Checkpoint
from archive.log.continuity import Checked, check_checkpoints, last_signed
from archive.log.dedupe import Keying
from archive.log.findings import Findings, positions
from archive.log.merkle import STEP, Frontier, leaf_hash
from archive.log.stored_rows import AppendRow, EntryRow, append_rows, entry_pages, rows
from events.later import Redacted

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from events import Event

Progress = Callable[[int], None]
"""Told from time to time how many entries are checked."""

MOST_COMPARED = 200
"""Entries that are not what they were, and that are tried at each other's positions."""

LIBRARY = codec.canonical({"who": "", "program": "eventsourcing", "why": None})
"""The header of what the library appended by itself, which has no dedupe keys."""


def check_log(
    connection: Connection,
    findings: Findings,
    checkpoints: Sequence[tuple[str, Checkpoint]] = (),
    progress: Progress | None = None,
) -> Checked:
    """Check every row of the log's own tables, and the log against checkpoints, each with what to call it."""
    origin, secret, size = "", b"", 0
    with findings.reading("the archive's own row"):
        ((origin, secret),) = rows(connection, "SELECT origin, dedupe_key FROM archive")
    given = [*checkpoints]
    with findings.reading("the last signed checkpoint"):
        given += last_signed(connection, findings)
    log = _Log(connection, findings, bytes(secret), {one.size for _, one in given})
    with findings.reading("the log"):
        log.read(progress)
    with findings.reading("the head of the log"):
        size = log.check_head()
    with findings.reading("the tree of the log"):
        log.check_tree(size)
    log.tell()
    check_checkpoints(findings, origin, log.checked, given)
    return log.checked


class _Log:
    """The log under check: read once, in order."""

    def __init__(self, connection: Connection, findings: Findings, secret: bytes, wanted: set[int]) -> None:
        self.checked = Checked()
        self._connection = connection
        self._findings = findings
        self._keying = Keying(secret)
        self._wanted = wanted
        self._frontier = Frontier()
        self._whole = True
        self._append: AppendRow | None = None
        self._appends = 0
        self._versions: dict[str, int] = defaultdict(int)
        self._wrong: dict[int, tuple[EntryRow, AppendRow]] = {}
        self._bad: set[int] = set()
        self._emptied: dict[int, EntryRow] = {}
        self._targets: set[int] = set()
        self._nodes = 0
        self._wrong_nodes: set[int] = set()
        if 0 in wanted:
            self.checked.roots[0] = self._frontier.root()

    def read(self, progress: Progress | None) -> None:
        """Check every entry and its append."""
        for page in entry_pages(self._connection):
            found = append_rows(self._connection, (row.append_id for row in page))
            leaves: list[bytes] = []
            for row in page:
                self._gap(row.position)
                append = self._append_of(row, found)
                if append is not None:
                    leaves.append(self._entry(row, append))
                else:
                    self._whole = False
                self.checked.size = row.position
                if self._whole and row.position in self._wanted:
                    self._grow(leaves)
                    self.checked.roots[row.position] = self._frontier.root()
            self._grow(leaves)
            if progress is not None:
                progress(self.checked.size)
        if self._whole:
            self.checked.root = self._frontier.root()

    def _gap(self, position: int) -> None:
        missing = range(self.checked.size + 1, position)
        if missing:
            self._whole = False
            self._findings.add("deleted", f"{positions(missing)} {_are(missing)} missing", missing[0])
        elif position <= self.checked.size:
            self._whole = False
            self._findings.add("reordered", f"an entry stands at {position}, after {self.checked.size}", position)

    def _append_of(self, row: EntryRow, found: dict[int, AppendRow]) -> AppendRow | None:
        append = self._append
        if append is not None and append.id == row.append_id:
            return append
        append = found.get(row.append_id)
        if append is None:
            self._bad.add(row.position)
            self._findings.add("append", f"append {row.append_id}, of entry {row.position}, is missing", row.position)
            return None
        before, self._append = self._append, append
        self._appends += 1
        name = f"append {append.id}"
        if append.id != (1 if before is None else before.id + 1):
            self._findings.add("append", f"{name} does not follow the one before it", row.position)
        if append.first_position != row.position:
            said = f"{name} says that it begins at {append.first_position}, and begins at {row.position}"
            self._findings.add("append", said, row.position)
        if before is not None and append.recorded_at <= before.recorded_at:
            self._findings.add("append", f"{name} was not recorded after the one before it", row.position)
        if not _hashes(append.salt, append.header, append.digest):
            said = f"{name} does not say what it said: who appended, with what or why was altered"
            self._findings.add("append", said, row.position)
        return append

    def _entry(self, row: EntryRow, append: AppendRow) -> bytes:
        """Check one entry; the hash of its leaf, made anew."""
        leaf = _leaf(row, append, row.position, row.stream)
        known = self._findings.total
        if not _hashes(row.salt, row.payload, row.digest):
            self._findings.add("edited", f"the content of entry {row.position} is not what was appended", row.position)
        elif leaf != row.leaf:
            self._wrong[row.position] = (row, append)
        if row.payload is None and row.salt is None:
            self._emptied[row.position] = row
            self.checked.redacted += 1
        if row.recorded_at != append.recorded_at:
            said = f"entry {row.position} has another record time than its append"
            self._findings.add("edited", said, row.position)
        self._content(row, append)
        due = self._versions[row.stream] + 1
        if row.version != due:
            said = f"entry {row.position} is version {row.version} of {row.stream}, and {due} is due"
            self._findings.add("moved", said, row.position)
        self._versions[row.stream] = row.version
        if self._findings.total > known or row.position in self._wrong:
            self._bad.add(row.position)
        return leaf

    def _content(self, row: EntryRow, append: AppendRow) -> None:
        """What an entry says, against where it stands and the keys by which it is known again."""
        event: Event | None = None
        if row.payload is not None:
            try:
                event = codec.decode(row.type, row.type_version, row.payload)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                self._findings.add("edited", f"entry {row.position} cannot be read: {error!r}", row.position)
                return
        if event is not None and event.stream != row.stream:
            said = f"entry {row.position} stands in the stream {row.stream} and belongs to {event.stream}"
            self._findings.add("moved", said, row.position)
            self._wrong.pop(row.position, None)
        if isinstance(event, Redacted):
            self._targets.add(event.target)
        keys = (None, None) if event is None else self._keying.of(event)
        if (row.dedupe_id, row.dedupe_content) != keys and bytes(append.header or b"") != LIBRARY:
            said = f"the keys of entry {row.position}, by which the same report is known again, are not its own"
            self._findings.add("keys", said, row.position)

    def _grow(self, leaves: list[bytes]) -> None:
        """Add leaves to the tree, and hold the inner nodes that became full against the stored ones."""
        if not self._whole:
            leaves.clear()
            return
        full = self._frontier.extend(leaves)
        leaves.clear()
        self._nodes += len(full)
        stored = nodes.stored(self._connection, [(level, number) for level, number, _ in full])
        for level, number, hash_ in full:
            if stored.get((level, number)) == hash_:
                continue
            under = range((number << level) + 1, (number + 1 << level) + 1)
            if level > STEP and self._wrong_nodes:
                continue
            self._wrong_nodes.add(number)
            if not self._bad.isdisjoint(under):
                continue
            how = "is missing" if (level, number) not in stored else "is another one than they give"
            self._findings.add(
                "tree",
                f"the stored hash over {positions(under)} {how}: one of them was rewritten with its leaf, or the hash",
                under[0],
            )

    def check_head(self) -> int:
        """Hold the head against the entries; the size that it names."""
        found = rows(self._connection, "SELECT size, frontier, root, recorded_at FROM head")
        ((size, frontier, root, recorded_at),) = found
        last = self.checked.size
        if size > last:
            gone = range(last + 1, size + 1)
            self._findings.add("cut off", f"{positions(gone)} {_are(gone)} missing at the end of the log", gone[0])
        elif size < last:
            self._findings.add("head", f"the head says that the log has {size} entries, and it has {last}", last)
        elif self._whole:
            if root != self._frontier.root() and not self._bad and not self._wrong_nodes:
                self._findings.add("head", f"the head names another root than the {last} entries give")
            if frontier != bytes(self._frontier) and not self._bad and not self._wrong_nodes:
                self._findings.add("head", "the frontier in the head is not that of the entries")
        if recorded_at != (self._append.recorded_at if self._append else None):
            self._findings.add("head", "the head names another record time than the last append")
        ((appends, last_id),) = rows(self._connection, "SELECT count(*), max(id) FROM appends")
        if appends != self._appends or (last_id or 0) != (self._append.id if self._append else 0):
            said = f"there are {appends} appends, up to {last_id}, and the entries are of {self._appends}"
            self._findings.add("append", said)
        return int(size)

    def check_tree(self, size: int) -> None:
        """Nothing is stored of entries that are not there."""
        if not self._whole:
            return
        past = [
            (level, number)
            for level, number in rows(self._connection, "SELECT level, max(number) FROM nodes GROUP BY level")
            if level < STEP or level % STEP or (number + 1) << level > self.checked.size
        ]
        ((count,),) = rows(self._connection, "SELECT count(*) FROM nodes")
        if past:
            reach = max(number + 1 << level for level, number in past if 0 <= level < 63)  # noqa: PLR2004  # bits
            said = f"the log ends at {self.checked.size}, and its tree has hashes of entries up to {reach}"
            self._findings.add("cut off" if reach > size else "tree", said, self.checked.size + 1)
        elif count > self._nodes:
            self._findings.add("tree", f"{count} hashes of the tree are stored, and there are {self._nodes}")

    def tell(self) -> None:
        """Say of each entry whose leaf is another one what became of it, and which are empty without reason."""
        for position, (row, append) in self._wrong.items():
            others = [other for other in list(self._wrong)[:MOST_COMPARED] if other != position]
            was = next((other for other in others if _leaf(row, append, other, row.stream) == row.leaf), None)
            if was is not None:
                said = f"at {position} stands what was appended as entry {was}"
                self._findings.add("reordered", said, position)
            else:
                said = f"entry {position} is not what was appended: its leaf is another one"
                self._findings.add("edited", said, position)
        lost = [row for row in self._emptied.values() if row.type == "Redacted"]
        for position, row in self._emptied.items():
            if position in self._targets or any(row.stream == one.stream and one.position > position for one in lost):
                continue
            said = f"entry {position} has no content any more, and no redaction says so"
            self._findings.add("emptied", said, position)
        for position in sorted(self._targets - self._emptied.keys()):
            if position <= self.checked.size:
                said = f"entry {position} still has the content that a redaction says is destroyed"
                self._findings.add("not redacted", said, position)


def _leaf(row: EntryRow, append: AppendRow, position: int, stream: str) -> bytes:
    return leaf_hash(
        codec.leaf_data(
            append=append.digest,
            payload=row.digest,
            position=position,
            recorded_at=row.recorded_at,
            stream=stream,
            name=row.type,
            type_version=row.type_version,
            version=row.version,
        )
    )


def _hashes(salt: bytes | None, data: bytes | None, digest: bytes) -> bool:
    """Whether salt and data hash to a digest, or both are gone."""
    if salt is None and data is None:
        return True
    return isinstance(salt, bytes) and isinstance(data, bytes) and codec.digest(salt, data) == digest


def _are(missing: range) -> str:
    return "is" if len(missing) == 1 else "are"
