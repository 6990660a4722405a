"""What a person sees and presses, by role and name, for tests with a browser."""

from collections.abc import Callable
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, expect

Order = Callable[..., str]
"""Makes an order and gives its number."""
Window = Callable[..., Page]
"""Opens the window of an order."""
RUN_AXE = """options => axe.run(options).then(found => found.violations.map(
    one => [one.id, one.nodes.slice(0, 3).map(node => node.html.slice(0, 120))]))"""
REMEMBER_COLOURS = """() => {
    const colour = axe.commons.color.Color.prototype, parse = colour.parseString, known = new Map();
    colour.parseString = function (text) {
        const {r, g, b, alpha} = known.get(text) ?? parse.call(this, text);
        known.set(text, {r, g, b, alpha});
        return Object.assign(this, {r, g, b, alpha}); }; }"""
"""A third of axe's time goes by reading the same few colours again and again."""
TABS = ("Order", "Customer", "Products", "Invoices", "Shipments", "Returns", "Tickets", "History")


def button(place: Page | Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True)


def notice(page: Page, text: str) -> Locator:
    return page.get_by_role("status").filter(has_text=text)


def mail_row(page: Page, at: int = 0) -> Locator:
    """A row of the outbox, below the head of the table."""
    return page.get_by_role("table", name="Mails").get_by_role("row").nth(at + 1)


def mail_link(page: Page, at: int = 0) -> Locator:
    """What opens the mail of this row: its subject."""
    return mail_row(page, at).get_by_role("link").first


def open_mail(page: Page, at: int = 0) -> Locator:
    """Opens the mail in this row of the outbox; the panel beside the list, which bears its subject."""
    link = mail_link(page, at)
    subject = link.inner_text()
    link.click()
    panel = page.get_by_role("complementary", name=subject, exact=True)
    expect(panel).to_be_visible()
    return panel


def slow_network(page: Page) -> None:
    """From now on each answer takes 100 ms longer, also on the socket."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 100, "downloadThroughput": -1, "uploadThroughput": -1},
    )


def looks_wrong(page: Page, *widths: int) -> list[tuple[int, str, str]]:
    """What axe finds on the page once it is drawn, and whether it scrolls sideways: at each width, light and dark."""
    page.locator("main").first.wait_for(state="attached")
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((width, "", "scrolls sideways"))
        found += [
            (width, scheme, f"{rule}: {places}") for scheme, rule, places in problems_in_light_and_dark(page)
        ]
    return found


def problems_in_light_and_dark(page: Page) -> list[tuple[str, str, list[str]]]:
    """What axe finds on the page as it stands: theme, rule and places.

    In dark only colours can be other than in light.
    """
    in_light = [("light", rule, places) for rule, places in problems(page, "light")]
    return in_light + [
        ("dark", rule, places) for rule, places in problems(page, "dark", runOnly=["color-contrast"])
    ]


def problems(page: Page, scheme: Any, **options: object) -> list[tuple[str, list[str]]]:
    """What axe finds on the page as it stands: rule and places. `options`: axe's own."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    if not page.evaluate("'axe' in window"):  # half a megabyte, once for each page that was loaded
        page.evaluate(AXE_SCRIPT)
        page.evaluate(REMEMBER_COLOURS)
    return [
        (rule, places) for rule, places in page.evaluate(RUN_AXE, {"resultTypes": ["violations"]} | options)
    ]
