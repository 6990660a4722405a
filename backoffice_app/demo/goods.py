"""What the demo shop sells: SKU, name, unit, gross price as decimal text, VAT rate."""

GOODS: tuple[tuple[str, str, str, str, str], ...] = (
    ("MUG-01", "Becher „Kai“, blau", "", "19.95", "19"),
    ("MUG-02", "Becher „Kai“, sand", "", "19.95", "19"),
    ("BOWL-3", "Schale, Steinzeug, 24 cm", "", "34.50", "19"),
    ("PLATE-S", "Teller, klein", "", "14.00", "19"),
    ("PLATE-L", "Teller, groß", "", "22.00", "19"),
    ("TEA-EG", "Earl Grey, Bio, 100 g", "", "8.90", "7"),
    ("TEA-GR", "Grüner Tee Sencha, 100 g", "", "11.50", "7"),
    ("COF-1K", "Kaffee „Speicherstadt“, 1 kg", "", "24.90", "7"),
    ("BOOK-7", "Kochbuch „Küche am Wasser“", "", "24.00", "7"),
    ("BOOK-9", "Notizbuch, liniert, A5", "", "12.80", "19"),
    ("CLOTH-3", "Leinenstoff, natur, Meterware", "m", "18.00", "19"),
    ("CLOTH-5", "Baumwollstoff, gestreift, Meterware", "m", "12.00", "19"),
    ("TOWEL-2", "Geschirrtuch, 2er-Set", "", "16.90", "19"),
    ("CANDLE", "Kerze, Bienenwachs", "", "9.50", "19"),
    ("LAMP-1", "Tischleuchte „Lotse“", "", "129.00", "19"),
    ("VASE-M", "Vase, mundgeblasen", "", "49.00", "19"),
    ("BOARD", "Schneidebrett, Eiche", "", "39.90", "19"),
    ("KNIFE", "Kochmesser, 20 cm", "", "89.00", "19"),
    ("SOAP-L", "Seife, Lavendel", "", "6.50", "19"),
    ("GIFT-W", "Geschenkpapier, 3 Bogen", "", "7.20", "19"),
)
