"""What every picture says in words: names of lanes and bars, what it knows, its instants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.cells import cell_len, set_cell_size

from archive.times import show_bounds, show_instant

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""Of the instants that a picture names below it."""


def lane_title(lane: Mapping[str, Any]) -> tuple[str, str]:
    """An office, and its id beside it with its seats unless there is one."""
    if lane["id"] is None:
        return "Announced as employees", ""
    seats = "" if lane["seats"] == 1 else f", {lane['seats'] or 'any number of'} seats"
    return lane["title"] or lane["id"], f" ({lane['id']}{seats})"


def bar_label(bar: Mapping[str, Any]) -> tuple[str, str]:
    """A name, and the capacity beside it or, where nothing but that is known, ``announced`` or ``candidate``."""
    beside = bar["capacity"] or ("" if bar["kind"] == "tenure" else bar["kind"])
    return bar["name"], f", {beside}" if beside else ""


def cut(text: str, beside: str, cells: int, dots: str = "…") -> str:
    """Text and what stands beside it in so many columns of a terminal; ``beside`` stays whole unless it takes half."""
    if cell_len(text + beside) <= cells:
        return text + beside
    if cell_len(beside) > cells // 2:
        text, beside = text + beside, ""
    room = max(cells - cell_len(beside) - cell_len(dots), 1)
    return set_cell_size(text, room).rstrip() + dots + beside


def bar_told(bar: Mapping[str, Any], tz: str) -> str:
    """All of a bar in one sentence."""
    since, until = bar["since"], bar["until"]
    begun = f"since {_when(since, tz)}" if since else "since an unknown time"
    gone = f", until {_when(until, tz)}" if until else ""
    beside = bar["capacity"] or bar["role"] or ""
    kind = "" if bar["kind"] == "tenure" else f", {bar['kind']}"
    return f"{bar['name']}{', ' if beside else ''}{beside}{kind}: {begun}{gone}; {_rests(bar)}"


def mark_label(mark: Mapping[str, Any]) -> tuple[str, str]:
    """An event beside the offices, and what came of it."""
    return mark["id"], f": {mark['state']}"


def mark_told(mark: Mapping[str, Any], tz: str) -> str:
    """All of an event in one sentence."""
    return f"{mark['title'] or mark['id']}: {mark['state']}, {_when(mark['when'], tz)}; {_rests(mark)}"


def known(drawn: Mapping[str, Any], tz: str) -> tuple[str, str]:
    """What the picture rests on, in two parts: the floor and report time; the record time and log."""
    floor = drawn["basis"]
    public = f", public by {show_instant(drawn['as_reported'], tz)}" if drawn["as_reported"] else ""
    rests = f"on reports of basis {floor}{'' if floor == 'official' else ' or firmer'}{public}"
    return rests, f"as recorded by {show_instant(drawn['as_recorded'], tz)}, log of {drawn['log']['size']}"


def moment(edge: str, tz: str) -> str:
    """An instant; the last one of a day as its end."""
    shown = show_instant(edge, tz)
    ended = shown.replace(" 23:59:59.999999", "")
    return shown if ended == shown else f"end of {ended}"


def _when(bounds: Mapping[str, Any], tz: str) -> str:
    return show_bounds(bounds["earliest"], bounds["latest"], tz).removeprefix("since ")


def _rests(item: Mapping[str, Any]) -> str:
    return f"{item['basis']} [{', '.join(map(str, item['positions']))}]"
