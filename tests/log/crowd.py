"""Writers and readers of one archive, a process each: `python -m tests.log.crowd URL FOLDER --writers NAME:BATCH…`.

Writers are those of `tests.cluster.writers`. A reader looks again and again until the log has as many entries as they
make, and writes what it saw to FOLDER/reader-N.seen, a line a look: the size of the log, how many appends of it are not
whole, how many rows of the read model and entries of the index of words there are more or fewer than entries.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import func, select, text

from archive import Archive
from archive.log.tables import appends, entries
from tests.cluster.forked import Job, at_once
from tests.cluster.writers import writer

ROWS = text("SELECT (SELECT count(*) FROM reports_history), (SELECT size FROM words_head)")


def reader(url: str, folder: Path, number: int, batches: Mapping[str, int], whole: int) -> Job:
    """One reader; `batches` has how many reports an append of each writer has."""
    counted = (
        select(entries.c.append_id, func.min(entries.c.stream), func.count())
        .join(appends, appends.c.id == entries.c.append_id)
        .group_by(entries.c.append_id)
    )

    def job(begin: Callable[[], None]) -> None:
        with Archive.open(url) as opened, (folder / f"reader-{number}.seen").open("w", encoding="utf-8") as seen:
            begin()
            size = 0
            while size < whole:
                with opened.reading() as connection:
                    size = opened.log.head(connection).size
                    found = connection.execute(counted).all()
                    rows, words = connection.execute(ROWS).one()
                torn = sum(many != batches[stream.partition("/")[2]] for _, stream, many in found)
                there = sum(many for _, _, many in found)
                seen.write(f"{size}\t{torn + (there != size)}\t{abs(rows - size) + abs(words - size)}\n")

    return job


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.log.crowd", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--writers", nargs="+", required=True, metavar="NAME:BATCH")
    parser.add_argument("--appends", type=int, required=True)
    parser.add_argument("--readers", type=int, required=True)
    asked = parser.parse_args()
    batches = {name: int(batch) for name, _, batch in (given.partition(":") for given in asked.writers)}
    whole = sum(batches.values()) * asked.appends
    jobs = [writer(asked.url, asked.folder, name, batch, asked.appends) for name, batch in batches.items()]
    jobs += [reader(asked.url, asked.folder, number, batches, whole) for number in range(asked.readers)]
    return at_once(jobs)


if __name__ == "__main__":
    sys.exit(main())
