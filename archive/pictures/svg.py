"""Tenures as an SVG picture (SVG 1.1): text as text, nothing told by colour alone, no script, no link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

from archive.pictures.scale import Scale, segments
from archive.pictures.words import LETTERS, bar_label, bar_told, cut, known, lane_title, mark_label, mark_told, moment
from archive.times import show_instant

WIDTH, LABEL, RIGHT, ROW, BAR = 1000, 270, 24, 24, 14
"""Pixels: of the picture, its names, its right margin, a row, and the height of a bar."""

CELL = 7.3
"""Pixels of a narrow character of 13 px; a wide one of East Asia takes two."""

TALL = 700
"""Pixels from which on the ruler stands below the picture too."""

LETTER_ROOM = 13
"""Pixels between two letters of the ruler."""

STYLE = """
text { font: 13px system-ui, "Noto Sans", "Noto Sans JP", sans-serif; fill: #111 }
.title { font-size: 18px; font-weight: 600 } .lane { font-weight: 600 } .quiet { fill: #444; font-size: 12px }
.grid { stroke: #bbb; stroke-width: 1; stroke-dasharray: 1 3 } .rule { stroke: #ddd }
.certain { fill: #1b4f72 } .possible { fill: url(#hatch); stroke: #1b4f72; stroke-width: .6 }
.announced { fill: none; stroke: #111; stroke-width: 1.4; stroke-dasharray: 5 3 } .mark, .arrow { fill: #111 }
.range { stroke: #111; stroke-width: 2; stroke-dasharray: 2 2 }
"""

PAINTS = """<defs>
<linearGradient id="in"><stop offset="0" stop-color="#1b4f72" stop-opacity="0.05"/><stop offset="1" stop-color="#1b4f72"/></linearGradient>
<linearGradient id="out"><stop offset="0" stop-color="#1b4f72"/><stop offset="1" stop-color="#1b4f72" stop-opacity="0.05"/></linearGradient>
<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><rect width="2" height="6" fill="#1b4f72"/></pattern>
</defs>"""  # noqa: E501  # markup


def draw(drawn: Mapping[str, Any], on: Scale, *, tz: str) -> str:
    """The picture of lanes as one SVG document, 1000 px wide; strings in ``drawn`` must be fit to print."""
    canvas = _Canvas(on, tz)
    name = drawn["organisation"]["name"]
    title = f"{name}: who held which office, {show_instant(on.first, tz)} to {show_instant(on.last, tz)}"
    canvas.text(16, name, f" ({drawn['organisation']['id']})", kind="title", room=WIDTH - 32)
    for line in known(drawn, tz):
        canvas.line_of(line)
    if on.kind == "changes":
        canvas.line_of("Not to scale: every change has the same room. The letters are told below.")
    canvas.legend()
    canvas.ruler()
    for lane in drawn["lanes"]:
        canvas.lane(lane)
    if marks := on.within(drawn["marks"]):
        canvas.heading("Also")
        for mark in marks:
            canvas.mark(mark)
    if canvas.y > TALL:
        canvas.again()
    canvas.told()
    height = canvas.y + 16
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="picture-title">',
            f'<title id="picture-title">{escape(title)}</title>',
            f"<style>{escape(STYLE)}</style>",
            PAINTS,
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
            *(
                f'<line class="grid" x1="{x}" x2="{x}" y1="{canvas.top}" y2="{canvas.bottom}"/>'
                for x, _ in canvas.marked
            ),
            *canvas.parts,
            "</svg>\n",
        ]
    )


class _Canvas:
    """The parts of the picture so far, and how far down it reaches."""

    def __init__(self, on: Scale, tz: str) -> None:
        self.on, self.tz = on, tz
        self.parts: list[str] = []
        self.marked: list[tuple[float, str]] = []
        self.key: list[str] = []
        self.y = 10
        self.top = self.bottom = 0

    def x(self, place: float) -> float:
        """The pixel of a position of the scale."""
        return round(LABEL + place * (WIDTH - LABEL - RIGHT), 1)

    def text(self, x: float, *text: str, kind: str = "", room: float, down: int = ROW) -> None:
        """Write a line, a text and perhaps what stands beside it, cut to its room with the whole as its tooltip."""
        told, beside = (*text, "")[:2]
        shown = cut(told, beside, int(room / (CELL * (1.4 if kind == "title" else 1))))
        whole = "" if shown == told + beside else f"<title>{escape(told + beside)}</title>"
        named = f' class="{kind}"' if kind else ""
        self.y += down
        self.parts.append(f'<text x="{x}" y="{self.y - 7}"{named}>{escape(shown)}{whole}</text>')

    def line_of(self, text: str) -> None:
        """Write a quiet line under the title."""
        self.text(16, text, kind="quiet", room=WIDTH - 32, down=18)

    def heading(self, *text: str) -> None:
        """Begin a lane."""
        self.y += 4
        self.parts.append(f'<line class="rule" x1="16" x2="{WIDTH - RIGHT}" y1="{self.y}" y2="{self.y}"/>')
        self.text(16, *text, kind="lane", room=WIDTH - 32)

    def ruler(self) -> None:
        """Write the calendar, or where the picture is not to scale a letter over each change that has room for one."""
        self.y += ROW
        room = int((WIDTH - LABEL - RIGHT) / (CELL * 0.93))
        for tick in self.on.calendar(self.tz, room):
            self._over(self.x(self.on.place(tick.instant)), tick.label)
        free, letters = 0.0 if self.on.kind == "changes" else float(WIDTH), iter(LETTERS)
        for edge in self.on.edges:
            x = self.x(self.on.place(edge))
            letter = next(letters, None) if x >= free else None
            if letter is not None:
                self._over(x, letter)
                self.key.append(f"{letter}  {moment(edge, self.tz)}")
                free = x + LETTER_ROOM
        self.top = self.bottom = self.y

    def again(self) -> None:
        """Write the ruler once more, below."""
        self.y += ROW
        for x, name in self.marked:
            self._name(x, name)

    def _over(self, x: float, name: str) -> None:
        self.marked.append((x, name))
        self._name(x, name)

    def _name(self, x: float, name: str) -> None:
        """A name at its place in the ruler, wholly in the picture."""
        half = len(name) * CELL / 2
        middle = round(min(max(x, half), WIDTH - half), 1)
        self.parts.append(f'<text class="quiet" x="{middle}" y="{self.y - 6}" text-anchor="middle">{name}</text>')

    def lane(self, lane: Mapping[str, Any]) -> None:
        """Draw one office with its bars."""
        self.heading(*lane_title(lane))
        if not lane["bars"]:
            self.text(28, "nobody reported", kind="quiet", room=LABEL)
        for bar in self.on.within(lane["bars"]):
            self.text(28, *bar_label(bar), room=LABEL - 40)
            self.parts += [f"<g><title>{escape(bar_told(bar, self.tz))}</title>", *self._bar(bar), "</g>"]
        self.bottom = self.y

    def mark(self, mark: Mapping[str, Any]) -> None:
        """Draw one event beside the offices."""
        self.text(28, *mark_label(mark), room=LABEL - 40)
        when, middle = mark["when"], self.y - ROW / 2
        first, last = (self.x(self.on.place(when[end] or when["latest"])) for end in ("earliest", "latest"))
        self.parts += [
            f"<g><title>{escape(mark_told(mark, self.tz))}</title>",
            f'<line class="range" x1="{first}" x2="{last}" y1="{middle}" y2="{middle}"/>',
            f'<path class="mark" d="M{last} {middle - 6}l6 6-6 6-6-6z"/></g>',
        ]
        self.bottom = self.y

    def legend(self) -> None:
        """Say what the signs mean."""
        y, x = self.y + 8, 16
        samples = (("certain", "certain"), ("possible", "possible"), ("announced", "only announced"))
        for kind, says in samples:
            self.parts.append(f'<rect class="{kind}" x="{x}" y="{y}" width="34" height="{BAR}"/>')
            self.parts.append(f'<text class="quiet" x="{x + 40}" y="{y + 11}">{says}</text>')
            x += 64 + int(len(says) * CELL)
        self.parts.append(f'<rect fill="url(#in)" x="{x}" y="{y}" width="34" height="{BAR}"/>')
        self.parts.append(f'<text class="quiet" x="{x + 40}" y="{y + 11}">begins or ends in here</text>')
        x += 205
        self.parts.append(f'<path class="mark" d="M{x} {y + 1}l6 6-6 6-6-6z"/>')
        self.parts.append(f'<text class="quiet" x="{x + 12}" y="{y + 11}">event</text>')
        self.parts.append(f'<path class="arrow" d="M{x + 70} {y}l10 7-10 7z"/>')
        self.parts.append(f'<text class="quiet" x="{x + 86}" y="{y + 11}">goes on</text>')
        self.parts.append(f'<text class="quiet" x="{x + 150}" y="{y + 11}">‹ or earlier</text>')
        self.parts.append(f'<text class="quiet" x="{x + 235}" y="{y + 11}">? in doubt</text>')
        self.y += 28

    def told(self) -> None:
        """Write the time of each letter, in columns."""
        self.y += 14 if self.key else 0
        columns = 3
        rows = -(-len(self.key) // columns)
        for place, told in enumerate(self.key):
            column, row = divmod(place, rows)
            self.parts.append(
                f'<text class="quiet" x="{16 + column * 320}" y="{self.y + row * 17}">{escape(told)}</text>'
            )
        self.y += rows * 17

    def _bar(self, bar: Mapping[str, Any]) -> Iterator[str]:
        top = self.y - ROW / 2 - BAR / 2
        parts = list(segments(bar, self.on))
        sure = [place for place, part in enumerate(parts) if part.sure == "certain"]
        for place, part in enumerate(parts):
            x, end = self.x(part.begin), self.x(part.end)
            paint = f'class="{part.sure}"'
            if part.sure == "possible" and sure:
                paint = 'fill="url(#in)"' if place < sure[0] else 'fill="url(#out)"'
            size = max(round(end - x, 1), 2)
            yield f'<rect {paint} x="{x}" y="{top}" width="{size}" height="{BAR}"/>'
        if bar["since"] is None or bar["since"]["earliest"] is None:
            yield f'<text x="{self.x(parts[0].begin) - 8}" y="{top + 11}">‹</text>'
        if bar["until"] is None:
            yield f'<path class="arrow" d="M{self.x(1.0)} {top}l10 7-10 7z"/>'
        elif bar["until"]["latest"] is None:
            yield f'<text x="{self.x(1.0) + 3}" y="{top + 12}">?</text>'
