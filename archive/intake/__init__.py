"""Text to events: lines, hand entry, and every fault with what would be right.

Pure but for the streams that are read, and temporary files where they are long: what an archive knows is an argument.
"""

from archive.intake.append import Append, Intake
from archive.intake.faults import Fault
from archive.intake.hand import read_hand
from archive.intake.known import Known, MemoryKnown
from archive.intake.lines import read_lines, read_reports
from archive.intake.nearest import Near, nearest_of
from archive.intake.reading import Reading
from archive.intake.registers import registers
from archive.intake.wire import to_wire

__all__ = [
    "Append",
    "Fault",
    "Intake",
    "Known",
    "MemoryKnown",
    "Near",
    "Reading",
    "nearest_of",
    "read_hand",
    "read_lines",
    "read_reports",
    "registers",
    "to_wire",
]
