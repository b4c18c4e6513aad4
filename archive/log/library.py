"""The failures of a database, as the callers of ``eventsourcing`` expect them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from eventsourcing import persistence
from sqlalchemy.exc import DBAPIError, IntegrityError

from archive.errors import DatabaseError


@contextmanager
def library_errors() -> Iterator[None]:
    """Raise the library's own errors in the block."""
    try:
        yield
    except IntegrityError as error:
        raise persistence.IntegrityError(str(error.orig)) from error
    except DBAPIError as error:
        raise persistence.DatabaseError(str(error.orig)) from error
    except DatabaseError as error:
        raise persistence.OperationalError(str(error)) from error
