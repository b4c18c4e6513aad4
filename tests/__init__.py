"""Tests mirror the rooms; each is a sentence about behaviour."""
