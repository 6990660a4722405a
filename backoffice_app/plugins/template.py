"""What `kontor plugin new NAME` writes: a plug-in that works, and its test (EXT-1)."""

PLUGIN = '''"""{title}: says what it is for in one line."""

from typing import Annotated

from backoffice_app.plugins.api import (
    ORDER,
    Asked,
    Button,
    Declared,
    Done,
    Fact,
    Input,
    LazyText,
    Look,
    Order,
    Plugin,
    Right,
    Work,
    _,
    action,
    block,
    declare,
    fact,
    facts,
    translations,
)

PLUGIN = Plugin(name="{title}", version="0.1", api=">={api},<{next}")


@fact
class {name}Said(Fact):
    """Somebody said something about an order. It is kept in the order's history."""

    words: str

    def sentence(self) -> LazyText:
        """What the history says."""
        return _("{{actor}} said: {{words}}").format(words=self.words)


class Say{name}(Input):
    """What the dialog asks for."""

    words: Annotated[str, Asked(_("What is to be said?", "{key}"))]


def why_not(order: Order) -> LazyText | None:
    """The reason why it may not happen now, or None. It disables the button and refuses on the server."""
    return _("The order is cancelled.") if order.cancelled_at else None


@action(subject=ORDER, key="{key}", label=_("{title}"), right=Right.EDIT, why_not=why_not, input=Say{name})
def say(w: Work, order: Order, data: Say{name}) -> Done:
    """Runs in one transaction, with the order locked. Button, dialog, palette and API call it."""
    w.record(order, {name}Said(words=data.words))
    return Done(_("Said.", "{key}"))


@block(key="{key}", tab="order", column=3, title=_("{title}"), buttons=[Button("{key}")])
def shown(look: Look) -> Declared:
    """A block of the order window: plain data, drawn by Kontor."""
    return declare(facts((look.text(_("Order")), look.order.number)))


translations("de", {{"{{actor}} said: {{words}}": "{{actor}} sagte: {{words}}"}})
'''
TEST = '''"""{title}: `pytest {test}` runs this in a shop of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backoffice_app.plugins.testing import SmallShop, small_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallShop]:
    """A small shop with the plug-in."""
    with small_shop(tmp_path, Path(__file__).with_name("{file}")) as made:
        yield made


def test_what_is_said_is_in_the_history(shop: SmallShop) -> None:
    order = shop.order()
    assert order.number in shop.shown("{key}", order)

    done = shop.do("{key}", order, words="hello")

    assert done.message.in_language("en") == "Said."
    assert "Sam Staff said: hello" in shop.history(order)
'''
