"""Canonical instants: the one spelling in which times are stored and compared.

Specimen: `2023-11-17T20:00:00.000000Z`, always UTC, always 27 characters, so that the order of the texts is the order
of the times.
"""

from datetime import UTC, datetime, timedelta

from archive.times.faults import TimeFault, quoted

_LENGTH = len("2023-11-17T20:00:00.000000Z")
_MICROSECOND = timedelta(microseconds=1)


def to_instant(moment: datetime) -> str:
    """Spell a moment as a canonical instant; one without a zone is a fault."""
    if moment.tzinfo is not UTC:
        if moment.utcoffset() is None:
            raise TimeFault(f"{moment.isoformat()} has no zone; give it one, as in datetime(…, tzinfo=UTC)")
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:
            raise TimeFault(f"{moment.isoformat()} is outside the years 0001 to 9999 in UTC") from None
    return moment.isoformat(timespec="microseconds")[:26] + "Z"


def from_instant(instant: str) -> datetime:
    """Read a canonical instant as a moment of UTC; any other spelling is a fault."""
    if len(instant) == _LENGTH and instant[-1] == "Z":
        try:
            moment = datetime.fromisoformat(instant)
        except ValueError:
            pass
        else:
            if to_instant(moment) == instant:
                return moment
    raise TimeFault(f"{quoted(instant)} is no canonical instant, which looks like 2023-11-17T20:00:00.000000Z")


def plus_microsecond(instant: str) -> str:
    """Give the next instant, the first at which something that ended at `instant` inclusive is over."""
    try:
        return to_instant(from_instant(instant) + _MICROSECOND)
    except OverflowError:
        raise TimeFault(f"{quoted(instant)} is the last instant there is") from None
