"""An append-only archive of what was reported about organisations, and their state at any instant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.errors import ArchiveError

__all__ = ["Archive", "ArchiveError", "__version__"]
__version__ = "0.1.0.dev0"


def __getattr__(name: str) -> Any:
    """Import a class when it is first asked for: the libraries behind it are slow to import."""
    if name == "Archive":
        from archive.archive import Archive  # noqa: PLC0415  # brings SQLAlchemy

        return Archive
    if name == "ArchiveError":
        from archive.errors import ArchiveError  # noqa: PLC0415  # a help text does without

        return ArchiveError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
