"""Lines are edited as long as nothing is invoiced or shipped; sums and shipments follow at once (W-15, W-17)."""

from dataclasses import replace
from typing import Any

import pytest
from databases import BEN, OWNER, TestShop
from policies import invoice_by_hand
from saying_yes import say_yes
from wholeness import wrongs

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Asks, Invalid, Refused
from backoffice_app.domain.core.work import work
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.orders.place import place_order
from backoffice_app.domain.window import order_window
from backoffice_app.models import Order, Product


def edited(shop: TestShop, order: Order, *lines: dict[str, Any], **more: Any) -> Order:
    perform(BEN, "edit-lines", order.id or 0, {"lines": list(lines), **more})
    return shop.load(order.id or 0)


def test_w15_lines_are_changed_added_taken_out_and_the_shipment_follows(shop: TestShop) -> None:
    invoice_by_hand()
    order = shop.order(lines=3, paid=True)
    new = {"sku": "TEE", "name": "Tee", "quantity": "3", "unit_price": "1.50", "vat_rate": "7"}
    edited(shop, order, {"rank": 1}, {"rank": 2, "discount": "1.00"}, {"rank": 3})
    after = edited(
        shop,
        order,
        {"rank": 2, "quantity": "0", "discount": "1.00"},
        {"rank": 3, "quantity": "1"},
        {"rank": 1, "discount": "0.90"},
        new,
        shipping="0",
        discount="1.00",
    )
    got = [(line.rank, line.sku, line.ordered, line.total) for line in after.lines]
    assert got == [(1, "MUG-3", 1, 1995), (2, "MUG-1", 2, 3900), (3, "TEE", 3, 450)]
    assert (after.total, after.payment_state, after.open_amount) == (1995 + 3900 + 450 - 100, "overpaid", 0)
    [shipment] = after.shipments
    assert {(packed.order_line_id, packed.quantity) for packed in shipment.lines} == {
        (line.id, line.ordered) for line in after.lines
    }
    assert wrongs() == []


def test_w17_an_invoice_of_an_edited_order_adds_up(shop: TestShop) -> None:
    invoice_by_hand()
    order = shop.order(
        lines=2,
        prices="net",
        total="100.79",
        shipping={"method": "dhl", "name": "DHL", "price": "4.90", "vat_rate": "19"},
    )
    edited(shop, order, {"rank": 1, "quantity": "1", "unit_price": "19.9551"}, {"rank": 2, "vat_rate": "7"})
    perform(OWNER, "invoice", order.id or 0)
    after = shop.load(order.id or 0)
    assert after.documents[0].total == after.total
    assert wrongs() == []


def test_w17_split_shipments_become_one_again(shop: TestShop) -> None:
    invoice_by_hand()
    order = shop.order(lines=2)
    perform(
        BEN, "part-shipment", order.id or 0, {"shipment": order.shipments[0].number, "quantities": {"1": "1"}}
    )
    after = edited(shop, order, {"rank": 2})
    assert [shipment.state for shipment in after.shipments] == ["open", "cancelled"]
    assert wrongs() == []


def test_w17_lines_of_an_invoiced_order_change_with_a_cancellation_and_a_new_invoice_after_a_question(
    shop: TestShop,
) -> None:
    order = shop.order(lines=2, paid=True)
    [invoice] = order.documents
    lines: dict[str, Any] = {"lines": [{"rank": 2, "quantity": "1"}, {"rank": 1}]}
    with pytest.raises(
        Asks,
        match=rf"Invoice {invoice.number} over €84.70 is cancelled, and a new invoice over €64.75 is issued",
    ):
        perform(BEN, "edit-lines", order.id or 0, lines)
    assert shop.load(order.id or 0).version == order.version, (
        "nothing is done before the question is answered"
    )

    done = say_yes(BEN, "edit-lines", order.id or 0, lines)

    after = shop.load(order.id or 0)
    assert [(d.kind, d.total, d.open_amount) for d in after.documents] == [
        ("invoice", 8470, 0),
        ("cancellation", -8470, 1995),
        ("invoice", 6475, 0),
    ]
    assert (after.documents[1].credits_id, len(done.made["documents"])) == (invoice.id, 2)
    assert [(line.sku, line.ordered, line.invoiced) for line in after.lines] == [
        ("MUG-2", 1, 1),
        ("MUG-1", 2, 2),
    ]
    assert (after.total, after.payment_state) == (6475, "overpaid")
    assert not say_yes(BEN, "edit-lines", order.id or 0, {"lines": [{"rank": 1}, {"rank": 2}]}).changed
    assert len(shop.load(order.id or 0).documents) == 3, "nothing changed, so nothing is cancelled"
    assert wrongs() == []


def test_w17_an_invoice_that_lacks_something_or_was_credited_keeps_the_lines(small_shop: TestShop) -> None:
    order = small_shop.order(lines=2)
    perform(OWNER, "credit-note", order.id or 0, {"invoice": order.documents[0].number, "amount": "1"})
    with pytest.raises(
        Refused,
        match=r"Credit note GS-\d+-\d+ was issued: a new invoice would ask again for what it gave back",
    ):
        edited(small_shop, order, {"rank": 1})
    cancelled = small_shop.order(lines=2)
    say_yes(OWNER, "cancel-invoice", cancelled.id or 0, {"invoice": cancelled.documents[0].number})
    assert [line.sku for line in edited(small_shop, cancelled, {"rank": 1}).lines] == ["MUG-1"]
    assert wrongs() == []


def test_w17_what_was_shipped_is_not_rewritten(small_shop: TestShop) -> None:
    order = small_shop.order()
    say_yes(BEN, "ship", order.id or 0)
    with pytest.raises(Refused, match="Something has been shipped"):
        edited(small_shop, order, {"rank": 1, "quantity": "1"})


def test_w15_a_known_sku_brings_its_name_price_and_rate(small_shop: TestShop) -> None:
    invoice_by_hand()
    order = small_shop.order()
    with work(OWNER) as w:
        w.session.add(Product(sku="TEE", name="Grüner Tee", price=550, vat_rate=7, unit="", created_at=w.at))
    line = edited(small_shop, order, {"rank": 1}, {"sku": "TEE", "quantity": "2"}).lines[1]
    assert (line.name, line.total, line.vat_rate, line.product_id is not None) == (
        "Grüner Tee",
        1100,
        7,
        True,
    )


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"rank": 9}, "lines.0.rank"),
        ({"rank": 1, "quantity": "-1"}, "lines.0.quantity"),
        ({"rank": 1, "unit_price": "x"}, "lines.0.unit_price"),
        ({"rank": 1, "discount": "100"}, "lines.0.discount"),
        ({"rank": 1, "vat_rate": "101"}, "lines.0.vat_rate"),
        ({"name": "Tee", "quantity": "1"}, "lines.0.unit_price"),
        ({"quantity": "1"}, "lines.0.name"),
    ],
)
def test_w15_what_is_wrong_in_a_line_is_named(small_shop: TestShop, line: dict[str, Any], field: str) -> None:
    invoice_by_hand()
    order = small_shop.order()
    with pytest.raises(Invalid) as no:
        edited(small_shop, order, line)
    assert no.value.field == field
    assert small_shop.load(order.id or 0).version == order.version


def test_w15_nothing_changed_says_so_and_an_order_keeps_one_line(small_shop: TestShop) -> None:
    invoice_by_hand()
    order = small_shop.order()
    assert not perform(
        BEN, "edit-lines", order.id or 0, {"lines": {"0.rank": "1", "0.quantity": "2", "1.quantity": ""}}
    ).changed
    with pytest.raises(Refused, match="An order needs one line at least"):
        edited(small_shop, order, {"rank": 1, "quantity": "0"})


@pytest.mark.parametrize(
    ("price", "shown"),
    [("9.50", "9,50\u00a0€"), ("9", "9,00\u00a0€"), ("0.0125", "0,0125\u00a0€"), ("9.5050", "9,5050")],
)
def test_w15_the_dialog_begins_with_prices_as_money_and_saving_them_changes_nothing(
    small_shop: TestShop, price: str, shown: str
) -> None:
    invoice_by_hand()
    order = small_shop.order()
    edited(small_shop, order, {"rank": 1, "quantity": "100", "unit_price": price})
    german = replace(BEN, language="de")
    with reading() as session:
        line = order_window(session, order.number, german, "de", dialog="edit-lines").dialog.lines[0]
    assert line.unit_price == shown
    typed = {
        "rank": line.rank,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount": line.discount,
        "vat_rate": line.vat_rate,
    }
    assert not perform(german, "edit-lines", order.id or 0, {"lines": [typed]}).changed


def test_w15_a_quantity_below_what_is_cancelled_is_refused_and_named(small_shop: TestShop) -> None:
    """The shop had cancelled two of four before the order came: three is fine, one would be less than is gone, 0 takes
    the line out.
    """
    invoice_by_hand()
    lines = [
        {"sku": "A", "name": "A", "quantity": "4", "cancelled": "2", "unit_price": "10.00", "vat_rate": "19"}
    ]
    lines.append({"sku": "B", "name": "B", "quantity": "1", "unit_price": "10.00", "vat_rate": "19"})
    with work(BEN) as w:
        id_ = (
            place_order(
                w, parse_order(small_shop.new_order().as_json() | {"lines": lines, "total": "34.90"})
            ).id
            or 0
        )

    def edit(quantity: str) -> None:
        perform(BEN, "edit-lines", id_, {"lines": [{"rank": 1, "quantity": quantity}, {"rank": 2}]})

    edit("3")
    with pytest.raises(Invalid, match="2 pieces of it are cancelled") as no:
        edit("1")
    assert (no.value.field, small_shop.load(id_).lines[0].ordered) == ("lines.0.quantity", 3)
    edit("2")
    edit("0")
    assert [line.sku for line in small_shop.load(id_).lines] == ["B"]
    assert wrongs() == []
