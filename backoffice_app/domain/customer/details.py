"""What is known of a customer, field by field, and how an order's own copy follows (T-1)."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from sqlmodel import Session, col, select

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.visible import visible
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.customer.facts import OrderCustomerEdited
from backoffice_app.domain.mail import LANGUAGES, addresses
from backoffice_app.domain.order.states import STILL_OPEN, Status
from backoffice_app.domain.orders.fields import language_code
from backoffice_app.i18n import LazyLanguage, _
from backoffice_app.models import Customer, Order

OF_ORDER = ("email", "phone", "vat_id", "language", "own_fields")
"""What an order keeps its own copy of, besides the names in its address."""
MOST_NAMED = 8
"""So many orders are named one by one."""


def _as_email(value: str | None) -> str | None:
    if value and len(addresses(value)) != 1:
        raise Invalid("", _("“{value}” is no e-mail address.").format(value=value))
    return value


def _as_language(value: str | None) -> str | None:
    if not value:
        return None
    code = language_code(value)
    if not code:
        raise Invalid("", _("“{value}” is no language code such as de.").format(value=value))
    return code


def _as_lines(value: object) -> object:
    """Fields as text, one `name: text` a line; the API may send them as an object.

    Raises Invalid for a line that has no name.
    """
    if isinstance(value, Mapping):
        value = "\n".join(f"{name}: {' '.join(str(text).split())}" for name, text in value.items())
    if not isinstance(value, str):
        return value
    lines = [" ".join(visible(line, marks=True).split()) for line in re.split(r"[\r\n]+", value)]
    lines = [line for line in lines if line]
    for line in lines:
        name, colon, _text = line.partition(":")
        if not colon or not name.strip():
            raise Invalid(
                "", _("“{value}” has no name. Write each field as “name: text”.").format(value=line[:80])
            )
    return "\n".join(lines)


Line = Annotated[str | None, Field(max_length=200)]
FirstName = Annotated[str | None, Field(max_length=200), Asked(_("First name"))]
LastName = Annotated[str | None, Field(max_length=200), Asked(_("Last name"))]
Company = Annotated[str | None, Field(max_length=200), Asked(_("Company"))]
Email = Annotated[str | None, Field(max_length=254), AfterValidator(_as_email), Asked(_("E-mail"))]
Phone = Annotated[str | None, Field(max_length=100), Asked(_("Phone"))]
VatId = Annotated[str | None, Field(max_length=50), Asked(_("VAT ID"))]
Language = Annotated[
    str | None, Field(max_length=20), AfterValidator(_as_language), Asked(_("Language"), kind="choice")
]
OwnFields = Annotated[
    str | None,
    BeforeValidator(_as_lines),
    Field(max_length=5_000),
    Asked(_("More fields"), _("One a line, such as “Customer card: 4711”."), kind="long text"),
]


def own_pairs(text: str) -> list[tuple[str, str]]:
    """The fields that the shop keeps besides, as (name, text)."""
    parted = (line.partition(":") for line in text.split("\n") if line)
    return [(name.strip(), value.strip()) for name, _colon, value in parted]


def language_choices(here: str, language: str) -> list[tuple[str, str]]:
    """The languages to choose from, by their names; `here`, the one that is set, is among them whatever it is."""
    codes = list(LANGUAGES) if here in LANGUAGES else [here, *LANGUAGES]
    return [(code, LazyLanguage(code).in_language(language).capitalize() or "–") for code in codes]


def open_orders(session: Session, customer_id: int | None, *, but: int = 0) -> list[tuple[int, str]]:
    """The orders of a customer of which something is still to come, and those on hold, as (id, number),
    oldest first.
    """
    if customer_id is None:
        return []
    states = sorted(status.value for status in {*STILL_OPEN, Status.ON_HOLD})
    mine = select(Order.id, Order.number).where(
        Order.customer_id == customer_id, col(Order.status).in_(states), Order.id != but
    )
    return [(id_ or 0, number) for id_, number in session.exec(mine.order_by(col(Order.id))).all()]


def numbers_of(orders: Sequence[tuple[int, str]]) -> str:
    """The numbers of these orders, at most `MOST_NAMED` of them: "10001, 10004, +3"."""
    named = [number for _id, number in orders[:MOST_NAMED]]
    return ", ".join([*named, *([f"+{len(orders) - MOST_NAMED}"] if len(orders) > MOST_NAMED else [])])


def names(customer: Customer) -> dict[str, str]:
    """What stands in an address of the customer: name and company."""
    return {"name": f"{customer.first_name} {customer.last_name}".strip(), "company": customer.company}


def follow(
    w: Work, order: Order, given: Mapping[str, str], called: tuple[Mapping[str, str], Mapping[str, str]]
) -> bool:
    """The order's own copy takes over what of `given` it keeps; its addresses the new names where they had the old
    ones.

    `called`: `names` of the customer before and after. `order` is locked. Issued invoices keep what they say. False if
    nothing differs.
    """
    changed = {
        name: (getattr(order, name), text)
        for name, text in given.items()
        if name in OF_ORDER and getattr(order, name) != text
    }
    for name, (_old, text) in changed.items():
        setattr(order, name, text)
    before, after = called
    for field in ("name", "company"):
        for address in order.addresses:
            if before[field] != after[field] and before[field] and getattr(address, field) == before[field]:
                setattr(address, field, after[field])
                changed[field] = (before[field], after[field])
    if changed:
        old, new = [was for was, _now in changed.values()], [now for _was, now in changed.values()]
        w.record(order, OrderCustomerEdited(fields=list(changed), old=old, new=new, followed=True))
    return bool(changed)
