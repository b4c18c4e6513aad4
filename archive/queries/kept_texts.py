"""Kept texts as a search knows them: of which sources they are, since when public, and where words stand in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, select

from archive.log.documents import texts
from archive.projections.tables import spans, word_texts
from archive.projections.words import Phrase
from archive.queries.excerpts import Fields
from archive.queries.question import Question, chunks
from events import BASES

EACH = 3
"""Excerpts of each phrase."""

MOST = 100
"""Places of which an answer gives the offsets."""


@dataclass(frozen=True, slots=True)
class Version:
    """One source that has the text: where it is registered, since when it is public and in the archive."""

    source: str
    title: str | None
    position: int
    public: str
    recorded: str


class KeptTexts:
    """The kept texts of one question, by the numbers that the index gives them."""

    def __init__(self, connection: Connection, question: Question, numbers: Collection[int]) -> None:
        """Look up those with these numbers; one that no source has as the question knows it is not there."""
        self._connection = connection
        self._digests: dict[int, str] = {}
        for some in chunks(numbers):
            rows = select(word_texts.c.number, word_texts.c.sha256).where(word_texts.c.number.in_(some))
            self._digests.update((number, digest) for number, digest in connection.execute(rows))
        self._versions: dict[str, list[Version]] = defaultdict(list)
        for version, digest in self._registered(question):
            if question.as_reported is None or version.public <= question.as_reported:
                self._versions[digest].append(version)

    def of(self, sources: Collection[str] | None) -> set[int]:
        """The numbers of those that one of these sources has, or any."""
        return {
            number
            for number, digest in self._digests.items()
            if any(sources is None or version.source in sources for version in self._versions[digest])
        }

    def fields(self, number: int, asked: Sequence[Phrase]) -> Fields:
        """The text as the one field of a hit; none where it is not kept."""
        digest = self._digests[number]
        text = texts(self._connection, [digest]).get(digest)
        return Fields([] if text is None else [("text", text)], asked)

    def shown(self, number: int, fields: Fields) -> dict[str, Any]:
        """The hit: its sources, and every place in the text, of the first `MOST` the half-open code points."""
        digest = self._digests[number]
        versions = sorted(self._versions[digest], key=lambda version: version.position)
        places = fields.places()
        return {
            "kind": "text",
            "position": versions[0].position,
            "subject": f"source/{versions[0].source}",
            "sources": sorted({version.source for version in versions}),
            "sha256": digest,
            "title": versions[0].title,
            "reported": min(version.public for version in versions),
            "recorded": min(version.recorded for version in versions),
            "found": len(places),
            "places": [list(place) for place in places[:MOST]],
            "excerpts": fields.excerpts(EACH),
        }

    def _registered(self, question: Question) -> Iterable[tuple[Version, str]]:
        row, sees = spans.c, replace(question, basis=BASES[-2]).sees(spans)
        for some in chunks(self._digests.values()):
            wanted = select(row.item, row.holder, row.value, row.positions, row.details, row.recorded_from).where(
                row.organisation == "", row.model == "source_versions", row.holder.in_(some), sees
            )
            for source, digest, title, positions, details, since in self._connection.execute(wanted):
                said = orjson.loads(details) if details else {}
                times = (said.get("published"), said.get("retrieved"))
                public = next((time["latest"] for time in times if time and time["latest"]), since)
                yield Version(source, title, min(orjson.loads(positions)), public, since), digest
