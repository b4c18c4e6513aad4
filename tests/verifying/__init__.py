"""Archives that were tampered with, damaged, cut off or rolled back, and what a check finds."""
