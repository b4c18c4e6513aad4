"""Imports go one way, and a library stays in the rooms that are allowed to know it."""

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]

# Rooms that may import a library directly. What is not named here is open to any room.
ALLOWED = {
    "sqlalchemy": {
        "archive.archive",
        "archive.asking",
        "archive.destroying",
        "archive.log",
        "archive.projections",
        "archive.proving",
        "archive.queries",
        "archive.verifying",
        "migrations",
    },
    "eventsourcing": {"archive.log", "archive.projections"},
    "click": {"archive.cli"},
}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Who imports whom, libraries included."""
    return grimp.build_graph("archive", "events", "migrations", include_external_packages=True, cache_dir=None)


def trespassers(graph: grimp.ImportGraph, library: str, allowed: set[str]) -> set[str]:
    """Return the modules that import `library` from outside the rooms that may."""
    if library not in graph.modules:
        return set()
    importers = graph.find_modules_that_directly_import(library)
    return {name for name in importers if not any(name == room or name.startswith(f"{room}.") for room in allowed)}


def foreign_imports(graph: grimp.ImportGraph, room: str) -> set[str]:
    """Return the modules that `room` imports from outside itself and the standard library."""
    inside = {room, *graph.find_descendants(room)}
    imported = set().union(*(graph.find_modules_directly_imported_by(module) for module in inside))
    return {name for name in imported - inside if name.partition(".")[0] not in sys.stdlib_module_names}


def test_the_layers_hold() -> None:
    """The contracts in pyproject.toml are kept, and every room of `archive` stands in them."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("library", ALLOWED)
def test_a_library_is_known_only_to_its_rooms(graph: grimp.ImportGraph, library: str) -> None:
    """SQLAlchemy, eventsourcing and click are imported by the rooms that section 6 of the design names."""
    assert trespassers(graph, library, ALLOWED[library]) == set()


def test_the_language_imports_the_standard_library_alone(graph: grimp.ImportGraph) -> None:
    """`events` can be read, and shipped, without the archive."""
    assert foreign_imports(graph, "events") == set()


def test_a_planted_import_is_found() -> None:
    """The two rules above can fail."""
    planted = grimp.ImportGraph()
    for importer, imported in (("archive.log.head", "click"), ("archive.logs", "click"), ("archive.cli.show", "click")):
        planted.add_import(importer=importer, imported=imported)
    assert trespassers(planted, "click", ALLOWED["click"]) == {"archive.log.head", "archive.logs"}
    for module in ("events", "events.base"):
        planted.add_module(module)
    for imported in ("dataclasses", "orjson", "archive.cli.show"):
        planted.add_import(importer="events.base", imported=imported)
    assert foreign_imports(planted, "events") == {"orjson", "archive.cli.show"}
