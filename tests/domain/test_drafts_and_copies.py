"""Drafts: copied or begun empty, placed or deleted; until then they touch nothing (W-13, W-18)."""

import pytest
from databases import BEN, OWNER, WAREHOUSE, TestShop
from policies import invoice_by_hand
from saying_yes import say_yes
from sqlmodel import Session, col, select
from wholeness import stored_counts, wrongs

from backoffice_app import db
from backoffice_app.db import reading
from backoffice_app.domain.core.actions import ACTIONS, perform, preview
from backoffice_app.domain.core.errors import Asks, Invalid, NotFound, Refused
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.work import work
from backoffice_app.domain.listing import OrderFilter
from backoffice_app.domain.listing.queries import list_orders, new_since
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.whole import id_of_number
from backoffice_app.domain.orders.draft import begin_draft
from backoffice_app.domain.rest_view import order_page
from backoffice_app.models import NumberSeries, Order, OutboxMail, Product


def made_by(shop: TestShop, done_number: str) -> Order:
    with reading() as session:
        return shop.load(id_of_number(session, done_number))


def copied(shop: TestShop, order: Order, prices: str = "old") -> Order:
    [number] = perform(BEN, "copy", order.id or 0, {"prices": prices}).made["orders"]
    return made_by(shop, number)


def numbers(view: str = "all", **asked: str) -> list[str]:
    with reading() as session:
        page = list_orders(session, OrderFilter.parse({"view": view, **asked}), OWNER, "en")
    return [row[0] for row in page.rows]


def test_w13_a_copy_is_a_draft_with_the_same_lines_and_no_money_no_parcel_no_document(shop: TestShop) -> None:
    order = shop.order(lines=2, paid=True)
    draft = copied(shop, order)
    assert (draft.number, draft.is_draft, draft.status, draft.copied_from) == (
        f"D-{draft.id}",
        True,
        "draft",
        order.number,
    )
    assert (draft.total, draft.paid, draft.payments, draft.shipments, draft.documents) == (
        order.total,
        0,
        [],
        [],
        [],
    )
    assert [(line.sku, line.ordered, line.total) for line in draft.lines] == [
        (line.sku, line.ordered, line.total) for line in order.lines
    ]
    assert (draft.email, draft.customer_id, draft.external_reference) == (order.email, order.customer_id, "")
    assert wrongs() == []


def test_w13_the_preview_of_a_copy_names_no_number_that_is_drawn_later(shop: TestShop) -> None:
    order = shop.order()
    foreseen = preview(BEN, "copy", order.id or 0)
    assert foreseen.message.in_language("en") == "Copied into a new draft."
    assert "orders" not in foreseen.made
    assert perform(BEN, "copy", order.id or 0).made["orders"]


def test_w13_a_copy_may_cost_what_its_products_cost_today(small_shop: TestShop) -> None:
    order = small_shop.order(lines=2)
    with work(OWNER) as w:
        w.session.add(Product(sku="MUG-1", name="Becher", price=2500, created_at=w.at))
    assert [line.total for line in copied(small_shop, order, "today").lines] == [5000, 3990]
    assert copied(small_shop, order, "today").total == 5000 + 3990 + 490
    assert copied(small_shop, order, "old").total == order.total


def test_w18_a_draft_takes_no_number_and_is_in_its_own_view_alone(shop: TestShop) -> None:
    order = shop.order()
    with Session(db.engine()) as session:
        before = session.exec(
            select(NumberSeries.kind, NumberSeries.next_counter).order_by(
                col(NumberSeries.kind), col(NumberSeries.year)
            )
        ).all()
        mails = len(session.exec(select(OutboxMail)).all())
    draft = copied(shop, order)
    assert numbers() == numbers(q="Kovač") == [order.number]
    assert numbers("drafts") == [draft.number]
    with Session(db.engine()) as session:
        assert (
            session.exec(
                select(NumberSeries.kind, NumberSeries.next_counter).order_by(
                    col(NumberSeries.kind), col(NumberSeries.year)
                )
            ).all()
            == before
        )
        assert len(session.exec(select(OutboxMail)).all()) == mails
        assert {view: n for view, n in stored_counts(session).items() if view in {"all", "drafts"}} == {
            "all": 1,
            "drafts": 1,
        }
        assert new_since(session, order.position) == 0
    assert [one.number for one in order_page(10, "").orders] == [order.number]


def test_w18_nothing_is_done_with_a_draft_before_it_is_placed(small_shop: TestShop) -> None:
    draft = copied(small_shop, small_shop.order())
    for key in ("ship", "pay", "invoice", "hold", "cancel", "refund"):
        with pytest.raises(Refused, match="This is a draft"):
            perform(OWNER, key, draft.id or 0, {"amount": "1"} if key == "refund" else {})
    with reading() as session:
        shop = load_shop(session)
    may = {
        key
        for key, one in ACTIONS.items()
        if one.subject is ORDER and one.offered and one.reason(shop, draft) is None
    }
    assert {"place", "delete-draft", "copy", "edit-lines", "edit-address", "choose-customer"} <= may


def test_w18_placed_it_is_an_order_with_the_next_number(shop: TestShop) -> None:
    order = shop.order()
    draft = copied(shop, order)
    second = copied(shop, draft)
    done = perform(BEN, "place", draft.id or 0, {"confirm": True})
    placed = shop.load(draft.id or 0)
    assert (placed.number, placed.is_draft, placed.status) == (
        str(int(order.number) + 1),
        False,
        "awaiting_shipment",
    )
    assert done.made["orders"] == (placed.number,)
    assert len(placed.shipments) == len(placed.documents) == 1
    assert placed.position > order.position
    assert shop.load(second.id or 0).copied_from == placed.number
    assert numbers() == numbers(q="Kovač") == [placed.number, order.number]
    with Session(db.engine()) as session:
        kinds = session.exec(
            select(OutboxMail.kind).where(OutboxMail.order_id == placed.id).order_by(col(OutboxMail.id))
        ).all()
    assert kinds == ["order-confirmation"]
    with pytest.raises(Refused, match="The order is placed already"):
        perform(BEN, "place", placed.id or 0)
    assert wrongs() == []


def test_w18_a_new_draft_is_empty_and_says_what_it_lacks(small_shop: TestShop) -> None:
    invoice_by_hand()
    small_shop.order()
    draft = made_by(small_shop, begin_draft(BEN))
    id_ = draft.id or 0
    with pytest.raises(Refused, match="no customer yet"):
        perform(BEN, "place", id_)
    with pytest.raises(Invalid, match="no e-mail address"):
        perform(BEN, "choose-customer", id_, {"email": "ada"})
    perform(BEN, "choose-customer", id_, {"email": "ADA.Kovac@example.com"})
    with pytest.raises(Refused, match="no products yet"):
        perform(BEN, "place", id_)
    perform(
        BEN,
        "edit-lines",
        id_,
        {"lines": [{"name": "Becher", "quantity": "2", "unit_price": "10.00", "vat_rate": "19"}]},
    )
    perform(BEN, "place", id_)
    placed = small_shop.load(id_)
    assert (placed.customer_name, placed.total, placed.language) == ("Ada Kovač", 2000, "de")
    assert [address.street for address in placed.addresses] == ["Hauptstraße 12"]
    assert wrongs() == []


def test_w18_an_order_of_somebody_new_makes_a_customer_when_it_is_placed(small_shop: TestShop) -> None:
    id_ = made_by(small_shop, begin_draft(BEN)).id or 0
    perform(BEN, "choose-customer", id_, {"email": "neu@example.com", "name": "Nora Neu"})
    perform(
        BEN,
        "edit-lines",
        id_,
        {"lines": [{"name": "Becher", "quantity": "1", "unit_price": "10.00", "vat_rate": "19"}]},
    )
    perform(BEN, "place", id_)
    placed = small_shop.load(id_)
    assert (placed.customer_name, placed.customer_id is not None) == ("Nora Neu", True)
    assert wrongs() == []


def test_w18_a_draft_is_deleted_and_leaves_no_gap(shop: TestShop) -> None:
    order = shop.order()
    draft = copied(shop, order)
    with pytest.raises(Asks):
        perform(BEN, "delete-draft", draft.id or 0)
    say_yes(BEN, "delete-draft", draft.id or 0)
    with pytest.raises(NotFound):
        shop.load(draft.id or 0)
    with pytest.raises(Refused, match="The order is placed already"):
        perform(BEN, "delete-draft", order.id or 0)
    following = shop.order()
    assert (following.number, following.id) == (str(int(order.number) + 1), (draft.id or 0) + 1)
    assert wrongs() == []


def test_sec2_who_may_not_edit_makes_no_draft(small_shop: TestShop) -> None:
    with pytest.raises(Refused):
        begin_draft(WAREHOUSE)
