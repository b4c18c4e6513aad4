"""Pages of archives, made for a test."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.pictures.publishing import publish

if TYPE_CHECKING:
    from archive import Archive

DRAWN = """() => [...document.querySelectorAll(".office")].map((office) => [
    office.dataset.office,
    office.querySelector(".status").textContent,
    [...office.querySelectorAll(".fact")].map((fact) => [
        fact.querySelector(".name").textContent, fact.classList.contains("certain") ? "certain" : "possible"]),
])"""


"""Each office that the page shows, with its status and its holders, as a script."""


def published(archive: Archive, organisation: str, folder: Path, **more: Any) -> Path:
    """The page of an organisation in a folder."""
    publish(archive.publication(organisation, **more), folder, tz="UTC")
    return folder
