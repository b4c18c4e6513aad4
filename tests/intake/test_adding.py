"""Which source a file belongs to, and what of it is new."""

from typing import Any

import pytest

from archive.intake.adding import Adding, adding
from archive.intake.faults import Wrong
from events import Event
from events.sources import SourceRegistered
from events.values import Sha256, SourceId

OLD, NEW = "1" * 64, "2" * 64
URL = "https://acme.example/news"
REGISTERED = {"publisher": "Acme", "url": URL}
SOURCES: list[dict[str, Any]] = [
    {"id": "acme-news", "position": 1, "url": URL, "versions": [{"sha256": OLD, "position": 1, "url": URL}]},
    {"id": "acme", "position": 2, "url": None, "versions": []},
]


def entry(position: int) -> Event:
    """The registrations of both."""
    if position == 1:
        return SourceRegistered(source=SourceId("acme-news"), publisher="Acme", url=URL, sha256=Sha256(OLD))
    return SourceRegistered(source=SourceId("acme"))


def add(digest: str, file: str = "-", **given: Any) -> Adding:
    """Add a file."""
    return adding(given, digest, file, SOURCES, entry)


@pytest.mark.parametrize(
    "given", [{}, REGISTERED, {"source": "acme-news"}, {"source": "acme-news", "url": URL}, {"publisher": "Acme"}]
)
def test_the_same_file_again_is_there_already(given: dict[str, Any]) -> None:
    """By its digest, its address or its id."""
    assert add(OLD, **given) == Adding("acme-news", None)


@pytest.mark.parametrize("given", [{"url": URL}, {"source": "acme-news"}])
def test_another_file_of_the_same_source_is_another_version(given: dict[str, Any]) -> None:
    """Of its own it has title and times; the address only where it differs."""
    wire = {"type": "SourceVersionRegistered", "source": "acme-news", "sha256": NEW, "retrieved": "2020"}
    assert add(NEW, **given, retrieved="2020", publisher="Acme") == Adding("acme-news", wire)


def test_a_source_without_a_digest_gets_its_first_version() -> None:
    """By its id."""
    assert add(NEW, source="acme").wire == {"type": "SourceVersionRegistered", "source": "acme", "sha256": NEW}


def test_the_same_bytes_at_another_address_are_another_source() -> None:
    """A wire's words printed by an outlet."""
    found = add(OLD, url="https://outlet.example/1", publisher="Outlet", derived_from=["acme-news"])
    assert found.source == "outlet"
    assert found.wire is not None
    assert found.wire["type"] == "SourceRegistered"


@pytest.mark.parametrize(
    ("digest", "given", "said"),
    [
        (OLD, {"publisher": "Beta"}, "`Beta` is registered as `Acme`"),
        (OLD, {"title": "News"}, "`News` is not registered"),
        (NEW, {"url": URL, "language": "en"}, "`en` is not registered"),
        (NEW, {"url": URL, "source": "other"}, "is that of the source `acme-news`"),
        (NEW, {"url": "https://b.example/", "source": "acme-news"}, "is not that of the source `acme-news`"),
    ],
)
def test_what_contradicts_the_register_is_a_fault(digest: str, given: dict[str, Any], said: str) -> None:
    """Nothing is amended in passing."""
    with pytest.raises(Wrong, match=said):
        add(digest, **given)


@pytest.mark.parametrize(
    ("file", "given", "slug"),
    [
        ("x/The News.html", {}, "the-news"),
        ("-", {}, "source-22222222"),
        ("-", {"title": "記事"}, "source-22222222"),
        ("-", {"publisher": "L'Été", "title": "A – b"}, "lete-a-b"),
        ("-", {"publisher": "Acme"}, "acme-2"),
        ("-", {"title": "word " * 30}, "-".join(["word"] * 12)),
    ],
)
def test_an_id_is_made_of_publisher_and_title_or_of_the_file(file: str, given: dict[str, Any], slug: str) -> None:
    """A slug that no source has, cut between words."""
    assert add(NEW, file, **given).source == slug
