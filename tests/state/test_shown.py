"""What is shown is what is done: an event acts on what its page showed, whatever a tab's state remembers."""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable
from contextlib import closing
from inspect import signature
from typing import Any

import pytest
from attacker import NOTICES, ORDER, ROOT, Socket, order_window
from databases import BEN, OWNER, TestShop
from order_tab import Tab, told
from reflex_base.registry import RegistrationContext
from serving import Server

from backoffice_app import backoffice_app as _app  # noqa: F401  # all handlers are declared then
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.work import MAY_WRITE, work
from backoffice_app.domain.window.views import OrderView
from backoffice_app.marks import ABOUT, WRITES
from backoffice_app.state import notices
from backoffice_app.state.arguments import takes_of
from backoffice_app.state.gate import declared
from backoffice_app.state.subjects import NAMED

OURS = {
    name: RegistrationContext.get().event_handlers[name].handler
    for name in declared()
    if "backoffice_app___state" in name
}
ABOUT_SOMETHING = sorted(name for name, handler in OURS.items() if hasattr(handler.fn, ABOUT))
STALE = "was not up to date, so nothing was done"


def run(test: Awaitable[None]) -> None:
    asyncio.run(test)  # type: ignore[arg-type]


def said(tab: Socket) -> str:
    return json.dumps(tab.value(NOTICES, "items_rx_state_"), ensure_ascii=False)


@pytest.mark.parametrize(
    "shown", [Shown("order", "10001", "7"), Shown("order", "A/ä b", "", "edit address"), Shown("people", "")]
)
def test_r1_what_is_shown_travels_as_one_text(shown: Shown) -> None:
    assert Shown.parse(shown.text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "order",
        "order/10001",
        "/10001/7/",
        "order/10001/7//",
        "order/10001/" + "9" * 19 + "/",
        "order/1%00/7/",
        "order/" + "1" * 1_000 + "/7/",
    ],
)
def test_r1_a_text_that_no_page_sends_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        Shown.parse(text)


def test_r1_every_handler_that_writes_says_what_about_and_is_not_sent_late() -> None:
    """`work` itself holds the others to it: see the next test."""
    writers = {name: handler for name, handler in OURS.items() if getattr(handler.fn, WRITES, False)}

    assert len(writers) > 15
    for name, handler in OURS.items():
        marked = hasattr(handler.fn, ABOUT)
        assert marked == ("about" in signature(handler.fn).parameters), name
        if marked:
            assert takes_of(handler.fn)[0]["about"] is str, name
            assert getattr(handler.fn, ABOUT)[0] in NAMED, name
    assert [name for name, handler in writers.items() if not handler.event_actions.get("temporal")] == []
    assert [name for name in writers if name not in ABOUT_SOMETHING] == []


def test_r1_no_transaction_begins_in_an_event_that_was_not_declared_to_change_anything(
    small_shop: TestShop,
) -> None:
    before = MAY_WRITE.set(False)
    try:
        with pytest.raises(AssertionError, match="changes"), work(OWNER):
            pass
    finally:
        MAY_WRITE.reset(before)


def test_r1_a_tab_that_remembers_another_order_acts_on_the_one_that_is_shown(small_shop: TestShop) -> None:
    remembered, shown = small_shop.order(), small_shop.order()
    tab = Tab(OWNER, shown.number).show()
    about = tab.about()
    tab.show(remembered.number)

    tab.press("act", "ship", about, {})

    states = [small_shop.load(order.id or 0).shipping_state for order in (remembered, shown)]
    assert states == ["not_shipped", "shipped"]
    assert tab.state.view.number == shown.number


@pytest.mark.parametrize("form", ["pay", "billing", "part-shipment", "hold"])
def test_r2_a_dialog_of_a_forgotten_tab_is_saved(small_shop: TestShop, form: str) -> None:
    """A restart, or an hour without a click: the server knows nothing of this tab, the page still shows its dialog."""
    order = small_shop.order(lines=2)
    tab = Tab(OWNER, order.number).show()
    tab.do("open", form, "")
    about, forgotten = tab.about(), Tab(OWNER, order.number)
    assert forgotten.state.view == OrderView()
    values = {
        "pay": {"amount": "10.00"},
        "billing": {"kind": "billing", "name": "Ada", "city": "Bremen", "country": "DE"},
        "part-shipment": {"shipment": order.shipments[0].number, "quantities.1": "1"},
        "hold": {"reason": "waits"},
    }[form]

    _text, kind, _reverse = told(
        forgotten.press("act", "edit-address" if form == "billing" else form, about, values)
    )

    assert kind == notices.DONE
    assert forgotten.state.view.version == order.version + 1


def test_r2_the_first_click_of_a_forgotten_tab_acts(small_shop: TestShop) -> None:
    order = small_shop.order()
    about = Tab(OWNER, order.number).show().about()

    text, _kind, _reverse = told(Tab(OWNER, order.number).press("act", "pay", about, {}))

    assert text.startswith("Payment booked")
    assert len(small_shop.load(order.id or 0).payments) == 1


def test_r1_a_button_does_not_act_on_what_a_colleague_has_changed_unseen(small_shop: TestShop) -> None:
    """What `Paid` books is the open amount that was shown."""
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    perform(BEN, "pay", order.id or 0, {"amount": "10.00"})

    text, kind, _reverse = told(tab.do("act", "pay", {}))

    assert (text, kind) == (
        "This order was changed meanwhile, so nothing was done. Look at it, then press again.",
        notices.REFUSED,
    )
    assert len(small_shop.load(order.id or 0).payments) == 1
    told(tab.do("act", "pay", {}))
    assert small_shop.load(order.id or 0).open_amount == 0


def test_r1_own_clicks_do_not_overtake_each_other(small_shop: TestShop) -> None:
    """`p` and `s` pressed at once: the second carries the version before the first."""
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    about = tab.about()

    for key in ("pay", "ship"):
        assert told(tab.press("act", key, about, {}))[1] == notices.DONE


def test_r3_a_part_payment_pressed_again_is_not_booked_twice(small_shop: TestShop) -> None:
    """The answer was lost, the dialog still stands there, and another process, or the same after a restart, gets the
    press.
    """
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "pay", "")
    about = tab.about()
    tab.press("act", "pay", about, {"amount": "10.00"})

    for again in (tab, Tab(OWNER, order.number)):
        again.press("act", "pay", about, {"amount": "10.00"})

    assert [payment.amount for payment in small_shop.load(order.id or 0).payments] == [1000]


def test_r3_what_was_done_is_said_even_if_the_page_cannot_be_read_anew(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    about = tab.about()

    async def away(*_given: object) -> None:
        raise OSError("the database is away")

    monkeypatch.setattr(type(tab.state), "_read", away)
    done, unread = tab.press("act", "pay", about, {})  # type: ignore[misc]

    assert told(done)[0].startswith("Payment booked")
    assert told(unread)[0] == "It was done, but the page could not be read anew. Load it again to see it."


@pytest.mark.parametrize("name", ABOUT_SOMETHING)
def test_r1_the_gate_refuses_what_is_about_something_else(server: Server, name: str) -> None:
    """Every handler that opens or changes something, called from a page that shows something else."""
    kinds: dict[object, object] = {str: "x", bool: True, int: 1}
    takes = takes_of(OURS[name].fn)[0]
    kind, here = getattr(OURS[name].fn, ABOUT)
    wrong = ["thing/1//", "nonsense", *([f"{kind}/99999/1/"] if here and NAMED[kind] else [])]

    async def attack() -> None:
        async with Socket(
            server, server.cookie("owner@demo.test"), path="/orders/10001", route="/orders/[number]/[[tab]]"
        ) as tab:
            for about in wrong:
                before = len(tab.updates)
                payload: dict[str, Any] = {arg: kinds.get(takes[arg], {}) for arg in takes} | {"about": about}
                await tab.send(name, **payload)
                await tab.until(lambda start=before: STALE in json.dumps(tab.updates[start:]))  # type: ignore[misc]

    run(attack())


def test_r1_a_click_that_comes_with_another_address_does_nothing(server: Server) -> None:
    """The address is that of the next order already, the page still shows the one before: nobody knows
    which was meant.
    """

    async def press() -> None:
        async with order_window(server, "owner@demo.test") as tab:
            await tab.until(lambda: bool(tab.about()))
            about, number = tab.about(), tab.here["query"]["number"]  # type: ignore[index]
            other = str(int(number) - 1)
            tab.here = {
                "pathname": "/orders/[number]/[[tab]]",
                "asPath": f"/orders/{other}",
                "query": {"number": other},
            }
            for handler, given in (
                ("act", {"key": "hold", "values": {}}),
                ("open", {"form": "hold", "which": ""}),
            ):
                before = len(tab.updates)
                await tab.send(f"{ORDER}.{handler}", about=about, **given)
                await tab.until(lambda start=before: STALE in json.dumps(tab.updates[start:]))  # type: ignore[misc]
            await tab.until(lambda: tab.about().startswith(f"order/{other}/"))  # the page was read anew
            with closing(sqlite3.connect(server.data_dir / "kontor.sqlite3")) as database:
                held = database.execute(
                    "SELECT count(*) FROM orders WHERE number IN (?, ?) AND on_hold_since IS NOT NULL",
                    [number, other],
                )
                assert held.fetchone() == (0,)

    run(press())


def test_r1_undo_takes_back_what_its_notice_tells_of_on_the_next_orders_page(server: Server) -> None:
    async def press() -> None:
        async with order_window(server, "owner@demo.test") as tab:
            await tab.until(lambda: bool(tab.about()))
            number = tab.here["query"]["number"]  # type: ignore[index]
            await tab.press("hold")
            await tab.until(lambda: "is on hold" in said(tab))
            [item] = tab.value(NOTICES, "items_rx_state_")  # type: ignore[misc]
            other = str(int(number) - 1)
            tab.here = {
                "pathname": "/orders/[number]/[[tab]]",
                "asPath": f"/orders/{other}",
                "query": {"number": other},
            }
            await tab.send(f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal")
            await tab.until(lambda: tab.about().startswith(f"order/{other}/"))
            undo = {
                "key": item["key"],
                "about": item["undo_about"],
                "action": item["undo"],
                "values": item["undo_values"],
            }
            await tab.send(f"{ORDER}.undo", **undo)
            await tab.until(lambda: "is resumed" in said(tab))
            assert f'"about": "{number}"' in said(tab)

    run(press())
