"""Pictures of who held what over time, drawn from the JSON values of ``archive.queries.lanes``."""
