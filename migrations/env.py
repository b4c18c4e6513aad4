"""Where Alembic begins: on the connection it is given, or on the database that ARCHIVE_URL names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from alembic import context

import archive.projections.tables  # noqa: F401  # its tables are in the metadata once it is imported
from archive.log.database import open_engine
from archive.log.tables import metadata
from archive.log.transactions import write_transaction

if TYPE_CHECKING:
    from sqlalchemy import Connection


def run(connection: Connection) -> None:
    """Run the migrations in the transaction that is already open on ``connection``."""
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
    context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with write_transaction(open_engine(os.environ["ARCHIVE_URL"], create=True)) as own:
        run(own)
