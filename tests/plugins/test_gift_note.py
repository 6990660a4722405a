"""The worked example of a plug-in: one file, and all places it is seen in (EXT-1)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from backoffice_app.domain.core.actions import ACTIONS
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import RIGHTS_OF, Actor, ActorKind, Role
from backoffice_app.plugins.load import LOADED
from backoffice_app.plugins.testing import SmallShop, small_shop

FILE = Path(__file__).parents[2] / "plugins" / "gift_note.py"
READER = Actor(ActorKind.USER, "Rita Reader", RIGHTS_OF[Role.READ_ONLY], id=5, role=Role.READ_ONLY)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallShop]:
    """A shop with the example."""
    with small_shop(tmp_path, FILE) as made:
        yield made


def test_ext1_a_note_is_written_by_its_dialog_and_seen_in_window_history_and_list(shop: SmallShop) -> None:
    order, other = shop.order(), shop.order()
    assert shop.shown("gift-note", order).split("\n") == ["None yet.", "Write gift note"]

    done = shop.do("write-gift-note", order, note="Happy birthday")

    assert done.message.in_language("de") == "Geschenknotiz gespeichert."
    assert shop.shown("gift-note", order).split("\n") == ["Happy birthday", "Write gift note"]
    assert "Sam Staff wrote the gift note: Happy birthday" in shop.history(order)
    assert shop.cells("gift_note") == {order.number: "Happy birthday", other.number: ""}


def test_ext1_its_filter_and_its_view_find_the_orders(shop: SmallShop) -> None:
    order, other = shop.order(), shop.order()
    shop.do("write-gift-note", order, note="Happy birthday")
    assert list(shop.cells("gift_note", gift_note="yes")) == [order.number]
    assert list(shop.cells("gift_note", gift_note="no")) == [other.number]
    assert list(shop.cells("gift_note", view="gifts")) == [order.number]


def test_ext1_the_note_is_on_the_packing_slip_and_in_a_mail_when_the_parcel_leaves(shop: SmallShop) -> None:
    order = shop.order()
    shop.do("write-gift-note", order, note="Happy birthday")
    assert shop.slip(order) == ("Happy birthday",)
    shop.do("ship", order)
    assert [mail.subject for mail in shop.mails(order) if mail.kind == "gift-on-its-way"] == [
        "Your gift is on its way"
    ]
    quiet = shop.order()
    shop.do("ship", quiet)
    assert "gift-on-its-way" not in [mail.kind for mail in shop.mails(quiet)]


def test_ext1_its_rule_its_right_and_its_input_hold_as_those_of_the_core(shop: SmallShop) -> None:
    order = shop.order()
    with pytest.raises(Refused):
        shop.do("write-gift-note", order, actor=READER, note="x")
    with pytest.raises(Invalid) as wrong:
        shop.do("write-gift-note", order, note="")
    assert wrong.value.field == "note"
    assert "Write gift note" not in shop.shown("gift-note", order, actor=READER)
    assert shop.shown("gift-note", order).startswith("None yet.")


def test_ext1_its_action_is_done_to_many_orders_at_once(shop: SmallShop) -> None:
    order, other, cancelled = shop.order(), shop.order(), shop.order()
    shop.do("cancel", cancelled, yes=True)

    said = shop.bulk("write-gift-note", order, other, cancelled, note="Happy birthday")

    assert said == {order.number: "", other.number: "", cancelled.number: "The order is cancelled."}
    assert shop.cells("gift_note") == {
        order.number: "Happy birthday",
        other.number: "Happy birthday",
        cancelled.number: "",
    }
    with pytest.raises(Refused):
        shop.bulk("write-gift-note", order, actor=READER, note="x")


def test_ext1_its_action_is_a_call_of_the_rest_api(shop: SmallShop) -> None:
    order = shop.order()
    path = f"/v1/orders/{order.number}/actions/write-gift-note"

    assert shop.rest("POST", path, {"note": "x"})[0] == 403
    assert shop.rest("POST", path, {"note": ""}, scopes="orders:read edit")[0] == 422
    assert shop.rest("POST", path, {"note": "Happy birthday"}, scopes="orders:read edit")[0] == 200
    assert shop.cells("gift_note") == {order.number: "Happy birthday"}
    assert shop.rest("GET", "/v1/orders/0")[0] == 404


def test_ext1_the_example_imports_the_plug_in_api_alone() -> None:
    imported = {
        node.module
        for node in ast.walk(ast.parse(FILE.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
    }
    assert {name for name in imported if name and name.startswith("backoffice_app")} == {
        "backoffice_app.plugins.api"
    }


def test_ext1_afterwards_nothing_of_it_is_left(tmp_path: Path) -> None:
    with small_shop(tmp_path, FILE):
        assert "write-gift-note" in ACTIONS
    assert ("write-gift-note" in ACTIONS, "gift-note" in LOADED) == (False, False)
