"""What an order is found by, as one text folded to ASCII (O-2): case, accents and scripts stop mattering, on both
databases alike.
"""

import re
import unicodedata
from collections.abc import Iterable

from backoffice_app.models import Customer, Order

# Letters that the compatibility decomposition leaves whole.
WHOLE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
DIGITS = re.compile(r"\D+")


def fold(text: str) -> str:
    """Lower case, no accents; each letter beyond ASCII as its code (田中 -> u7530u4e2d), for trigrams and LIKE."""
    letters = unicodedata.normalize("NFKD", text).casefold().translate(WHOLE)
    return "".join(c if c < "\x80" else f"u{ord(c):04x}" for c in letters if not unicodedata.combining(c))


def fold_umlauts(folded: str) -> str:
    """The second form of a name word, so that Müller, Mueller and Muller find one another."""
    for long, short in UMLAUTS:
        folded = folded.replace(long, short)
    return folded


def phone_digits(phone: str) -> str:
    """The digits of a phone number; of one with its country code without what stands for "+" and without "(0)": +49
    (0)30 is 4930.
    """
    is_abroad = phone.lstrip().startswith(("+", "00"))
    digits = DIGITS.sub("", phone.replace("(0)", "") if is_abroad else phone)
    return digits.removeprefix("00") if is_abroad else digits


def phone_forms(phone: str) -> Iterable[str]:
    """A phone number as its digits alone, and with a nought where the country code stood: +49 170 and 0049 170 are
    found by 0170.
    """
    digits = phone_digits(phone)
    if digits:
        yield digits
        if len(digits) > 8 and phone.lstrip().startswith(("+", "00")):
            yield "0" + digits[2:]


def order_text(order: Order) -> str:
    """The search text of a loaded order: fields all roles may see, parted by blanks, each word once."""
    names = [order.customer_name, order.company]
    for address in order.addresses:
        names += [address.name, address.company, address.street, address.addition, address.city]
    names += [line.name for line in order.lines]
    numbers = [
        order.number,
        order.external_reference,
        order.number_at_source,
        order.email,
        *phone_forms(order.phone),
    ]
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


def product_text(sku: str, name: str) -> str:
    """The search text of a product: SKU and name, folded, each word behind a blank."""
    return " " + " ".join(f"{fold(sku)} {fold(name)}".split())


def customer_columns(
    *,
    number: str,
    external_reference: str,
    email: str,
    first_name: str,
    last_name: str,
    company: str,
    phone: str,
) -> dict[str, str]:
    """The derived columns of a customer.

    `search`: names, number, reference, e-mail and phone, folded, each word once behind a blank; `sort_name`: by which
    the list of customers is sorted.
    """
    words = f"{fold(f'{first_name} {last_name}')} {fold(company)}".split()
    words += [form for form in map(fold_umlauts, words) if form not in words]
    numbers = [fold(text) for text in (number, external_reference, email) if text]
    found = " " + " ".join(dict.fromkeys([*words, *numbers, *phone_forms(phone)])) + " "
    return {"search": found, "sort_name": fold(f"{last_name} {first_name}".strip() or company)[:60]}


SEARCHED_OF_CUSTOMER = (
    "number",
    "external_reference",
    "email",
    "first_name",
    "last_name",
    "company",
    "phone",
)


def write_customer_columns(customer: Customer) -> None:
    """Writes the derived columns of a customer; whatever changes one calls this before the transaction ends."""
    for name, value in customer_columns(
        **{field: getattr(customer, field) for field in SEARCHED_OF_CUSTOMER}
    ).items():
        setattr(customer, name, value)
