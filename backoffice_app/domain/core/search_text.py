"""What an order is found by, as one text folded to ASCII (O-2): case, accents and scripts stop mattering, on both databases alike."""

import re
import unicodedata
from collections.abc import Iterable

from backoffice_app.models import Order

# Letters that the compatibility decomposition leaves whole.
WHOLE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
DIGITS = re.compile(r"\D+")


def fold(text: str) -> str:
    """Lower case, no accents; every letter beyond ASCII as its code (田中 -> u7530u4e2d), so that trigrams and LIKE find it."""
    letters = unicodedata.normalize("NFKD", text).casefold().translate(WHOLE)
    return "".join(c if c < "\x80" else f"u{ord(c):04x}" for c in letters if not unicodedata.combining(c))


def fold_umlauts(folded: str) -> str:
    """The second form of a name word, so that Müller, Mueller and Muller find one another."""
    for long, short in UMLAUTS:
        folded = folded.replace(long, short)
    return folded


def phone_forms(phone: str) -> Iterable[str]:
    """A phone number as its digits alone, and with a nought where the country code stood: +49 170 and 0049 170 are found by 0170."""
    digits = DIGITS.sub("", phone)
    abroad = digits if phone.strip().startswith("+") else digits.removeprefix("00")
    if digits:
        yield digits
        if len(abroad) > 8 and (abroad != digits or phone.strip().startswith("+")):
            yield "0" + abroad[2:]


def order_text(order: Order) -> str:
    """The search text of a loaded order: fields all roles may see, parted by blanks, each word once."""
    names = [order.customer_name, order.company]
    for address in order.addresses:
        names += [address.name, address.company, address.city]
    numbers = [order.number, order.external_reference, order.number_at_source, order.email, *phone_forms(order.phone)]
    numbers += [address.postcode for address in order.addresses]
    numbers += [line.sku for line in order.lines]
    numbers += [document.number for document in order.documents]
    numbers += [f"#{tag}" for tag in order.tags.split()]
    for shipment in order.shipments:
        numbers += [shipment.number, *(parcel.tracking_number for parcel in shipment.parcels)]
    words = [word for name in names for word in fold(name).split()]
    words += [form for form in map(fold_umlauts, words) if form not in words]
    words += [fold(number) for number in numbers if number]
    return " " + " ".join(dict.fromkeys(words)) + " "
