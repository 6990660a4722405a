"""The subject "customer"."""

import zlib

from sqlmodel import Session, select

from backoffice_app.db import hold
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.subjects import Subject, lock_row, register
from backoffice_app.domain.core.work import Work
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Customer

TOPIC = "customers"
"""What open lists of customers listen to."""


def _version(customer: Customer) -> int:
    """Of all that a form of the customer starts with."""
    names = (
        "first_name",
        "last_name",
        "company",
        "email",
        "phone",
        "vat_id",
        "language",
        "own_fields",
        "note",
        "warning",
        "mails_off",
    )
    return zlib.crc32(repr([getattr(customer, name) for name in (*names, "merged_into_id")]).encode())


def id_of_customer(session: Session, number: str) -> int:
    """The id of the customer `number`. Raises NotFound."""
    found = (
        None if "\0" in number else session.exec(select(Customer.id).where(Customer.number == number)).first()
    )
    if found is None:
        raise NotFound(number)
    return found


def stands_still(w: Work) -> None:
    """To the end of this transaction nobody else changes a customer and their orders together, so that none of them
    wait for each other.
    """
    hold(w.session, "customers and their orders")


def why_not_change(customer: Customer) -> LazyText | None:
    """Who was merged into another customer is changed there."""
    return None if customer.merged_into_id is None else _("This customer was merged into another one.")


def called(customer: Customer) -> str:
    """Name, else company, else e-mail, else number: what a person calls the customer."""
    name = f"{customer.first_name} {customer.last_name}".strip()
    return name or customer.company or customer.email or customer.number


CUSTOMER: Subject[Customer] = register(
    Subject(
        key="customer",
        row=Customer,
        lock=lock_row(Customer),
        topic=lambda id_: f"customer-{id_}",
        version=_version,
        find=id_of_customer,
    )
)
