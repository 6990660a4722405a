"""Views that colleagues keep: their own and those for everybody (O-4)."""

import pytest
from databases import BEN, OWNER, WAREHOUSE, TestShop
from sqlmodel import Session

from backoffice_app import db
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.rights import COMMAND, Actor
from backoffice_app.domain.listing import OrderFilter
from backoffice_app.domain.listing.saved import LONGEST_NAME, MOST, delete_view, keep_view, kept_by
from backoffice_app.domain.listing.views import OrderListView, order_list

AUSTRIA = "?view=to-ship&country=AT&sort=total"


def names(actor: Actor) -> list[str]:
    with Session(db.engine()) as session:
        return [one.name for one in kept_by(session, actor)]


def listed(actor: Actor, **parameters: str) -> OrderListView:
    with Session(db.engine()) as session:
        return order_list(session, OrderFilter.parse(parameters), actor, "en")


def test_o4_a_view_is_for_its_colleague_or_for_everybody(shop: TestShop) -> None:
    mine = keep_view(BEN, "  Austria,  dear ", AUSTRIA)
    ours = keep_view(BEN, "France", "?country=FR", is_shared=True)
    assert (names(BEN), names(OWNER), names(COMMAND)) == (["Austria, dear", "France"], ["France"], [])

    assert listed(BEN).tabs[-2:] == [
        [f"saved-{mine}", "Austria, dear", "", "/orders?view=to-ship&country=AT&sort=total"],
        [f"saved-{ours}", "France", "", "/orders?country=FR"],
    ]
    with pytest.raises(NotFound):
        delete_view(OWNER, mine)
    with pytest.raises(Refused):
        delete_view(WAREHOUSE, ours)
    assert delete_view(OWNER, ours) == "France"
    assert delete_view(BEN, mine) == "Austria, dear"
    assert names(BEN) == []


def test_o4_a_list_that_has_no_tab_of_its_own_can_be_kept(small_shop: TestShop) -> None:
    assert (listed(BEN).to_keep, listed(BEN).tab) == ("", "all")
    assert listed(BEN, view="to-ship").to_keep == ""
    assert listed(BEN, country="AT", page="last").to_keep == "?country=AT"
    id_ = keep_view(BEN, "Austria", "?country=AT")
    shown = listed(BEN, country="AT")
    assert (shown.to_keep, shown.tab, shown.view, shown.kept) == (
        "",
        f"saved-{id_}",
        "all",
        f"saved-view/{id_}//",
    )
    assert listed(OWNER, country="AT").to_keep == "?country=AT"


def test_sec4_a_view_for_everybody_shows_nobody_more_than_they_may_see(small_shop: TestShop) -> None:
    id_ = keep_view(OWNER, "Dear", "?amount_from=100&country=AT", is_shared=True)
    assert (listed(WAREHOUSE, country="AT").tab, listed(WAREHOUSE, country="AT").kept) == (f"saved-{id_}", "")
    assert [chip[0] for chip in listed(WAREHOUSE, amount_from="100", country="AT").chips] == [
        "Country: Austria"
    ]


def test_o4_what_makes_no_sense_is_named_or_left_out(small_shop: TestShop) -> None:
    keep_view(BEN, "Odd", "?evil=1&country=AT&view=nowhere&page=7&sort=")
    assert listed(BEN).tabs[-1][3] == "/orders?country=AT"
    for name in ("", "   ", "x" * (LONGEST_NAME + 1), "odd"):
        with pytest.raises(Invalid) as told:
            keep_view(BEN, name, "")
        assert told.value.field == "name"
    keep_view(OWNER, "Odd", "")  # another colleague's
    for n in range(MOST - 1):
        keep_view(BEN, f"View {n}", "?country=AT")
    with pytest.raises(Refused):
        keep_view(BEN, "One more", "")
    with pytest.raises(Refused):
        keep_view(COMMAND, "None", "")
