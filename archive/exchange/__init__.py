"""The archive in other forms, out and in: one module a format."""
