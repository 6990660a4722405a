"""Customers, and the shop's own statuses, as the REST API tells them (API-1, W-7, W-8)."""

from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session, col, func, select

from backoffice_app.db import reading
from backoffice_app.domain.core.choice_lists import in_use
from backoffice_app.domain.core.cursor import row_after
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.money import as_text
from backoffice_app.domain.core.resources import Resource, offer
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.custom_status.statuses import all_statuses
from backoffice_app.domain.customer.details import own_pairs
from backoffice_app.domain.customer.subject import CUSTOMER, id_of_customer
from backoffice_app.domain.customer_credit import balances
from backoffice_app.domain.rest_models import CustomStatusView
from backoffice_app.domain.rest_view import status_view
from backoffice_app.models import Customer, Order


class CustomerView(BaseModel):
    """A customer.

    `orders`: how many, `totals`: their sums by currency as decimal text; drafts and cancelled orders do not count.

    `credit`: what can pay other orders, by currency, where there is some. `own_fields`: what the shop keeps besides.
    `merged_into`: the number of the record of the same person that stays, else null.
    `version`: names what was read; an action that is sent with it in `If-Match` is refused where somebody changed the
    customer since.
    """

    number: str
    external_reference: str
    source: str
    first_name: str
    last_name: str
    company: str
    email: str
    phone: str
    vat_id: str
    language: str
    own_fields: dict[str, str]
    warning: str
    mails_off: bool
    merged_into: str | None
    created_at: datetime
    orders: int
    totals: dict[str, str]
    credit: dict[str, str]
    version: str


class CustomerPage(BaseModel):
    """Some customers, newest first; `next` is what `after` takes for the ones that follow, null at the end."""

    customers: list[CustomerView]
    next: str | None


def _readable(session: Session, number: str, sent_by: int | None) -> Customer:
    """The customer of this number. Customers belong to no key: one that may not read all orders finds none.

    Raises NotFound.
    """
    if sent_by is not None:
        raise NotFound(number)
    return session.get_one(Customer, id_of_customer(session, number))


CUSTOMERS = offer(Resource(CUSTOMER, "customers", Right.ORDERS_READ, _readable))
"""Customers, whose actions the API offers."""


def customer_view(number: str, sent_by: int | None = None) -> CustomerView:
    """One customer by their number. Raises NotFound."""
    with reading() as session:
        return _views(session, [_readable(session, number, sent_by)])[0]


def customer_page(limit: int, after: str, email: str = "", sent_by: int | None = None) -> CustomerPage:
    """At most `limit` (up to 200) customers that follow the cursor `after`, newest first; `email`: only those with this
    address.

    Raises Invalid naming `limit` or `after`.
    """
    follows = row_after(limit, after)
    if sent_by is not None or "\0" in email:
        return CustomerPage(customers=[], next=None)
    statement = select(Customer).order_by(col(Customer.id).desc()).limit(limit + 1)
    if follows is not None:
        statement = statement.where(col(Customer.id) < follows)
    if email:
        statement = statement.where(Customer.email == email.strip().lower())
    with reading() as session:
        found = list(session.exec(statement).all())
        following = str(found[limit - 1].id) if len(found) > limit else None
        return CustomerPage(customers=_views(session, found[:limit]), next=following)


def custom_statuses() -> list[CustomStatusView]:
    """The shop's own statuses that an order can be given, in their order (W-7)."""
    with reading() as session:
        return [status_view(one) for one in in_use(all_statuses(session))]


def _views(session: Session, customers: list[Customer]) -> list[CustomerView]:
    ids = [customer.id for customer in customers]
    counted = (
        select(Order.customer_id, Order.currency, func.count(), func.sum(Order.total))
        .where(col(Order.customer_id).in_(ids), col(Order.cancelled_at).is_(None), ~col(Order.is_draft))
        .group_by(col(Order.customer_id), Order.currency)
        .order_by(Order.currency)
    )
    ordered: dict[int | None, list[tuple[str, int, int]]] = {}
    for id_, currency, count, total in session.exec(counted).all():
        ordered.setdefault(id_, []).append((currency, count, int(total or 0)))
    into = {customer.merged_into_id for customer in customers} - {None}
    numbers = (
        dict(session.exec(select(Customer.id, Customer.number).where(col(Customer.id).in_(into))).all())
        if into
        else {}
    )
    credits_of = balances(session, [CUSTOMER.id_of(customer) for customer in customers])
    return [
        _view(
            customer,
            ordered.get(customer.id, []),
            credits_of.get(CUSTOMER.id_of(customer), {}),
            numbers.get(customer.merged_into_id),
        )
        for customer in customers
    ]


def _view(
    customer: Customer, ordered: list[tuple[str, int, int]], credit: dict[str, int], into: str | None
) -> CustomerView:
    return CustomerView(
        **{name: getattr(customer, name) for name in _PLAIN},
        own_fields=dict(own_pairs(customer.own_fields)),
        merged_into=into,
        orders=sum(count for _currency, count, _total in ordered),
        totals={currency: as_text(total, currency) for currency, _count, total in ordered},
        credit={currency: as_text(amount, currency) for currency, amount in credit.items()},
        version=str(CUSTOMER.version(customer)) if CUSTOMER.version else "",
    )


_PLAIN = (
    *(
        "number",
        "external_reference",
        "source",
        "first_name",
        "last_name",
        "company",
        "email",
        "phone",
        "vat_id",
        "language",
    ),
    *("warning", "mails_off", "created_at"),
)
