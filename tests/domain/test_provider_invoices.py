"""Where the payment provider issues the invoice itself, the order says so and none is made by policy (PAY-0)."""

import hashlib
from typing import Any

import pytest
from databases import BEN, OWNER, TestShop

from backoffice_app import db
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Asks, Refused
from backoffice_app.domain.core.facts import as_json
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.core.shop import Administration, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.intake.take_in import How, Invoicing, digest_of, take_in
from backoffice_app.domain.invoicing.policy import issue_when_due
from backoffice_app.domain.invoicing.waiting import issue_waiting
from backoffice_app.domain.methods import payment as methods
from backoffice_app.domain.orders.new_order import InvalidOrder
from backoffice_app.domain.orders.place import ELSEWHERE
from backoffice_app.domain.window import OrderWindow, order_window
from backoffice_app.models import Order

KEY = Actor(ActorKind.API_KEY, "A shop", frozenset(Right), id=7)


def by(invoiced_by: str = "", method: str = "paypal", state: str = "open") -> dict[str, Any]:
    return {"method": method, "name": "PayPal", "state": state, "invoiced_by": invoiced_by}


def policy(wanted: str) -> None:
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration(invoice_policy=wanted))


def window(order: Order) -> OrderWindow:
    with db.reading() as session:
        return order_window(session, order.number, OWNER, "en")


@pytest.mark.parametrize("wanted", ["at once", "when paid", "at shipping"])
def test_pay0_no_policy_makes_an_invoice_that_the_provider_issues(wanted: str, shop: TestShop) -> None:
    policy(wanted)
    theirs, ours = shop.order(payment=by("provider")), shop.order(payment=by("shop"))
    for order in (theirs, ours):
        perform(KEY, "pay", order.id or 0)
        perform(KEY, "ship", order.id or 0)
        issue_when_due(order.id or 0)
    assert [len(shop.load(order.id or 0).documents) for order in (theirs, ours)] == [0, 1]
    assert shop.load(theirs.id or 0).invoicing == "provider"
    assert issue_waiting(OWNER) == (0, 0)


def test_pay0_the_settings_say_it_of_a_method_and_the_order_may_differ(shop: TestShop) -> None:
    before = shop.order(payment=by())
    methods.save_method(OWNER, "paypal", {"invoiced_by": "provider"}, {})
    said = [
        shop.order(payment=payment).invoicing
        for payment in (by(), by("shop"), by("provider", "xyz"), by("", "xyz"))
    ]
    assert said == ["provider", "", "provider", ""]
    assert (shop.load(before.id or 0).invoicing, len(before.documents)) == ("", 1)
    row = next(row for row in methods.methods_page(OWNER, "en") if row.id == "paypal")
    assert (row.invoiced_name, row.texts["invoiced_by"]) == ("The payment provider issues it", "provider")


def test_pay0_a_draft_that_is_placed_follows_the_settings(small_shop: TestShop) -> None:
    order = small_shop.order(payment=by())
    methods.save_method(OWNER, "paypal", {"invoiced_by": "provider"}, {})
    [number] = perform(OWNER, "copy", order.id or 0).made["orders"]
    with db.reading() as session:
        draft = order_window(session, number, OWNER, "en").order
    perform(OWNER, "place", draft.id)
    placed = small_shop.load(draft.id)
    assert (placed.invoicing, placed.documents) == ("provider", [])


def test_pay0_the_window_says_who_issues_the_invoice(small_shop: TestShop) -> None:
    theirs = small_shop.order(payment=by("provider"))
    assert window(theirs).blocks["invoices"].needs.head == "The invoice is issued by PayPal."
    nameless = small_shop.order(payment={"state": "open", "invoiced_by": "provider"})
    assert window(nameless).blocks["invoices"].needs.head == "The invoice is issued by the payment provider."
    assert "issued by" not in window(small_shop.order(payment=by("shop"))).blocks["invoices"].needs.head


def test_pay0_a_person_who_wants_a_second_invoice_is_asked(shop: TestShop) -> None:
    order = shop.order(payment=by("provider"))
    with pytest.raises(Asks) as asked:
        perform(BEN, "invoice", order.id or 0)
    assert (
        asked.value.reason.in_language("en")
        == "The invoice is issued by PayPal. Create a second one all the same?"
    )
    assert shop.load(order.id or 0).documents == []

    perform(BEN, "invoice", order.id or 0, answers=[asked.value.answer])
    assert [document.kind for document in shop.load(order.id or 0).documents] == ["invoice"]


def test_pay0_a_program_says_that_it_wants_a_second_invoice(shop: TestShop) -> None:
    order = shop.order(payment=by("provider"))
    with pytest.raises(Refused, match="issued by PayPal"):
        perform(KEY, "invoice", order.id or 0)
    perform(KEY, "invoice", order.id or 0, {"besides": True})
    assert len(shop.load(order.id or 0).documents) == 1


def test_pay0_the_report_of_an_import_tells_it_from_the_past(small_shop: TestShop) -> None:
    policy("at once")
    past = take_in(OWNER, small_shop.new_order(payment=by()), how=How(is_past=True))
    theirs = take_in(OWNER, small_shop.new_order(payment=by("provider")), how=How(is_past=True))
    assert (past.invoicing, theirs.invoicing) == (Invoicing.PAST, Invoicing.PROVIDER)
    assert past.order is not None
    assert past.order.invoicing == ELSEWHERE


def test_api1_an_order_that_does_not_say_it_is_the_same_as_before_it_could(small_shop: TestShop) -> None:
    order = small_shop.new_order()
    body = order.as_json()
    del body["payment"]["invoiced_by"]
    del body["payment"]["link"]
    assert digest_of(order) == hashlib.sha256(as_json(body).encode()).hexdigest()
    assert digest_of(order) != digest_of(
        order.model_copy(update={"payment": order.payment.model_copy(update={"invoiced_by": "provider"})})
    )


def test_api1_another_word_is_refused(small_shop: TestShop) -> None:
    with pytest.raises(InvalidOrder, match=r"payment\.invoiced_by"):
        small_shop.new_order(payment=by("nobody"))
