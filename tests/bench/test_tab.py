"""The tab that is measured does what a browser's tab would: it passes the gate and changes the order."""

from databases import TestShop

from backoffice_app.bench.tab import Tab
from backoffice_app.state.order import OrderState


def test_p7_what_is_measured_is_done(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab()

    assert tab.load(OrderState, f"/orders/{order.number}", number=order.number, tab="") > 1_000
    tab.send(OrderState, "act", "ship", tab.about(), {"tracking": "BENCH1"})

    assert small_shop.load(order.id or 0).shipping_state == "shipped"
