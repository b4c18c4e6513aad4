"""The fold and the read model."""
