"""Which zones keep an offset at an instant."""

from functools import lru_cache

from archive.times.instants import from_instant
from archive.times.zones import check_zone, offset_text, zone_names

_KNOWN_BEST = (
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Europe/London",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Athens",
    "Europe/Moscow",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Australia/Sydney",
    "Pacific/Auckland",
    "UTC",
)
"""Named before others, in this order."""


@lru_cache(maxsize=256)
def zones_keeping(offset: str, at: str, most: int = 2) -> tuple[str, ...]:
    """Up to `most` zones whose clocks have this offset (as `+08:00`) at a canonical instant, the best known first."""
    moment = from_instant(at)
    others = sorted(name for name in zone_names() if "/" in name and not name.startswith("Etc/"))
    found: list[str] = []
    for name in dict.fromkeys((*_KNOWN_BEST, *others)):
        if len(found) == most:
            break
        ahead = moment.astimezone(check_zone(name)).utcoffset()
        if ahead is not None and offset_text(ahead) == offset:
            found.append(name)
    return tuple(found)
