"""Returns: goods come back, once for each piece, and what was paid for them is credited (RET)."""
