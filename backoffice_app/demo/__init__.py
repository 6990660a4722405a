"""A shop to look at: real-looking customers, goods and orders in every state."""
