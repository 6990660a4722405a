"""What a plug-in brings without a build: a page in the menu, settings, a form in the order window (EXT-1)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from serving import Server, running, sign_in

TOYS = """
from typing import Annotated

from pydantic import BaseModel

from backoffice_app.plugins.api import *
from backoffice_app.plugins.api import _

PLUGIN = Plugin(name="Toys", version="1.0", api=">=1.0,<2")


class ToySettings(BaseModel):
    colour: str = "red"
    loud: bool = False


section("toys", _("Settings of toys"), ToySettings, labels={"colour": _("Colour"), "loud": _("Loud")})


class Play(Input):
    words: Annotated[str, Asked(_("What the toy says"))] = ""


@fact
class Played(Fact):
    words: str

    def sentence(self):
        return _("The toy said: {words}").format(words=self.words)


@action(subject=ORDER, key="play", label=_("Play"), right=Right.EDIT, why_not=lambda order: None, input=Play)
def play(w, order, data):
    w.record(order, Played(words=data.words))
    return Done(_("Played."))


@block(key="toy", tab="order", column=3, title=_("Toy"))
def toy(look: Look) -> Declared:
    return declare(form("play", {"words": "beep"}))


@page("toys", _("All toys"), icon="gift", group="sales", shortcut="w")
def toys(look: PageLook) -> Declared:
    return declare(
        paged_table(
            look,
            [look.text(_("Order"))],
            select(Order),
            by=col(Order.id),
            cells=lambda order: [order.number],
            link=lambda order: f"/orders/{order.number}",
        )
    )
"""


@pytest.fixture(scope="module")
def toy_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo shop with a plug-in that works and one that does not."""
    folder = tmp_path_factory.mktemp("toys")
    plugins = folder / "plugins"
    plugins.mkdir(mode=0o755)
    for name, text in (("toys", TOYS), ("broken", 'raise RuntimeError("no toys left")')):
        (plugins / f"{name}.py").write_text(text, "utf-8")
        (plugins / f"{name}.py").chmod(0o644)
    with running(folder / "data", "demo", "--orders", "55") as server:
        yield server


def test_ext1_page_settings_and_form_of_a_plug_in_work_without_a_build(
    browser: Browser, toy_shop: Server
) -> None:
    page = browser.new_context(base_url=toy_shop.url, viewport={"width": 1440, "height": 900}).new_page()
    sign_in(page)
    page.goto("/orders")
    expect(page.get_by_role("table", name="Orders")).to_be_visible()
    page.keyboard.type("gw", delay=20)
    expect(page.get_by_role("heading", level=1, name="All toys")).to_be_visible()
    expect(page.get_by_role("link", name="All toys")).to_have_attribute("aria-current", "page")
    sales = page.get_by_role("navigation", name="Main menu").get_by_role("list").filter(has_text="Invoices")
    expect(sales.get_by_role("link").last).to_have_text("All toys")
    page.keyboard.press("?")
    expect(page.get_by_role("group", name="Keyboard shortcuts")).to_contain_text("g wAll toys")
    page.keyboard.press("Escape")
    rows = page.get_by_role("table").get_by_role("link")
    expect(rows).to_have_count(50)
    page.get_by_role("link", name="Next", exact=True).click()
    expect(rows).not_to_have_count(50)
    rows.first.click()

    page.get_by_role("textbox", name="What the toy says").fill("hello")
    page.get_by_role("region", name="Toy", exact=True).get_by_role("button", name="Play").click()
    expect(page.get_by_role("status")).to_contain_text("Played.")
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_text("The toy said: hello")).to_be_visible()

    page.goto("/settings/plugins")
    expect(page.get_by_text("It is not loaded. RuntimeError: no toys left")).to_be_visible()
    page.get_by_role("textbox", name="Colour").fill("blue")
    page.get_by_role("checkbox", name="Loud").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="Colour")).to_have_value("blue")
    expect(page.get_by_role("checkbox", name="Loud")).to_be_checked()
    page.context.close()
