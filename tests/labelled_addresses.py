"""Addresses of eight countries, each with what is wrong in it, made from what people write (W-20, G1 to G5).

The same seed gives the same.

Towns, postcodes and streets are written by hand, from no data of Kontor's. Right ones are as odd as life: districts,
foreign names of towns, streets called after dates, houses with a name, boxes and lockers. Wrong ones have one fault
each.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from backoffice_app.domain.places.checks import Address

NAMES = (
    "Ada Kovač", "Ben Weiß", "Jürgen Müller", "Anna Straßer", "Maria Rossi", "Jan de Vries", "Zoë Lefèvre",
    "Łukasz Wójcik",
    "Amy Lane", "Peter Weg", "Paul Berg", "Rosa Platz",
)  # fmt: skip


@dataclass(frozen=True)
class Country:
    """What people write there.

    `towns`: postcode, as it is written, towns; `right`, `bare`: streets with and without a number.
    """

    code: str
    towns: tuple[tuple[str, tuple[str, ...]], ...]
    right: tuple[str, ...]
    bare: tuple[str, ...]
    faulty: tuple[str, ...]
    """Postcodes of a wrong form."""
    lockers: tuple[tuple[str, str], ...] = ()
    """Street and addition of boxes and lockers that are right."""
    bad_lockers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Labelled:
    """An address with its e-mail address; `wrong`: the kind that must be found, "" for a right one; `trap`: what is odd
    about it.
    """

    address: Address
    email: str
    wrong: str = ""
    trap: str = ""
    tags: tuple[str, ...] = field(default=())


def _towns(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = (line.split("=") for line in text.split(";"))
    return tuple((code.strip(), tuple(name.strip() for name in names.split("|"))) for code, names in pairs)


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";"))


COUNTRIES = (
    Country(
        "DE",
        _towns(
            "10115=Berlin;20095=Hamburg;80331=München|Muenchen|Munich|MÜNCHEN;50667=Köln|Koeln|Cologne;"
            "60311=Frankfurt am Main|Frankfurt|Frankfurt/Main|Frankfurt "
            "a.M.;70173=Stuttgart;04109=Leipzig;01067=Dresden;28195=Bremen;"
            "30159=Hannover|Hanover;90402=Nürnberg|Nuernberg;44135=Dortmund;45127=Essen;"
            "79098=Freiburg im Breisgau|Freiburg|Freiburg i. Br.;"
            "23552=Lübeck;99084=Erfurt;55116=Mainz;24103=Kiel;68159=Mannheim;66111=Saarbrücken;14467=Potsdam;22765=Hamburg-Altona|Hamburg;"
            "78462=Konstanz;83471=Berchtesgaden;17489=Greifswald;61348=Bad Homburg vor der Höhe|Bad "
            "Homburg|Bad Homburg v.d.H.;"
            "06108=Halle (Saale)|Halle/Saale|Halle;89073=Ulm;91541=Rothenburg ob der "
            "Tauber;22587=Blankenese|Hamburg;81541=München-Giesing"
        ),
        _list(
            "Hauptstraße 12;Hauptstr. 12a;Hauptstr.7;Straße des 17. Juni 135;Alter Berg 6;Am Alten Markt "
            "3-5;Kurfürstendamm 21, 2. OG;"
            "Unter den Linden 77;An der Alster 12 b;Q7, 24;Lange Reihe 12 1/2;Platz der Republik 1;Zum Hafen "
            "Nr. 4;Dorfstraße 5/6;"
            "Gutshof Marienhof;Schloss Nymphenburg 1;Am Wasserturm 8 Hinterhaus;Allee 5;Weg zum Reitplatz 11"
        ),
        _list(
            "Hauptstraße;Lindenallee;Straße des 17. Juni;Unter den Linden;Am Markt;Kirchweg;Alter "
            "Berg;Goethestr.;Rosenstraße 2. OG"
        ),
        _list("1011;101155;10I15;ABCDE;1"),
        (
            ("Packstation 145", "1234567890"),
            ("Packstation 101", "Postnummer 12345678"),
            ("Postfiliale 502", "87654321"),
            ("Postfach 12 34", ""),
        ),
        (
            ("Packstation", "1234567890"),
            ("Packstation 145", ""),
            ("Packstion 145", "1234567890"),
            ("Postfiliale", "87654321"),
            ("Packstation 12", "123456789"),
            ("Paketstation 145", "1234567890"),
        ),
    ),
    Country(
        "AT",
        _towns(
            "1010=Wien|Vienna|Wien 1;5020=Salzburg;8010=Graz;4020=Linz;6020=Innsbruck;9020=Klagenfurt am "
            "Wörthersee|Klagenfurt;"
            "3100=St. Pölten|Sankt Pölten;6900=Bregenz;7000=Eisenstadt;9500=Villach;4600=Wels;2700=Wiener "
            "Neustadt;6370=Kitzbühel;"
            "6850=Dornbirn;5700=Zell am See;1070=Wien|Wien-Neubau"
        ),
        _list(
            "Mariahilfer Straße 12/3/5;Landstraße 7;Wiener Straße 10/Top 4;Dorf 12;Ringstraße 1-3;Linzer "
            "Gasse 12 Stiege 2 Tür 9;Nr. 45;"
            "Kirchengasse 8a;Hauptplatz 1;Am Berg 77"
        ),
        _list("Mariahilfer Straße;Landstraße;Linzer Gasse;Hauptplatz;Ringstraße"),
        _list("10115;101;AT;1 0 1"),
        (("Postfach 55", ""),),
    ),
    Country(
        "CH",
        _towns(
            "8001=Zürich|Zurich|Zuerich;3011=Bern|Berne;4051=Basel|Bâle;6003=Luzern|Lucerne;9000=St. "
            "Gallen|Sankt Gallen;"
            "1201=Genève|Genf|Geneva;1003=Lausanne;2502=Biel/Bienne|Biel|Bienne;6900=Lugano;7000=Chur;3900=Brig;8400=Winterthur;"
            "1700=Fribourg|Freiburg;2000=Neuchâtel;1950=Sion|Sitten;3920=Zermatt"
        ),
        _list(
            "Bahnhofstrasse 1;Seestrasse 12a;Rue du Rhône 14;Via Nassa 5;Chemin des Fleurs 2bis;Hauptstrasse "
            "100;Im Dörfli 3;Gasse 7"
        ),
        _list("Bahnhofstrasse;Rue du Rhône;Seestrasse;Via Nassa"),
        _list("80011;800;CH;8O01"),
        (("Postfach 12", ""), ("Case postale 45", "")),
    ),
    Country(
        "NL",
        _towns(
            "1012 AB=Amsterdam;3011 AA=Rotterdam;2511 CV=Den Haag|'s-Gravenhage|The Hague;3511AB=Utrecht;"
            "5611 AA=Eindhoven;9711 aa=Groningen;"
            "6211 AA=Maastricht;5038 AA=Tilburg;4811 AA=Breda;6511 AA=Nijmegen;7511 AA=Enschede;5211 "
            "AA='s-Hertogenbosch|Den Bosch;"
            "8911 AA=Leeuwarden;8011 AA=Zwolle;6811 AA=Arnhem;2312 AA=Leiden;1811 AA=Alkmaar;3311 AA=Dordrecht"
        ),
        _list(
            "Dorpsstraat 12;Prinsengracht 263-265;1e Jan van der Heijdenstraat 10-II;Kerkstraat 12 A;Plein 1944 20;"
            "Laan van Meerdervoort 5 bis;"
            "Stationsweg 3;Herengracht 502;2e Kruisstraat 8"
        ),
        _list("Dorpsstraat;Prinsengracht;Plein 1944;1e Helmersstraat;Stationsweg"),
        _list("1012;10115;1012 A;ABCD 12"),
        (("Postbus 1234", ""),),
    ),
    Country(
        "FR",
        _towns(
            "75001=Paris|PARIS|Paris 1er;75011=Paris|Paris 11;69001=Lyon|Lyon 1er;13001=Marseille;31000=Toulouse;"
            "33000=Bordeaux;59000=Lille;"
            "67000=Strasbourg|Straßburg;44000=Nantes;06000=Nice|Nizza;34000=Montpellier;35000=Rennes;21000=Dijon;37000=Tours;29200=Brest;"
            "76600=Le Havre;92100=Boulogne-Billancourt|Boulogne "
            "Billancourt;83000=Toulon;42000=Saint-Étienne|St Etienne|SAINT ETIENNE;"
            "78000=Versailles;31058=Toulouse Cedex 9"
        ),
        _list(
            "12 rue de la Paix;12 bis rue Victor Hugo;3, place de la République;5 rue du 8 mai 1945;Lieu-dit Le Bourg;"
            "ZA des Quatre Chemins;"
            "rue Victor Hugo 12;Château de la Roche;Résidence Les Lilas, Bât B;110 avenue Foch;7 impasse des Lilas"
        ),
        _list("rue de la Paix;avenue Foch;rue du 8 mai 1945;boulevard Voltaire;place de la République"),
        _list("7500;750011;PARIS;7 50"),
        (("BP 123", ""),),
    ),
    Country(
        "GB",
        _towns(
            "SW1A 1AA=London;M1 1AE=Manchester;B33 8TH=Birmingham;EH1 1YZ=Edinburgh;G1 1XQ=Glasgow;CF10 "
            "1EP=Cardiff;BS1 4DJ=Bristol;"
            "LS1 4DY=Leeds;L1 8JQ=Liverpool;OX1 2JD=Oxford;CB2 1TN=Cambridge;BT1 5GS=Belfast;YO1 7HH=York;"
            "ne14st=Newcastle upon Tyne|Newcastle;"
            "bn1 1ae=Brighton;PL1 2AA=Plymouth;NR1 3JU=Norwich;AB10 1AB=Aberdeen;IV1 1HY=Inverness;BA1 1LZ=Bath"
        ),
        _list(
            "14 High Street;Flat 2, 14 High Street;Rose Cottage, Mill Lane;The Old Rectory;221B Baker Street;"
            "Unit 5, Park Industrial Estate;"
            "1-3 Station Road;Manor Farm;9 St James's Square"
        ),
        _list("High Street;Station Road;Mill Lane;Baker Street"),
        _list("SW1A;12345;SW1A 1A1;LONDON"),
        (("PO Box 123", ""),),
    ),
    Country(
        "IT",
        _towns(
            "00184=Roma|Rome|Rom;20121=Milano|Milan|Mailand;10121=Torino|Turin;80132=Napoli|Naples;50122=Firenze|Florence|Florenz;"
            "30124=Venezia|Venice|Venedig;40121=Bologna;16121=Genova|Genua;90133=Palermo;37121=Verona;39100=Bolzano|Bozen;34121=Trieste;"
            "70121=Bari;95121=Catania;56125=Pisa;53100=Siena;38122=Trento;06121=Perugia"
        ),
        _list(
            "Via Roma, 5/A;Via Roma 5;Piazza del Duomo snc;Via XX Settembre 12;Via 25 Aprile 7;Località "
            "Croce 3;Corso Italia, 100;"
            "Contrada San Leonardo;Viale dei Mille 12 int. 4;Via Aurelia km 12,5"
        ),
        _list("Via Roma;Via 25 Aprile;Corso Italia;Piazza Garibaldi;Via XX Settembre"),
        _list("0018;001844;ROMA;2O121"),
        (("Casella Postale 12", ""),),
    ),
    Country(
        "PL",
        _towns(
            "00-001=Warszawa|Warsaw|Warschau;30-001=Kraków|Krakow|Krakau;50-001=Wrocław|Wroclaw|Breslau;60-001=Poznań|Poznan;"
            "80-001=Gdańsk|Gdansk|Danzig;90-001=Łódź|Lodz;70-001=Szczecin|Stettin;85001=Bydgoszcz;20-001=Lublin;"
            "40-001=Katowice;15-001=Białystok;"
            "87-100=Toruń;35-001=Rzeszów;10-001=Olsztyn;25-001=Kielce"
        ),
        _list(
            "ul. Długa 5/7;ul. 3 Maja 12;al. Jana Pawła II 12 m. 4;os. Tysiąclecia 4/12;Marszałkowska "
            "10;plac Wolności 1;Wola Wielka 12;"
            "ul. 11 Listopada 9"
        ),
        _list("ul. Długa;ul. 3 Maja;al. Jana Pawła II;Marszałkowska;ul. 11 Listopada"),
        _list("00-01;000-001;WA-001;1"),
        (("Paczkomat KRA012", ""), ("Paczkomat WAW123A", ""), ("skrytka pocztowa 12", "")),
        (("Paczkomat", ""), ("Paczkomat InPost przy Lidlu", "")),
    ),
)
GOOD_MAIL = _list(
    "anna@gmail.com;b@gmx.de;c@gmx.ch;d@web.de;e@t-online.de;f@example.org;g@müller.de;h@mail.de;i@ymail.com;j@hotmail.fr;k@outlook.it;"
    "l@icloud.com;m@wp.pl;n@o2.pl;o@libero.it;p@btinternet.com;q@orange.fr;r@ziggo.nl;s@bluewin.ch;t@a1.net;u@firma-huber.at;v@proton.me;"
    "w@yahoo.co.uk;x@email.it;y@me.com;z@university.ac.uk;"
)
BAD_MAIL = _list(
    "a@gmial.com;b@gmail.con;c@gamil.com;d@hotmial.com;e@outlok.de;f@gmx.ed;g@yaho.de;h@t-onlin.de;i@gmail.de;j@googlemial.com;k@iclod.com;"
    "l@freent.de;m@wanado.fr;n@btinternt.com;o@hotmail.cmo;p@outloook.com;q@gmai.com;r@gnail.com;s@libreo.it;t@bluwin.ch;u@gmailcom;"
    "v@t-online.dee;w@laposte.nte;x@interia.p"
)
FAR_APART = {
    "NL": 2, "GB": 0,
}  # fmt: skip
NORTH = frozenset({"EH1 1YZ", "G1 1XQ", "AB10 1AB", "IV1 1HY", "BT1 5GS", "ne14st"})


def labelled(count: int, seed: int) -> list[Labelled]:
    """So many addresses, half of them right."""
    chance = random.Random(seed)
    makers: tuple[Callable[[Country, random.Random], Labelled | None], ...] = (
        bare_street, wrong_code, no_code, far_town, bad_locker, bad_mail, street_as_name, code_in_town,
        all_in_street, code_and_town,
    )  # fmt: skip
    found: list[Labelled] = []
    while len(found) < count:
        land = COUNTRIES[len(found) // 2 % len(COUNTRIES)]
        made = right(land, chance) if len(found) % 2 else chance.choice(makers)(land, chance)
        if made is not None:
            found.append(made)
    return found


def right(land: Country, chance: random.Random) -> Labelled:
    code, towns = chance.choice(land.towns)
    places = [(street, "") for street in land.right] * 3 + list(land.lockers)
    street, addition = chance.choice(places)
    if (
        chance.random() < 0.1
        and "station" not in street
        and " " in street
        and street.rsplit(" ", 1)[1].isdigit()
        and land.code in {"DE", "AT", "CH"}
    ):
        street, addition = street.rsplit(" ", 1)  # the number stands in the line below
    code = (
        f"{'D' if land.code == 'DE' else land.code}-{code}"
        if chance.random() < 0.05 and land.code in {"DE", "CH"}
        else code
    )
    company = "Huber & Söhne GmbH" if chance.random() < 0.15 else ""
    address = Address(
        chance.choice(NAMES), company, street, addition, code, chance.choice(towns), "", land.code
    )
    return Labelled(address, chance.choice(GOOD_MAIL), "", street)


def usual(land: Country, chance: random.Random) -> Labelled:
    """A right address with a plain street, to be spoilt."""
    code, towns = chance.choice(land.towns)
    address = Address(chance.choice(NAMES), "", land.right[0], "", code, towns[0], "", land.code)
    return Labelled(address, chance.choice(GOOD_MAIL))


def _spoilt(one: Labelled, wrong: str, **fields: str) -> Labelled:
    return replace(one, address=one.address._replace(**fields), wrong=wrong, trap=" ".join(fields.values()))


def bare_street(land: Country, chance: random.Random) -> Labelled:
    return _spoilt(usual(land, chance), "house-number", street=chance.choice(land.bare))


def wrong_code(land: Country, chance: random.Random) -> Labelled:
    return _spoilt(usual(land, chance), "postcode", postcode=chance.choice(land.faulty))


def no_code(land: Country, chance: random.Random) -> Labelled:
    return _spoilt(usual(land, chance), "postcode", postcode="")


def far_town(land: Country, chance: random.Random) -> Labelled:
    while True:
        (code, _own), (other, towns) = chance.choice(land.towns), chance.choice(land.towns)
        if land.code == "GB":
            is_far = (code in NORTH) != (other in NORTH) and "York" not in towns and code != "YO1 7HH"
        else:
            is_far = (
                abs(int(code[0]) - int(other[0])) >= FAR_APART.get(land.code, 1)
                and not {code, other} <= NEIGHBOURS
            )
        if is_far:
            return _spoilt(usual(land, chance), "postcode-town", postcode=code, city=chance.choice(towns))


NEIGHBOURS = frozenset({"10115", "14467", "78000", "92100", "75001", "75011"})
"""Berlin and Potsdam, Paris and what is around it: they lie side by side and begin differently."""


def bad_locker(land: Country, chance: random.Random) -> Labelled | None:
    if not land.bad_lockers:
        return None
    street, addition = chance.choice(land.bad_lockers)
    return _spoilt(usual(land, chance), "parcel-locker", street=street, addition=addition)


def bad_mail(land: Country, chance: random.Random) -> Labelled:
    return replace(usual(land, chance), email=chance.choice(BAD_MAIL), wrong="email-domain")


def street_as_name(land: Country, chance: random.Random) -> Labelled:
    one = usual(land, chance)
    return _spoilt(one, "swapped", name=one.address.street, street=one.address.name)


def code_in_town(land: Country, chance: random.Random) -> Labelled | None:
    one = usual(land, chance)
    if land.code == "GB":
        return None
    return _spoilt(
        one,
        "swapped",
        postcode=chance.choice(("", one.address.postcode)),
        city=f"{one.address.postcode} {one.address.city}",
    )


def all_in_street(land: Country, chance: random.Random) -> Labelled:
    one = usual(land, chance)
    return _spoilt(one, "swapped", street=f"{one.address.street}, {one.address.postcode} {one.address.city}")


def code_and_town(land: Country, chance: random.Random) -> Labelled:
    one = usual(land, chance)
    return _spoilt(one, "swapped", postcode=one.address.city, city=one.address.postcode)
