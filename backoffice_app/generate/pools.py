"""The names, places and goods that generated orders are made of, in the scripts that customers write in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Land:
    """Where customers live. `weight`: share of the customers; `towns`: (postcode, town); `phone`: country code."""

    code: str
    weight: int
    language: str
    phone: str
    first: tuple[str, ...]
    last: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]
    export: bool = False
    latin: bool = True


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def _towns(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((code.strip(), town.strip()) for code, town in (part.split("=") for part in text.split(",")))


GERMAN_FIRST = _words(
    "Anna Ben Clara David Emma Felix Greta Hannes Ida Jonas Katharina Lukas Marie Noah Olivia Paul Rosa "
    "Sebastian Theresa Uwe Vera Wolfgang "
    "Yannick Zoë Jürgen Günther Jörg Käthe Renate Helga Stefan Sabine Thomas Monika Andreas Ursula"
)
GERMAN_LAST = _words(
    "Müller Müller Müller Schmidt Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann "
    "Schäfer Koch Bauer Richter Klein Wolf "
    "Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Lehmann "
    "Köhler König Huber Kaiser Fuchs "
    "Weiß Jäger Möller Böhm Groß Vogel Kovač"
)
LANDS: tuple[Land, ...] = (
    Land(
        "DE",
        520,
        "de",
        "+49",
        GERMAN_FIRST,
        GERMAN_LAST,
        _list(
            "Hauptstraße,Bahnhofstraße,Schulstraße,Gartenstraße,Dorfstraße,Bergstraße,Lindenallee,Am Markt,"
            "Kirchweg,Goethestraße,Schillerplatz"
        ),
        _towns(
            "10115=Berlin,10405=Berlin,12043=Berlin,20095=Hamburg,22765=Hamburg,80331=München,80469=München,"
            "50667=Köln,60311=Frankfurt am Main,"
            "70173=Stuttgart,04109=Leipzig,01067=Dresden,28195=Bremen,30159=Hannover,90402=Nürnberg,"
            "44135=Dortmund,45127=Essen,79098=Freiburg,"
            "23552=Lübeck,99084=Erfurt,55116=Mainz,24103=Kiel,39104=Magdeburg,18055=Rostock"
        ),
    ),
    Land(
        "AT",
        90,
        "de",
        "+43",
        GERMAN_FIRST,
        _words(
            "Gruber Huber Bauer Wagner Müller Pichler Steiner Moser Mayer Hofer Leitner Berger Fuchs Eder "
            "Fischer Schmid Winkler Weber"
        ),
        _list("Landstraße,Ringstraße,Mariahilfer Straße,Linzer Gasse,Kirchengasse,Wiener Straße"),
        _towns("1010=Wien,1070=Wien,5020=Salzburg,8010=Graz,4020=Linz,6020=Innsbruck,9020=Klagenfurt"),
    ),
    Land(
        "NL",
        100,
        "nl",
        "+31",
        _words(
            "Daan Emma Sem Julia Lucas Sophie Bram Lotte Thijs Fleur Jan Pieter Anneke Willem Saskia Marijke Noor Joost"
        ),
        _list(
            "de Jong,Jansen,de Vries,van den Berg,van Dijk,Bakker,Janssen,Visser,Smit,Meijer,de "
            "Boer,Mulder,de Groot,Bos,Vos"
        ),
        _list("Dorpsstraat,Kerkstraat,Molenweg,Stationsweg,Prinsengracht,Herengracht,Julianalaan"),
        _towns(
            "1012 AB=Amsterdam,3011 AA=Rotterdam,2511 CV=Den Haag,3511 AB=Utrecht,5611 AA=Eindhoven,9711 "
            "AA=Groningen,6211 AA=Maastricht"
        ),
    ),
    Land(
        "FR",
        80,
        "fr",
        "+33",
        _words(
            "Léa Louis Chloé Gabriel Manon Jules Camille Hugo Inès Théo Élodie François Geneviève Jérôme Zoé "
            "Benoît Aurélie Rémi"
        ),
        _words(
            "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefèvre "
            "Michel García Roux Noël Béranger"
        ),
        _list(
            "rue de la Paix,rue Victor Hugo,avenue Foch,boulevard Voltaire,place de la République,rue du "
            "Moulin,impasse des Lilas"
        ),
        _towns(
            "75001=Paris,75011=Paris,69001=Lyon,13001=Marseille,31000=Toulouse,33000=Bordeaux,59000=Lille,67000=Strasbourg,44000=Nantes"
        ),
    ),
    Land(
        "CH",
        40,
        "de",
        "+41",
        GERMAN_FIRST,
        _words(
            "Meier Müller Keller Weber Huber Schmid Steiner Fischer Gerber Brunner Baumann Frei Zimmermann "
            "Moser Widmer Wyss"
        ),
        _list("Bahnhofstrasse,Dorfstrasse,Seestrasse,Hauptstrasse,Poststrasse"),
        _towns("8001=Zürich,3011=Bern,4051=Basel,6003=Luzern,9000=St. Gallen,1201=Genève"),
        export=True,
    ),
    Land(
        "BE",
        30,
        "nl",
        "+32",
        _words("Emma Louise Arthur Noah Marie Jules Elise Lars Wout Eline"),
        _words("Peeters Janssens Maes Jacobs Mertens Willems Claes Goossens Wouters Dubois Lambert"),
        _list("Kerkstraat,Nieuwstraat,Stationsstraat,Rue Neuve"),
        _towns("1000=Brussel,2000=Antwerpen,9000=Gent,8000=Brugge,4000=Liège"),
    ),
    Land(
        "ES",
        40,
        "es",
        "+34",
        _words("Lucía Hugo Martina Daniel Sofía Pablo María Alejandro Paula Álvaro José Carmen Begoña Íñigo"),
        _list(
            "García López,Martínez Ruiz,Sánchez Gómez,Pérez Muñoz,González Núñez,Fernández Díaz,Rodríguez "
            "Peña,Ibáñez Soler"
        ),
        _list("Calle Mayor,Gran Vía,Calle de Alcalá,Avenida de la Constitución,Paseo de Gracia"),
        _towns("28013=Madrid,08007=Barcelona,46001=Valencia,41001=Sevilla,48001=Bilbao,29001=Málaga"),
    ),
    Land(
        "PL",
        25,
        "en",
        "+48",
        _words("Zuzanna Antoni Julia Jan Łucja Stanisław Małgorzata Paweł Grażyna Żaneta"),
        _words("Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Dąbrowski Łukasik"),
        _list("ul. Długa,ul. Polna,ul. Leśna,ul. Świętokrzyska"),
        _towns("00-001=Warszawa,90-001=Łódź,30-001=Kraków,50-001=Wrocław,80-001=Gdańsk"),
    ),
    Land(
        "IT",
        20,
        "en",
        "+39",
        _words("Sofia Leonardo Giulia Francesco Aurora Alessandro Niccolò Chiara"),
        _words("Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino D'Angelo"),
        _list("Via Roma,Via Garibaldi,Corso Italia,Piazza Dante"),
        _towns("00184=Roma,20121=Milano,10121=Torino,50122=Firenze,80132=Napoli"),
    ),
    Land(
        "GB",
        15,
        "en",
        "+44",
        _words("Olivia George Amelia Harry Isla Jack Ava Siobhán Rhys"),
        _words("Smith Jones Taylor Brown Williams Wilson Johnson Davies O'Brien"),
        _list("High Street,Station Road,Church Lane,Victoria Road"),
        _towns("SW1A 1AA=London,M1 1AE=Manchester,EH1 1YZ=Edinburgh,CF10 1BH=Cardiff"),
        export=True,
    ),
    Land(
        "SE",
        10,
        "en",
        "+46",
        _words("Alice William Maja Oscar Elsa Åke Björn Östen"),
        _words("Andersson Johansson Karlsson Nilsson Eriksson Sjöberg Åström Öberg"),
        _list("Storgatan,Kungsgatan,Drottninggatan"),
        _towns("111 20=Stockholm,411 04=Göteborg,211 20=Malmö"),
    ),
    Land(
        "GR",
        8,
        "en",
        "+30",
        _words("Μαρία Γιώργος Ελένη Νίκος Κατερίνα"),
        _words("Παπαδόπουλος Γεωργίου Οικονόμου Νικολάου"),
        _list("Οδός Ερμού,Λεωφόρος Αλεξάνδρας"),
        _towns("105 63=Αθήνα,546 24=Θεσσαλονίκη"),
        latin=False,
    ),
    Land(
        "JP",
        10,
        "ja",
        "+81",
        _words("陽菜 蓮 美咲 大輔 さくら 健太"),
        _words("田中 佐藤 鈴木 高橋 王 渡辺"),
        _list("丸の内1丁目,渋谷2丁目,中央区銀座4丁目"),
        _towns("100-0005=東京,150-0002=東京,530-0001=大阪,600-8216=京都"),
        export=True,
        latin=False,
    ),
    Land(
        "AE",
        6,
        "ar",
        "+971",
        _words("محمد فاطمة أحمد مريم"),
        _words("المنصوري الهاشمي السويدي النعيمي"),
        _list("شارع الشيخ زايد,شارع الكورنيش"),
        _towns("00000=دبي,00000=أبوظبي"),
        export=True,
        latin=False,
    ),
    Land(
        "UA",
        6,
        "en",
        "+380",
        _words("Олена Андрій Наталія Тарас"),
        _words("Шевченко Коваленко Бондаренко Ткаченко"),
        _list("вулиця Хрещатик,проспект Свободи"),
        _towns("01001=Київ,79000=Львів"),
        export=True,
        latin=False,
    ),
)

MAIL_DOMAINS = _words(
    "gmail.com gmail.com gmx.de web.de t-online.de outlook.com icloud.com posteo.de mail.example"
)
COMPANIES = _list(
    "Kaffeehaus,Buchhandlung,Weinkontor,Werkstatt,Architekten,Physiotherapie,Kita Sonnenschein,"
    "Gärtnerei,Tischlerei,Zahnarztpraxis,Studio,Hotel Krone"
)
LEGAL_FORMS = _words("GmbH GmbH OHG KG e.V. UG")
COMMENTS = _list(
    "Please leave it with the neighbour.,Bitte klingeln,Is it a gift: no invoice in the parcel please,"
    "Bitte vor Freitag,Graag voor het weekend,"
    "Merci de bien emballer"
)
COLLEAGUES = _list("Olga Owner,Ben Beier,Wanda Werk")

# sku, name, gross price in cents, VAT rate in per cent, ships
Goods = tuple[str, str, int, int, bool]
_KINDS = (
    ("M", "Mug", 1495, 19),
    ("B", "Notebook A5", 899, 19),
    ("C", "Coffee beans 500 g", 1290, 7),
    ("T", "Green tea 100 g", 1150, 7),
    ("S", "Linen shirt", 4990, 19),
    ("L", "Desk lamp", 7900, 19),
    ("K", "Chef's knife", 8900, 19),
    ("P", "Fountain pen", 3450, 19),
    ("W", "Wool blanket", 11900, 19),
    ("H", "Honey 250 g", 690, 7),
    ("X", "Board game", 3499, 19),
    ("R", "Backpack", 9995, 19),
)
_COLOURS = _words("white black green blue red sand grey natural")
PRODUCTS: tuple[Goods, ...] = (
    *(
        (f"{key}-{n + 1:02d}", f"{name}, {colour}", price + 50 * n, rate, True)
        for key, name, price, rate in _KINDS
        for n, colour in enumerate(_COLOURS)
    ),
    ("E-01", "Recipe book (download)", 990, 7, False),
    ("E-02", "Gift card", 2500, 0, False),
)

# key, names by language, whether a provider takes the money at once, weight
PAYMENT_METHODS: tuple[tuple[str, dict[str, str], bool, int], ...] = (
    ("paypal", {"en": "PayPal", "de": "PayPal"}, True, 42),
    ("card", {"en": "Credit card", "de": "Kreditkarte"}, True, 24),
    ("klarna", {"en": "Klarna", "de": "Klarna"}, True, 12),
    ("bank-transfer", {"en": "Bank transfer", "de": "Überweisung"}, False, 12),
    ("invoice", {"en": "Invoice", "de": "Rechnung"}, False, 8),
    ("ideal", {"en": "iDEAL", "de": "iDEAL"}, True, 2),
)
# key, names by language, carrier, price in cents, weight
SHIPPING_METHODS: tuple[tuple[str, dict[str, str], str, int, int], ...] = (
    ("dhl", {"en": "DHL parcel", "de": "DHL Paket"}, "dhl", 490, 68),
    ("dpd", {"en": "DPD Classic", "de": "DPD Classic"}, "dpd", 390, 22),
    ("express", {"en": "Express", "de": "Express"}, "ups", 1290, 7),
    ("pickup", {"en": "Pick-up", "de": "Abholung"}, "", 0, 3),
)
# key, weight
SOURCES: tuple[tuple[str, int], ...] = (("woocommerce", 64), ("shopify", 30), ("etsy", 6))
