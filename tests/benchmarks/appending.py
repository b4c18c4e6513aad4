"""Appends: one durable report at a time and batches, beside the bare driver and the library, on one database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from archive import Archive
from events import Event
from tests.benchmarks.driver import Recorded, of_log, recorded, write
from tests.benchmarks.measuring import Contender, Result, Target, in_turn, seconds_of
from tests.benchmarks.peers import Recorder, Tenures, told
from tests.benchmarks.places import Place, filled, take_in
from tests.benchmarks.reports import ENTRIES, further, lines

RAW = {"sqlite": "raw sqlite3", "postgresql": "raw psycopg"}
RAW_LOG = {"sqlite": "raw sqlite3, log alone", "postgresql": "raw psycopg, log alone"}
RECORDER = "eventsourcing recorder"
APPLICATION = "eventsourcing application"
AT_ONCE = "eventsourcing application, an append projected at once"

TARGETS = {
    ("sqlite", "single"): (Target("raw sqlite3", faster=0.5),),
    ("sqlite", "batch"): (Target("raw sqlite3", faster=0.33), Target(APPLICATION, faster=2.0)),
    ("postgresql", "single"): (Target(APPLICATION, faster=1.0),),
    ("postgresql", "batch"): (Target(APPLICATION, faster=3.0),),
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is appended: to histories of `organisations`, `singles` reports one by one, `batches` of `batch`."""

    organisations: int
    singles: int
    batches: int
    batch: int
    rounds: int


def appends(place: Place, sizes: Sizes, seed: int) -> Iterator[Result]:
    """Both works, each contender writing into a copy of the same archive or of its own tables as full."""
    base = filled(place, seed, sizes.organisations)
    for work, count, size in (("single", sizes.singles, 1), ("batch", sizes.batches * sizes.batch, sizes.batch)):
        yield _measured(place, base, work, sizes, size=size, count=count, seed=seed)
    yield _deferred(place, base, sizes, seed)
    yield _rebuilt(place, sizes, seed)
    place.drop(base)


def _deferred(place: Place, base: str, sizes: Sizes, seed: int) -> Result:
    """Appends that leave the read model to a follower, beside the driver writing the tables of the log."""
    count = sizes.batches * sizes.batch
    given = [lines(some) for some in _in_parts(list(further(seed, sizes.organisations, count)), sizes.batch)]
    written, _, _ = _as_we_write(place, base, given)
    raw = RAW_LOG[place.kind]

    def ours() -> float:
        url = place.copy(base)
        with Archive.open(url) as archive:
            archive.projected()  # the connection stands
            took = seconds_of(lambda: [take_in(archive, one, defer=True) for one in given])
        place.drop(url)
        return took

    return in_turn(
        f"append --defer, batches of {sizes.batch:,}, {place.kind}",
        {"archive": ours, raw: lambda: _raw(place, base, of_log(written))},
        rounds=sizes.rounds,
        unit="reports",
        units=count,
        targets=(Target(raw, faster=0.5),),
    )


def _rebuilt(place: Place, sizes: Sizes, seed: int) -> Result:
    """The read model made anew, beside the appends that made the archive."""
    organisations = min(sizes.organisations, 100)
    made: list[str] = []

    def append() -> float:
        def fill() -> None:
            made.append(filled(place, seed, organisations))

        return seconds_of(fill)

    def rebuild() -> float:
        url = place.copy(made[0])
        with Archive.open(url) as archive:
            took = seconds_of(archive.rebuild)
        place.drop(url)
        return took

    append()
    result = in_turn(
        f"rebuild, {place.kind}",
        {"archive": rebuild, "the same entries appended": append},
        rounds=sizes.rounds,
        unit="entries",
        units=organisations * ENTRIES,
        targets=(Target("the same entries appended", faster=1.0),),
    )
    for url in made:
        place.drop(url)
    return result


def _measured(place: Place, base: str, work: str, sizes: Sizes, *, size: int, count: int, seed: int) -> Result:
    wires = list(further(seed, sizes.organisations, count))
    given = [lines(some) for some in _in_parts(wires, size)]
    written, events, earlier = _as_we_write(place, base, given)
    raw, raw_log = RAW[place.kind], RAW_LOG[place.kind]
    checked = _Checked()
    contenders: dict[str, Contender] = {
        "archive": lambda: _ours(place, base, given, checked),
        raw: lambda: _raw(place, base, written),
        raw_log: lambda: _raw(place, base, of_log(written)),
        RECORDER: lambda: _recorder(place, earlier, events, size),
        AT_ONCE: lambda: _application(place, earlier, events, size, checked, at_once=True),
    }
    if size == 1:  # where they are the same
        contenders[APPLICATION] = contenders.pop(AT_ONCE)
    else:
        contenders[APPLICATION] = lambda: _application(place, earlier, events, size, checked, at_once=False)
    what = "one report at a time" if size == 1 else f"batches of {size:,}"
    result = in_turn(
        f"append, {what}, {place.kind}",
        contenders,
        rounds=sizes.rounds,
        unit="reports",
        units=count,
        targets=TARGETS[place.kind, work],
        notes={
            "entries before": sizes.organisations * 50 + 1,
            "tenures after, ours and the library's": checked.tenures,
        },
    )
    checked.agree()
    return result


class _Checked:
    """How many tenures each of two contenders had in the end: the same, or they did not the same work."""

    def __init__(self) -> None:
        self.tenures: dict[str, int] = {}

    def agree(self) -> None:
        """Raise unless they had as many."""
        if len(set(self.tenures.values())) != 1:
            raise AssertionError(f"not the same tenures: {self.tenures}")


def _as_we_write(place: Place, base: str, given: Sequence[bytes]) -> tuple[Recorded, list[Event], list[Event]]:
    """What our appends write, the events, and the reports that were there before."""
    url = place.copy(base)
    with Archive.open(url) as archive:
        with archive.reading() as connection:
            before = [entry.event for entry in archive.log.entries(connection)]
        with recorded(archive.engine) as written:
            positions = [position for one in given for position in take_in(archive, one)]
        with archive.reading() as connection:
            events = [entry.event for entry in archive.log.entries(connection, after=positions[0] - 1)]
    place.drop(url)
    reports = [event for event in before if event is not None and event.occurred is not None]
    return written, [event for event in events if event is not None], reports


def _ours(place: Place, base: str, given: Sequence[bytes], checked: _Checked) -> float:
    url = place.copy(base)

    def work(archive: Archive) -> None:
        for one in given:
            take_in(archive, one)

    with Archive.open(url) as archive:
        archive.project(organisations=["organisation-000000"])  # the connection stands, as the peers' do
        took = seconds_of(lambda: work(archive))
        checked.tenures["archive"] = next(iter(archive.query("SELECT count(*) AS n FROM tenures").rows))[0]
    place.drop(url)
    return took


def _raw(place: Place, base: str, written: Recorded) -> float:
    url = place.copy(base)
    took = write(url, written)
    place.drop(url)
    return took


def _recorder(place: Place, earlier: Sequence[Event], events: Sequence[Event], size: int) -> float:
    url = place.fresh()
    recorder = Recorder(url)
    recorder.append(recorder.stored(earlier))

    def work() -> None:
        for some in _in_parts(events, size):
            recorder.append(recorder.stored(some))

    took = seconds_of(work)
    recorder.close()
    place.drop(url)
    return took


def _application(
    place: Place, earlier: Sequence[Event], events: Sequence[Event], size: int, checked: _Checked, *, at_once: bool
) -> float:
    url = place.fresh()
    with Tenures(url, at_once=True) as application:
        application.append([told(event) for event in earlier])
    with Tenures(url, at_once=at_once) as application:
        application.know(told(event)[0][1] for event in earlier)

        def work() -> None:
            for some in _in_parts(events, size):
                application.append([told(event) for event in some])

        took = seconds_of(work)
        checked.tenures["library"] = application.tenures.count()
    place.drop(url)
    return took


def _in_parts(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
