"""An append-only archive of what was reported about organisations, and their state at any instant."""

__version__ = "0.1.0.dev0"
