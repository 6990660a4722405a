"""The geocoder that the owner set up: one question, answered within seconds or not at all (W-1)."""

import json
from dataclasses import dataclass
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

GOOGLE = "https://maps.googleapis.com/maps/api/geocode/json"
LARGEST = 200_000
"""Bytes of an answer that are read."""
AGENT = "Kontor (order back office)"
Place = tuple[float, float]


class NoAnswer(Exception):  # noqa: N818
    """The geocoder did not answer, or not with what was asked.

    It says why, without the address that was asked for and without the key.
    """


@dataclass(frozen=True)
class Geocoder:
    """Whom to ask. `key`: of Google, "" for a Nominatim at `url`."""

    url: str
    key: str = ""
    seconds: float = 5.0

    def find(self, lines: str, country: str) -> Place | None:
        """Latitude and longitude of a place; None where there is no such place. Raises NoAnswer."""
        if self.key:
            return _of_google(
                self._ask({"address": lines, "components": f"country:{country}", "key": self.key})
            )
        return _of_nominatim(
            self._ask({"q": lines, "countrycodes": country.lower(), "format": "jsonv2", "limit": "1"})
        )

    def _ask(self, parameters: dict[str, str]) -> object:
        address = f"{self.url}?{urlencode(parameters)}"
        request = Request(address, headers={"User-Agent": AGENT, "Accept": "application/json"})  # noqa: S310  # checked by the settings
        try:
            with build_opener(_Stay).open(request, timeout=self.seconds) as answer:
                return json.loads(answer.read(LARGEST))
        except HTTPError as error:
            raise NoAnswer(f"It answered {error.code}.") from None
        except URLError as error:
            raise NoAnswer(f"It can't be reached: {type(error.reason).__name__}.") from None
        except (OSError, ValueError) as error:
            raise NoAnswer(f"It can't be understood, or was too slow: {type(error).__name__}.") from None


class _Stay(HTTPRedirectHandler):
    """Follows nowhere: an address goes to the geocoder that was set up and to nobody else."""

    def redirect_request(self, *_args: object) -> None:
        """None: the answer is an error."""


def geocoder_of(setting: str, seconds: float) -> Geocoder:
    """Whom `KONTOR_GEOCODER` names: the address of a Nominatim, or `google:KEY`."""
    if setting.startswith("google:"):
        return Geocoder(GOOGLE, setting.removeprefix("google:"), seconds)
    url = setting.rstrip("/")
    return Geocoder(url if urlsplit(url).path.endswith("/search") else f"{url}/search", "", seconds)


def _of_nominatim(answer: object) -> Place | None:
    if not isinstance(answer, list):
        raise NoAnswer("It answered something else than a list of places.")
    return (
        _place(answer[0].get("lat"), answer[0].get("lon")) if answer and isinstance(answer[0], dict) else None
    )


def _of_google(answer: object) -> Place | None:
    if not isinstance(answer, dict) or answer.get("status") not in {"OK", "ZERO_RESULTS"}:
        status = answer.get("status") if isinstance(answer, dict) else "nothing"
        raise NoAnswer(f"It answered {str(status)[:40]}.")
    if not answer.get("results"):
        return None
    try:
        where = answer["results"][0]["geometry"]["location"]
        return _place(where["lat"], where["lng"])
    except (KeyError, TypeError, IndexError):
        raise NoAnswer("It answered a place without coordinates.") from None


def _place(latitude: object, longitude: object) -> Place:
    try:
        place = float(str(latitude)), float(str(longitude))
    except ValueError:
        raise NoAnswer("It answered a place without coordinates.") from None
    if not (-90 <= place[0] <= 90 and -180 <= place[1] <= 180):
        raise NoAnswer("It answered a place that is not on earth.")
    return place
