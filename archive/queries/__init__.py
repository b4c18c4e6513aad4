"""Questions to the read model: each one reads, none writes."""
