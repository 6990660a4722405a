"""Shipping methods: names, carriers, pick-up, and what is offered, as the owner says it in the settings (SHIP-2, W-5,
W-15).
"""

import json
from typing import Any

import pytest
from databases import BEN, OWNER, TestShop
from sqlmodel import Session, col, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.documents.paying import shipping_name
from backoffice_app.documents.texts import Texts
from backoffice_app.domain.collecting import follow_shipping_method
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.facts import sentence_of
from backoffice_app.domain.core.meanwhile import Meanwhile
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.listing import OrderFilter, list_orders
from backoffice_app.domain.listing.queries import choices
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.shipments import shipments_file
from backoffice_app.domain.methods.shipping import add_shipping, change_shipping, save_shipping, shipping_page
from backoffice_app.domain.order.views import views_of
from backoffice_app.domain.orders.change_methods import shipping_choices
from backoffice_app.domain.window import order_window
from backoffice_app.models import DocumentVersion, History, Order, OutboxMail
from backoffice_app.printing import _slip

FLAT = {"method": "flat_rate", "name": "Standard", "price": "4.90"}


def shown(order: Order, language: str, tab: str = "order") -> str:
    with db.reading() as session:
        return str(order_window(session, order.number, OWNER, language, tab=tab).declared)


def rows(language: str = "de") -> dict[str, Any]:
    return {row.id: row for row in shipping_page(OWNER, language)}


def told(kind: str = "ShippingMethodChanged") -> list[str]:
    with Session(db.engine()) as session:
        found = session.exec(
            select(History).where(History.kind == kind).order_by(col(History.sequence))
        ).all()
        return [
            sentence_of(row.kind, json.loads(row.data)).format(actor=row.actor_name).in_language("en")
            for row in found
        ]


def test_ship2_the_page_lists_what_orders_came_with_and_what_is_known_of_it(shop: TestShop) -> None:
    shop.order(shipping={**FLAT, "method": "dhl", "name": "DHL Paket"})
    shop.order(shipping={**FLAT, "method": "local_pickup", "name": "Abholung im Laden"})
    found = rows()
    assert (found["dhl"].name, found["dhl"].carrier, found["dhl"].page) == ("DHL Paket", "DHL", "www.dhl.de")
    assert (found["local_pickup"].leaves, found["local_pickup"].carrier) == ("Der Kunde holt die Ware ab", "")
    with pytest.raises(Refused):
        shipping_page(BEN, "de")
    for change in (
        lambda: save_shipping(BEN, "dhl", {}, {}),
        lambda: add_shipping(BEN, "x", {}),
        lambda: change_shipping(BEN, "dhl", "up"),
    ):
        with pytest.raises(Refused):
            change()


def test_ship2_a_name_of_the_owner_is_read_everywhere_in_the_language_of_the_reader(shop: TestShop) -> None:
    before = shop.order(shipping=FLAT, language="fr")
    save_shipping(OWNER, "flat_rate", {"name-de": "Paket versichert", "name-fr": "Colis assuré"}, {})
    order = shop.order(shipping=FLAT, language="fr")

    assert "Paket versichert" in shown(before, "de", "customer")
    assert "'Standard'" in shown(before, "en", "customer"), (
        "what the shop called it, where the owner gave no name"
    )
    with Session(db.engine()) as session:
        said = session.exec(
            select(DocumentVersion.snapshot).where(DocumentVersion.document_id == order.documents[0].id)
        ).one()
        snapshot = DocumentSnapshot.model_validate_json(said)
        names = {
            language: choices(Reader(session), language)["shipping_method"]["flat_rate"]
            for language in ("de", "en")
        }
        file = [row[6] for row in shipments_file(session, {}, OWNER)][1:]
    assert [shipping_name(snapshot, Texts(language)) for language in ("fr", "de", "en")] == [
        "Colis assuré",
        "Paket versichert",
        "Standard",
    ]
    assert names == {"de": "Paket versichert", "en": "Standard"}
    assert file == ["Standard", "Standard"]
    assert _slip(order.shipments[0].number)[1].shipping_method == "Colis assuré"


def test_ship2_a_new_shipment_has_the_carrier_that_the_owner_chose(shop: TestShop) -> None:
    assert shop.order(shipping=FLAT).shipments[0].carrier == ""
    save_shipping(OWNER, "flat_rate", {"carrier": "gls"}, {})
    order = shop.order(shipping=FLAT)
    assert order.shipments[0].carrier == "gls"
    perform(OWNER, "ship", order.id or 0, {"tracking": "A1"})
    with Session(db.engine()) as session:
        mail = session.exec(select(OutboxMail).where(OutboxMail.kind == "tracking")).one()
    assert "https://gls-group.eu/EU/en/parcel-tracking?match=A1" in mail.body
    with pytest.raises(Invalid) as wrong:
        save_shipping(OWNER, "flat_rate", {"carrier": "pigeon"}, {})
    assert wrong.value.field == "carrier"


def test_w5_open_orders_follow_what_the_owner_says_of_pickup(shop: TestShop) -> None:
    waiting, gone = shop.order(shipping=FLAT), shop.order(shipping=FLAT)
    for one in (waiting, gone):
        perform(OWNER, "pay", one.id or 0)
    perform(OWNER, "ship", gone.id or 0)
    save_shipping(OWNER, "flat_rate", {"pickup": "yes"}, {})
    assert follow_shipping_method("flat_rate") == 1
    assert follow_shipping_method("flat_rate") == 0, "begun again it finds nothing to do"

    assert (shop.load(waiting.id or 0).status, shop.load(gone.id or 0).status) == (
        "awaiting_pickup",
        "completed",
    )
    with pytest.raises(Refused, match="picks this order up"):
        perform(OWNER, "ship", waiting.id or 0)
    perform(OWNER, "ready-for-pickup", waiting.id or 0)
    assert shop.order(shipping=FLAT).pickup == "yes"
    assert told("PickupChanged") == [
        "The order follows the settings of shipping method flat_rate: the customer picks it up."
    ]
    assert wrongs() == []


def test_w5_words_that_speak_of_pickup_are_overruled(shop: TestShop) -> None:
    save_shipping(OWNER, "click", {"pickup": "no"}, {})
    order = shop.order(shipping={"method": "click", "name": "Abholung durch Spedition", "price": "4.90"})
    perform(OWNER, "pay", order.id or 0)
    assert shop.load(order.id or 0).status == "awaiting_shipment"
    assert "to-ship" in views_of(shop.load(order.id or 0))
    with Session(db.engine()) as session:
        assert [row[0] for row in list_orders(session, OrderFilter(view="to-ship"), OWNER, "de").rows] == [
            order.number
        ]


def test_w15_choices_follow_the_owners_order_and_what_is_out_of_use_is_not_offered(shop: TestShop) -> None:
    order = shop.order(shipping={**FLAT, "method": "c", "name": "Cargo"})
    shop.order(shipping={**FLAT, "method": "a", "name": "Abendbote"})
    add_shipping(OWNER, "b", {"name-de": "Bote"})

    def offered(of: Order = order) -> list[str]:
        with db.reading() as session:
            return [name for _code, name in shipping_choices(session, of, "de")]

    assert offered() == ["Abendbote", "Bote", "Cargo"]
    change_shipping(OWNER, "c", "up")
    assert offered() == ["Abendbote", "Cargo", "Bote"]
    change_shipping(OWNER, "a", "retire")
    assert offered() == ["Cargo", "Bote"]
    with pytest.raises(Invalid):
        perform(OWNER, "change-methods", order.id or 0, {"shipping_method": "a"})
    perform(OWNER, "change-methods", order.id or 0, {"shipping_method": "b"})
    assert shop.load(order.id or 0).shipping_method_name == "Bote"
    kept = shop.order(shipping={**FLAT, "method": "a", "name": "Abendbote"})
    assert "Abendbote" in offered(kept), "an order that has it keeps it"
    assert (rows()["a"].is_retired, rows()["a"].name) == (True, "Abendbote")
    change_shipping(OWNER, "a", "use")
    assert "Abendbote" in offered()


def test_w15_a_changed_method_brings_its_carrier_and_its_pickup(shop: TestShop) -> None:
    add_shipping(OWNER, "own", {"name-de": "Unsere Tour", "carrier": "dpd"})
    add_shipping(OWNER, "shop", {"name-de": "Im Laden", "pickup": "yes"})
    order = shop.order(shipping=FLAT)
    perform(OWNER, "change-methods", order.id or 0, {"shipping_method": "own"})
    assert shop.load(order.id or 0).shipments[0].carrier == "dpd"
    perform(OWNER, "change-methods", order.id or 0, {"shipping_method": "shop"})
    perform(OWNER, "pay", order.id or 0)
    assert shop.load(order.id or 0).status == "awaiting_pickup"
    assert wrongs() == []


def test_aud1_each_changed_field_of_a_shipping_method_is_told(small_shop: TestShop) -> None:
    add_shipping(OWNER, "own", {"name-de": "Unsere Tour", "carrier": "dpd"})
    save_shipping(OWNER, "own", {"pickup": "yes"}, {})
    change_shipping(OWNER, "own", "retire")
    assert told() == [
        "Olga Owner changed the name of shipping method own (German) from – to Unsere Tour.",
        "Olga Owner changed the carrier of shipping method own from “As its name says” to “DPD”.",
        "Olga Owner changed how the goods of shipping method own get to the customer from “As its name says” "
        "to “The customer picks the "
        "goods up”.",
        "Olga Owner took shipping method own out of use.",
    ]


def test_w16_two_owners_do_not_overwrite_each_other(shop: TestShop) -> None:
    add_shipping(OWNER, "own", {"name-de": "Unsere Tour"})
    seen = rows()["own"].texts
    save_shipping(OWNER, "own", seen | {"carrier": "dpd"}, seen)
    save_shipping(OWNER, "own", seen | {"name-de": "Die Tour"}, seen)
    with pytest.raises(Meanwhile):
        save_shipping(OWNER, "own", seen | {"carrier": "gls"}, seen)
    assert (rows()["own"].name, rows()["own"].carrier) == ("Die Tour", "DPD")
    with pytest.raises(Invalid) as there:
        add_shipping(OWNER, "own", {})
    assert there.value.field == "code"
