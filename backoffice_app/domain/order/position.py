"""Where an order stands in every list: the second it was placed, then its id, as one whole number that sorts."""

SECONDS_SHIFT = 30
"""The id takes the lower bits, so there is room for a billion orders."""


def position_of(placed_at_seconds: int, order_id: int) -> int:
    """Where an order stands in every list: by the second it was placed (UTC), then by id."""
    return placed_at_seconds << SECONDS_SHIFT | order_id


def first_position_of(second: int) -> int:
    """The lowest position an order placed in this second (UTC) can have: a bound for days."""
    return second << SECONDS_SHIFT


def second_of(position: int) -> int:
    """The second (UTC) in which the order at this position was placed."""
    return position >> SECONDS_SHIFT
