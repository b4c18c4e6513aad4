"""What a proof costs, and how fast an archive is verified: `python -m tests.benchmarks.proofs --entries 1000 1000000`.

A log of each length is made straight through its own tables, of notes of one stream in appends of a thousand, without a
read model. Then proofs of random entries and from random older sizes are made, checked, and timed each by itself, and
the log is verified. With `--folded N` an archive of N reports is verified as a whole, its read model folded anew.
Printed are medians and 99th percentiles in milliseconds of processor time, which other programs on the machine do not
lengthen, and rates by the clock on the wall.
"""

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, update

from archive import Archive
from archive.log import codec, nodes, tables
from archive.log.appending import INSERTED, Header, insert_entries
from archive.log.dedupe import Keying
from archive.log.merkle import Frontier, leaf_hash
from archive.log.proofs import consistent, includes
from archive.log.transactions import write_transaction
from archive.log.writing import secret_of
from archive.times import to_instant
from tests.histories import large
from tests.log.archives import build_archive, noted

BATCH = 1_000
TIMED = 500
START = datetime(2026, 1, 1, tzinfo=UTC)


def fill(engine: Engine, entries: int) -> None:
    """Give an empty log so many entries, with all that its own tables have of them."""
    frontier = Frontier()
    header = bytes(Header(who="a benchmark", program="tests"))
    while frontier.size < entries:
        with write_transaction(engine) as connection:
            first, secret = frontier.size + 1, secret_of(connection)
            number, at = first // BATCH + 1, to_instant(START + timedelta(seconds=first))
            salt = os.urandom(codec.SALT_BYTES)
            digest = codec.digest(salt, header)
            connection.execute(
                tables.appends.insert().values(
                    id=number, first_position=first, recorded_at=at, header=header, salt=salt, digest=digest
                )
            )
            rows = [
                _row(position, secret, {"append_id": number, "recorded_at": at}, digest)
                for position in range(first, min(first + BATCH, entries + 1))
            ]
            insert_entries(connection, [tuple(row[name] for name in INSERTED) for row in rows])
            nodes.store(connection, frontier.extend([row["leaf"] for row in rows]))
            values = {"size": frontier.size, "frontier": bytes(frontier), "root": frontier.root(), "recorded_at": at}
            connection.execute(update(tables.head).values(**values))


def _row(position: int, secret: bytes, append: dict[str, Any], header: bytes) -> dict[str, Any]:
    event = noted(position)
    payload, salt = codec.encode(event), os.urandom(codec.SALT_BYTES)
    digest, keys = codec.digest(salt, payload), Keying(secret).of(event)
    said = {"stream": event.stream, "version": position, "type_version": 1, "recorded_at": append["recorded_at"]}
    leaf = codec.leaf_data(append=header, payload=digest, position=position, name=type(event).__name__, **said)
    return {
        "position": position,
        "type": type(event).__name__,
        "append_id": append["append_id"],
        "payload": payload,
        "salt": salt,
        "digest": digest,
        "leaf": leaf_hash(leaf),
        "dedupe_id": keys[0],
        "dedupe_content": keys[1],
        **said,
    }


def times_of_proofs(archive: Archive, size: int, seed: int = 1) -> tuple[list[float], list[float]]:
    """Milliseconds of inclusion and of consistency proofs, each of which is checked; a statement is warm."""
    random = Random(seed)
    inclusion, consistency = [], []
    with archive.reading() as connection:
        root = nodes.root_at(connection, size)
        for _ in range(TIMED):
            index, old = random.randrange(size), random.randrange(1, size + 1)
            leaf, old_root = nodes.stored(connection, [(0, index)])[0, index], nodes.root_at(connection, old)
            begin = perf_counter()
            proof = nodes.inclusion_proof(connection, index, size)
            middle = perf_counter()
            other = nodes.consistency_proof(connection, old, size)
            consistency.append((perf_counter() - middle) * 1e3)
            inclusion.append((middle - begin) * 1e3)
            assert includes(index, size, leaf, proof, root)
            assert consistent(old, size, other, old_root, root)
    return inclusion, consistency


def main() -> None:
    """Print one line a measurement."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--entries", type=int, nargs="*", default=[1_000, 1_000_000])
    parser.add_argument("--folded", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for entries in asked.entries:
            place = Path(folder) / f"{entries}.db"
            build_archive(str(place))
            with Archive.open(place) as archive:
                fill(archive.engine, entries)
                for name, found in zip(("inclusion", "consistency"), times_of_proofs(archive, entries), strict=True):
                    last = quantiles(found, n=100)[98]
                    _say(f"{entries} entries, {name}: median {median(found):.3f} ms, 99 % below {last:.3f} ms")
                _verify(archive, log_alone=True)
        if asked.folded:
            place = Path(folder) / "folded.db"
            build_archive(str(place))
            with Archive.open(place) as archive:
                events = list(large(1, asked.folded))
                for start in range(0, len(events), BATCH):
                    archive.append(events[start : start + BATCH], who="a benchmark", program="tests")
                _verify(archive, log_alone=False)


def _verify(archive: Archive, *, log_alone: bool) -> None:
    begin = perf_counter()
    done = archive.verify(log_alone=log_alone)
    took = perf_counter() - begin
    assert done.findings.error() is None, done.findings.found
    what = "the log" if log_alone else "log and read model"
    _say(f"{done.log.size} entries, {what} verified: {took:.1f} s, {done.log.size / took:,.0f} entries/s")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
