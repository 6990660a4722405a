"""The data about places that come with Kontor, read country by country when first asked for (W-1, W-20).

`tools/make_places.py` makes `places.dat` and says where all of it is from; `docs/licences.md` has the licences.
The file begins with a line that names its format, and an index as one line of JSON: name of a part -> where it begins,
how long it is. Each part is compressed text with sorted lines, so that a line is found by halving, without a table in
memory.
"""

import json
import re
import zlib
from collections.abc import Iterator
from functools import cache, lru_cache
from math import cos, hypot, radians
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("places.dat")
FORMAT = b"Kontor places 1\n"
MOST_PARTS = 60
"""Parts that are kept in memory: those of some twenty countries, a few MB."""
KM_A_DEGREE = 111.2


class Point(NamedTuple):
    """A place on earth, in hundredths of a degree: nearly a kilometre, which is what a postcode or a town says."""

    latitude: int
    longitude: int


class Postcode(NamedTuple):
    """A known postcode: where it is, if that is known, and the towns that have it."""

    point: Point | None
    towns: tuple[str, ...]


class Pattern(NamedTuple):
    """How the postcodes of a country look: a regular expression, an example, and whether an address needs one."""

    expression: re.Pattern[str]
    example: str
    is_needed: bool


@cache
def _index() -> tuple[dict[str, tuple[int, int]], int]:
    with FILE.open("rb") as file:
        if file.readline() != FORMAT:
            raise ValueError(f"{FILE.name} is of another format: make it anew with tools/make_places.py.")
        found = json.loads(file.readline())
        return {name: (start, length) for name, (start, length) in found.items()}, file.tell()


@lru_cache(maxsize=MOST_PARTS)
def part(name: str) -> bytes:
    """The lines of one part, b"" for one that is not there: "towns/DE", "postcodes/DE", "patterns", "cities",
    "outlines".
    """
    index, begin = _index()
    if name not in index:
        return b""
    start, length = index[name]
    with FILE.open("rb") as file:
        file.seek(begin + start)
        return zlib.decompress(file.read(length))


def lines_from(raw: bytes, key: bytes) -> Iterator[list[str]]:
    """The fields of each line from the first that is not before `key` on."""
    at = _first_from(raw, key)
    while at < len(raw):
        end = raw.index(b"\n", at)
        yield raw[at:end].decode().split("\t")
        at = end + 1


def _first_from(raw: bytes, key: bytes) -> int:
    low, high = 0, len(raw)
    while low < high:
        middle = (low + high) // 2
        start = raw.rfind(b"\n", 0, middle) + 1
        end = raw.find(b"\n", middle)
        if raw[start:end] < key:
            low = end + 1
        else:
            high = start
    return low


def knows_towns(country: str) -> bool:
    """Whether towns of this country are known."""
    return bool(part(f"towns/{country}"))


def knows_postcodes(country: str) -> bool:
    """Whether the postcodes of this country are known with their towns."""
    return bool(part(f"postcodes/{country}"))


def towns(country: str, key: str) -> list[Point]:
    """All places of this name, as `key_of` writes it, the largest first."""
    found: list[Point] = []
    for name, latitude, longitude in lines_from(part(f"towns/{country}"), key.encode() + b"\t"):
        if name != key:
            break
        found.append(Point(int(latitude), int(longitude)))
    return found


def towns_beginning(country: str, key: str, most: int = 8) -> list[Point]:
    """Places whose names begin with these words and go on, such as "frankfurt am main" for "frankfurt"."""
    found: list[Point] = []
    for name, latitude, longitude in lines_from(part(f"towns/{country}"), key.encode() + b" "):
        if not name.startswith(f"{key} ") or len(found) == most:
            break
        found.append(Point(int(latitude), int(longitude)))
    return found


def postcode(country: str, code: str) -> Postcode | None:
    """What is known of a postcode, which has letters and figures only; None for one that is not in the data."""
    for name, *fields in lines_from(part(f"postcodes/{country}"), code.encode() + b"\t"):
        return _postcode(fields) if name == code else None
    return None


def postcodes_near(country: str, code: str) -> list[Point]:
    """Where the postcodes are that begin as this unknown one does, by at least two letters; empty where that says
    nothing.
    """
    for length in range(len(code) - 1, 1, -1):
        begin = code[:length]
        found: list[Point] = []
        for name, *fields in lines_from(part(f"postcodes/{country}"), begin.encode()):
            if not name.startswith(begin) or len(found) == 40:
                break
            if point := _postcode(fields).point:
                found.append(point)
        if found:
            return found
    return []


def _postcode(fields: list[str]) -> Postcode:
    latitude, longitude, names = fields
    return Postcode(
        Point(int(latitude), int(longitude)) if latitude else None, tuple(filter(None, names.split(";")))
    )


@cache
def patterns() -> dict[str, Pattern]:
    """How postcodes look, by country; countries without any are not there."""
    found: dict[str, tuple[str, str, bool]] = json.loads(part("patterns") or b"{}")
    return {
        country: Pattern(re.compile(expression), example, needed)
        for country, (expression, example, needed) in found.items()
    }


def distance(one: Point, other: Point) -> float:
    """Kilometres between two points that are not far from each other."""
    middle = radians((one.latitude + other.latitude) / 200)
    east = (one.longitude - other.longitude) * cos(middle)
    return hypot(one.latitude - other.latitude, east) * KM_A_DEGREE / 100
