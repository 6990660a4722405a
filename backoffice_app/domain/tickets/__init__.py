"""Tickets: questions of customers, answered by mail, and what colleagues note about them (T-6, API-4)."""
