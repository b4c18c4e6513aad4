"""What was measured, as a table of Markdown."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.benchmarks.measuring import Result, Target

HEAD = ("| work | contender | a second | archive is | target | |", "|---|---|--:|--:|--:|---|")


def table(results: Sequence[Result]) -> Iterator[str]:
    """The lines of the table: a row a contender, ours first."""
    yield from HEAD
    for result in results:
        targets = {one.against: one for one in result.targets}
        names = sorted(result.seconds, key=lambda name: name != "archive")
        for place, name in enumerate(names):
            work = result.work if not place else ""
            rate = f"{result.units / result.median(name):,.0f}" if result.units > 1 else _milliseconds(result, name)
            if name == "archive":
                yield f"| {work} | archive | {rate} | | | |"
                continue
            ratio = f"{result.ratio(name):.2f} × as fast"
            yield f"| {work} | {name} | {rate} | {ratio} | {_told(targets.get(name), result)} |"


def curve(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The lines of the table of an archive that grows."""
    yield "| entries | one append, ms | question p50, ms | p95, ms | bytes an entry | entries a second on the way |"
    yield "|--:|--:|--:|--:|--:|--:|"
    for row in rows:
        rate = f"{row['batch_rate']:,}" if row["batch_rate"] else ""
        yield (
            f"| {row['entries']:,} | {row['append_ms']} | {row['project_p50_ms']} | {row['project_p95_ms']}"
            f" | {row['bytes_an_entry']} | {rate} |"
        )


def answers(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The lines of the table of questions."""
    yield "| question | reports | p50, ms | p99, ms | p50 of the processor, ms | p99, ms |"
    yield "|---|--:|--:|--:|--:|--:|"
    for row in rows:
        times = " | ".join(str(row[name]) for name in ("wall_p50", "wall_p99", "cpu_p50", "cpu_p99"))
        yield f"| {row['question']} | {row['reports']:,} | {times} |"


def _milliseconds(result: Result, name: str) -> str:
    return f"{1000 * result.median(name):.0f} ms"


def _told(target: Target | None, result: Result) -> str:
    if target is None:
        return " | "
    ratio = result.ratio(target.against)
    wanted = f"{target.faster} ×" if target.faster is not None else f"{1 / (target.slower or 1):.2f} ×"
    return f"{wanted} | {'met' if target.met(ratio) else 'not met'}"
