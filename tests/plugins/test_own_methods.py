"""Ways to pay and to ship that a plug-in brings are used like those that Kontor knows (EXT-1, PAY-0, SHIP-2,
W-5).
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backoffice_app.db import reading
from backoffice_app.domain.core.carriers import (
    CARRIERS,
    carrier,
    carrier_name,
    tracking_url,
)
from backoffice_app.domain.core.errors import Asks
from backoffice_app.domain.core.payment_methods import (
    USUAL,
    Collects,
    Pays,
    known_method,
    method_of,
    payment_method,
    when_paid,
)
from backoffice_app.domain.core.shipping_methods import is_pickup_method, known_shipping, shipping_method
from backoffice_app.domain.methods import payment as methods
from backoffice_app.domain.order.pickup import is_pickup
from backoffice_app.plugins.testing import OWNER, SmallShop, small_shop
from backoffice_app.registry import CORE, forget

METHODS = """
from backoffice_app.plugins.api import *

PLUGIN = Plugin(name="Methods", version="1", api=">=1.1,<2")
magic = {"en": "Magic", "de": "Zauberei"}
payment_method("zauber", magic, collects=Collects.TRANSFER, pays=Pays.FIRST, also=["zauber-2"])
payment_method("coins", {"en": "Coins"}, collects=Collects.PROVIDER)
carrier("bikes", "City Bikes", "https://bikes.example/{locale}/{number}")
shipping_method("bike", {"en": "By bicycle", "de": "Mit dem Fahrrad"}, carrier="bikes")
shipping_method("hut", {"en": "Hut"}, is_pickup=True)
"""
PAID_BY = {"name": "", "state": "open"}
SENT_BY = {"name": "", "price": "4.90", "vat_rate": "19"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallShop]:
    """A small shop with the plug-in."""
    file = tmp_path / "methods.py"
    file.write_text(METHODS, "utf-8")
    with small_shop(tmp_path, file) as made:
        yield made


def test_pay0_an_order_takes_who_collects_and_the_name_from_the_method_of_a_plug_in(shop: SmallShop) -> None:
    order = shop.order(payment={"method": "Zauber_2", **PAID_BY}, language="de")
    assert (order.payment_collects, when_paid(order)) == ("transfer", Pays.FIRST)
    with reading() as session:
        assert method_of(session, order.payment_method).name_in("de") == "Zauberei"
    coins = shop.order(payment={"method": "coins", **PAID_BY})
    assert (coins.payment_collects, when_paid(coins)) == ("provider", Pays.FIRST)


def test_pay0_it_stands_in_the_settings_before_an_order_comes_with_it_and_the_owner_decides(
    shop: SmallShop,
) -> None:
    listed = {row.id: row for row in methods.methods_page(OWNER, "en")}
    assert {code: (row.name, row.collects) for code, row in listed.items()} == {
        "zauber": ("Magic", "transfer"),
        "coins": ("Coins", "provider"),
    }

    methods.save_method(OWNER, "zauber", {"collects": "debit"}, listed["zauber"].texts)

    assert shop.order(payment={"method": "zauber", **PAID_BY}).payment_collects == "debit"
    with reading() as session:
        assert method_of(session, "zauber").name_in("de") == "Zauberei"


def test_ship2_a_shipment_has_the_carrier_of_the_method_and_its_parcels_are_followed_there(
    shop: SmallShop,
) -> None:
    order = shop.order(shipping={"method": "bike", **SENT_BY}, language="de")
    assert order.shipping_method_name == "Mit dem Fahrrad"
    shop.do("ship", order, tracking="A 1")
    assert order.shipments[0].carrier == "bikes"
    [mail] = [mail for mail in shop.mails(order) if mail.kind == "tracking"]
    assert "https://bikes.example/de_DE/A1" in mail.body
    assert (
        shop.order(shipping={"method": "bike", **SENT_BY, "name": "Radkurier"}).shipping_method_name
        == "Radkurier"
    )


def test_w5_a_method_says_that_it_is_a_pick_up_whatever_its_words(shop: SmallShop) -> None:
    hut = shop.order(shipping={"method": "hut", **SENT_BY})
    assert is_pickup(hut)
    assert shop.may("ready-for-pickup", hut)
    assert not is_pickup_method("bike", "Abholung im Laden")


def test_ext1_without_the_plug_in_orders_keep_what_they_have(shop: SmallShop) -> None:
    order = shop.order(payment={"method": "coins", **PAID_BY}, shipping={"method": "bike", **SENT_BY})
    with pytest.raises(Asks):
        shop.do("ship", order, tracking="A1")
    shop.do("ship", order, yes=True, tracking="A1")
    assert tracking_url("bikes", "A1")

    forget("methods")

    left = shop.read(order)
    assert (left.payment_collects, left.shipping_method_name, when_paid(left)) == (
        "provider",
        "By bicycle",
        Pays.FIRST,
    )
    assert (carrier_name("bikes"), tracking_url("bikes", "A1"), known_shipping("bike").carrier) == (
        "bikes",
        "",
        "",
    )
    assert known_method("zauber").collects is Collects.UNKNOWN
    assert "A1" in [parcel.tracking_number for parcel in left.shipments[0].parcels]


def test_ext1_the_methods_and_carriers_of_kontor_are_registered_the_same_way() -> None:
    assert {USUAL.owner_of(code) for code in USUAL} == {CORE} == {CARRIERS.owner_of(key) for key in CARRIERS}
    assert known_method("sepa_debit").collects is Collects.DEBIT
    assert carrier_name("swiss post") == "Swiss Post"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: payment_method("a b", {"en": "A"}, collects=Collects.DEBIT), "a code has no spaces"),
        (lambda: payment_method("new", {"de": "Neu"}, collects=Collects.DEBIT), "needs an English name"),
        (
            lambda: payment_method("PayPal", {"en": "A"}, collects=Collects.DEBIT),
            "kontor has one of this code",
        ),
        (
            lambda: payment_method("new", {"en": "A"}, collects=Collects.DEBIT, also=["sepa_debit"]),
            "kontor has one of this code",
        ),
        (lambda: carrier("Bikes", "Bikes", "https://x.example/{number}"), "needs a key of small letters"),
        (
            lambda: carrier("new", "DHL", "https://x.example/{number}"),
            "There is a carrier 'DHL' already: dhl",
        ),
        (lambda: carrier("dhl", "New", "https://x.example/{number}"), "which kontor registered before"),
        (lambda: carrier("new", "New", "http://x.example/{number}"), "begins with https://"),
        (lambda: carrier("new", "New", "https://x.example/"), "where the tracking number stands"),
        (
            lambda: carrier("new", "New", "https://x.example/{number}{order}"),
            "where the tracking number stands",
        ),
        (lambda: carrier("new", "New", "https://x.example/{number"), "where the tracking number stands"),
        (lambda: shipping_method("new", {}), "needs an English name"),
        (lambda: shipping_method("new", {"en": "New"}, carrier="none"), "which is not registered"),
    ],
)
def test_ext1_a_wrong_method_or_carrier_is_an_error_with_a_sentence(
    wrong: Callable[[], object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        wrong()
    assert "new" not in USUAL.keys() | CARRIERS.keys()
