"""Pictures of who held what."""
