"""Addresses of orders: looked over when they come in or change, silenced by a colleague, filtered in the list (W-1,
W-20).
"""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from callers import client, colleague
from databases import OWNER, READER, WAREHOUSE, TestShop
from hypothesis import given
from hypothesis import strategies as st
from marks_in_rows import marks_of
from sqlmodel import col, select, update

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor, Role
from backoffice_app.domain.core.shop import Administration, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.listing import OrderFilter
from backoffice_app.domain.listing.queries import list_orders
from backoffice_app.domain.listing.rows import NUMBER
from backoffice_app.domain.order.address_findings import digest_of, open_findings
from backoffice_app.domain.orders import geocoding, recheck
from backoffice_app.domain.places.checks import Address, check
from backoffice_app.domain.places.streets import split
from backoffice_app.domain.rest_view import order_view
from backoffice_app.domain.window import order_window
from backoffice_app.domain.window.blocks.addresses import AddressDialogView, AddressView
from backoffice_app.gateways.geocoder import Geocoder, NoAnswer, geocoder_of
from backoffice_app.generate.people import LAND_OF, person
from backoffice_app.generate.pools import LANDS, MAIL_DOMAINS
from backoffice_app.models import GeocodedPlace, History, Order, OrderAddress
from backoffice_app.settings import settings
from backoffice_app.worker import places as jobs

BARE = {"name": "Ada Kovač", "street": "Lindenallee", "postcode": "14467", "city": "Potsdam", "country": "DE"}


def address(order: Order, kind: str = "billing") -> OrderAddress:
    return next(one for one in order.addresses if one.kind == kind)


def block(order: Order, kind: str = "billing", actor: Actor = OWNER, language: str = "en") -> AddressView:
    with reading() as session:
        found: AddressView = order_window(session, order.number, actor, language).blocks[kind]
    return found


def listed(wish: str, actor: Actor = OWNER) -> list[tuple[str, str]]:
    with reading() as session:
        rows = list_orders(session, OrderFilter(address_warning=wish), actor, "en").rows
    return [(row[NUMBER], marks_of(row)) for row in rows]


def test_w20_what_looks_wrong_is_stored_when_the_order_comes_in_and_is_filtered_and_marked(
    shop: TestShop,
) -> None:
    bad, good = shop.order(shipping_address=BARE), shop.order()
    assert (address(bad, "shipping").findings, bad.address_warning) == ("house-number", True)
    assert (address(good).findings, good.address_warning) == ("", False)
    assert listed("yes") == [(bad.number, "Address warning")]
    assert listed("no") == [(good.number, "")]
    assert listed("yes", READER) == [(bad.number, "Address warning")]
    assert order_view(bad.number).shipping_address is not None
    assert order_view(bad.number).shipping_address.warnings == ["house-number"]  # type: ignore[union-attr]


def test_w20_address_is_right_silences_it_until_the_address_changes_and_stands_in_the_history(
    shop: TestShop,
) -> None:
    order = shop.order(shipping_address=BARE)
    done = perform(OWNER, "address-is-right", order.id or 0, {"kind": "shipping"})
    assert done.message.in_language("en") == "The address counts as right now."
    assert (shop.load(order.id or 0).address_warning, listed("yes"), block(order, "shipping").warnings) == (
        False,
        [],
        [],
    )
    again = perform(OWNER, "address-is-right", order.id or 0, {"kind": "shipping"})
    assert (again.changed, again.message.in_language("en")) == (False, "The address counts as right already.")
    with reading() as session:
        facts = [
            row.kind
            for row in session.exec(
                select(History).where(History.subject_id == order.id, History.kind == "AddressConfirmed")
            )
        ]
    assert facts == ["AddressConfirmed"]

    perform(OWNER, "edit-address", order.id or 0, {"kind": "shipping", "street": "Rosenweg"})
    assert block(order, "shipping").warnings == ["House number missing: “Rosenweg”"]
    perform(OWNER, "edit-address", order.id or 0, {"kind": "shipping", "street": "Rosenweg 3"})
    assert (block(order, "shipping").warnings, listed("yes")) == ([], [])


def test_w20_only_what_looks_wrong_can_be_said_to_be_right(small_shop: TestShop) -> None:
    order = small_shop.order(shipping_address=BARE)
    assert perform(OWNER, "address-is-right", order.id or 0, {"kind": "billing"}).changed is False
    with pytest.raises(Refused, match="Nothing in this address looks wrong"):
        perform(OWNER, "address-is-right", small_shop.order().id or 0, {"kind": "billing"})
    with pytest.raises(Invalid):
        perform(OWNER, "address-is-right", order.id or 0, {"kind": "somewhere"})
    with pytest.raises(Refused):
        perform(READER, "address-is-right", order.id or 0, {"kind": "shipping"})


def test_w20_the_mail_address_is_judged_with_the_billing_address(small_shop: TestShop) -> None:
    order = small_shop.order(customer={"email": "ada@gmial.com"})
    assert block(order).warnings == ["E-mail: “gmial.com” may be mistyped for gmail.com."]
    assert block(order, language="de").warnings == ["E-Mail: „gmial.com“ – gemeint ist vielleicht gmail.com."]
    assert block(order, "shipping").warnings == [], "the delivery address is the same and says nothing twice"


def test_w20_who_packs_is_warned_at_the_address_that_stands_first_for_them(small_shop: TestShop) -> None:
    order, said = small_shop.order(billing_address=BARE), ["House number missing: “Lindenallee”"]
    assert (block(order).warnings, block(order, "shipping").warnings) == (said, [])
    packer = [block(order, kind, WAREHOUSE).warnings for kind in ("shipping", "billing")]
    assert packer == [said, []]


def test_w20_nobody_is_warned_of_an_order_that_is_over(small_shop: TestShop) -> None:
    order = small_shop.order(shipping_address=BARE)
    perform(OWNER, "cancel", order.id or 0, {"reason": "twice"})
    order = small_shop.load(order.id or 0)
    assert (order.address_warning, open_findings(order, address(order, "shipping"))) == (False, [])


def test_w20_goods_that_are_to_be_shipped_nowhere_are_warned_of(small_shop: TestShop) -> None:
    nowhere = {"name": "Ada Kovač", "country": "DE"}
    assert block(small_shop.order(billing_address=nowhere)).warnings == ["There is no address to ship to."]
    fetched = small_shop.order(
        billing_address=nowhere,
        shipping={"method": "pickup", "name": "Abholung", "price": "4.90", "vat_rate": "19"},
    )
    assert block(fetched).warnings == []
    assert block(fetched).place == "", "and no map says that it was not found"


def test_w20_the_line_as_typed_is_kept_and_told_apart_for_the_api(small_shop: TestShop) -> None:
    order = small_shop.order(billing_address=BARE | {"street": "Straße des 17. Juni  135"})
    shown = order_view(order.number).billing_address
    assert (shown.street_name, shown.house_number) == ("Straße des 17. Juni", "135")
    assert shown.street == address(order).street


def test_w1_the_block_shows_where_the_address_is_and_leads_to_the_outside_map(small_shop: TestShop) -> None:
    order = small_shop.order(
        shipping_address=BARE | {"street": "Lindenallee 5", "postcode": "10115", "city": "München"}
    )
    shown, lost = block(order), block(order, "shipping")
    assert (shown.place, shown.map) == ("10827 Berlin", "/maps/1/DE/5252,1341.svg")
    assert (
        shown.link
        == "https://www.openstreetmap.org/search?query=Hauptstra%C3%9Fe+12%2C+10827+Berlin%2C+Germany"
    )
    assert shown.opens == "Map: 10827 Berlin. Opens in OpenStreetMap"
    assert (lost.map, lost.place) == ("", "10115 München"), "S8: without a map the address was typed wrong"
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration(outside_map="Google Maps"))
    assert block(order).link.startswith("https://www.google.com/maps/search/?api=1&query=Hauptstra")


def test_w1_the_warehouse_sees_where_parcels_go(small_shop: TestShop) -> None:
    assert block(small_shop.order(), "shipping", WAREHOUSE).map == "/maps/1/DE/5252,1341.svg"


def test_w1_the_map_is_served_to_colleagues_alone_and_kept_by_browsers(small_shop: TestShop) -> None:
    path = block(small_shop.order()).map
    inside = colleague(Role.WAREHOUSE).get(path)
    assert (inside.status_code, inside.headers["content-type"]) == (200, "image/svg+xml")
    assert "immutable" in inside.headers["cache-control"]
    assert inside.text.startswith("<svg")
    staff = colleague(Role.STAFF)
    answers = [
        staff.get(f"/maps/{wrong}").status_code
        for wrong in ("0/DE/1,1.svg", "1/DEU/1,1.svg", "1/DE/99999,1.svg")
    ]
    assert answers == [404] * 3
    assert client("").get(path).status_code == 401


def test_w1_countries_are_a_list_in_words_with_the_usual_ones_first(small_shop: TestShop) -> None:
    order = small_shop.order(billing_address=BARE | {"country": "NL"})
    with reading() as session:
        dialog = order_window(session, order.number, OWNER, "de", dialog="billing").dialog
    assert isinstance(dialog, AddressDialogView)
    assert dialog.countries[:2] == [["DE", "Deutschland"], ["NL", "Niederlande"]]
    assert ["AT", "Österreich"] in dialog.countries
    assert len({code for code, _name in dialog.countries}) == len(dialog.countries) > 200


def test_w1_all_that_is_wrong_in_the_form_is_said_at_once(small_shop: TestShop) -> None:
    wrong = {"kind": "billing", "name": "", "company": "", "postcode": "1" * 21, "country": "Nowhere"}
    with pytest.raises(Invalid) as refused:
        perform(OWNER, "edit-address", small_shop.order().id or 0, wrong)
    assert {one.field for one in (refused.value, *refused.value.others)} == {"name", "postcode", "country"}


def test_w20_no_generated_address_looks_wrong() -> None:
    for land in LANDS:
        for street in land.streets:
            for postcode, city in land.towns:
                line = f"7 {street}" if land.code in {"FR", "GB"} else f"{street} 7"
                assert check(Address("Ada", "", line, "", postcode, city, "", land.code)) == [], (
                    street,
                    postcode,
                    city,
                )
    assert not any(check(Address(), f"ada@{domain}") for domain in MAIL_DOMAINS)
    assert person(1, 1).land in LAND_OF


def test_w20_open_orders_from_before_are_checked_in_the_background_each_once(shop: TestShop) -> None:
    bad, over, good = shop.order(shipping_address=BARE), shop.order(shipping_address=BARE), shop.order()
    perform(OWNER, "cancel", over.id or 0, {"reason": "twice"})
    before = {"findings": "", "checked": ""}
    with work(OWNER) as w:  # as they were before there were checks
        w.session.execute(update(OrderAddress).values(**before))
        w.session.execute(
            update(Order).where(col(Order.id) == bad.id).values(address_warning=False, facet=good.facet)
        )
    assert recheck.check_open_orders() == 2
    assert listed("yes") == [(bad.number, "Address warning")]
    assert shop.load(bad.id or 0).version == bad.version, "nobody changed it"
    assert recheck.check_open_orders() == 0
    jobs.check_addresses()


@given(
    st.lists(st.text(max_size=30), min_size=7, max_size=7),
    st.sampled_from(["DE", "GB", "FR", "US", "JP", "ZZ", ""]),
)
def test_w20_whatever_is_typed_is_judged_and_never_refused(lines: list[str], country: str) -> None:
    typed = Address(*lines)._replace(country=country)
    assert check(typed) == check(typed)
    assert split(typed.street, country).number in " ".join(typed.street.split())


@given(st.lists(st.sampled_from(["Rosenweg", "Rosenweg 3", "Hauptstraße"]), min_size=1, max_size=4))
def test_w20_what_is_stored_is_what_the_checks_say_of_the_address_as_it_stands(streets: list[str]) -> None:
    order = Order(number="1", position=1, placed_at=None)  # type: ignore[arg-type]
    order.lines = []
    order.addresses = [OrderAddress(kind="billing", **BARE)]
    from backoffice_app.domain.order.address_findings import check_addresses

    for street in streets:
        order.addresses[0].street = street
        check_addresses(order)
        assert (order.addresses[0].findings == "house-number") == (street != "Rosenweg 3")
        assert order.addresses[0].checked == digest_of(order, order.addresses[0])


def test_w20_no_address_leaves_the_server_while_orders_are_made_and_looked_at(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_whatever: object) -> None:
        raise AssertionError("something connects to the outside")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    order = small_shop.order(shipping_address=BARE)
    perform(OWNER, "edit-address", order.id or 0, {"kind": "shipping", "street": "Lindenallee 5"})
    assert block(order, "shipping").map
    jobs.geocode(order.id or 0)
    with reading() as session:
        assert session.exec(select(GeocodedPlace)).all() == []


@contextmanager
def answering(answer: Any, status: int = 200) -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """A geocoder on this machine: its address, and what it was asked."""
    asked: list[dict[str, list[str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(parse_qs(urlsplit(self.path).query))
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_what: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BETWEEN", 0.0)


@pytest.mark.usefixtures("no_pauses")
def test_w1_a_geocoder_that_is_set_up_is_asked_once_and_its_answer_is_kept(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering([{"lat": "52.4012", "lon": "13.0501"}]) as (url, asked):
        monkeypatch.setenv("KONTOR_GEOCODER", url)
        settings.cache_clear()
        order = shop.order(billing_address=BARE | {"street": "Lindenallee 5"})
        jobs.geocode(order.id or 0)
        jobs.geocode(order.id or 0)
        other = shop.order(billing_address=BARE | {"street": "Lindenallee 5", "name": "Ben Weiß"})
        jobs.geocode(other.id or 0)
        assert [question["q"] for question in asked] == [["Lindenallee 5, 14467 Potsdam, Germany"]], (
            "once, and no names"
        )
        shown = block(order)
        assert (
            shown.link
            == "https://www.openstreetmap.org/?mlat=52.401200&mlon=13.050100#map=18/52.401200/13.050100"
        )
        assert shown.map == "/maps/1/DE/5240,1305.svg"


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize(
    ("answer", "status"),
    [([], 200), ({"error": "busy"}, 503), ("nonsense", 200), ([{"lat": "x", "lon": "y"}], 200), ([], 302)],
)
def test_w1_a_geocoder_that_fails_leaves_the_page_as_it_is(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch, answer: Any, status: int
) -> None:
    with answering(answer, status) as (url, _asked):
        monkeypatch.setenv("KONTOR_GEOCODER", url)
        settings.cache_clear()
        order = small_shop.order()
        jobs.geocode(order.id or 0)
        assert block(order).map == "/maps/1/DE/5252,1341.svg"


def test_w1_a_slow_geocoder_is_given_up_and_a_key_is_never_repeated() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        geocoder = Geocoder(f"http://127.0.0.1:{silent.getsockname()[1]}", key="secret-key", seconds=0.1)
        with pytest.raises(NoAnswer) as refused:
            geocoder.find("Lindenallee 5", "DE")
    assert "secret" not in str(refused.value)
    assert "Lindenallee" not in str(refused.value)
    assert geocoder_of("google:abc", 1).url.startswith("https://maps.googleapis.com/")
    assert geocoder_of("https://nominatim.example.org/", 1).url == "https://nominatim.example.org/search"


def test_w1_google_is_asked_for_the_country_and_its_answer_is_read() -> None:
    found = {"status": "OK", "results": [{"geometry": {"location": {"lat": 52.4, "lng": 13.05}}}]}
    with answering(found) as (url, asked):
        assert Geocoder(url, key="k").find("Lindenallee 5", "DE") == (52.4, 13.05)
        assert asked[0]["components"] == ["country:DE"]
    with answering({"status": "REQUEST_DENIED"}) as (url, _asked), pytest.raises(NoAnswer):
        Geocoder(url, key="k").find("Lindenallee 5", "DE")


def test_w1_the_question_holds_no_name_and_its_key_no_secret(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = small_shop.order()
    assert geocoding.question_of(address(order)) is None
    monkeypatch.setenv("KONTOR_GEOCODER", "google:secret")
    settings.cache_clear()
    question = geocoding.question_of(address(order))
    assert question is not None
    assert geocoding.lines_of(question) == "Hauptstraße 12, 10827 Berlin, Germany"
    monkeypatch.setenv("KONTOR_GEOCODER", "google:another")
    settings.cache_clear()
    assert geocoding.question_of(address(order)) == question
