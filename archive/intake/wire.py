"""Events back to what a report on the wire says."""

from typing import Any

from archive.intake.fields import set_at_intake
from events import Event, content_identity


def to_wire(event: Event) -> dict[str, Any]:
    """The report that reads as this event: times as they were given, fields at their defaults left out."""
    said, derived = content_identity(event), set_at_intake(type(event))
    return {key: value for key, value in said.items() if key not in derived and value != {}}
