"""The schema of an archive, as Alembic versions; a version file imports no project code."""
