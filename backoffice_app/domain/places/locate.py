"""Where an address is, found by its postcode and its town alone, without any outside service (W-1, W-20)."""

from functools import lru_cache
from typing import NamedTuple

from backoffice_app.domain.places import data, postcodes
from backoffice_app.domain.places.data import Point, distance
from backoffice_app.domain.places.names import is_same_town, key_of, keys_as_typed, keys_of_beginning

NEAR = {"GB": 120.0, "US": 80.0, "AU": 150.0, "CA": 150.0, "SE": 60.0, "NO": 60.0, "FI": 60.0}
USUALLY_NEAR = 25.0
"""Kilometres between a postcode and a town that belong together: villages write the town of the post, and the other way
round.
"""
NEAR_BY_BEGINNING = 90.0
"""The same where only the beginning of the postcode is known."""


class Found(NamedTuple):
    """Where an address is: `point`, None if it was not found.

    `contradicts`: postcode and town are known and lie far from each other; `belongs_to`: the towns of the postcode
    then.
    """

    point: Point | None
    contradicts: bool = False
    belongs_to: tuple[str, ...] = ()


NOWHERE = Found(None)


@lru_cache(maxsize=4_096)
def locate(country: str, postcode: str, city: str) -> Found:
    """Where postcode and town are.

    Both must agree where both are known; one of them is enough where the other is empty or unknown.
    """
    signs = postcodes.signs_of(country, postcode) if postcode else ""
    known = data.postcode(country, signs) if signs else None
    if known is not None and any(_is_named(city, town) for town in known.towns):
        point = known.point or next(iter(data.postcodes_near(country, signs)), None)
        return Found(_nearest(_places(country, city), point) or point)
    wholes = [point for key in keys_as_typed(city) for point in data.towns(country, key)]
    if known is not None:
        return _with_known_code(country, city, known, wholes, data.postcodes_near(country, signs))
    around = data.postcodes_near(country, signs) if signs and data.knows_postcodes(country) else []
    if wholes and around:
        best = min(wholes, key=lambda town: min(distance(town, one) for one in around))
        is_near = min(distance(best, one) for one in around) <= max(NEAR_BY_BEGINNING, NEAR.get(country, 0))
        return Found(best) if is_near else Found(None, contradicts=True)
    if wholes:
        return Found(wholes[0])
    others = _places(country, city)
    if others:
        return Found(_nearest(others, around[0]) if around else others[0])
    return NOWHERE


def _with_known_code(
    country: str, city: str, known: data.Postcode, wholes: list[Point], around: list[Point]
) -> Found:
    """The postcode is known, and none of its towns is called as the typed one.

    `around`: the points of postcodes that begin alike.

    They are asked too, because a postcode of hamlets may have got the point of another hamlet of the same name.
    """
    point = known.point or next(iter(around), None)
    if point is None:
        return Found(wholes[0]) if wholes else NOWHERE
    near = NEAR.get(country, USUALLY_NEAR)
    best = _nearest(wholes or _places(country, city), point)
    if best is not None and min(distance(best, one) for one in (point, *around)) <= near:
        return Found(best)
    if wholes:
        return Found(None, contradicts=True, belongs_to=known.towns)
    return Found(point)  # a district or a village that nobody knows


def _places(country: str, city: str) -> list[Point]:
    """All places that a typed town may mean: called so, called so and more, or called like its beginning."""
    found: list[Point] = []
    for key in keys_as_typed(city):
        found += data.towns(country, key) or data.towns_beginning(country, key)
    if not found:
        for key in keys_of_beginning(city):
            found = data.towns(country, key) or data.towns_beginning(country, key)
            if found:
                break
    return found


def _is_named(city: str, town: str) -> bool:
    known = key_of(town)
    return any(
        is_same_town(key, known) or (len(key) > 5 and differs_by_one(key, known))
        for key in keys_as_typed(city)
    )


def differs_by_one(one: str, other: str) -> bool:
    """Whether two words differ by one mistyped, missing, doubled or swapped letter."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return one == other
    at = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, others = one[at:], other[at:]
    if len(one) == len(other):
        return rest[1:] == others[1:] or (rest[:2] == others[:2][::-1] and rest[2:] == others[2:])
    return rest[1:] == others if len(one) > len(other) else rest == others[1:]


def _nearest(points: list[Point], to: Point | None) -> Point | None:
    if to is None or not points:
        return points[0] if points else None
    return min(points, key=lambda point: distance(point, to))
