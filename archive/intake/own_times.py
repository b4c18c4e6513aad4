"""When a report was first public: by its own word, but never later than its source was."""

from collections.abc import Iterator, Sequence

from archive.intake.faults import quoted
from archive.intake.known import Known
from events import Event, When
from events.sources import SourceRegistered


class OwnTimes:
    """The own times of the sources of one append."""

    def __init__(self, known: Known) -> None:
        """Look up those of the archive as they are asked for."""
        self._known = known
        self._found: dict[str, str | None] = {}

    def warnings(self, events: Sequence[Event]) -> Iterator[tuple[int, str, str]]:
        """Whose `published` does not count, as its source was public before: (index, field, sentence).

        Of the sources that the append registers those are heeded which stand among these events, or those before.
        """
        registered = (event for event in events if isinstance(event, SourceRegistered))
        self._found.update((one.source, one.published.latest if one.published else None) for one in registered)
        said = {index: found for index, event in enumerate(events) if (found := _published(event))}
        if new := {source for source, _ in said.values()} - self._found.keys():
            there = self._known.published(new)
            self._found.update((source, there.get(source)) for source in new)
        for index, (source, published) in said.items():
            own = self._found[source]
            if own is not None and published.latest is not None and published.latest > own:
                later = f"{quoted(published.text)} is later than the own time of {source}, {own[:16]}Z, which counts"
                yield index, "published", f"{later}; what came later is in another version of it, or another source"


def _published(event: Event) -> tuple[str, When] | None:
    """Source and `published` of a report that has both, and names no version of the source."""
    source, published = getattr(event, "source", None), getattr(event, "published", None)
    is_of_source = getattr(event, "source_version", "no field of it") is None
    return (source, published) if is_of_source and source is not None and published is not None else None
