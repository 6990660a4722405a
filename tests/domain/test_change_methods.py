"""How an order is paid and shipped, changed while it is open (W-15, W-17)."""

import pytest
from databases import OWNER, READER, TestShop
from sqlmodel import Session

from backoffice_app import db
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.history import history_of
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.orders.change_methods import payment_choices, shipping_choices
from backoffice_app.models import Order


def change(order: Order, **given: str) -> str:
    return perform(OWNER, "change-methods", order.id or 0, given).message.in_language("en")


def told(order: Order) -> str:
    with Session(db.engine()) as session:
        return history_of(session, (ORDER, order.id or 0), OWNER, "en", "UTC")[0].sentence


def test_w15_an_open_order_is_paid_and_shipped_in_another_way(small_shop: TestShop) -> None:
    other = small_shop.order(
        shipping={"method": "pickup", "name": "Abholung im Laden", "price": "4.90", "vat_rate": "19"}
    )
    order = small_shop.order()
    assert order.status == "awaiting_shipment"

    assert change(order, payment_method="prepaid", shipping_method="pickup").startswith(
        "Saved. The invoice says"
    )

    after = small_shop.load(order.id or 0)
    assert (after.shipping_method, after.shipping_method_name) == ("pickup", other.shipping_method_name)
    assert (after.payment_method, after.payment_collects) == ("prepaid", "transfer")
    assert (after.total, after.shipping_price) == (order.total, order.shipping_price)
    assert "and shipping from DHL Paket to Abholung im Laden." in told(after)
    assert perform(OWNER, "change-methods", order.id or 0, {"shipping_method": "pickup"}).changed is False


def test_w17_money_that_came_and_goods_that_left_keep_their_way(small_shop: TestShop) -> None:
    small_shop.order(
        shipping={"method": "pickup", "name": "Abholung im Laden", "price": "4.90", "vat_rate": "19"}
    )
    paid, part = small_shop.order(paid=True), small_shop.order(lines=2)
    with pytest.raises(Refused, match="Take the payment back first"):
        change(paid, payment_method="card")
    change(paid, shipping_method="pickup")
    shipment = part.shipments[0].number
    perform(
        OWNER,
        "part-shipment",
        part.id or 0,
        {"shipment": shipment, "quantities": {"1": "1"}, "shipped": True},
    )
    with pytest.raises(Refused, match="Something has left already"):
        change(part, shipping_method="pickup")
    perform(OWNER, "cancel", paid.id or 0, {})
    with pytest.raises(Refused, match="The order is cancelled"):
        change(paid, shipping_method="dhl")


def test_w15_only_methods_that_are_known_and_only_by_who_may(small_shop: TestShop) -> None:
    order = small_shop.order()
    for field in ("payment_method", "shipping_method"):
        with pytest.raises(Invalid) as no:
            change(order, **{field: "by-pigeon"})
        assert no.value.field == field
    with pytest.raises(Refused):
        perform(READER, "change-methods", order.id or 0, {"payment_method": "prepaid"})
    with Session(db.engine()) as session:
        assert (order.payment_method, order.payment_method_name) in payment_choices(session, order, "de")
        assert shipping_choices(session, order, "de") == [(order.shipping_method, order.shipping_method_name)]
