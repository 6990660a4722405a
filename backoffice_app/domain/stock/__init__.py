"""Products and their stock: what lies in the house, and what orders wait for (STK-1)."""
