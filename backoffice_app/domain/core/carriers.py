"""The usual European carriers and the addresses of their tracking pages (SHIP-2)."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Carrier:
    """A carrier: its key, its name, and where it shows a parcel; `{number}` is filled in."""

    key: str
    name: str
    tracking: str


CARRIERS = {
    carrier.key: carrier
    for carrier in (
        Carrier("dhl", "DHL", "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode={number}"),
        Carrier("deutsche-post", "Deutsche Post", "https://www.deutschepost.de/sendung/simpleQuery.html?form.sendungsnummer={number}"),
        Carrier("dpd", "DPD", "https://tracking.dpd.de/status/de_DE/parcel/{number}"),
        Carrier("gls", "GLS", "https://gls-group.com/track/{number}"),
        Carrier("hermes", "Hermes", "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation#{number}"),
        Carrier("ups", "UPS", "https://www.ups.com/track?tracknum={number}"),
        Carrier("fedex", "FedEx", "https://www.fedex.com/fedextrack/?trknbr={number}"),
        Carrier("tnt", "TNT", "https://www.tnt.com/express/en_gc/site/tracking.html?searchType=con&cons={number}"),
        Carrier("postnl", "PostNL", "https://jouw.postnl.nl/track-and-trace/{number}"),
        Carrier("bpost", "bpost", "https://track.bpost.cloud/btr/web/#/search?itemCode={number}"),
        Carrier("colissimo", "Colissimo", "https://www.laposte.fr/outils/suivre-vos-envois?code={number}"),
        Carrier("chronopost", "Chronopost", "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={number}"),
        Carrier("mondial-relay", "Mondial Relay", "https://www.mondialrelay.fr/suivi-de-colis/?numeroExpedition={number}"),
        Carrier("oesterreichische-post", "Österreichische Post", "https://www.post.at/sv/sendungsdetails?snr={number}"),
        Carrier("swiss-post", "Swiss Post", "https://service.post.ch/ekp-web/ui/entry/search/{number}"),
        Carrier("postnord", "PostNord", "https://tracking.postnord.com/en/tracking?id={number}"),
        Carrier("correos", "Correos", "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={number}"),
        Carrier("poste-italiane", "Poste Italiane", "https://www.poste.it/cerca/index.html#/risultati-spedizioni/{number}"),
        Carrier("inpost", "InPost", "https://inpost.pl/sledzenie-przesylek?number={number}"),
        Carrier("royal-mail", "Royal Mail", "https://www.royalmail.com/track-your-item#/tracking-results/{number}"),
        Carrier("packeta", "Packeta", "https://tracking.packeta.com/en/?id={number}"),
    )
}


def tracking_url(carrier: str, number: str) -> str:
    """Where the carrier (by key or name, in any case) shows the parcel; "" for a carrier nobody knows."""
    wanted = carrier.strip().lower()
    known = CARRIERS.get(wanted) or next((c for c in CARRIERS.values() if c.name.lower() == wanted), None)
    known = known or next((c for c in CARRIERS.values() if wanted and wanted.split()[0] == c.key), None)
    return known.tracking.format(number=quote(number, safe="")) if known and number else ""


def carrier_of(method: str, name: str) -> str:
    """The key of the carrier that a shipping method speaks of, such as "dhl" for "DHL Paket"; "" if none is named."""
    words = f"{method} {name}".lower()
    return next((key for key, c in CARRIERS.items() if key in words.split() or c.name.lower() in words), "")
