"""Customers of the demo shop, in many languages and scripts.

Language, first name, last name, company, street, addition, postcode, city, country.
"""

PEOPLE: tuple[tuple[str, str, str, str, str, str, str, str, str], ...] = (
    ("de", "Ada", "Kovač", "", "Hauptstraße 12", "2. Hof links", "10827", "Berlin", "DE"),
    ("de", "Jürgen", "Müller", "", "Am Hafen 3", "", "20457", "Hamburg", "DE"),
    ("de", "Friederike", "Weiß", "Weiß & Söhne GmbH", "Königsallee 91", "", "40212", "Düsseldorf", "DE"),
    ("de", "Thomas", "Schneider", "", "Sendlinger Straße 45", "", "80331", "München", "DE"),
    ("de", "Ayşe", "Yıldırım", "", "Keupstraße 28", "", "51063", "Köln", "DE"),
    ("de", "Lukas", "Gruber", "", "Mariahilfer Straße 101", "Top 14", "1060", "Wien", "AT"),
    ("de", "Regula", "Bürgi", "Bürgi Design AG", "Bahnhofstrasse 7", "", "8001", "Zürich", "CH"),
    ("de", "Hannelore", "Groß", "", "Alter Markt 2", "", "18055", "Rostock", "DE"),
    ("nl", "Sanne", "de Vries", "", "Prinsengracht 263", "", "1016 GV", "Amsterdam", "NL"),
    ("nl", "Daan", "van den Berg", "Van den Berg Wonen B.V.", "Coolsingel 40", "", "3011 AD", "Rotterdam", "NL"),
    ("nl", "Lotte", "Janssens", "", "Meir 12", "bus 3", "2000", "Antwerpen", "BE"),
    ("fr", "Éloïse", "Lefèvre", "", "12 rue de Rivoli", "Bâtiment B", "75004", "Paris", "FR"),
    ("fr", "Benoît", "Garçon", "Librairie Garçon", "8 place Bellecour", "", "69002", "Lyon", "FR"),
    ("fr", "Chloé", "Dubois", "", "Rue Neuve 21", "", "1000", "Bruxelles", "BE"),
    ("es", "María José", "Núñez", "", "Calle de Alcalá 50", "3º dcha.", "28014", "Madrid", "ES"),
    ("es", "Iñaki", "Etxeberria", "", "Gran Vía 18", "", "48001", "Bilbao", "ES"),
    ("en", "Fiona", "O'Brien", "", "14 Baggot Street", "", "D02 XW14", "Dublin", "IE"),
    ("en", "Oliver", "Bennett", "Bennett & Co. Ltd", "221 Deansgate", "Unit 4", "M3 4EN", "Manchester", "GB"),
    ("en", "Łukasz", "Żółkiewski", "", "ul. Świętokrzyska 14", "m. 6", "00-050", "Warszawa", "PL"),
    ("en", "Dvořák", "Jiří", "", "Václavské náměstí 1", "", "110 00", "Praha", "CZ"),
    ("en", "Søren", "Ørsted", "", "Strøget 7", "2. tv.", "1160", "København", "DK"),
    ("en", "Åsa", "Lindström", "", "Drottninggatan 33", "", "111 51", "Stockholm", "SE"),
    ("en", "Γιώργος", "Παπαδόπουλος", "", "Ερμού 15", "", "105 63", "Αθήνα", "GR"),
    ("en", "Оксана", "Шевченко", "", "вул. Хрещатик 22", "", "01001", "Київ", "UA"),
    ("ja", "花子", "田中", "", "神宮前1-2-3", "メゾン原宿 405", "150-0001", "東京都渋谷区", "JP"),
    ("ja", "健一", "佐藤", "佐藤文具店", "梅田2-4-9", "", "530-0001", "大阪市北区", "JP"),
    ("ar", "ليلى", "حداد", "", "شارع الحمرا 12", "الطابق الثالث", "1103", "بيروت", "LB"),
    ("ar", "يوسف", "المنصوري", "", "شارع الشيخ زايد 88", "", "00000", "دبي", "AE"),
    ("en", "伟", "王", "", "南京东路 100号", "", "200001", "上海", "CN"),
    ("en", "Giulia", "Rossi", "Studio Rossi S.r.l.", "Via Brera 10", "", "20121", "Milano", "IT"),
)
