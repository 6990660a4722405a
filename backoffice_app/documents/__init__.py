"""Snapshot in, bytes out."""
