"""The shop's own statuses, which stand where the system status would (W-7)."""
