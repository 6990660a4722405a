"""Addresses without any outside service: where they are, what looks wrong in them, and the map of their place (W-1,
W-20).
"""
