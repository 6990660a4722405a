"""What the testing kit of plug-ins says of a block is all that a person reads there (EXT-1)."""

from pathlib import Path

from backoffice_app.plugins.testing import small_shop

LISTING = """
from backoffice_app.plugins.api import *

PLUGIN = Plugin(name="Listing", version="1", api=">=1.2,<2")
swept = []


@block(key="listing", tab="order", column=3, title=_("Listing"))
def listing(look: Look) -> Declared:
    if look.order.comment:
        return declare(empty="Nothing here.")
    edit = EntryButton("pencil", "Edit bow", href="/bows/1")
    return declare(entries(Entry("Red bow", text="Of silk", small="by Ada", state="Tied", buttons=[edit])))


add_tab(Tab("bows", _("Bows"), rank=70))


@block(key="bows", tab="bows", column=0, title=_("Bows"))
def bows(look: Look) -> Declared:
    return declare(text("Two bows"))


@each_minute("Sweeping")
def sweep() -> None:
    swept.append(clock.now())


@page("swept", _("Swept"))
def page_of_all(look: PageLook) -> Declared:
    return declare(text(str(len(swept))))
"""


def test_ext1_entries_and_the_empty_line_are_shown(tmp_path: Path) -> None:
    file = tmp_path / "listing.py"
    file.write_text(LISTING, "utf-8")
    with small_shop(tmp_path, file) as shop:
        assert shop.shown("listing", shop.order()).split("\n") == [
            "Red bow",
            "Of silk",
            "by Ada",
            "Tied",
            "Edit bow",
        ]
        assert shop.shown("listing", shop.order(comment="Hello")) == "Nothing here."
        assert shop.shown("bows", shop.order()) == "Two bows", "a block is read with its own tab open"
        assert shop.shown("bows", shop.order(), tab="order") == ""


def test_ext1_what_is_done_each_minute_is_done_when_a_test_says_so(tmp_path: Path) -> None:
    file = tmp_path / "listing.py"
    file.write_text(LISTING, "utf-8")
    with small_shop(tmp_path, file) as shop:
        assert shop.page("swept").split("\n") == ["Swept", "0"]
        shop.each_minute()
        assert shop.page("swept").split("\n") == ["Swept", "1"]
