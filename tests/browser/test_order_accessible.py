"""The order window on any width, in light and dark, for anyone who sees or moves otherwise (WCAG 2.2 AA)."""

from datetime import UTC, datetime

import pytest
from browsing import TABS, Order, Window, button, problems, problems_in_light_and_dark
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PUSHED_OUT = """[...document.querySelectorAll('section > :has(> h2)')].flatMap(head => {
    const right = head.getBoundingClientRect().right + 10, boxes = [...head.querySelectorAll('button, h2')]
        .filter(e => e.checkVisibility()).map(e => [e.textContent, e.getBoundingClientRect()])
    return boxes.filter(([, a], at) => a.right > right || boxes.some(([, b], other) => at < other
        && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1
        && b.top < a.bottom - 1)).map(([name]) => name) })"""
"""Titles and buttons in the heads of blocks that stand on each other or beyond the block."""


def test_wcag_1_4_10_no_width_scrolls_the_page_sideways(order: Order, window: Window) -> None:
    page = window(order())
    wide = []
    for width in (320, 390, 640, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for tab in TABS:
            page.get_by_role("tab", name=tab).click()
            expect(page.get_by_role("tabpanel", name=tab)).to_be_visible()
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wide.append((width, tab))
    assert wide == []


def test_wcag_1_4_10_no_head_or_bar_is_cut_or_overlaps(order: Order, window: Window) -> None:
    gone = {
        "shipped_at": datetime.now(UTC).isoformat(),
        "lines": [{"line": 0, "quantity": "2"}, {"line": 1, "quantity": "1"}],
    }
    paid = {"amount": "100.00", "method": "transfer", "paid_at": datetime.now(UTC).isoformat()}
    opened = window(order(shipments=[gone], payments=[paid]))
    expect(button(opened, "Record refund")).to_be_visible()
    wrong = []
    for width in (390, 640, 768, 820, 899, 900, 1280, 1440):
        opened.set_viewport_size({"width": width, "height": 900})
        if opened.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append((width, "scrolls sideways"))
        wrong += [(width, name) for name in opened.evaluate(PUSHED_OUT)]
    assert wrong == []


def test_wcag_2_5_8_targets_are_large_enough(order: Order, window: Window) -> None:
    page = window(order())
    small = page.evaluate(
        """[...document.querySelectorAll('button, a, input, select')]
            .filter(e => e.checkVisibility() && !e.closest('.skip') && !e.classList.contains('skip'))
            .map(e => [e.ariaLabel || e.textContent, (e.closest('label') ?? e).getBoundingClientRect()])
            .filter(([name, box]) => box.width < 23.5 || box.height < 23.5).map(([name]) => name)"""
    )
    assert small == []


@pytest.mark.parametrize("width", [390, 1280])
def test_wcag_2_4_11_what_has_the_focus_is_never_covered(order: Order, window: Window, width: int) -> None:
    page = window(order())
    page.set_viewport_size({"width": width, "height": 600})
    page.locator("main").focus()
    covered = []
    for _ in range(40):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const e = document.activeElement; if (e === document.body) return null;
                const b = e.getBoundingClientRect();
                const top = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);
                return [e.ariaLabel || e.textContent || e.name, !!top && (e.contains(top) || top.contains(e))]; }"""
        )
        if found is None:
            break
        if not found[1]:
            covered.append(found[0])
    assert covered == []


def test_wcag_axe_finds_nothing(order: Order, window: Window) -> None:
    page = window(order())
    found = []
    for tab in TABS:
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel", name=tab)).to_be_visible()
        found += [(tab, *problem) for problem in problems_in_light_and_dark(page)]
    page.get_by_role("tab", name="Order", exact=True).click()
    button(page.get_by_role("region", name="Billing address"), "Edit").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found += [("dialog", "light", *problem) for problem in problems(page, "light")]
    page.keyboard.press("Escape")
    button(page, "Part shipment").click()
    expect(page.get_by_role("dialog", name="Part shipment")).to_be_visible()
    button(page.get_by_role("dialog"), "Create").click()
    expect(page.get_by_role("alert").filter(has_text="Say of one line")).to_be_visible()
    found += [("part shipment", *problem) for problem in problems_in_light_and_dark(page)]
    assert found == []
