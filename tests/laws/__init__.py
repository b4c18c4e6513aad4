"""Laws: what holds of every history."""
