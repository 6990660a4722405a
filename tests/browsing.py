"""What a person sees and presses, by role and name, for tests with a browser."""

from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import DEFAULT_OPTIONS, Axe
from playwright.sync_api import Locator, Page, expect

Order = Callable[..., str]
"""Makes an order and gives its number."""
Window = Callable[..., Page]
"""Opens the window of an order."""
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
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": 100, "downloadThroughput": -1, "uploadThroughput": -1})


def looks_wrong(page: Page, *widths: int) -> list[tuple[int, str, str]]:
    """What axe finds on the page as it stands, and whether it scrolls sideways: at each width, light and dark."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((width, "", "scrolls sideways"))
        found += [(width, scheme, f"{rule}: {places}") for scheme, rule, places in problems_in_light_and_dark(page)]
    return found


def problems_in_light_and_dark(page: Page) -> list[tuple[str, str, list[str]]]:
    """What axe finds on the page as it stands: theme, rule and places. In dark only colours can be other than in light."""
    in_light = [("light", rule, places) for rule, places in problems(page, "light")]
    return in_light + [("dark", rule, places) for rule, places in problems(page, "dark", runOnly=["color-contrast"])]


def problems(page: Page, scheme: Any, **options: object) -> list[tuple[str, list[str]]]:
    """What axe finds on the page as it stands: rule and places. `options`: axe's own."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    violations = Axe().run(page, options=DEFAULT_OPTIONS | options).response["violations"]
    return [(found["id"], [node["html"][:120] for node in found["nodes"][:3]]) for found in violations]
