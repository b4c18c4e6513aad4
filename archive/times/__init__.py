"""Time expressions to bounds (DESIGN section 1): the only room that reads or shows a time.

Everything here is pure: no clock is read, nothing else of the project is imported, and what a text means depends on
the text, the zone and `tzdata_version()` alone.
"""

from archive.times.expressions import Bounds, parse_question, parse_time
from archive.times.faults import TimeFault
from archive.times.instants import from_instant, plus_microsecond, to_instant
from archive.times.showing import brief_bounds, show_bounds, show_instant
from archive.times.zones import check_zone, tzdata_version

__all__ = [
    "Bounds",
    "TimeFault",
    "brief_bounds",
    "check_zone",
    "from_instant",
    "parse_question",
    "parse_time",
    "plus_microsecond",
    "show_bounds",
    "show_instant",
    "to_instant",
    "tzdata_version",
]
