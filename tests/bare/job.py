"""The main job in a browser, from outside: an order is opened, printed and shipped, and the outbox has its mail."""

import re

from playwright.sync_api import Browser, expect
from serving import come_in


def do_main_job(browser: Browser, url: str) -> None:
    """Does it in the demo shop at `url`, as a colleague who signs in at the door.

    Nothing may go wrong in the browser's console.
    """
    context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(30_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    come_in(page, "staff@demo.test")

    page.goto("/orders?status=awaiting_shipment")
    page.get_by_role("table", name="Orders").get_by_role("link", name=re.compile(r"^\d+$")).first.click()
    page.wait_for_url(re.compile(r"/orders/\d+"))
    number = re.findall(r"/orders/(\d+)", page.url)[0]
    expect(page.get_by_role("heading", level=1)).to_contain_text(number, timeout=30_000)

    pdf = page.request.get(f"/orders/{number}/invoices.pdf")
    assert pdf.status == 200, pdf.text()[:300]
    assert pdf.body().startswith(b"%PDF")

    page.get_by_role("textbox", name="Tracking number").fill(f"0034{number}")
    page.get_by_role("button", name="Shipped", exact=True).click()
    expect(page.get_by_text("Order shipped.")).to_be_visible(timeout=30_000)

    page.goto("/outbox")
    expect(page.get_by_text(f"0034{number}").or_(page.get_by_role("link", name=number)).first).to_be_visible(
        timeout=30_000
    )
    assert complaints == []
    context.close()
