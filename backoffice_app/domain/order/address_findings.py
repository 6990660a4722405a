"""What looks wrong in the addresses of an order: found out when one changes, kept with it, silenced by a colleague
(W-20).
"""

import hashlib

from backoffice_app.domain.order.pickup import is_pickup
from backoffice_app.domain.order.states import FINISHED, Status
from backoffice_app.domain.places.checks import Address, Finding, check
from backoffice_app.models import Order, OrderAddress

CHECKS = "1"
"""Counts up when the checks or their data change, so that addresses that were checked before are checked anew."""
NO_ADDRESS = Finding("incomplete", "all")


def check_addresses(order: Order) -> None:
    """Afterwards each address holds what looks wrong in it as it stands now.

    One that did not change is not checked again.
    """
    for address in order.addresses:
        digest = digest_of(order, address)
        if address.checked != digest:
            found = "\n".join(finding.text for finding in _findings(order, address))
            if address.findings != found:
                address.findings = found
            address.checked = digest


def open_findings(order: Order, address: OrderAddress) -> list[Finding]:
    """What a colleague should look at in an address: nothing in one that is right as they said, or of an order that is
    over.
    """
    if not address.findings or address.confirmed == address.checked or order.cancelled_at or is_over(order):
        return []
    return [Finding.parse(line) for line in address.findings.split("\n")]


def has_warning(order: Order) -> bool:
    """Whether an address of the order should be looked at."""
    return any(open_findings(order, address) for address in order.addresses)


def is_over(order: Order) -> bool:
    """Whether nothing can be mended by another address any more."""
    return order.status in {*FINISHED, Status.CANCELLED}


def digest_of(order: Order, address: OrderAddress) -> str:
    """Of all that the checks look at, and which checks they are; another one means that the address was not checked as
    it stands.
    """
    must, needless = _must_be_there(order, address), _is_needless(order, address)
    return digest(typed(address), email_with(order, address), must=must, needless=needless)


def digest(address: Address, email: str, *, must: bool = False, needless: bool = False) -> str:
    """The digest of an address that is judged with `email`; `must`: goods go there and it says no place; `needless`:
    nothing goes there.
    """
    text = "\x1f".join((*address, email, str(must), str(needless)))
    return f"{CHECKS}:{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}"


def typed(address: OrderAddress) -> Address:
    """The lines of an address, for the checks."""
    return Address(
        address.name,
        address.company,
        address.street,
        address.addition,
        address.postcode,
        address.city,
        address.region,
        address.country,
    )


def email_with(order: Order, address: OrderAddress) -> str:
    """The e-mail address that is judged with this address: the order's, with the billing address."""
    return order.email if address.kind == "billing" else ""


def _findings(order: Order, address: OrderAddress) -> list[Finding]:
    if _is_needless(order, address):
        return []
    if _must_be_there(order, address):
        return [NO_ADDRESS, *check(Address(), email_with(order, address))]
    return check(typed(address), email_with(order, address))


def _must_be_there(order: Order, address: OrderAddress) -> bool:
    """Whether goods are to be shipped to this address, and it says no place."""
    goes_there = address.kind == "shipping" or len(order.addresses) == 1
    is_blank = not (address.street or address.postcode or address.city or address.addition)
    return (
        is_blank
        and goes_there
        and not order.is_draft
        and not is_pickup(order)
        and any(line.ships for line in order.lines)
    )


def _is_needless(order: Order, address: OrderAddress) -> bool:
    """Whether nothing is sent there: the customer fetches the goods."""
    return address.kind == "shipping" and is_pickup(order)
