"""Customers for tests: whose an order is, orders of others, what the list and the page of a customer show."""

from urllib.parse import parse_qsl

from databases import BEN, OWNER, TestShop
from sqlmodel import Session, select

from backoffice_app import db
from backoffice_app.db import reading
from backoffice_app.domain.core.actions import Done, perform
from backoffice_app.domain.core.keyset import ListView
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.customer.subject import CUSTOMER
from backoffice_app.domain.customer_page.view import CustomerPageView, customer_page
from backoffice_app.domain.history import history_of
from backoffice_app.domain.listing.customers import NAME, customers_page
from backoffice_app.domain.window import OrderWindow, order_window
from backoffice_app.models import Customer, Order


def window(order: Order, actor: Actor = OWNER, tab: str = "order", dialog: str = "") -> OrderWindow:
    with reading() as session:
        return order_window(session, order.number, actor, "en", tab=tab, dialog=dialog)


def of(order: Order) -> Customer:
    """The customer of an order, as they are now."""
    with Session(db.engine(), expire_on_commit=False) as session:
        fresh = session.get_one(Order, order.id or 0)
        return session.get_one(Customer, fresh.customer_id)


def another(
    shop: TestShop, email: str = "bo.berg@example.com", first: str = "Bo", last: str = "Berg", **more: object
) -> Order:
    """An order of somebody else."""
    who = {"email": email, "first_name": first, "last_name": last, **more}
    address = {
        "name": f"{first} {last}",
        "street": "Weg 1",
        "postcode": "10827",
        "city": "Berlin",
        "country": "DE",
    }
    return shop.order(customer=who, billing_address=address)


def edit(customer: Customer, actor: Actor = BEN, **values: object) -> Done:
    return perform(actor, "edit-customer", customer.id or 0, values)


def view(address: str = "", actor: Actor = OWNER) -> ListView:
    with reading() as session:
        return customers_page(
            session, dict(parse_qsl(address.removeprefix("?"), keep_blank_values=True)), actor
        )


def names(address: str = "") -> list[str]:
    return [row[NAME] for row in view(address).rows]


def shown(customer: Customer, actor: Actor = OWNER) -> CustomerPageView:
    with reading() as session:
        return customer_page(session, customer.number, actor)


def told(id_: int, kind: object = CUSTOMER) -> list[str]:
    with reading() as session:
        return [one.sentence for one in history_of(session, (kind, id_), OWNER, "en", "Europe/Berlin")]  # type: ignore[arg-type]


def numbers_of(customer: Customer) -> set[str]:
    with Session(db.engine()) as session:
        return set(session.exec(select(Order.number).where(Order.customer_id == customer.id)).all())
