"""The look: level blocks that stay where they are, one next step, exceptions alone in colour, on any width (WCAG 2.2
AA).
"""

import re
from collections.abc import Callable

import pytest
from browsing import Order, Window, button, looks_wrong, notice
from playwright.sync_api import Locator, Page, expect
from serving import sign_in

pytestmark = pytest.mark.browser
LEVEL = ("Payment", "Shipping method", "Invoices", "Shipments")
WIDTHS = (320, 390, 768, 1100, 1279, 1280, 1440)
LOUD = ".badge-look, .badge-act"


def top(page: Page, heading: str) -> float:
    return box(page.get_by_role("heading", name=heading, exact=True, level=2))["y"]


def box(place: Locator) -> dict[str, float]:
    found = place.bounding_box()
    assert found is not None
    return {key: found[key] for key in ("x", "y", "height")}  # type: ignore[literal-required]


def solid(page: Page) -> int:
    """Buttons that stand out; a split one counts once."""
    return int(
        page.evaluate(
            "[...document.querySelectorAll('main .btn-solid:not(.btn-icon), main .btn-danger')].filter(e => "
            "e.checkVisibility()).length"
        )
    )


@pytest.fixture
def wide(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})


def test_look_steps_change_in_place_and_one_is_next(wide: None, order: Order, window: Window) -> None:
    page = window(order())
    before = {name: top(page, name) for name in (*LEVEL, "Products")}
    assert (before["Payment"], before["Invoices"]) == (before["Shipping method"], before["Shipments"])
    assert solid(page) == 1
    tabs = page.get_by_role("tablist", name="Order").bounding_box()
    assert tabs is not None
    assert tabs["x"] + tabs["width"] >= 1440 - 40, "the tabs end at the right edge"
    paid, shipped = button(page, "Paid"), button(page, "Shipped")
    places = box(paid), box(shipped)

    paid.click()
    expect(notice(page, "Payment booked.")).to_be_visible()
    expect(paid).to_be_disabled()
    assert solid(page) == 1
    shipped.click()
    expect(shipped).to_be_disabled()
    assert solid(page) == 0

    assert {name: top(page, name) for name in (*LEVEL, "Products")} == before
    after = box(paid), box(shipped)
    assert [(one["x"], one["y"], one["height"]) for one in after] == [
        (one["x"], one["y"], one["height"]) for one in places
    ]


def test_look_a_refused_button_keeps_the_focus_and_says_why(order: Order, window: Window) -> None:
    page = window(order())
    refused = button(page, "Not paid")
    refused.focus()
    expect(refused).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Nothing was booked by hand.")).to_be_visible()


def test_look_only_exceptions_have_a_ground_and_columns_keep_their_places(wide: None, page: Page) -> None:
    sign_in(page)
    page.goto("/orders")
    table = page.get_by_role("table", name="Orders")
    expect(table).to_be_visible()
    rows = table.locator("tbody tr")
    loud = [at for at in range(min(rows.count(), 20)) if rows.nth(at).locator(LOUD).count()]
    assert len(loud) <= 6
    assert table.locator(LOUD).filter(has_text=re.compile("^(To ship|Unpaid|Paid|Shipped)$")).count() == 0
    heads = (
        "[...document.querySelectorAll('main thead th')].map(e => Math.round(e.getBoundingClientRect().x))"
    )
    before = page.evaluate(heads)
    page.get_by_role("tab", name=re.compile("^To ship")).click()
    expect(page).to_have_url(re.compile("view=to-ship"))
    expect(table).to_be_visible()
    assert page.evaluate(heads) == before
    assert solid(page) <= 1, "New order is soft; nothing else stands out"


def test_look_no_width_scrolls_sideways_in_german(
    order: Order, page: Page, in_german: Callable[[str], None]
) -> None:
    number = order()
    in_german("staff@demo.test")
    sign_in(page, "staff@demo.test")
    wrong = []
    for path in ("/dashboard", "/orders", f"/orders/{number}"):
        page.goto(path)
        expect(page.locator("h1").first).to_have_count(1)
        page.wait_for_load_state("networkidle")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append((path, width))
    page.set_viewport_size({"width": 390, "height": 844})
    bar = page.get_by_role("toolbar", name="Aktionen")
    expect(button(bar, "Kopieren")).to_be_hidden()
    button(bar, "Mehr").click()
    expect(button(bar, "Kopieren")).to_be_visible()
    expect(button(bar, "Bestellung stornieren")).to_be_visible()
    assert wrong == []


def test_dash_each_row_leads_to_its_list_and_the_page_is_sound(page: Page) -> None:
    sign_in(page)
    page.goto("/")
    expect(page).to_have_url(re.compile("/dashboard$"))
    expect(page.get_by_role("heading", level=1, name="Dashboard")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^To ship"))).to_have_attribute(
        "href", "/orders?view=to-ship"
    )
    expect(page.get_by_role("img", name="Sales of each of the last 30 days")).to_be_visible()
    page.get_by_text("As a table").click()
    expect(page.get_by_role("table", name="Sales by day")).to_be_visible()
    assert looks_wrong(page, 1280, 390) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("link", name=re.compile("^Overdue invoices")).click()
    expect(page).to_have_url(re.compile("/orders.view=overdue$"))
