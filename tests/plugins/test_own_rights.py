"""A right that a plug-in brings is asked as those of the core, and leaves nothing behind (EXT-1, SEC-1,
SEC-2, API-1).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from backoffice_app.api.describe import describe
from backoffice_app.api.rest import create_api
from backoffice_app.domain import people
from backoffice_app.domain.core.actions import ACTIONS
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import (
    COMMAND,
    RIGHT_NAMES,
    RIGHTS_OF,
    WORKER,
    OwnRight,
    Role,
    right,
    right_named,
)
from backoffice_app.domain.people.again import actor_again
from backoffice_app.domain.people.views import people_page
from backoffice_app.i18n import LazyText
from backoffice_app.plugins.testing import OWNER, STAFF, WAREHOUSE, SmallShop, api_key, as_now, small_shop
from backoffice_app.registry import forget, registering

ENGRAVING = """
from backoffice_app.plugins.api import *

PLUGIN = Plugin(name="Engraving", version="1", api=">=1.0,<2")
ENGRAVE = right("engrave", _("Engrave products"), roles=[Role.WAREHOUSE])


@fact
class Engraved(Fact):
    def sentence(self) -> LazyText:
        return _("{actor} engraved it.")


@action(subject=ORDER, key="engrave", label=_("Engrave"), right=ENGRAVE, why_not=lambda order: None, input=NoInput)
def engrave(w: Work, order: Order, data: NoInput) -> Done:
    w.record(order, Engraved())
    return Done(_("Engraved."))


@block(key="engraving", tab="order", column=3, title=_("Engraving"), right=ENGRAVE, buttons=[Button("engrave")])
def engraving(look: Look) -> Declared:
    return declare(text("To engrave"))


@page("engravings", _("Engravings"), right=ENGRAVE)
def engravings(look: PageLook) -> Declared:
    return declare(text("All of them"))


column("engraving", _("Engraving"), read=lambda session, ids: {id_: "yes" for id_ in ids}, right=ENGRAVE)
"""
SCOPE = "engraving:engrave"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallShop]:
    """A small shop with the plug-in."""
    file = tmp_path / "engraving.py"
    file.write_text(ENGRAVING, "utf-8")
    with small_shop(tmp_path, file) as made:
        yield made


def test_sec2_roles_hold_it_as_registered_and_the_owner_always(shop: SmallShop) -> None:
    assert [role for role in Role if SCOPE in {held.value for held in RIGHTS_OF[role]}] == [
        Role.OWNER,
        Role.WAREHOUSE,
    ]
    engrave = right_named(SCOPE)
    assert isinstance(engrave, OwnRight)
    assert RIGHT_NAMES[engrave] == LazyText("Engrave products")
    assert WORKER.may(engrave)
    assert COMMAND.may(engrave)


def test_sec2_action_block_page_and_column_ask_for_it(shop: SmallShop) -> None:
    order = shop.order()
    with pytest.raises(Refused):
        shop.do("engrave", order)
    assert (shop.shown("engraving", order), shop.page("engravings")) == ("", "")
    assert not shop.may("engrave", order)

    shop.do("engrave", order, actor=WAREHOUSE)

    assert shop.shown("engraving", order, actor=WAREHOUSE).split("\n") == ["To engrave", "Engrave"]
    assert shop.page("engravings", actor=WAREHOUSE).split("\n") == ["Engravings", "All of them"]
    assert shop.cells("engraving", actor=OWNER) == {order.number: "yes"}
    assert shop.cells("engraving", actor=STAFF) == {order.number: ""}


def test_api1_a_key_is_granted_it_as_a_scope_and_just_lacks_it_without_the_plug_in(shop: SmallShop) -> None:
    order = shop.order()
    assert SCOPE in people.scopes()
    assert [SCOPE, f"Engrave products ({SCOPE})"] in people_page(as_now(OWNER), "en").scopes
    key = people.create_api_key(as_now(OWNER), "Machine", ["orders:read", SCOPE])
    actor = people.actor_of_api_key(key)
    assert actor is not None
    shop.do("engrave", order, actor=actor)
    with pytest.raises(Refused):
        shop.do("engrave", order, actor=api_key("orders:read", "ship"))

    forget("engraving")

    left = people.actor_of_api_key(key)
    assert left is not None
    assert {held.value for held in left.rights} == {"orders:read"}
    assert (SCOPE in people.scopes(), right_named(SCOPE), "engrave" in ACTIONS) == (False, None, False)
    assert SCOPE not in {held.value for role in Role for held in RIGHTS_OF[role]}
    with pytest.raises(Invalid):
        people.create_api_key(as_now(OWNER), "Another", [SCOPE])
    assert "Engraved happened." in shop.history(order)


def test_sec2_a_bulk_run_of_a_key_has_it_too(shop: SmallShop) -> None:
    """What goes on without its caller asks again for the rights that the key holds."""
    key = people.actor_of_api_key(people.create_api_key(as_now(OWNER), "Machine", ["orders:read", SCOPE]))
    assert key is not None
    again = actor_again(key.kind, key.id, key.name)
    assert again.rights == key.rights
    assert again.may(right_named(SCOPE) or "")


def test_api1_the_api_asks_for_it_and_says_so(shop: SmallShop) -> None:
    order = shop.order()
    api = create_api()
    path = "/v1/orders/{number}/actions/engrave"
    assert describe(api)["paths"][path]["post"]["x-scope"] == SCOPE
    answers = []
    for scopes in (["orders:read", "ship"], ["orders:read", SCOPE]):
        key = people.create_api_key(as_now(OWNER), "Machine", scopes)
        caller = TestClient(api, headers={"Authorization": f"Bearer {key}"})
        answers.append(caller.post(path.format(number=order.number), json={}))
    assert [answer.status_code for answer in answers] == [403, 200]
    assert answers[0].json()["detail"] == f"This needs the scope {SCOPE}."


def test_sec2_two_plug_ins_can_call_a_right_by_the_same_word_and_only_plug_ins_register_one() -> None:
    try:
        with registering("one"):
            first = right("write", LazyText("Write"), roles=[Role.READ_ONLY])
        with registering("two"):
            second = right("write", LazyText("Write"))
        assert (first, second) == ("one:write", "two:write")
        assert first in RIGHTS_OF[Role.READ_ONLY]
        assert second not in RIGHTS_OF[Role.READ_ONLY]
    finally:
        forget("one")
        forget("two")
    with pytest.raises(ValueError, match="belongs to no plug-in"):
        right("read", LazyText("Read"))
