"""Carriers and the addresses under which their parcels are followed (SHIP-2)."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Carrier:
    """A carrier; `{number}` in `url` stands for the tracking number."""

    name: str
    url: str


CARRIERS: dict[str, Carrier] = {
    "dhl": Carrier("DHL", "https://www.dhl.de/de/privatkunden/dhl-sendungsverfolgung.html?piececode={number}"),
    "dhl-express": Carrier("DHL Express", "https://www.dhl.com/global-en/home/tracking/tracking-express.html?tracking-id={number}"),
    "deutsche-post": Carrier("Deutsche Post", "https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode={number}"),
    "dpd": Carrier("DPD", "https://tracking.dpd.de/status/en_US/parcel/{number}"),
    "gls": Carrier("GLS", "https://gls-group.eu/EU/en/parcel-tracking?match={number}"),
    "hermes": Carrier("Hermes", "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation#{number}"),
    "ups": Carrier("UPS", "https://www.ups.com/track?tracknum={number}"),
    "fedex": Carrier("FedEx", "https://www.fedex.com/fedextrack/?trknbr={number}"),
    "tnt": Carrier("TNT", "https://www.tnt.com/express/en_gc/site/shipping-tools/tracking.html?searchType=con&cons={number}"),
    "postnl": Carrier("PostNL", "https://postnl.nl/tracktrace/?B={number}"),
    "bpost": Carrier("bpost", "https://track.bpost.cloud/btr/web/#/search?itemCode={number}"),
    "colissimo": Carrier("Colissimo", "https://www.laposte.fr/outils/suivre-vos-envois?code={number}"),
    "chronopost": Carrier("Chronopost", "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={number}"),
    "mondial-relay": Carrier("Mondial Relay", "https://www.mondialrelay.fr/suivi-de-colis/?NumeroExpedition={number}"),
    "austrian-post": Carrier("Österreichische Post", "https://www.post.at/sv/sendungsdetails?snr={number}"),
    "swiss-post": Carrier("Swiss Post", "https://service.post.ch/ekp-web/ui/entry/search/{number}"),
    "postnord": Carrier("PostNord", "https://tracking.postnord.com/en/?id={number}"),
    "posti": Carrier("Posti", "https://www.posti.fi/en/tracking#/lahetys/{number}"),
    "bring": Carrier("Bring", "https://tracking.bring.com/tracking/{number}"),
    "correos": Carrier("Correos", "https://www.correos.es/es/en/tools/tracker/items/details?tracking-number={number}"),
    "seur": Carrier("SEUR", "https://www.seur.com/livetracking/?segOnlineIdentificador={number}"),
    "ctt": Carrier("CTT", "https://www.ctt.pt/feapl_2/app/open/objectSearch/objectSearch.jspx?objects={number}"),
    "poste-italiane": Carrier("Poste Italiane", "https://www.poste.it/cerca/index.html#/risultati-spedizioni/{number}"),
    "brt": Carrier("BRT", "https://vas.brt.it/vas/sped_det_show.hsm?referer=sped_numspe_par.htm&Nspediz={number}"),
    "inpost": Carrier("InPost", "https://inpost.pl/sledzenie-przesylek?number={number}"),
    "poczta-polska": Carrier("Poczta Polska", "https://emonitoring.poczta-polska.pl/?numer={number}"),
    "royal-mail": Carrier("Royal Mail", "https://www.royalmail.com/track-your-item#/tracking-results/{number}"),
    "evri": Carrier("Evri", "https://www.evri.com/track/parcel/{number}"),
    "an-post": Carrier("An Post", "https://www.anpost.com/Post-Parcels/Track/History?item={number}"),
    "ceska-posta": Carrier("Česká pošta", "https://www.postaonline.cz/trackandtrace/-/zasilka/cislo?parcelNumbers={number}"),
    "packeta": Carrier("Packeta", "https://tracking.packeta.com/en/{number}"),
}
BY_NAME = {carrier.name.casefold(): key for key, carrier in CARRIERS.items()}


def key_of(carrier: str) -> str:
    """The key of a carrier given by key or name, such as "dhl", "DHL" or "Swiss Post"; "" for one that is not known."""
    folded = carrier.strip().casefold()
    key = folded.replace(" ", "-").replace("_", "-")
    return key if key in CARRIERS else BY_NAME.get(folded, "")


def carrier_name(carrier: str) -> str:
    """How the carrier calls itself; one that is not known as it was given."""
    key = key_of(carrier)
    return CARRIERS[key].name if key else carrier


def tracking_url(carrier: str, number: str) -> str:
    """The page that follows the parcel `number`; "" for a carrier that is not known, or without a number."""
    key, trimmed = key_of(carrier), "".join(number.split())
    return CARRIERS[key].url.format(number=quote(trimmed, safe="")) if key and trimmed else ""


def carrier_of(method: str, name: str) -> str:
    """The key of the carrier that a shipping method speaks of, such as "dhl" for "DHL Paket"; "" if none is named."""
    words = f" {method} {name} ".casefold()
    return next((key for key, carrier in CARRIERS.items() if f" {key} " in words or f" {carrier.name.casefold()} " in words), "")
