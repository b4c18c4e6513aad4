"""The fold of the log into the read model; the only writer of the read-model tables."""
