"""The window is made of registered parts, the core's as a plug-in's: one that is added appears and acts, and goes again
(EXT-1).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
import reflex as rx
from databases import OWNER, READER, WAREHOUSE, TestShop
from order_tab import Tab, told
from pydantic import Field

import backoffice_app.backoffice_app  # noqa: F401  # what the blocks look like
from backoffice_app.domain.core.actions import ACTIONS, Done, Input, NoInput, action, perform
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.forms import Asked, Filled, FormView, Quantity
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.window import declared, registry
from backoffice_app.domain.window.declared import Declared, declare
from backoffice_app.domain.window.keys import single_keys
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import (
    BLOCKS,
    DIALOGS,
    TABS,
    Block,
    Button,
    Dialog,
    add_block,
    add_dialog,
    add_tab,
    block,
)
from backoffice_app.i18n import LazyText
from backoffice_app.models import Order
from backoffice_app.pages.order_window import check, components
from backoffice_app.registry import registering
from backoffice_app.state.base import RUNNING


@contextmanager
def kept_apart() -> Iterator[None]:
    """What is registered inside is gone afterwards, and what was taken out is back."""
    registries: tuple[dict[str, Any], ...] = (TABS, BLOCKS, DIALOGS, registry.WAYS, ACTIONS)
    before = [dict(one) for one in registries]
    try:
        yield
    finally:
        for parts, known in zip(registries, before, strict=True):
            parts.clear()
            parts.update(known)


CORE_TABS = ("order", "customer", "products", "invoices", "shipments", "returns", "tickets", "history")
CORE_BLOCKS = (
    "bar",
    "billing",
    "billing-of-customer",
    "comment",
    "customer",
    "head",
    "history",
    "invoice-list",
    "invoices",
    "payment",
    "product-lines",
    "products",
    "return-list",
    "returns",
    "shipment-list",
    "shipments",
    "shipping",
    "shipping-method",
    "shipping-of-customer",
    "warnings",
)
CORE_DECLARED = ("checkout", "files", "notes", "status", "status-hint", "tags", "tasks", "tickets", "who")
"""The blocks that the core itself declares as data."""
CORE_DIALOGS = (
    "add-note",
    "add-task",
    "approve-return",
    "billing",
    "cancel",
    "cancel-rest",
    "cancel-return",
    "change-methods",
    "charge-back",
    "complete-return",
    "copy",
    "create-invoice",
    "create-return",
    "credit-note",
    "customer-mail",
    "edit-lines",
    "edit-note",
    "edit-order-customer",
    "edit-task",
    "hold",
    "invoice",
    "keep-credit",
    "move-payment",
    "notify",
    "part-shipment",
    "pay",
    "pay-from-credit",
    "place",
    "receive-return",
    "refund",
    "reject-return",
    "remind",
    "shipment",
    "shipping",
    "tag",
    "tax-case",
    "withdraw",
)


def text(sentence: str) -> LazyText:
    """A sentence of a plug-in of which there is no translation."""
    return LazyText(sentence)


def shown(tab: Tab) -> list[Declared]:
    """The declared blocks in sight that are not the core's, from the first column to what is across."""
    return [one for place in tab.state.declared for one in place if one.key not in CORE_DECLARED]


class Wrap(Input):
    """How a gift is wrapped: one field of each kind that a form can be drawn of."""

    note: Annotated[str, Asked(text("Note"), text("Printed on the card."))] = Field(max_length=40)
    greeting: Annotated[str, Asked(text("Greeting"), kind="long text")] = ""
    price: Annotated[Decimal, Asked(text("Price"))] = Decimal("2.50")
    on: Annotated[date | None, Asked(text("Day"))] = None
    paper: Annotated[
        Literal["red", "blue"], Asked(text("Paper"), choices={"red": text("Red"), "blue": text("Blue")})
    ] = "red"
    ribbon: Annotated[bool, Asked(text("Ribbon"))] = True
    quantities: Annotated[dict[str, str], Asked(text("Quantity of"), kind="quantities")] = Field(
        default_factory=dict
    )


@pytest.fixture
def gifts() -> Iterator[None]:
    """A plug-in: an action that is told how to wrap, one that needs no words, a block and a tab of plain data."""
    with kept_apart():

        @action(
            subject=ORDER,
            key="wrap",
            label=text("Wrap"),
            right=Right.EDIT,
            why_not=lambda order: text("It has left.") if order.shipping_state == "shipped" else None,
            input=Wrap,
        )
        def wrap(w: Work, order: Order, data: Wrap) -> Done:
            if data.note == "no":
                raise Invalid("note", text("Say something nice."))
            order.tags = f"gift: {data.note}, {data.paper}, {data.price}, {data.ribbon}, {data.quantities}"
            return Done(text("Gift wrapped."))

        @action(
            subject=ORDER,
            key="unwrap",
            label=text("Unwrap"),
            right=Right.EDIT,
            why_not=lambda _order: None,
            input=NoInput,
        )
        def unwrap(w: Work, order: Order, data: NoInput) -> Done:
            order.tags = ""
            return Done(text("Gift unwrapped."))

        def filled(look: Look, _which: str) -> Filled:
            lines = [Quantity(str(line.rank), line.sku, line.name, "of 1") for line in look.order.lines]
            return Filled({"note": "For you"}, quantities=lines)

        add_dialog(Dialog("wrap", "wrap", description=text("It is wrapped by hand."), fill=filled))
        add_tab(registry.Tab("gifts", text("Gifts"), 70, count=lambda look: len(look.order.tags) and 1))

        @block(key="gift", tab="order", column=3, title=text("Gift"), buttons=[Button("wrap")])
        def gift(look: Look) -> Declared:
            return declare(
                declared.text("How it is wrapped."),
                declared.facts(("Tags", look.order.tags or "–")),
                declared.chips(["fragile"]),
                declared.figures(("Goods", look.money(look.order.total))),
                declared.table(["SKU"], [[line.sku] for line in look.order.lines]),
                declared.buttons("wrap", "unwrap"),
                declared.form("wrap", {"note": "Hello"}),
            )

        @block(key="gift-list", tab="gifts", title=text("All gifts"))
        def gift_list(look: Look) -> Declared:
            return declare(declared.text(look.order.tags))

        yield
    RUNNING.set(None)


def test_ext1_a_declared_block_appears_with_all_its_parts(small_shop: TestShop, gifts: None) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()

    [seen] = shown(tab)

    assert (seen.key, seen.title, seen.broken) == ("gift", "Gift", False)
    parts = {part.kind: part for part in seen.parts}
    assert list(parts) == ["text", "facts", "chips", "figures", "table", "buttons", "form"]
    assert parts["table"].rows == [["MUG-1"]]
    assert [(b.key, b.opens, b.enabled) for b in parts["buttons"].buttons] == [
        ("wrap", "wrap", True),
        ("unwrap", "", True),
    ]
    assert [(f.name, f.kind, f.value) for f in parts["form"].form.fields][:3] == [
        ("note", "text", "Hello"),
        ("greeting", "long text", ""),
        ("price", "amount", "2.50"),
    ]
    assert ["gifts", "Gifts", "", f"/orders/{order.number}/gifts"] in tab.state.tabs
    tab.go("/gifts")
    assert [[one.key for one in place] for place in tab.state.declared[:4]] == [[], [], [], ["gift-list"]]
    assert (tab.state.shown, tab.state.tab_name) == ("gifts", "Gifts")


def test_ext1_a_dialog_is_drawn_from_the_model_and_what_is_wrong_stands_beside_its_field(
    small_shop: TestShop, gifts: None
) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()

    tab.do("open", "wrap", "")

    form = tab.state.drawn
    assert (tab.state.form, form.title, form.submit, form.description) == (
        "wrap",
        "Wrap",
        "Wrap",
        "It is wrapped by hand.",
    )
    assert [
        (f.name, f.label, f.kind, f.value, f.options, f.longest, f.hint, f.what, f.most) for f in form.fields
    ] == [
        ("note", "Note", "text", "For you", [], 40, "Printed on the card.", "", ""),
        ("greeting", "Greeting", "long text", "", [], 2_000, "", "", ""),
        ("price", "Price", "amount", "2.50", [], 2_000, "", "", ""),
        ("on", "Day", "date", "", [], 2_000, "", "", ""),
        ("paper", "Paper", "choice", "red", [["red", "Red"], ["blue", "Blue"]], 2_000, "", "", ""),
        ("ribbon", "Ribbon", "yes or no", "on", [], 2_000, "", "", ""),
        ("quantities.1", "Quantity of MUG-1", "quantities", "0", [], 2_000, "", "Becher 1", "of 1"),
    ]
    tab.do("act", "wrap", {"note": "no", "sure": ""})
    assert (tab.state.form, tab.state.errors) == ("wrap", {"note": "Say something nice."})

    typed = {
        "note": "Für Ada",
        "paper": "blue",
        "price": "3",
        "box.ribbon": "1",
        "quantities.1": "1",
        "sure": "",
    }
    said, _kind, _undo = told(tab.do("act", "wrap", typed))

    assert (said, tab.state.form) == ("Gift wrapped.", "")
    assert small_shop.load(order.id or 0).tags == "gift: Für Ada, blue, 3, False, {'1': '1'}"
    assert ["Tags", "gift: Für Ada, blue, 3, False, {'1': '1'}"] in shown(tab)[0].parts[1].rows


def test_ext1_a_dialog_with_a_component_of_its_own_is_not_drawn_a_second_time(small_shop: TestShop) -> None:
    tab = Tab(OWNER, small_shop.order().number).show()
    for key in registry.DRAWN_DIALOGS:
        tab.do("open", key, "")
        assert (key, tab.state.drawn) == (key, FormView())
    tab.do("open", "hold", "")
    assert (tab.state.drawn.key, tab.state.drawn.element) == ("hold", "hold")
    tab.do("open", "pay", "")
    assert tab.state.drawn == FormView()


def test_ext1_what_is_typed_into_a_drawn_dialog_is_kept(small_shop: TestShop, gifts: None) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "wrap", "")
    tab.press("keep", tab.about(), "", "note", "half a sen", "text")

    again = Tab(OWNER, order.number).show()
    assert again.blocks.warnings.draft == ["wrap", ""]
    again.do("open", "wrap", "")
    assert again.state.drafted == {"note": "half a sen"}


def test_ext1_an_action_that_no_block_places_goes_into_the_bar_at_the_bottom_and_the_palette(
    small_shop: TestShop, gifts: None
) -> None:
    BLOCKS.pop("gift")
    tab = Tab(OWNER, small_shop.order().number).show()

    assert [(one.key, one.label, one.opens) for one in tab.state.unplaced] == [
        ("wrap", "Wrap", "wrap"),
        ("unwrap", "Unwrap", ""),
    ]
    assert {("wrap", "wrap"), ("unwrap", "")} <= {(one.action, one.dialog) for one in tab.state._offers}
    assert Tab(READER, tab.number).show().state.unplaced == []


def test_sec4_a_declared_block_gives_no_button_no_form_and_no_amount_to_who_may_not(
    small_shop: TestShop, gifts: None
) -> None:
    order = small_shop.order()
    seen = Tab(WAREHOUSE, order.number).show()

    [gift] = shown(seen)

    assert [part.kind for part in gift.parts] == ["text", "facts", "chips", "figures", "table"]
    assert "€" not in seen.sent()


def test_ext1_a_form_says_why_it_can_not_be_sent_now(small_shop: TestShop, gifts: None) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.do("act", "ship", {})

    *_others, form = shown(tab)[0].parts

    assert [(one.key, one.enabled, one.reason) for one in form.buttons] == [("wrap", False, "It has left.")]


def test_ext1_a_block_that_can_not_be_read_breaks_nothing_else(
    small_shop: TestShop, gifts: None, caplog: pytest.LogCaptureFixture
) -> None:
    with registering("a plug-in"):

        @block(key="broken", tab="order", column=1, title=text("Broken"), rank=1)
        def broken(look: Look) -> Declared:
            look.session.connection().exec_driver_sql("SELECT nothing FROM nowhere")
            return declare()

        @block(key="after", tab="order", column=1, title=text("After"), rank=2)
        def after(look: Look) -> Declared:
            return declare(
                declared.text(
                    str(look.session.connection().exec_driver_sql("SELECT count(*) FROM orders").scalar())
                )
            )

    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()

    assert [(one.key, one.broken) for one in shown(tab)[:2]] == [("broken", True), ("after", False)]
    assert shown(tab)[1].parts[0].words == ["1"]
    assert "The block broken could not be read" in caplog.text
    assert tab.state.view.number == order.number


def test_ext1_what_a_plug_in_added_goes_again(small_shop: TestShop) -> None:
    tab = Tab(OWNER, small_shop.order().number).show()

    assert shown(tab) == []
    assert (tab.state.unplaced, {"wrap", "gift", "gifts"} & {*ACTIONS, *BLOCKS, *TABS}) == ([], set())
    tab.do("open", "wrap", "")
    assert tab.state.form == ""


def test_ext1_a_click_sends_only_the_blocks_that_differ(small_shop: TestShop) -> None:
    tab = Tab(OWNER, small_shop.order().number).show()
    tab.root._clean()

    tab.do("act", "ship", {})

    sent = {name.rsplit("____", 1)[-1]: set(vars_) for name, vars_ in tab.root.get_delta().items()}
    changed = {var.removesuffix("_rx_state_") for var in sent["blocks"]}
    assert changed == {"head", "shipping", "shipping_method", "shipments", "returns"}
    told = {var.removesuffix("_rx_state_") for var in sent["actions"]}
    assert told == {
        "ship",
        "not_shipped",
        "part_shipment",
        "cancel",
        "cancel_rest",
        "create_return",
        "edit_lines",
    }


@pytest.mark.parametrize("key", CORE_TABS)
def test_ext1_each_tab_of_the_core_is_registered(key: str) -> None:
    assert key in TABS, f"no file registers the tab {key}"


@pytest.mark.parametrize("key", CORE_BLOCKS)
def test_ext1_each_block_of_the_core_is_registered_and_drawn(key: str) -> None:
    assert key in BLOCKS, f"no file registers the block {key}"
    assert key in components.DRAWN_BLOCKS, f"no file says what the block {key} looks like"


def shared_keys(component: rx.Component) -> list[str]:
    """The keys by which React is to know several neighbours again."""
    named = [getattr(child, "key", None) for child in component.children]
    keys = [str(key) for key in named if key is not None]
    return sorted({key for key in keys if keys.count(key) > 1}) + [
        key for child in component.children for key in shared_keys(child)
    ]


@pytest.mark.parametrize("key", [key for key in CORE_BLOCKS if BLOCKS[key].has_var or BLOCKS[key].shows])
def test_w1_no_two_neighbours_in_a_block_have_one_key(key: str) -> None:
    """Of two with one key React would keep the former order's beside the next one's."""
    assert shared_keys(components.DRAWN_BLOCKS[key](components.view_of(BLOCKS[key]))) == []


@pytest.mark.parametrize("key", CORE_DIALOGS)
def test_ext1_each_dialog_of_the_core_is_registered(key: str) -> None:
    assert key in DIALOGS, f"no file registers the dialog {key}"


def test_ext1_nothing_in_the_window_is_drawn_that_is_not_registered() -> None:
    """Also the other way round: a part that nobody named here is named by this test."""
    assert (
        set(components.DRAWN_BLOCKS)
        == {one.key for one in BLOCKS.values() if not one.is_declared}
        == set(CORE_BLOCKS)
    )
    assert {one.key for one in BLOCKS.values() if one.is_declared} == set(CORE_DECLARED)
    assert set(registry.DRAWN_DIALOGS) <= set(DIALOGS) == set(CORE_DIALOGS)
    assert set(TABS) == set(CORE_TABS)


def test_ext1_each_offered_action_of_the_core_has_its_place() -> None:
    placed = registry.all_placed()

    assert {key for key, one in ACTIONS.items() if one.subject is ORDER and one.offered} == placed


@pytest.mark.parametrize("key", ["payment", "head", "shipments"])
def test_ext1_a_block_without_a_component_is_an_error_at_start(key: str) -> None:
    draw = components.DRAWN_BLOCKS.pop(key)
    try:
        with pytest.raises(ValueError, match=f"The block {key} has no component"):
            check()
    finally:
        components.DRAWN_BLOCKS[key] = draw
    check()


def nothing(_look: Look) -> Declared:
    return declare()


@pytest.mark.parametrize(
    ("add", "said"),
    [
        (
            lambda: add_block(Block("a", "no-tab", 1, 1, read=nothing, view=Declared)),
            "The block a is on the tab no-tab",
        ),
        (
            lambda: add_block(Block("a", "order", 7, 1, read=nothing, view=Declared)),
            "The block a is in column 7",
        ),
        (lambda: add_block(Block("a", "order", 1, 1, shows="no-block")), "shows what no-block reads"),
        (lambda: add_block(Block("a", "order", 1, 1)), "The block a has no component"),
        (
            lambda: add_block(
                Block("a", "order", 1, 1, read=nothing, view=Declared, buttons=(Button("no-action"),))
            ),
            "places the action no-action",
        ),
        (lambda: add_dialog(Dialog("a", "no-action")), "asks for the action no-action"),
        (
            lambda: add_dialog(Dialog("a", "edit-address")),
            "not every field of EditAddress says how it is asked",
        ),
        (lambda: registry.ways("no-action")(lambda _look: []), "no action no-action"),
    ],
)
def test_ext1_what_does_not_fit_together_is_an_error_at_start_with_a_sentence(add: object, said: str) -> None:
    with kept_apart():
        add()  # type: ignore[operator]
        with pytest.raises(ValueError, match=said):
            check()
    check()


def test_ext1_an_action_that_must_be_told_something_and_can_not_ask_is_an_error_at_start() -> None:
    class Unlabelled(Input):
        colour: str

    with kept_apart():
        done = action(
            subject=ORDER,
            key="paint",
            label=text("Paint"),
            right=Right.EDIT,
            why_not=lambda _o: None,
            input=Unlabelled,
        )
        done(lambda _w, _o, _d: Done(text("Painted.")))
        with pytest.raises(ValueError, match="The action paint must be told something"):
            check()


@pytest.mark.parametrize(
    "again",
    [
        lambda: add_tab(registry.Tab("order", text("Order"), 1)),
        lambda: add_block(Block("payment", "order", 1, 1)),
        lambda: add_dialog(Dialog("pay", "pay")),
        lambda: registry.ways("edit-address")(lambda _look: []),
    ],
)
def test_ext1_two_of_one_key_are_refused(again: object) -> None:
    with kept_apart(), pytest.raises(ValueError, match="which kontor registered before"):
        again()  # type: ignore[operator]


def test_ext1_a_view_that_can_not_be_empty_is_refused() -> None:
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Full:
        number: str

    def read(_look: Look) -> Full:
        return Full("1")

    read.__annotations__["return"] = Full
    with pytest.raises(ValueError, match="Full, the view of the block full, needs a default for number"):
        block(key="full", tab="order", column=1)(read)


def test_ext1_the_keys_of_the_window_are_the_shortcuts_of_its_actions() -> None:
    keys = {key.key: (key.elements, key.says.message) for key in single_keys()}

    assert keys == {
        "p": (("pay",), "Paid"),
        "s": (("ship", "ready-for-pickup"), "Shipped, or ready for pick-up"),
        "e": (("edit-billing",), "Edit the billing address"),
        "m": (("customer-mail",), "Customer mail"),
        "h": (("hold",), "On hold, or resume"),
    }


def test_ext1_views_can_be_sent_as_json(small_shop: TestShop, gifts: None) -> None:
    from reflex_base.utils.format import json_dumps

    tab = Tab(OWNER, small_shop.order().number).show()

    assert json.loads(json_dumps(tab.root.get_delta()))


def _nothing(_look: Look) -> Declared:
    return declare(empty="Nothing.")


def test_ext1_a_declared_block_stands_where_its_rank_puts_it(gifts: None) -> None:
    block(key="first", tab="order", column=3, rank=-1, title=text("First"))(_nothing)
    block(key="last", tab="order", column=3, rank=10_000, title=text("Last"))(_nothing)

    column = [
        [one.key for one in part] if isinstance(part, list) else part.key
        for part in registry.laid_out("order", 3)
    ]

    assert (column[0], column[-1]) == (["first"], ["notes", "tags", "files", "status-hint", "gift", "last"])
    assert len(column) % 2 == 1, "before, between and after the blocks with a component"
    assert sum(len(place) for place in registry.slots("order")) == sum(
        one.is_declared for one in registry.blocks_of("order")
    )


def test_ext1_a_block_with_nothing_in_it_says_so_and_has_its_button_at_its_title(
    small_shop: TestShop, gifts: None
) -> None:
    @block(key="bows", tab="order", column=3, title=text("Bows"), buttons=[Button("wrap", in_head=True)])
    def bows(look: Look) -> Declared:
        return declare(empty="No bow yet.")

    tab = Tab(OWNER, small_shop.order().number).show()

    [seen] = [one for one in shown(tab) if one.key == "bows"]
    assert (seen.parts, seen.empty, [(one.key, one.opens) for one in seen.head]) == (
        [],
        "No bow yet.",
        [("wrap", "wrap")],
    )


def test_ext1_a_block_with_nothing_in_it_says_so_above_its_buttons(small_shop: TestShop, gifts: None) -> None:
    @block(key="bows", tab="order", column=3, title=text("Bows"), buttons=[Button("wrap")])
    def bows(look: Look) -> Declared:
        return declare(*([] if look.order.comment else [declared.text("A bow.")]), empty="No bow yet.")

    def seen(number: str) -> tuple[list[str], str]:
        [found] = [one for one in shown(Tab(OWNER, number).show()) if one.key == "bows"]
        return [part.kind for part in found.parts], found.empty

    assert seen(small_shop.order().number) == (["text", "buttons"], "")
    assert seen(small_shop.order(comment="none").number) == (["buttons"], "No bow yet.")


def test_ext1_an_entry_has_the_buttons_that_may_be_pressed_now(small_shop: TestShop, gifts: None) -> None:
    @block(key="bows", tab="order", column=3, title=text("Bows"))
    def bows(look: Look) -> Declared:
        pressed = [
            declared.EntryButton("pencil", "Edit bow", "wrap", "wrap", "1"),
            declared.EntryButton("x", "Take bow away", "unwrap", sends={"bow": "1"}),
            declared.EntryButton("search", "Read bow", href="/bows/1"),
        ]
        return declare(declared.entries(declared.Entry("Red bow", state="Tied", buttons=pressed)))

    def buttons(actor: Actor) -> list[str]:
        tab = Tab(actor, order.number).show()
        [seen] = [one for one in shown(tab) if one.key == "bows"]
        return [button.label for button in seen.parts[0].listed[0].buttons]

    order = small_shop.order()
    assert buttons(OWNER) == ["Edit bow", "Take bow away", "Read bow"]
    assert buttons(READER) == ["Read bow"]
    perform(OWNER, "ship", order.id or 0)
    assert buttons(OWNER) == ["Take bow away", "Read bow"]
    with pytest.raises(ValueError, match="no icon 'bow'; there are: search"):
        declared.EntryButton("bow", "Tie")
