"""The log: every event ever taken in, in one order, immutable. The only writer of the log's tables."""
