"""Customers: found, edited with their open orders, warned of, merged, mailed nothing by itself (W-8, W-19,
T-1, M-6).
"""

import multiprocessing
from urllib.parse import parse_qsl

import pytest
from customer_records import another, edit, names, of, shown, told, view, window
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from sqlalchemy import text
from sqlmodel import Session, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Overtaken, Refused
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.work import work
from backoffice_app.domain.customer.subject import CUSTOMER
from backoffice_app.domain.customer_page.view import customer_form
from backoffice_app.domain.listing.customers import (
    EMAIL,
    NAME,
    ORDERS,
    TOTAL,
    WARNING,
    customers_file,
    customers_page,
)
from backoffice_app.domain.order import ORDER
from backoffice_app.models import Customer, OutboxMail

fork = multiprocessing.get_context("fork")


# The list


def test_w8_customers_are_found_by_name_company_email_phone_and_number(shop: TestShop) -> None:
    ada = of(shop.order())
    bo = of(another(shop, first="Jürgen", last="Müller", company="Weiß & Söhne GmbH"))
    edit(bo, phone="0171 / 555 00 01")
    assert names() == ["Jürgen Müller", "Ada Kovač"]
    for words in ("kovac", "ADA", ada.number, "ada.kovac@", "030 1234567", "+49 30 123", "493012"):
        assert names(f"?q={words.replace('+', '%2B')}") == ["Ada Kovač"], words
    for words in ("muller", "Mueller jurgen", "Müller", "söhne", "weiss", bo.number):
        assert names(f"?q={words}") == ["Jürgen Müller"], words
    assert names("?q=%2B49 171 5550001") == ["Jürgen Müller"], "the telephone shows the country code"
    assert names("?q=nobody") == names("?q=%25") == names("?q='%22") == []
    assert names("?sort=name") == ["Ada Kovač", "Jürgen Müller"]
    assert names("?kind=companies") == ["Jürgen Müller"]
    assert names("?from=2030-01-01") == []
    assert names("?page=oNONSENSE&kind=x") == ["Jürgen Müller", "Ada Kovač"]


def test_sec4_who_may_not_see_prices_sees_no_sums(small_shop: TestShop) -> None:
    ada = of(small_shop.order())
    small_shop.order()
    [row] = view().rows
    assert (row[ORDERS], row[TOTAL], row[EMAIL]) == ("2", "€89.60", "ada.kovac@example.com")
    [row] = view(actor=WAREHOUSE).rows
    assert (row[ORDERS], row[TOTAL]) == ("2", "")
    with reading() as session:
        file = str(list(customers_file(session, {}, WAREHOUSE)))
        assert "89.6" in str(list(customers_file(session, {}, READER)))
    assert "44.8" not in file
    assert "89.6" not in file
    page, whole = str(shown(ada, WAREHOUSE)), str(shown(ada))
    assert "44.80" in whole
    assert "44.80" not in page
    assert "89.60" not in page
    assert [block.key for block in shown(ada, WAREHOUSE).columns[2]] == [
        "customer-returns",
        "customer-history",
    ], "mails need their right"


def test_w8_the_file_has_the_sums_of_the_list_in_their_currencies(small_shop: TestShop) -> None:
    swiss = {"email": "nora.null@example.com", "first_name": "Nora", "last_name": "Null"}
    small_shop.order(customer=swiss, currency="CHF")
    small_shop.order()
    small_shop.order(currency="CHF")
    nobody = another(small_shop)
    perform(BEN, "cancel", nobody.id or 0)
    with reading() as session:
        heads, *rows = customers_file(session, {}, READER)
    at = heads.index("Total")
    assert heads[at : at + 3] == ["Total", "Currency", "Other currencies"]
    assert [[str(cell) for cell in row[at : at + 3]] for row in rows] == [
        ["0.00", "EUR", ""],
        ["44.80", "EUR", "CHF\xa044.80"],
        ["44.80", "CHF", ""],
    ]


def test_w8_the_page_has_data_addresses_orders_mails_and_history(small_shop: TestShop) -> None:
    order = small_shop.order()
    ada = of(order)
    perform(BEN, "customer-mail", order.id or 0, {"message": "Hallo", "subject": "Zu Ihnen"})
    edit(ada, note="Calls a lot.", own_fields={"Card": "4711"})
    page = shown(ada)
    blocks = {block.key.removeprefix("customer-"): block for column in page.columns for block in column}
    assert (page.number, page.name, page.may_edit) == (ada.number, "Ada Kovač", True)
    assert list(blocks) == [
        "data",
        "note",
        "addresses",
        "sums",
        "orders",
        "returns",
        "tickets",
        "mails",
        "history",
    ]
    assert ["Card", "4711"] in blocks["data"].parts[0].rows
    assert blocks["addresses"].parts[0].listed[0].title == "Ada Kovač"
    assert [entry.link for entry in blocks["orders"].parts[0].listed] == [f"/orders/{order.number}"]
    assert [entry.title for entry in blocks["mails"].parts[0].listed] == ["Zu Ihnen"]
    assert "Ben Beier changed the customer: " in blocks["history"].parts[0].listed[0].title
    assert not shown(ada, READER).may_edit


# Edit


def test_t1_the_order_keeps_its_own_copy_unless_it_is_to_follow(shop: TestShop) -> None:
    order, other, gone = shop.order(), shop.order(paid=True), shop.order(paid=True)
    perform(OWNER, "ship", gone.id or 0)
    ada = of(order)
    with reading() as session:
        form = customer_form(session, ada.number, BEN, "edit-customer")
    [follow] = [one for one in form.fields if one.name == "follow"]
    assert follow.options == [
        ["none", "Keep what they have"],
        ["open", f"Follow: {order.number}, {other.number}"],
    ]

    edit(ada, email="New@Example.com", phone="1")
    assert (of(order).email, of(order).phone) == ("new@example.com", "1")
    assert {shop.load(one.id or 0).email for one in (order, other, gone)} == {"ada.kovac@example.com"}
    done = edit(ada, email="newer@example.com", last_name="Berg", follow="open")
    assert done.message.in_language("en") == "Customer saved. 2 open orders follow."
    for one in (order, other):
        now = shop.load(one.id or 0)
        assert (now.email, now.addresses[0].name, now.customer_name, now.version) == (
            "newer@example.com",
            "Ada Berg",
            "Ada Berg",
            2,
        )
    assert (shop.load(gone.id or 0).email, shop.load(gone.id or 0).customer_name) == (
        "ada.kovac@example.com",
        "Ada Kovač",
    )
    assert told(order.id or 0, ORDER)[0] == (
        "Ben Beier changed the customer, and this order follows: "
        "E-mail: ada.kovac@example.com → newer@example.com. Name: Ada Kovač → Ada Berg."
    )
    assert edit(ada, email="newer@example.com").changed is False
    assert wrongs() == []


def test_t1_the_tab_edits_the_orders_copy_the_customer_or_all_open_orders(small_shop: TestShop) -> None:
    order, other = small_shop.order(comment="Bitte klingeln."), small_shop.order()
    id_ = order.id or 0
    form = window(order, BEN, "customer", "edit-order-customer").form
    values = {field.name: field.value for field in form.fields}
    assert (values["email"], values["comment"], values["follow"]) == (
        "ada.kovac@example.com",
        "Bitte klingeln.",
        "order",
    )
    [follow] = [field for field in form.fields if field.name == "follow"]
    assert follow.label == "Holds for"
    assert follow.options[-1] == ["open", f"This order, the customer, and the open orders {other.number}"]

    perform(
        BEN,
        "edit-order-customer",
        id_,
        {"own_fields": "Card: 4711\nBirthday: 12 May", "phone": "2", "comment": "Bitte anrufen."},
    )
    now = small_shop.load(id_)
    assert (now.own_fields, now.phone, now.comment) == ("Card: 4711\nBirthday: 12 May", "2", "Bitte anrufen.")
    assert (of(order).phone, small_shop.load(other.id or 0).phone) == ("+49 30 1234567",) * 2
    who = next(one for place in window(order, tab="customer").declared for one in place if one.key == "who")
    assert ["Card", "4711"] in who.parts[0].rows
    assert who.parts[1].listed[0].link == f"/customers/{of(order).number}"

    perform(BEN, "edit-order-customer", id_, {"phone": "3", "follow": "customer"})
    assert (of(order).phone, small_shop.load(other.id or 0).phone) == ("3", "+49 30 1234567")
    done = perform(BEN, "edit-order-customer", id_, {"phone": "4", "vat_id": "DE1", "follow": "open"})
    assert [small_shop.load(one.id or 0).phone for one in (order, other)] == ["4", "4"]
    assert (of(order).vat_id, done.message.in_language("en")) == (
        "DE1",
        "Customer saved. 1 open order follows.",
    )
    copied = small_shop.order()
    assert copied.own_fields == "", "the customer's own fields were not among what followed"
    perform(BEN, "cancel", id_, {"mail": False})
    with pytest.raises(Refused, match="cancelled"):
        perform(BEN, "edit-order-customer", id_, {"phone": "5"})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"language": "xx-nothing"}, "language"),
        ({"own_fields": "no colon"}, "own_fields"),
        ({"first_name": "", "last_name": "", "company": "", "email": ""}, "last_name"),
        ({"follow": "all"}, "follow"),
        ({"phone": "x" * 101}, "phone"),
    ],
)
def test_t1_bad_input_names_the_field_and_changes_nothing(
    small_shop: TestShop, values: dict[str, object], field: str
) -> None:
    ada = of(small_shop.order())
    with pytest.raises(Invalid) as refused:
        edit(ada, **values)
    assert refused.value.field == field
    with Session(db.engine()) as session:
        assert session.get_one(Customer, ada.id).email == "ada.kovac@example.com"


@pytest.mark.parametrize("actor", [WAREHOUSE, READER])
def test_sec2_who_may_not_edit_changes_no_customer(small_shop: TestShop, actor: Actor) -> None:
    order = small_shop.order()
    ada = of(order)
    for key, values in (
        ("edit-customer", {"phone": "1"}),
        ("warn-customer", {"warning": "x"}),
        ("customer-mails-off", {}),
        ("merge-customer", {"into": "1"}),
    ):
        with pytest.raises(Refused):
            perform(actor, key, ada.id or 0, values)
    with pytest.raises(Refused):
        perform(actor, "edit-order-customer", order.id or 0, {"phone": "1"})


def test_w16_a_form_that_was_overtaken_overwrites_nothing(small_shop: TestShop) -> None:
    ada = of(small_shop.order())
    seen = CUSTOMER.version(ada) if CUSTOMER.version else 0
    edit(ada, phone="1")
    with pytest.raises(Overtaken):
        perform(BEN, "edit-customer", ada.id or 0, {"phone": "2"}, seen=seen)


# Warning, mails


def test_w19_a_warning_shows_on_all_their_orders_and_filters_the_list(small_shop: TestShop) -> None:
    order, other = small_shop.order(), small_shop.order()
    ada = of(order)
    another(small_shop)
    perform(BEN, "warn-customer", ada.id or 0, {"warning": "Pays late."})
    assert {window(one, WAREHOUSE).blocks["customer"].warning for one in (order, other)} == {"Pays late."}
    assert [row[WARNING] for row in view("?kind=warned").rows] == ["Pays late."]
    assert shown(ada).warning == "Pays late."
    perform(BEN, "warn-customer", ada.id or 0, {"warning": ""})
    assert view("?kind=warned").rows == []
    assert told(ada.id or 0) == [
        "Ben Beier took the warning away.",
        "Ben Beier warns of this customer: Pays late.",
    ]


def test_m6_mails_off_hold_what_goes_by_itself_and_not_what_a_colleague_writes(shop: TestShop) -> None:
    order = shop.order()
    ada = of(order)
    perform(BEN, "customer-mails-off", ada.id or 0)
    assert perform(BEN, "customer-mails-off", ada.id or 0).changed is False
    done = perform(BEN, "ship", order.id or 0, {"tracking": "0034"}, answers=["unpaid-4480"])
    assert "switched off" in done.message.in_language("en")
    perform(BEN, "customer-mail", order.id or 0, {"message": "Hallo"})
    with Session(db.engine()) as session:
        assert [mail.kind for mail in session.exec(select(OutboxMail)).all()] == ["customer-mail"]
    assert any("switched off" in sentence for sentence in told(order.id or 0, ORDER))
    assert [row[NAME] for row in view("?kind=mails-off").rows] == ["Ada Kovač"]
    perform(BEN, "customer-mails-on", ada.id or 0)
    perform(BEN, "pay", order.id or 0)
    with Session(db.engine()) as session:
        assert "payment-received" in {mail.kind for mail in session.exec(select(OutboxMail)).all()}


def test_w8_a_double_click_edits_once(small_shop: TestShop) -> None:
    ada = of(small_shop.order())
    assert [edit(ada, phone="1").changed for _press in range(2)] == [True, False]
    assert len(told(ada.id or 0)) == 1


def test_p4_the_lists_of_customers_are_index_walks(small_shop: TestShop) -> None:
    with work(OWNER) as w:
        rows = [
            {
                "n": f"X{n}",
                "e": f"x{n}@example.com",
                "s": f" x{n} name{n % 7} ",
                "o": f"name{n:05}",
                "w": "!" if n % 900 == 0 else "",
            }
            for n in range(3_000)
        ]
        w.connection.execute(
            text(
                "INSERT INTO customer (number, source, external_reference, email, first_name, last_name, "
                "company, phone, vat_id, language, "
                "warning, created_at, search, sort_name) VALUES (:n, '', '', :e, '', :n, '', '', '', 'de', "
                ":w, '2026-01-01', :s, :o)"
            ),
            rows,
        )
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    for address in ("", "?sort=name", "?kind=warned", "?q=x2999", "?sort=name&direction=down"):
        steps = 0
        with reading() as session:
            raw = session.connection().connection.driver_connection
            raw.set_progress_handler(count, 100)  # type: ignore[union-attr]
            customers_page(session, dict(parse_qsl(address.removeprefix("?"))), OWNER)
            raw.set_progress_handler(None, 0)  # type: ignore[union-attr]
        assert steps < 400, f"{address} took {steps * 100} steps"
