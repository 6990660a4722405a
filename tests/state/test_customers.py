"""The pages of customers and of order statuses without a browser: rights, forms, questions (SEC-2, W-7, W-8)."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from customer_records import another, numbers_of, of
from databases import BEN, OWNER, READER, TestShop
from reflex.istate.data import RouterData
from substates import substate

from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.custom_status.manage import statuses_page
from backoffice_app.marks import MARK
from backoffice_app.state.base import RUNNING
from backoffice_app.state.customers import CustomersState, CustomerState
from backoffice_app.state.order_calls import SURE
from backoffice_app.state.order_status import OrderStatusState


class Tab:
    """A tab at an address; handlers run as the events of that colleague would."""

    def __init__(self, kind: type[rx.State], path: str, actor: Actor = OWNER, **query: str) -> None:
        self.actor = actor
        self.root = rx.State()
        self.state: Any = substate(self.root, kind)
        address = path + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")
        self.root.router = RouterData.from_router_data(
            {"pathname": path, "asPath": address, "query": query, "token": "t", "headers": {}}
        )
        self.do("load")

    def do(self, handler: str, *arguments: object) -> Any:
        RUNNING.set(self.actor)
        return asyncio.run(getattr(self.state, handler)(*arguments))


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    RUNNING.set(None)


def test_w8_the_list_shows_what_its_address_says(small_shop: TestShop) -> None:
    small_shop.order()
    another(small_shop)
    assert len(Tab(CustomersState, "/customers", READER).state.view.rows) == 2
    assert len(Tab(CustomersState, "/customers", READER, q="berg").state.view.rows) == 1


def test_w8_a_merge_asks_before_and_leads_to_the_one_who_stays(small_shop: TestShop) -> None:
    ada, bo = of(small_shop.order()), of(another(small_shop))
    tab = Tab(CustomerState, f"/customers/{ada.number}", BEN)
    tab.do("open", "merge-customer", tab.state.view.about)
    assert (tab.state.form.key, [field.name for field in tab.state.form.fields]) == (
        "merge-customer",
        ["into"],
    )
    tab.do("act", "merge-customer", tab.state.asked, {"into": "nobody"})
    assert tab.state.errors == {"into": "There is no customer nobody."}
    tab.do("act", "merge-customer", tab.state.asked, {"into": bo.number, SURE: tab.state.sure})
    assert "Go on?" in tab.state.question
    told = tab.do("act", "merge-customer", tab.state.asked, {"into": bo.number, SURE: tab.state.sure})
    assert len(told) == 2
    assert (tab.state.form.key, len(numbers_of(bo))) == ("", 2)


def test_t1_the_dialog_of_a_customer_starts_with_what_is_there_and_says_what_is_wrong(
    small_shop: TestShop,
) -> None:
    ada = of(small_shop.order())
    tab = Tab(CustomerState, f"/customers/{ada.number}", BEN)
    about = tab.state.view.about
    tab.do("open", "edit-customer", about)
    values = {field.name: field.value for field in tab.state.form.fields}
    assert (values["first_name"], values["email"], values["language"]) == (
        "Ada",
        "ada.kovac@example.com",
        "de",
    )
    tab.do("act", "edit-customer", tab.state.asked, {**values, "email": "x"})
    assert tab.state.errors == {"email": "“x” is no e-mail address."}
    tab.do("act", "edit-customer", tab.state.asked, {**values, "phone": "1"})
    assert (tab.state.form.key, of(small_shop.order()).phone) == ("", "1")
    tab.do("act", "edit-customer", about, {**values, "phone": "2"})
    assert of(small_shop.order()).phone == "1", "what the page showed before is overtaken"
    gone = Tab(CustomerState, "/customers/nobody")
    assert gone.state.missing == "nobody"


def test_w7_the_owner_keeps_the_statuses(small_shop: TestShop) -> None:
    tab = Tab(OrderStatusState, "/settings/workflow/order-status")
    tab.do("open", "add", "")
    tab.do("add", Shown("order-statuses", "").text, {})
    assert tab.state.wrong_field == "name-en"
    tab.do("add", Shown("order-statuses", "").text, {"name-en": "New", "mails": "on"})
    [row] = tab.state.rows
    assert (row.name, row.mails, tab.state.form) == ("New", True, "")
    tab.do("open", "status", row.id)
    tab.do("save", row.about, tab.state.seen, {**row.texts, "name-en": "Newer"})
    tab.do("change", row.about, "retire")
    assert [(one.name, one.is_retired) for one in statuses_page(OWNER, "en")] == [("Newer", True)]
    tab.do("change", row.about, "use")
    tab.do("change", row.about, "up")
    assert not tab.state.rows[0].is_retired


@pytest.mark.parametrize(
    ("kind", "right"),
    [(CustomersState, Right.READ), (CustomerState, Right.READ), (OrderStatusState, Right.SETTINGS)],
)
def test_sec2_each_handler_names_its_right(small_shop: TestShop, kind: type[rx.State], right: Right) -> None:
    for name in ("load", "refresh"):
        assert getattr(kind.event_handlers[name].fn, MARK) is right
    if right is Right.SETTINGS:
        with pytest.raises(Refused):
            Tab(kind, "/settings/workflow/order-status", READER)
