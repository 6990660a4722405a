"""Event handlers, one file a page, and the gate before them."""
