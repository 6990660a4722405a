"""Bricks without state."""
