"""The address in the outside map that the shop chose: a link that is followed only when a person presses it (W-1)."""

from collections.abc import Iterable
from urllib.parse import quote_plus

from backoffice_app.i18n import LazyText, _

OPENSTREETMAP, GOOGLE_MAPS = "OpenStreetMap", "Google Maps"
MAPS = (OPENSTREETMAP, GOOGLE_MAPS)
SOURCES = _(
    "Data of the map: GeoNames (CC BY 4.0), OpenStreetMap contributors and others (ODbL), Natural Earth."
)


def link_to(outside: str, lines: Iterable[str], exact: tuple[float, float] | None = None) -> str:
    """Where the outside map shows these lines of an address, or the exact point (latitude, longitude) that a geocoder
    found.
    """
    if exact:
        at = f"{exact[0]:.6f},{exact[1]:.6f}"
        if outside == GOOGLE_MAPS:
            return f"https://www.google.com/maps/search/?api=1&query={quote_plus(at)}"
        return f"https://www.openstreetmap.org/?mlat={exact[0]:.6f}&mlon={exact[1]:.6f}#map=18/{exact[0]:.6f}/{exact[1]:.6f}"
    query = quote_plus(", ".join(" ".join(line.split()) for line in lines if line.strip()))
    if outside == GOOGLE_MAPS:
        return f"https://www.google.com/maps/search/?api=1&query={query}"
    return f"https://www.openstreetmap.org/search?query={query}"


def opens_in(place: str, outside: str) -> LazyText:
    """What the link says to who does not see the map."""
    return _("Map: {place}. Opens in {map}").format(place=place, map=outside)
