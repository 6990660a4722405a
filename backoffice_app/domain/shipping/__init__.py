"""Shipping: shipments leave the house once, and the customer is told once (W-5, SHIP-1)."""
