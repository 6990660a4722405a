"""A part of a plug-in that fails while Kontor runs is named in the log, and what stands beside it is shown (EXT-1)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backoffice_app import db
from backoffice_app.domain.window import order_window
from backoffice_app.plugins.testing import STAFF, SmallShop, small_shop

FAILING = """
from backoffice_app.plugins.api import *

PLUGIN = Plugin(name="Failing", version="1", api=">=1.1,<2")


def no_table(session, ids):
    return dict(session.exec(text_of_sql()).all())


def text_of_sql():
    from sqlalchemy import text
    return text("SELECT * FROM no_such_table")


column("failing", _("Failing"), read=no_table)
column("wrong", _("Wrong"), read=lambda session, ids: {id_: 7 for id_ in ids})
column("fine", _("Fine"), read=lambda session, ids: {id_: "fine" for id_ in ids})
add_tab(Tab("failing", _("Failing"), rank=80, count=lambda look: 1 // 0))
add_tab(Tab("fine", _("Fine"), rank=81, count=lambda look: 3))


class Play(Input):
    words: Annotated[str, Asked(_("Words"))]


@action(subject=ORDER, key="play", label=_("Play"), right=Right.EDIT, why_not=lambda order: None, input=Play)
def play(w, order, data):
    return Done(_("Played."))


@ways("play")
def none(look):
    raise RuntimeError("no ways")


@block(key="fine", tab="order", column=3, title=_("Fine"))
def fine(look: Look) -> Declared:
    return declare(text("still here"))
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallShop]:
    """A small shop with the plug-in."""
    file = tmp_path / "failing.py"
    file.write_text("from typing import Annotated\n" + FAILING, "utf-8")
    with small_shop(tmp_path, file) as made:
        yield made


def test_ext1_a_column_that_fails_is_empty_and_the_list_is_shown(
    shop: SmallShop, caplog: pytest.LogCaptureFixture
) -> None:
    order = shop.order()
    assert shop.cells("failing") == {order.number: ""}
    assert shop.cells("wrong") == {order.number: ""}
    assert shop.cells("fine") == {order.number: "fine"}
    assert {"The column failing could not be read", "The column wrong could not be read"} <= set(
        caplog.messages
    )


def test_ext1_a_tab_or_ways_that_fail_leave_the_window_whole(
    shop: SmallShop, caplog: pytest.LogCaptureFixture
) -> None:
    order = shop.order()
    with db.reading() as session:
        window = order_window(session, order.number, STAFF, "en")
    assert [tab[2] for tab in window.tabs if tab[0] in {"failing", "fine"}] == ["", "3"]
    assert "play" not in {offer.action for offer in window.offers}
    assert "still here" in shop.shown("fine", order)
    assert {"The count of the tab failing could not be read", "The ways to do play could not be read"} <= set(
        caplog.messages
    )
