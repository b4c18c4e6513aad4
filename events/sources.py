"""Sources: the documents that reports rest on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from events.base import Registration
from events.effects import Effect
from events.values import Access, Language, Sha256, SourceId, When, Zone


@dataclass(frozen=True, kw_only=True)
class SourceRegistered(Registration):
    """The archive takes a document into its register.

    source: the new id, a lower-case slug
    title: the title as printed
    author: who wrote it, as printed
    publisher: who published it
    url: where it was found
    language: its language, a BCP 47 tag
    published: when it was first public
    retrieved: when the archivist took it
    tz: the zone of local times and dates in this registration; UTC unless given
    sha256: the digest of the document's bytes, in hex
    derived_from: the sources that it copies, translates or quotes
    machine_translated: whether its text is a machine's translation
    access: `internal` keeps the source and what rests on it out of what is published
    """

    source: SourceId
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: Language | None = None
    published: When | None = None
    retrieved: When | None = None
    tz: Zone | None = None
    sha256: Sha256 | None = None
    derived_from: tuple[SourceId, ...] = ()
    machine_translated: bool = False
    access: Access = "public"

    @property
    def stream(self) -> str:
        """The source's stream."""
        return f"source/{self.source}"

    def effects(self) -> Iterator[Effect]:
        """Sets what answers show of the source."""
        shown = {
            "author": self.author,
            "publisher": self.publisher,
            "url": self.url,
            "language": self.language,
            "published": self.published.latest if self.published else None,
            "sha256": self.sha256,
            "derived_from": list(self.derived_from) or None,
            "access": self.access,
        }
        yield Effect(
            "set",
            "sources",
            "",
            self.source,
            value=self.title or self.source,
            details={key: value for key, value in shown.items() if value is not None},
        )
