"""Where addresses are: found by postcode and town, in a small file, quickly, without any outside service (W-1)."""

import importlib.util
import json
import re
import sys
import time
import tracemalloc
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from labelled_addresses import COUNTRIES

from backoffice_app.domain.places import data
from backoffice_app.domain.places.data import Point, distance
from backoffice_app.domain.places.drawing import draw
from backoffice_app.domain.places.locate import locate
from backoffice_app.domain.places.outside import GOOGLE_MAPS, OPENSTREETMAP, link_to

ROOT = Path(__file__).parents[3]
KNOWN = {
    ("DE", "10827", "Berlin"): Point(5252, 1341),
    ("DE", "22587", "Blankenese"): Point(5355, 999),
    ("DE", "", "Frankfurt/Main"): Point(5012, 868),
    ("AT", "1010", "Wien"): Point(4821, 1637),
    ("CH", "2502", "Biel/Bienne"): Point(4714, 725),
    ("NL", "2511 CV", "'s-Gravenhage"): Point(5208, 430),
    ("FR", "42000", "SAINT ETIENNE"): Point(4543, 439),
    ("GB", "EH1 1YZ", "Edinburgh"): Point(5595, -320),
    ("IT", "39100", "Bozen"): Point(4650, 1135),
    ("PL", "00-001", "Warschau"): Point(5223, 2101),
    ("JP", "100-0005", "東京"): Point(3569, 13969),
    ("AE", "", "دبي"): Point(2507, 5530),
    ("GR", "105 63", "Αθήνα"): Point(3798, 2373),
}
"""Places, looked up by hand in an atlas."""


@pytest.fixture(scope="module")
def make_places() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_places", ROOT / "tools" / "make_places.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_places"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("address", "where"), KNOWN.items(), ids=[":".join(key) for key in KNOWN])
def test_w1_an_address_is_found_by_its_postcode_and_town(address: tuple[str, str, str], where: Point) -> None:
    found = locate(*address).point
    assert found is not None
    assert distance(found, where) < 15


def test_w1_a_postcode_and_a_town_that_are_far_apart_are_not_found() -> None:
    found = locate("DE", "10115", "München")
    assert (found.point, found.contradicts, found.belongs_to) == (None, True, ("Berlin",))
    assert locate("DE", "", "Xyzzyhausen").point is None
    assert locate("ZZ", "1", "Nirgends").point is None


def test_w1_all_the_towns_that_tests_name_are_found() -> None:
    missing = [
        (land.code, code, town)
        for land in COUNTRIES
        for code, towns in land.towns
        for town in towns
        if not locate(land.code, code, town).point
    ]
    assert missing == []


def test_w1_the_data_are_small_and_quick() -> None:
    assert data.FILE.stat().st_size < 8_000_000
    data.part.cache_clear()
    locate.cache_clear()
    tracemalloc.start()
    for land in COUNTRIES:
        locate(land.code, land.towns[0][0], land.towns[0][1][0])
    draw("DE", Point(5252, 1341))
    used, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used < 25_000_000, used
    assert most < 40_000_000, most
    asked = [(land.code, code, town) for land in COUNTRIES for code, towns in land.towns for town in towns]
    locate.cache_clear()
    start = time.process_time()
    for address in asked:
        locate(*address)
    assert (time.process_time() - start) / len(asked) < 0.001


def test_w1_the_file_holds_the_same_as_what_is_packed_again(make_places: ModuleType) -> None:
    index = json.loads(data.FILE.read_bytes().split(b"\n", 2)[1])
    parts = {name: data.part(name) for name in index}
    again = make_places.packed(parts)
    assert again == data.FILE.read_bytes() or _unpacked(again) == parts  # another zlib may press otherwise


def test_w1_the_file_is_made_the_same_from_the_same_sources(make_places: ModuleType) -> None:
    sources = ROOT / "build" / "places"
    if not all((sources / name).exists() for name in make_places.SOURCES):
        pytest.skip("the sources are not here: `python tools/make_places.py` fetches them")
    assert make_places.parts_of(sources) == {
        name: data.part(name) for name in json.loads(data.FILE.read_bytes().split(b"\n", 2)[1])
    }


def test_w1_the_order_of_the_sources_does_not_matter(make_places: ModuleType) -> None:
    cities = [
        {
            "geonameid": n,
            "name": name,
            "latitude": 50 + n,
            "longitude": 8.0,
            "countrycode": "DE",
            "population": people,
            "alternatenames": [],
        }
        for n, (name, people) in enumerate((("Neustadt", 900), ("Neustadt", 50_000), ("Altstadt", 700)))
    ]
    lines = make_places.town_lines(make_places.towns_of(cities)["DE"])
    assert lines == make_places.town_lines(make_places.towns_of(cities[::-1])["DE"])
    assert lines == b"altstadt\t5200\t800\nneustadt\t5100\t800\nneustadt\t5000\t800\n"


def test_w1_the_map_is_small_drawn_and_safe() -> None:
    picture = draw("DE", Point(5355, 999))
    assert len(picture.encode()) < 8_000
    assert picture == draw("DE", Point(5355, 999))
    assert re.findall(r'class="([hocp])"', picture).count("p") == 2
    assert "script" not in picture
    assert all(draw("FJ", Point(-1800, longitude)) for longitude in (-18_000, 18_000, 0))


def test_w1_the_link_leads_to_the_map_that_the_shop_chose() -> None:
    lines = ["Hauptstraße 12", "10827 Berlin", "Germany"]
    assert (
        link_to(OPENSTREETMAP, lines)
        == "https://www.openstreetmap.org/search?query=Hauptstra%C3%9Fe+12%2C+10827+Berlin%2C+Germany"
    )
    assert link_to(GOOGLE_MAPS, lines).startswith("https://www.google.com/maps/search/?api=1&query=Hauptstra")
    assert "mlat=52.5" in link_to(OPENSTREETMAP, lines, (52.5, 13.4))


def _unpacked(packed: bytes) -> dict[str, Any]:
    import zlib

    _format, index, body = packed.split(b"\n", 2)
    return {
        name: zlib.decompress(body[start : start + length])
        for name, (start, length) in json.loads(index).items()
    }
