"""What is wrong with input: where, in which field, and what would be right."""

from dataclasses import dataclass

from archive.times import TimeFault
from archive.times.faults import quoted

__all__ = ["Fault", "Wrong", "quoted"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one report, as `FILE:LINE: field: problem; remedy`.

    file: the file's name as the user gave it, or `command line`
    line: its line from 1, None where there are no lines
    field: the field on the wire (`ballots[2].person`), None where it is the line as a whole
    ways: what would mend it, a line each, as lines to append or commands; told once for several of the same fault
    """

    file: str
    line: int | None
    field: str | None
    problem: str
    remedy: str
    ways: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        what = self.problem if not self.remedy else f"{self.problem}; {self.remedy}"
        return f"{where}: {what}" if self.field is None else f"{where}: {self.field}: {what}"


class Wrong(Exception):  # noqa: N818 - a fault is in the input, an error in us or our surroundings
    """A fault of a report that does not yet know on which line it stands."""

    def __init__(self, problem: str, remedy: str = "", *, field: str | None = None, ways: tuple[str, ...] = ()) -> None:
        super().__init__(problem)
        self.ways = ways
        self.field = field
        self.problem = problem
        self.remedy = remedy

    def within(self, outer: str) -> "Wrong":
        """Say the same of a part of `outer`: `person` within `ballots[2]` is `ballots[2].person`."""
        inner = self.field
        if inner is not None:
            outer = f"{outer}{inner}" if inner.startswith("[") else f"{outer}.{inner}"
        return Wrong(self.problem, self.remedy, field=outer, ways=self.ways)

    def at(self, file: str, line: int | None) -> Fault:
        """Say where it stands."""
        shown = None if self.field is None else self.field[:200]
        return Fault(file, line, shown, self.problem, self.remedy, self.ways)


def of_time(fault: TimeFault) -> Wrong:
    """Say what the times room says: its sentence ends with the remedy."""
    problem, _, remedy = str(fault).partition("; ")
    return Wrong(problem, remedy)
