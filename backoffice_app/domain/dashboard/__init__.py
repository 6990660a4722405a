"""The dashboard: what needs doing now, and the sales of the last 30 days."""
