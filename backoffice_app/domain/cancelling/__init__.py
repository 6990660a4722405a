"""An order ends before all of it has left: as a whole, or the rest of it (W-13)."""
