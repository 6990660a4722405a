"""Products and their stock: what is in stock, and what orders wait for (STK-1)."""
