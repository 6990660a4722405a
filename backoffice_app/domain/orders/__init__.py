"""Orders: how they are placed, and what may be changed on them."""
