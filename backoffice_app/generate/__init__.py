"""Realistic orders in any number, by bulk inserts that keep every rule: for the demo, for tests and for measuring
(P-10).
"""

from backoffice_app.generate.load import generate

__all__ = ["generate"]
