"""Questions to the read model."""
