"""Zones as print has them: abbreviations, words in English and Japanese, offsets, IANA names.

An abbreviation means the offset that it prints, in whatever season it stands; one that several zones share means each.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo

from archive.times.faults import TimeFault
from archive.times.zones import check_zone, offset_text

_LARGEST = timedelta(hours=18)

_KEPT = {
    "America/Los_Angeles": "pt|pacific time|pacific|太平洋時間|太平洋時刻|ロサンゼルス時間|サンフランシスコ時間",
    "America/Denver": "mt|mountain time|山岳部時間|山地時間",
    "America/Chicago": "ct|central time|中部時間",
    "America/New_York": "et|eastern time|eastern|東部時間|米東部時間|米国東部時間|ニューヨーク時間|new york time",
    "Europe/London": "london time|uk time|英国時間|イギリス時間|ロンドン時間",
    "Europe/Paris": "central european time|欧州中央時間|中央ヨーロッパ時間|パリ時間",
    "Asia/Tokyo": "jst|japan time|japan standard time|tokyo time|日本時間|日本標準時|東京時間",
    "Asia/Shanghai": "beijing time|china time|china standard time|北京時間|中国時間|中国標準時",
    "Asia/Hong_Kong": "hkt|hong kong time|香港時間",
    "Asia/Singapore": "sgt|singapore time|シンガポール時間",
    "Asia/Seoul": "kst|korea time|韓国時間|ソウル時間",
    "Asia/Kolkata": "india time|indian standard time|インド時間|インド標準時",
    "Europe/Moscow": "msk|moscow time|モスクワ時間",
    "UTC": "utc|gmt|z|協定世界時|世界標準時|グリニッジ標準時|グリニッジ時間",
}
_PRINTED = {
    "pst|pacific standard time|太平洋標準時": [("-08:00", "America/Los_Angeles")],
    "pdt|pacific daylight time|太平洋夏時間": [("-07:00", "America/Los_Angeles")],
    "mst|mountain standard time": [("-07:00", "America/Denver")],
    "mdt|mountain daylight time": [("-06:00", "America/Denver")],
    "cst": [("-06:00", "America/Chicago"), ("+08:00", "Asia/Shanghai")],
    "central standard time|中部標準時": [("-06:00", "America/Chicago")],
    "cdt|central daylight time|中部夏時間": [("-05:00", "America/Chicago")],
    "est|eastern standard time|東部標準時|米東部標準時": [("-05:00", "America/New_York")],
    "edt|eastern daylight time|東部夏時間|米東部夏時間": [("-04:00", "America/New_York")],
    "bst": [("+01:00", "Europe/London"), ("+06:00", "Asia/Dhaka")],
    "cet": [("+01:00", "Europe/Paris")],
    "cest": [("+02:00", "Europe/Paris")],
    "ist": [("+05:30", "Asia/Kolkata"), ("+02:00", "Asia/Jerusalem"), ("+01:00", "Europe/Dublin")],
    "aest": [("+10:00", "Australia/Sydney")],
    "aedt": [("+11:00", "Australia/Sydney")],
}


@dataclass(frozen=True)
class PrintedZone:
    """What a zone as printed may mean: the clocks of a place, or one offset, with the place whose abbreviation it is.

    printed: as it stands; clocks: turn local times into instants; place: where an abbreviation is in use, else None
    """

    printed: str
    clocks: tzinfo
    place: str | None = None

    def out_of_season(self, moment: datetime) -> str | None:
        """A sentence where the place of an abbreviation keeps another offset at this moment."""
        if self.place is None:
            return None
        there = moment.astimezone(check_zone(self.place))
        printed, kept = self.clocks.utcoffset(None), there.utcoffset()
        if kept is None or printed is None or kept == printed:
            return None
        said = f"{self.printed} ({offset_text(printed)})"
        return f"{said} is out of season: on {there:%Y-%m-%d} {self.place} has {there:%Z} ({offset_text(kept)})"


def printed_zones(text: str) -> Sequence[PrintedZone]:
    """What a zone as printed may mean, each once; none where it is not understood."""
    word = " ".join(text.casefold().replace(".", "").strip("()（） ").split())
    if word in _BY_WORD:
        return [PrintedZone(text, clocks, place) for clocks, place in _BY_WORD[word]]
    if match := _OFFSET.fullmatch(word.replace("−", "-")):
        ahead = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
        if ahead <= _LARGEST:
            return [PrintedZone(text, timezone(-ahead if match["sign"] == "-" else ahead))]
        return []
    try:
        return [PrintedZone(text, check_zone(text.strip()))]
    except TimeFault:
        return []


def without_zone(text: str) -> tuple[str, str | None]:
    """A statement in small letters without the zone that stands in it, and that zone."""
    match = _INSIDE.search(text)
    return (text, None) if match is None else (f"{text[: match.start()]} {text[match.end() :]}", match[0])


def _fixed(offset: str) -> timezone:
    hours, minutes = offset[1:].split(":")
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-ahead if offset[0] == "-" else ahead)


_OFFSET = re.compile(r"(?:utc|gmt)? ?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?")
_BY_WORD: dict[str, list[tuple[tzinfo, str | None]]] = {
    **{word: [(check_zone(place), None)] for place, words in _KEPT.items() for word in words.split("|")},
    **{
        word: [(_fixed(offset), place) for offset, place in meant]
        for words, meant in _PRINTED.items()
        for word in words.split("|")
    },
}
_WORDS = sorted((word for word in _BY_WORD if word != "z"), key=len, reverse=True)
_INSIDE = re.compile(
    "|".join(
        [
            r"\b(?:utc|gmt) ?[+-]\d{1,2}(?::?\d{2})?\b",
            *(rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else word for word in _WORDS),
        ]
    )
)
