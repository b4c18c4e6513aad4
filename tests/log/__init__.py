"""Tests of archive/log."""
