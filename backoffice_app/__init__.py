"""Kontor, the order back office of a small web shop."""
