"""The tax case: never guessed, borne out by the facts, chosen by a person where it is not clear (INV-1, INV-4)."""

import json
from decimal import Decimal
from typing import Any

import pytest
from databases import BEN, OWNER, WAREHOUSE, TestShop
from sqlmodel import Session, col, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.shop import Administration, Company, Shop, load_shop, save_section
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.core.work import work
from backoffice_app.domain.invoicing import waiting
from backoffice_app.domain.invoicing.lacks import Lack
from backoffice_app.domain.invoicing.ready import readiness, what_is_missing
from backoffice_app.domain.invoicing.tax import suggested_category, tax_case
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.orders.place import place_order
from backoffice_app.domain.window.blocks.needs import needs_view
from backoffice_app.models import DocumentVersion, History, Order

ADA = {
    "name": "Ada Kovač",
    "street": "Hauptstraße 12",
    "postcode": "10827",
    "city": "Berlin",
    "country": "DE",
}
WIEN = ADA | {"company": "Probe GmbH", "postcode": "1010", "city": "Wien", "country": "AT"}
ZURICH = ADA | {"postcode": "8001", "city": "Zürich", "country": "CH"}
AUSTRIAN = {"email": "ada@example.com", "vat_id": "ATU13585627"}


def line(rate: str = "0", category: str = "", price: str = "20.00") -> dict[str, str]:
    return {
        "sku": "A",
        "name": "Ware",
        "quantity": "1",
        "unit_price": price,
        "vat_rate": rate,
        "vat_category": category,
    }


def order_of(shop: TestShop, *lines: dict[str, str], **changes: Any) -> Order:
    """An order over these lines, a piece each, without shipping cost unless `changes` say so."""
    total = sum(Decimal(one["unit_price"]) for one in lines) + Decimal(
        changes.get("shipping", {}).get("price", 0)
    )
    data = (
        shop.new_order().as_json() | {"lines": list(lines), "shipping": {}, "total": f"{total:.2f}"} | changes
    )
    with work(OWNER) as w:
        placed = place_order(w, parse_order(data))
    return shop.load(placed.id or 0)


def settings() -> Shop:
    with db.reading() as session:
        return load_shop(session)


def save(section: str, value: Any) -> None:
    with work(OWNER) as w:
        save_section(w.session, section, value)


def lacks(order: Order) -> tuple[Lack, ...]:
    return readiness(settings(), order).lacks


def snapshot(order: Order) -> DocumentSnapshot:
    with Session(db.engine()) as session:
        text = session.exec(
            select(DocumentVersion.snapshot).where(DocumentVersion.document_id == order.documents[0].id)
        ).one()
    return DocumentSnapshot.model_validate_json(text)


def told(kind: str) -> list[dict[str, Any]]:
    with Session(db.engine()) as session:
        return [
            json.loads(data)
            for data in session.exec(
                select(History.data).where(History.kind == kind).order_by(col(History.sequence))
            )
        ]


def test_d2_no_vat_without_a_reason_makes_the_invoice_wait_and_the_order_comes_in(shop: TestShop) -> None:
    order = order_of(shop, line(), line("19"))
    assert (order.documents, order.invoicing, lacks(order)) == ([], "waits", (Lack.CATEGORY,))
    assert told("InvoiceWaits") == [{"lacks": "category"}]
    with pytest.raises(Refused, match="don't say why no VAT is due"):
        perform(BEN, "invoice", order.id or 0)


def test_d2_the_sentence_of_the_zero_rate_prints_only_where_that_category_was_given(
    small_shop: TestShop,
) -> None:
    order = order_of(small_shop, line(category="Z"))
    assert [(rate.category, rate.reason) for rate in snapshot(order).rates] == [("Z", "")]


@pytest.mark.parametrize(
    ("category", "address", "customer", "wanted"),
    [
        ("K", WIEN, AUSTRIAN, ()),
        ("K", WIEN, {"email": "ada@example.com"}, (Lack.BUYER_EU_VAT_ID,)),
        ("K", WIEN, {"vat_id": "ATU00000000"}, (Lack.BUYER_EU_VAT_ID,)),
        ("K", WIEN, {"vat_id": "DE136695976"}, (Lack.BUYER_EU_VAT_ID,)),
        ("K", ADA, AUSTRIAN, (Lack.OTHER_EU_COUNTRY,)),
        ("K", ZURICH, AUSTRIAN, (Lack.OTHER_EU_COUNTRY,)),
        ("AE", WIEN, AUSTRIAN, ()),
        ("AE", WIEN, {"vat_id": "<NOT A VAT ID>"}, (Lack.BUYER_VAT_ID,)),
        ("G", ZURICH, {}, ()),
        ("G", WIEN, AUSTRIAN, (Lack.EXPORT_INSIDE,)),
        ("G", ADA, {}, (Lack.EXPORT_INSIDE,)),
        ("G", ADA | {"postcode": "78266", "city": "Büsingen"}, {}, ()),
        ("G", ADA | {"postcode": "35001", "city": "Las Palmas", "country": "ES"}, {}, ()),
        ("G", ADA | {"postcode": "BT1 1AA", "city": "Belfast", "country": "GB"}, {}, (Lack.EXPORT_INSIDE,)),
        ("G", ADA | {"postcode": "98000", "city": "Monaco", "country": "MC"}, {}, (Lack.EXPORT_INSIDE,)),
        ("E", ADA, {}, ()),
        ("Z", ADA, {}, ()),
        ("O", ADA, {}, ()),
    ],
)
def test_d6_a_category_holds_only_where_the_facts_bear_it_out(
    small_shop: TestShop,
    category: str,
    address: dict[str, str],
    customer: dict[str, str],
    wanted: tuple[Lack, ...],
) -> None:
    order = order_of(small_shop, line(category=category), billing_address=address, customer=customer)
    assert lacks(order) == wanted
    assert len(order.documents) == (0 if wanted else 1)


def test_d6_not_subject_to_vat_stands_alone(small_shop: TestShop) -> None:
    assert lacks(order_of(small_shop, line(category="O"), line("19"))) == (Lack.NOT_SUBJECT_BESIDE,)


def test_d6_the_goods_decide_where_they_are_delivered_not_where_the_bill_goes(small_shop: TestShop) -> None:
    order = order_of(small_shop, line(category="G"), billing_address=ADA, shipping_address=ZURICH)
    assert lacks(order) == ()


def test_d6_a_vat_id_that_is_none_is_not_printed(small_shop: TestShop) -> None:
    assert (
        snapshot(order_of(small_shop, line("19"), customer={"vat_id": "<NOT A VAT ID>"})).buyer.vat_id == ""
    )
    assert (
        snapshot(order_of(small_shop, line("19"), customer={"vat_id": "DE 136695976"})).buyer.vat_id
        == "DE 136695976"
    )


@pytest.mark.parametrize("prices", ["gross", "net"])
def test_d2_costs_without_a_rate_follow_the_goods_in_their_proportion(
    small_shop: TestShop, prices: str
) -> None:
    ways = {"method": "dhl", "name": "DHL", "price": "3.00"}
    total = "43.00" if prices == "gross" else "48.60"  # 21.50 at 19 % and 21.50 at 7 %
    order = order_of(small_shop, line("19"), line("7"), shipping=ways, prices=prices, total=total)
    assert [
        (cost.vat_rate, cost.gross if prices == "gross" else cost.net) for cost in snapshot(order).adjustments
    ] == [(19, 150), (7, 150)]


def test_d2_shipping_follows_an_export_and_prints_one_sentence(small_shop: TestShop) -> None:
    for rate in ({}, {"vat_rate": "0"}):
        order = order_of(
            small_shop,
            line(category="G"),
            billing_address=ZURICH,
            shipping={"method": "dhl", "price": "3.00"} | rate,
        )
        assert [rate.category for rate in snapshot(order).rates] == ["G"]


def test_d2_shipping_without_vat_beside_goods_with_vat_is_asked_about(small_shop: TestShop) -> None:
    order = order_of(small_shop, line("19"), shipping={"method": "dhl", "price": "3.00", "vat_rate": "0"})
    assert lacks(order) == (Lack.COST_CATEGORY,)
    perform(BEN, "choose-tax-case", order.id or 0, {"category": "S", "rate": "19"})
    issued = small_shop.load(order.id or 0)
    assert [(rate.category, rate.rate, rate.gross) for rate in snapshot(issued).rates] == [("S", 19, 2300)]


def test_d2_what_costs_nothing_needs_no_category_and_prints_no_sentence(small_shop: TestShop) -> None:
    order = order_of(small_shop, line("19"), line(price="0.00"))
    assert len(order.documents) == 1
    assert [rate.net for rate in snapshot(order).rates if rate.category == "Z"] == [0]


def test_d2_a_person_chooses_and_the_invoice_that_waited_is_issued(shop: TestShop) -> None:
    order = order_of(
        shop, line(), shipping={"method": "dhl", "price": "3.00", "vat_rate": "0"}, billing_address=ZURICH
    )
    assert suggested_category(settings(), order) == "G"
    done = perform(BEN, "choose-tax-case", order.id or 0, {"category": "G"})
    issued = shop.load(order.id or 0)
    assert (issued.invoicing, [rate.category for rate in snapshot(issued).rates]) == ("", ["G"])
    assert issued.documents[0].number in done.message.in_language("en")
    assert told("TaxCaseChosen") == [{"category": "G", "rate": "0"}]
    with pytest.raises(Refused, match="is invoiced already"):
        perform(BEN, "choose-tax-case", order.id or 0, {"category": "Z"})


@pytest.mark.parametrize(
    ("policy", "changes", "said"),
    [
        ("at once", {}, "The invoice is issued at once."),
        ("by hand", {}, ""),
        (
            "at once",
            {"billing_address": {"country": "CH"}, "lines": [line(price="300.00")], "total": "300.00"},
            "",
        ),
    ],
)
def test_inv1_before_the_tax_case_is_chosen_it_says_that_the_invoice_is_issued_then(
    small_shop: TestShop, policy: str, changes: dict[str, Any], said: str
) -> None:
    save("administration", Administration(invoice_policy=policy))
    order = order_of(small_shop, line(), **changes)
    assert needs_view(settings(), order, "en").at_once == said
    perform(BEN, "hold", order.id or 0)
    assert needs_view(settings(), small_shop.load(order.id or 0), "en").at_once == ""


def test_d2_a_choice_that_the_facts_contradict_is_refused_and_names_its_field(shop: TestShop) -> None:
    order = order_of(shop, line(), billing_address=WIEN, customer={"email": "ada@example.com"})
    with pytest.raises(Invalid) as wrong:
        perform(BEN, "choose-tax-case", order.id or 0, {"category": "K"})
    assert wrong.value.field == "vat_id"
    with pytest.raises(Invalid) as wrong:
        perform(BEN, "choose-tax-case", order.id or 0, {"category": "G", "vat_id": "ATU13585627"})
    assert (wrong.value.field, shop.load(order.id or 0).vat_id) == ("category", "")
    perform(BEN, "choose-tax-case", order.id or 0, {"category": "K", "vat_id": "atu 13585627"})
    issued = shop.load(order.id or 0)
    assert (issued.vat_id, snapshot(issued).buyer.vat_id) == ("ATU13585627", "ATU13585627")


def test_d2_vat_that_was_left_out_by_mistake_is_taken_out_of_the_price(shop: TestShop) -> None:
    order = order_of(shop, line(), prices="net")
    perform(BEN, "choose-tax-case", order.id or 0, {"category": "S", "rate": "19"})
    issued = shop.load(order.id or 0)
    assert (issued.total, issued.documents[0].net, issued.documents[0].vat) == (2000, 1681, 319)


def test_d2_net_prices_never_rise_by_a_choice(small_shop: TestShop) -> None:
    order = order_of(small_shop, line(), line("19"), prices="net", total="43.80")
    with pytest.raises(Invalid, match="more than the customer agreed to"):
        perform(BEN, "choose-tax-case", order.id or 0, {"category": "S", "rate": "19"})


def test_d2_what_is_clear_is_not_chosen_anew(small_shop: TestShop) -> None:
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration(invoice_policy="by hand"))
    order = order_of(small_shop, line("19"))
    with pytest.raises(Refused, match="The tax case is clear"):
        perform(BEN, "choose-tax-case", order.id or 0, {"category": "Z"})


def test_d9_a_small_business_charges_no_vat_and_says_why(shop: TestShop) -> None:
    save("administration", Administration(small_business=True))
    order = order_of(shop, line("19"), shipping={"method": "dhl", "price": "3.00", "vat_rate": "19"})
    said = snapshot(order)
    assert [(rate.category, rate.rate, rate.tax, rate.reason) for rate in said.rates] == [("E", 0, 0, "")]
    assert (said.total, said.lines[0].vat_rate) == (2300, 0)
    assert lacks(order_of(shop, line("19"), prices="net", total="23.80")) == (Lack.SMALL_BUSINESS_NET,)


@pytest.mark.parametrize(
    ("country", "category", "reason"), [("AT", "Z", "zero"), ("DE", "E", "exempt"), ("DE", "Z", "")]
)
def test_d2_a_sentence_of_german_law_is_printed_only_where_it_is_true(
    small_shop: TestShop, country: str, category: str, reason: str
) -> None:
    save(
        "company",
        Company(name="Probe", street="Am Hafen 1", city="Wien", country=country, vat_id="ATU13585627"),
    )
    assert snapshot(order_of(small_shop, line(category=category))).rates[0].reason == reason


def test_d3_no_invoice_without_seller_and_each_thing_is_named(shop: TestShop) -> None:
    save("company", Company())
    order = shop.order()
    assert (order.documents, order.invoicing) == ([], "waits")
    assert lacks(order) == (Lack.SELLER_NAME, Lack.SELLER_STREET, Lack.SELLER_TOWN, Lack.SELLER_TAX_NUMBER)
    with pytest.raises(Refused, match="tax number or VAT ID of your company"):
        perform(BEN, "invoice", order.id or 0)
    save("company", Company(owner="Ada Kovač", street="Ring 1", city="Berlin", tax_number="12/345"))
    perform(BEN, "invoice", order.id or 0)
    issued = shop.load(order.id or 0)
    assert (issued.documents[0].number, issued.invoicing) == ("RE-2026-0001", "")


@pytest.mark.parametrize(
    ("price", "currency", "wanted"),
    [("250.00", "EUR", ()), ("250.01", "EUR", "buyer"), ("250.00", "CHF", "buyer")],
)
def test_d3_only_small_invoices_go_without_buyer(
    small_shop: TestShop, price: str, currency: str, wanted: str
) -> None:
    order = order_of(
        small_shop, line("19", price=price), billing_address={"country": "DE"}, currency=currency
    )
    assert lacks(order) == ((Lack.BUYER_NAME, Lack.BUYER_ADDRESS) if wanted else ())


def test_d3_an_intra_eu_supply_needs_its_buyer_however_small(small_shop: TestShop) -> None:
    order = order_of(small_shop, line(category="K"), billing_address={"country": "AT"}, customer=AUSTRIAN)
    assert lacks(order) == (Lack.BUYER_NAME, Lack.BUYER_ADDRESS)


def test_d3_the_address_that_was_missing_issues_the_invoice_that_waited(shop: TestShop) -> None:
    order = order_of(shop, line("19", price="300.00"), billing_address={"country": "DE"})
    assert order.invoicing == "waits"
    perform(BEN, "edit-address", order.id or 0, {"kind": "billing", **ADA})
    issued = shop.load(order.id or 0)
    assert (len(issued.documents), issued.invoicing) == (1, "")


def test_d3_when_paid_the_invoice_waits_from_the_payment_on(shop: TestShop) -> None:
    save("administration", Administration(invoice_policy="when paid"))
    order = order_of(shop, line())
    assert order.invoicing == ""
    perform(BEN, "pay", order.id or 0)
    assert shop.load(order.id or 0).invoicing == "waits"
    perform(BEN, "not-paid", order.id or 0)
    assert shop.load(order.id or 0).invoicing == ""


def test_d3_what_was_paid_on_hold_is_invoiced_when_the_order_is_resumed(shop: TestShop) -> None:
    save("administration", Administration(invoice_policy="when paid"))
    order = order_of(shop, line("19"))
    perform(BEN, "hold", order.id or 0)
    perform(BEN, "pay", order.id or 0)
    assert shop.load(order.id or 0).documents == []
    perform(BEN, "resume", order.id or 0)
    assert len(shop.load(order.id or 0).documents) == 1


def test_inv4_the_tax_case_is_pure(small_shop: TestShop) -> None:
    order = order_of(small_shop, line(), line("19"))
    assert tax_case(settings(), order) == tax_case(settings(), order)
    assert what_is_missing(settings(), order) is not None


def test_d3_what_waited_for_the_company_is_issued_at_once_and_the_rest_keeps_waiting(shop: TestShop) -> None:
    company = settings().company
    save("company", Company())
    first, second, third = shop.order(), order_of(shop, line()), shop.order()
    assert waiting.issue_waiting(BEN) == (0, 3)
    save("company", company)
    assert waiting.issue_waiting(BEN) == (2, 1)
    numbers = [
        [document.number for document in shop.load(order.id or 0).documents]
        for order in (first, second, third)
    ]
    assert numbers == [["RE-2026-0001"], [], ["RE-2026-0002"]]
    with pytest.raises(Refused):
        waiting.issue_waiting(WAREHOUSE)
    assert wrongs() == []
