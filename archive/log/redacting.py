"""The one change of an entry: its content is destroyed, in the append that says so."""

from __future__ import annotations

from sqlalchemy import Connection, update

from archive.log.tables import entries


def overwrite(connection: Connection) -> None:
    """On SQLite, have what this transaction deletes overwritten with zeros."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def destroy(connection: Connection, position: int) -> None:
    """Empty payload, salt and dedupe columns of an entry; digest and leaf stay, and so does every proof.

    An entry of the same append must say that it is redacted: the database refuses anything else. On SQLite the bytes
    are overwritten in the pages where they stand; ``erasing.py`` sees to the copies of these pages.
    """
    overwrite(connection)
    emptied = {"payload": None, "salt": None, "dedupe_id": None, "dedupe_content": None}
    connection.execute(update(entries).where(entries.c.position == position).values(**emptied))
