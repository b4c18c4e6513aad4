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
    read_as: of a file of data, how it is read, as `ends=inclusive`; each newer version is read so
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
    read_as: tuple[str, ...] = ()

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
        if self.sha256 is not None:
            yield _version(self, self.sha256)


@dataclass(frozen=True, kw_only=True)
class SourceVersionRegistered(Registration):
    """The archive takes another version of a registered document into its register: the same place, other bytes.

    What does not change (publisher, language, derived_from, access) is said once, by the source's registration.

    source: whose version it is
    sha256: the digest of the bytes of this version, in hex
    title: its title as printed, where it differs
    url: where it was found, where that differs
    published: when this version was first public
    retrieved: when the archivist took it; without `published`, the latest that it was first public
    tz: the zone of local times and dates in this registration; UTC unless given
    """

    source: SourceId
    sha256: Sha256
    title: str | None = None
    url: str | None = None
    published: When | None = None
    retrieved: When | None = None
    tz: Zone | None = None

    @property
    def stream(self) -> str:
        """The source's stream."""
        return f"source/{self.source}"

    def effects(self) -> Iterator[Effect]:
        """Adds a version to the source."""
        yield _version(self, self.sha256)


def _version(event: SourceRegistered | SourceVersionRegistered, sha256: str) -> Effect:
    """The effect of a version of a source."""
    shown = {"url": event.url, "published": _given(event.published), "retrieved": _given(event.retrieved)}
    details = {key: value for key, value in shown.items() if value is not None}
    return Effect("attest", "source_versions", "", event.source, sha256, value=event.title, details=details)


def _given(time: When | None) -> dict[str, str | None] | None:
    return None if time is None else {"text": time.text, "earliest": time.earliest, "latest": time.latest}
