"""Events back to what a report on the wire says."""

from typing import Any

from archive.intake.fields import SET_AT_INTAKE
from events import Event, content_identity


def to_wire(event: Event) -> dict[str, Any]:
    """The report that reads as this event: times as they were given, fields at their defaults left out."""
    said = content_identity(event)
    return {key: value for key, value in said.items() if key not in SET_AT_INTAKE and value != {}}
