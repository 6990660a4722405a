"""The map of a place, drawn as SVG from the outlines of countries: its country, its neighbours, the large towns near it
(W-1).
"""

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from itertools import pairwise
from math import cos, radians
from typing import NamedTuple

from backoffice_app.domain.places import data
from backoffice_app.domain.places.data import Point

WIDTH, HEIGHT = 136, 92
MIDDLE = (68.0, 36.0)
"""Where the place is drawn: the lowest 20 px are under its name."""
SCALE = 0.34
"""Pixels for a hundredth of a degree of latitude: 136 px are some 440 km."""
DRAWN = 1
"""Counts up when maps look different, so that browsers ask for them anew."""
LEAST_STEP = 1.1
MOST_CITIES = 2
LETTER = 6.0
STYLE = (
    ":root{color-scheme:light dark}"
    "svg{background:#e6eef6}.o{fill:#f3f2ee}.h{fill:#fdfcf8}.o,.h{stroke:#b9bcc6;stroke-width:1.6;stroke-linejoin:round}"
    "text{font:12px "
    "sans-serif;fill:#60646c;paint-order:stroke;stroke:#fdfcf8;stroke-width:2.5px}.c{fill:#80838d}.p{fill:#3e63dd}"
    "@media(prefers-color-scheme:dark){svg{background:#141c26}.o{fill:#1d2024}.h{fill:#272a2f}.o,.h{stroke:#4b5058}"
    "text{fill:#b0b4ba;stroke:#272a2f}.c{fill:#8b8d98}.p{fill:#7f9bf5}}"
)

Spot = tuple[float, float]


class View(NamedTuple):
    """The window of a map: what is in its middle, and how many pixels a hundredth of a degree has to the east."""

    place: Point
    east: float

    def spot(self, point: Point) -> Spot:
        """Where a point is in the picture."""
        x = (point.longitude - self.place.longitude) * self.east + MIDDLE[0]
        return x, (self.place.latitude - point.latitude) * SCALE + MIDDLE[1]


@lru_cache(maxsize=1_024)
def draw(country: str, place: Point) -> str:
    """The map around a place as SVG, a few kB; the same bytes each time."""
    view = View(place, SCALE * max(cos(radians(place.latitude / 100)), 0.1))
    parts = [_land(country, view), *_cities(view)]
    x, y = MIDDLE
    parts.append(
        f'<circle class="p" cx="{x:g}" cy="{y:g}" r="8" opacity=".25"/><circle class="p" cx="{x:g}" cy="{y:g}" r="4"/>'
    )
    inside = "".join(parts)
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{STYLE}</style>{inside}</svg>'


def _land(country: str, view: View) -> str:
    """One path for the country of the place, one for all others."""
    paths = {"h": [], "o": []}  # type: dict[str, list[str]]
    for whose, ring in _outlines():
        if _is_in_view(ring, view):
            path = _path([view.spot(point) for point in _points(ring[4])])
            paths["h" if whose == country else "o"].append(path)
    drawn = "".join(
        f'<path class="{kind}" d="{"".join(found)}"/>'
        for kind, found in sorted(paths.items(), reverse=True)
        if any(found)
    )
    return f'<g transform="scale(.5)">{drawn}</g>'


Ring = tuple[int, int, int, int, str]


@lru_cache(maxsize=1)
def _outlines() -> list[tuple[str, Ring]]:
    """Country, bounds and points of each outline; the points stay text until they are drawn."""
    found = []
    for line in data.part("outlines").decode().splitlines():
        country, south, west, north, east, points = line.split("\t")
        found.append((country, (int(south), int(west), int(north), int(east), points)))
    return found


def _is_in_view(ring: Ring, view: View) -> bool:
    south, west, north, east, _points = ring
    high, wide = HEIGHT / SCALE, WIDTH / view.east
    at = view.place
    return (
        south <= at.latitude + high
        and north >= at.latitude - high
        and west <= at.longitude + wide
        and east >= at.longitude - wide
    )


def _points(text: str) -> Iterator[Point]:
    for pair in text.split():
        latitude, _comma, longitude = pair.partition(",")
        yield Point(int(latitude), int(longitude))


def _path(spots: list[Spot]) -> str:
    """The outline as it is in the picture: cut at its edges, without steps that nobody sees."""
    for axis, edge, keeps_less in (
        (0, -3.0, False),
        (0, WIDTH + 3.0, True),
        (1, -3.0, False),
        (1, HEIGHT + 3.0, True),
    ):
        spots = _cut(spots, axis, edge, keeps_less=keeps_less)
    kept: list[Spot] = []
    for spot in spots:
        if not kept or abs(spot[0] - kept[-1][0]) + abs(spot[1] - kept[-1][1]) >= LEAST_STEP:
            kept.append(spot)
    at = [
        (round(x * 2), round(y * 2)) for x, y in kept
    ]  # half pixels as whole numbers, each from the one before: a third of the bytes
    steps = "".join(f"l{x - u} {y - v}" for (u, v), (x, y) in pairwise(at))
    return f"M{at[0][0]} {at[0][1]}{steps}z" if len(at) > 2 else ""


def _cut(spots: list[Spot], axis: int, edge: float, *, keeps_less: bool) -> list[Spot]:
    """The part of an outline on one side of an edge (Sutherland and Hodgman)."""
    kept: list[Spot] = []
    for before, spot in zip([*spots[-1:], *spots[:-1]], spots, strict=True):
        is_in, was_in = ((one[axis] <= edge) == keeps_less for one in (spot, before))
        if is_in != was_in:
            share = (edge - before[axis]) / (spot[axis] - before[axis])
            kept.append(
                (before[0] + share * (spot[0] - before[0]), before[1] + share * (spot[1] - before[1]))
            )
        if is_in:
            kept.append(spot)
    return kept


def _cities(view: View) -> Iterator[str]:
    """The largest towns around that leave room for the place and for each other, each with its name."""
    taken: list[tuple[float, float, float, float]] = [
        (MIDDLE[0] - 14, MIDDLE[1] - 14, MIDDLE[0] + 14, MIDDLE[1] + 14)
    ]
    found = 0
    for point, name in _large():
        x, y = view.spot(point)
        if not (4 < x < WIDTH - 4 and 12 < y < HEIGHT - 24):
            continue
        wide = len(name) * LETTER
        left = x + 5 if x + 7 + wide < WIDTH else x - 5 - wide
        box = (min(left, x - 3) - 1, y - 9, max(left + wide, x + 3) + 1, y + 6)
        if left < 1 or any(
            box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken
        ):
            continue
        taken.append(box)
        yield (
            f'<circle class="c" cx="{x:.1f}" cy="{y:.1f}" r="2"/><text x="{left:.1f}" '
            f'y="{y + 4:.1f}">{escape(name)}</text>'
        )
        found += 1
        if found == MOST_CITIES:
            return


@lru_cache(maxsize=1)
def _large() -> list[tuple[Point, str]]:
    found = []
    for line in data.part("cities").decode().splitlines():
        latitude, longitude, name = line.split("\t")
        found.append((Point(int(latitude), int(longitude)), name))
    return found
