"""Carriers and the addresses under which their parcels are followed (SHIP-2)."""

import re
from dataclasses import dataclass
from string import Formatter
from urllib.parse import quote

from backoffice_app.domain.core.languages import base_of
from backoffice_app.registry import Registry

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PLACES = {"number", "locale"}
"""What stands in the address of a carrier's page for the parcel and the reader."""


@dataclass(frozen=True)
class Carrier:
    """A carrier; `{number}` in `url` stands for the tracking number, `{locale}` for the reader's language."""

    name: str
    url: str


def _compute() -> None:
    BY_NAME.clear()
    BY_NAME.update({one.name.casefold(): key for key, one in CARRIERS.items()})


BY_NAME: dict[str, str] = {}
"""The keys of carriers by their names in small letters. Follows from `CARRIERS`."""
CARRIERS: Registry[Carrier] = Registry("carrier", _compute)


def carrier(key: str, name: str, url: str) -> Carrier:
    """Registers a carrier; returns it. `url`: its page that follows a parcel,
    "https://example.com/{number}"; also `{locale}`, as "de_DE".

    Raises ValueError for a key or a name that is taken, a key of other characters than small letters, digits
    and hyphens, and an
    address that does not begin with https:// or names no `{number}`.
    """
    if not KEY.fullmatch(key):
        raise ValueError(f"The carrier {key!r} needs a key of small letters, digits and hyphens.")
    if name.casefold() in BY_NAME:
        raise ValueError(f"There is a carrier {name!r} already: {BY_NAME[name.casefold()]}.")
    try:
        named = {place for _text, place, _format, _conversion in Formatter().parse(url) if place is not None}
    except ValueError:
        named = set()
    if not url.startswith("https://") or "number" not in named or named - PLACES:
        raise ValueError(
            f"The address of the carrier {key!r} begins with https:// and has {{number}} where the tracking "
            f"number stands."
        )
    return CARRIERS.add(key, Carrier(name, url))


_EUROPEAN = {
    "dhl": ("DHL", "https://www.dhl.de/de/privatkunden/dhl-sendungsverfolgung.html?piececode={number}"),
    "dhl-express": (
        "DHL Express",
        "https://www.dhl.com/global-en/home/tracking/tracking-express.html?tracking-id={number}",
    ),
    "deutsche-post": (
        "Deutsche Post",
        "https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode={number}",
    ),
    "dpd": ("DPD", "https://tracking.dpd.de/status/{locale}/parcel/{number}"),
    "gls": ("GLS", "https://gls-group.eu/EU/en/parcel-tracking?match={number}"),
    "hermes": ("Hermes", "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation#{number}"),
    "ups": ("UPS", "https://www.ups.com/track?tracknum={number}"),
    "fedex": ("FedEx", "https://www.fedex.com/fedextrack/?trknbr={number}"),
    "tnt": (
        "TNT",
        "https://www.tnt.com/express/en_gc/site/shipping-tools/tracking.html?searchType=con&cons={number}",
    ),
    "postnl": ("PostNL", "https://postnl.nl/tracktrace/?B={number}"),
    "bpost": ("bpost", "https://track.bpost.cloud/btr/web/#/search?itemCode={number}"),
    "colissimo": ("Colissimo", "https://www.laposte.fr/outils/suivre-vos-envois?code={number}"),
    "chronopost": (
        "Chronopost",
        "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={number}",
    ),
    "mondial-relay": (
        "Mondial Relay",
        "https://www.mondialrelay.fr/suivi-de-colis/?NumeroExpedition={number}",
    ),
    "austrian-post": ("Österreichische Post", "https://www.post.at/sv/sendungsdetails?snr={number}"),
    "swiss-post": ("Swiss Post", "https://service.post.ch/ekp-web/ui/entry/search/{number}"),
    "postnord": ("PostNord", "https://tracking.postnord.com/en/?id={number}"),
    "posti": ("Posti", "https://www.posti.fi/en/tracking#/lahetys/{number}"),
    "bring": ("Bring", "https://tracking.bring.com/tracking/{number}"),
    "correos": (
        "Correos",
        "https://www.correos.es/es/en/tools/tracker/items/details?tracking-number={number}",
    ),
    "seur": ("SEUR", "https://www.seur.com/livetracking/?segOnlineIdentificador={number}"),
    "ctt": ("CTT", "https://www.ctt.pt/feapl_2/app/open/objectSearch/objectSearch.jspx?objects={number}"),
    "poste-italiane": (
        "Poste Italiane",
        "https://www.poste.it/cerca/index.html#/risultati-spedizioni/{number}",
    ),
    "brt": ("BRT", "https://vas.brt.it/vas/sped_det_show.hsm?referer=sped_numspe_par.htm&Nspediz={number}"),
    "inpost": ("InPost", "https://inpost.pl/sledzenie-przesylek?number={number}"),
    "poczta-polska": ("Poczta Polska", "https://emonitoring.poczta-polska.pl/?numer={number}"),
    "royal-mail": ("Royal Mail", "https://www.royalmail.com/track-your-item#/tracking-results/{number}"),
    "evri": ("Evri", "https://www.evri.com/track/parcel/{number}"),
    "an-post": ("An Post", "https://www.anpost.com/Post-Parcels/Track/History?item={number}"),
    "ceska-posta": (
        "Česká pošta",
        "https://www.postaonline.cz/trackandtrace/-/zasilka/cislo?parcelNumbers={number}",
    ),
    "packeta": ("Packeta", "https://tracking.packeta.com/en/{number}"),
}
for _key, (_name, _url) in _EUROPEAN.items():
    carrier(_key, _name, _url)


def key_of(carrier: str) -> str:
    """The key of a carrier given by key or name, such as "dhl", "DHL" or "Swiss Post"; "" for one that is not known."""
    folded = carrier.strip().casefold()
    key = folded.replace(" ", "-").replace("_", "-")
    return key if key in CARRIERS else BY_NAME.get(folded, "")


def carrier_name(carrier: str) -> str:
    """How the carrier calls itself; one that is not known as it was given."""
    key = key_of(carrier)
    return CARRIERS[key].name if key else carrier


PAGES = {"de": "de_DE", "nl": "nl_NL", "fr": "fr_FR"}
"""Languages of readers -> what carriers call their pages; English for all others."""


def tracking_url(carrier: str, number: str, language: str = "en") -> str:
    """The page that follows the parcel `number`; "" for a carrier that is not known, or without a number."""
    key, trimmed = key_of(carrier), "".join(number.split())
    return (
        CARRIERS[key].url.format(number=quote(trimmed, safe=""), locale=PAGES.get(base_of(language), "en_US"))
        if key and trimmed
        else ""
    )


def carrier_in(words: str) -> str:
    """The key of the carrier that words speak of, such as "dhl" in "DHL Paket"; "" if they speak of none."""
    folded = f" {words} ".casefold()
    return next(
        (
            key
            for key, one in CARRIERS.items()
            if f" {key} " in folded or f" {one.name.casefold()} " in folded
        ),
        "",
    )
