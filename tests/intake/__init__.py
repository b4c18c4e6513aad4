"""Intake: text to events."""
