"""What the driver raises, raised as SQLAlchemy would."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy import Connection


def fail(connection: Connection, statement: str, error: BaseException) -> NoReturn:
    """Raise an error as SQLAlchemy would, its parameters hidden; what broke the connection ends it."""
    dialect, base = connection.dialect, connection.dialect.loaded_dbapi.Error
    if not isinstance(error, base):
        if not isinstance(error, Exception):  # told to stop amid a statement: nobody knows where the connection stands
            connection.invalidate(error)
        raise error
    broken = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    if broken:
        connection.invalidate(error)
    raise DBAPIError.instance(
        statement,
        None,
        error,
        base,
        hide_parameters=True,
        connection_invalidated=broken,
        dialect=dialect,
    ) from error
