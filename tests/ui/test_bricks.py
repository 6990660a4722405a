"""Bricks bring no theme library, carry their names, and say why they can't be used."""

import ast
import re
from pathlib import Path

import pytest
import reflex as rx

from backoffice_app.domain.window.tones import PAYMENT_TONES, SHIPMENT_TONES, SHIPPING_TONES, STATUS_TONES
from backoffice_app.lucide import outlines
from backoffice_app.ui.address import address
from backoffice_app.ui.badge import MARKS, TONES, badge, custom_badge
from backoffice_app.ui.button import button, icon_button, link_button
from backoffice_app.ui.chips import chip, pill
from backoffice_app.ui.choosing import segments, tick_row, values_search
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import check, field, pick, select_field
from backoffice_app.ui.frame import door, page_header
from backoffice_app.ui.icons import icon
from backoffice_app.ui.layout import block, columns, facts, moment, timeline
from backoffice_app.ui.native_form import open_form, post_form
from backoffice_app.ui.notice import notices
from backoffice_app.ui.popover import closer, opener, popover, read_when_opened
from backoffice_app.ui.search import Searching, live_search
from backoffice_app.ui.select import select
from backoffice_app.ui.shortcuts import focus, go, shortcuts
from backoffice_app.ui.skeleton import skeleton_block, skeleton_rows
from backoffice_app.ui.table import Column, table
from backoffice_app.ui.tabs import Tab, tabs

UI = Path(__file__).parents[2] / "backoffice_app" / "ui"
TEXTS: rx.Var[list[str]] = rx.Var("texts").to(list[str])
ROWS: rx.Var[list[list[str]]] = rx.Var("rows").to(list[list[str]])
WORD: rx.Var[str] = rx.Var("word").to(str)
NOTICES: rx.Var[list[dict[str, str]]] = rx.Var("notes").to(list[dict[str, str]])
TURN: rx.Var[int] = rx.Var("turn").to(int)
NOTHING = rx.noop()
FORM = dialog_form(field("Name", "name"), on_submit=NOTHING, submit="Save", keep="Keep", error=WORD)

SEARCHING = Searching(WORD, TURN, WORD, WORD, on_typed=lambda _: NOTHING, on_left=lambda _: NOTHING)
BRICKS = {
    "address": lambda: address(TEXTS),
    "badge": lambda: badge("good", "check", "Paid"),
    "live badge": lambda: badge(WORD, WORD, WORD),
    "custom badge": lambda: custom_badge("violet", "Gift"),
    "button": lambda: button("Paid", key="paid", why_not=WORD, shortcut="p"),
    "icon button": lambda: icon_button("printer", "Print packing slip L-1"),
    "link button": lambda: link_button("Export", "/orders"),
    "chip": lambda: chip("Paid", "Remove filter Paid", NOTHING),
    "pill": lambda: pill("3 new orders", NOTHING),
    "dialog": lambda: dialog("Edit", FORM, shown=False, on_open_change=lambda _stays: NOTHING, opener="e"),
    "empty": lambda: empty("inbox", "No orders yet.", "Import a file."),
    "field": lambda: field("Street", "street", error=WORD, hint="As on the parcel."),
    "select field": lambda: select_field("Country", "country", ROWS),
    "tick row": lambda: rx.fragment(
        tick_row("Germany", number=WORD), segments("Country", ("is", True, NOTHING)), values_search("Search the values")
    ),
    "check": lambda: check("Restock", "restock"),
    "pick": lambda: pick("Select order 10001"),
    "search": lambda: live_search("Search orders", SEARCHING),
    "door": lambda: door("Signed out"),
    "page header": lambda: page_header("Orders"),
    "block": lambda: columns([block("Payment", facts(("Method", "iDEAL")), key="payment")]),
    "timeline": lambda: timeline(moment(WORD, WORD, WORD), name="History"),
    "popover": lambda: popover("Filter", "x", key="filter"),
    "popover read when opened": lambda: read_when_opened(
        opener("a", "Filter"), closer("a", "Done"), key="a", name="Filter", on_toggle=lambda _opens: NOTHING
    ),
    "forms": lambda: rx.fragment(post_form("/session/end"), open_form("/documents")),
    "notices": lambda: notices(NOTICES, on_close=lambda _: NOTHING, on_undo=lambda _: NOTHING, on_escape=NOTHING),
    "select": lambda: select("language", [("de", "German")], label="Invoice language"),
    "shortcuts": lambda: shortcuts({"/": focus("search"), "g o": go("/orders")}, [("/", "Search")]),
    "skeletons": lambda: rx.fragment(skeleton_block(), skeleton_rows(3)),
    "table": lambda: table("Orders",
        [Column("Order", lambda row: rx.el.a(row[0])), Column("Total", number=True)], ROWS, cards=True),
    "tabs": lambda: tabs("Views", [Tab("All", "/orders", True, "3")]),
}  # fmt: skip


@pytest.mark.parametrize("name", BRICKS)
def test_p8_no_brick_brings_the_theme_library(name: str) -> None:
    libraries = BRICKS[name]()._get_all_imports()
    assert not [library for library in libraries if "radix-ui/themes" in library]


def test_p8_the_check_would_see_a_themed_component() -> None:
    assert any("radix-ui/themes" in library for library in rx.text("x")._get_all_imports())


def test_st1_each_state_has_a_tone_and_a_mark_that_are_drawn() -> None:
    of_shipments = [(tone, mark) for tone, mark, _name in SHIPMENT_TONES.values()]
    tones = [*STATUS_TONES.values(), *PAYMENT_TONES.values(), *SHIPPING_TONES.values(), *of_shipments]
    assert {tone for tone, _mark in tones} <= set(TONES)
    assert {mark for _tone, mark in tones} <= set(MARKS)


def test_st3_a_refused_button_stays_and_its_reason_is_tied_to_it() -> None:
    drawn = str(button("Shipped", key="ship", why_not="The order is on hold. Resume it first.").render())
    assert "The order is on hold. Resume it first." in drawn
    assert "ship-why" in drawn
    assert '"data-whole":"The order is on hold. Resume it first."' in drawn
    assert '"aria-disabled":true' in drawn
    assert "disabled:true" not in drawn  # it keeps the focus, and says why when it is pressed


def test_st3_a_refused_button_sends_no_form_and_says_why() -> None:
    drawn = str(
        button("Shipped", key="ship", why_not="On hold.", submit=True, on_refused=rx.toast("why")).render()
    )
    assert "preventDefault" in drawn or "_preventDefault" in drawn or "prevent_default" in drawn


def test_st3_a_button_that_may_be_pressed_is_only_a_button() -> None:
    drawn = str(button("Shipped", key="ship").render())
    assert "disabled" not in drawn
    assert "ship-why" not in drawn


def test_wcag_4_1_2_an_icon_button_has_a_name_and_hides_its_picture() -> None:
    drawn = str(icon_button("printer", "Print packing slip L-1").render())
    assert '"aria-label":"Print packing slip L-1"' in drawn
    assert '"aria-hidden":"true"' in drawn


def test_wcag_3_3_1_an_error_is_tied_to_its_field() -> None:
    drawn = str(field("Street", "street", error="The house number is missing.").render())
    assert '"aria-describedby":"field-street-more"' in drawn
    assert '"aria-invalid":true' in drawn
    assert "The house number is missing." in drawn


def test_design_bricks_know_no_page_and_no_domain() -> None:
    for module in UI.glob("*.py"):
        names = [
            n.module or ""
            for n in ast.walk(ast.parse(module.read_text("utf-8")))
            if isinstance(n, ast.ImportFrom)
        ]
        assert not [
            n
            for n in names
            if n.startswith(("backoffice_app.pages", "backoffice_app.domain", "backoffice_app.db"))
        ], module.name


def test_each_part_of_an_icon_begins_at_a_place_of_its_own() -> None:
    """A part that begins with `m` is drawn from the end of the part before; a point without its second figure is not
    drawn at all.
    """
    known = outlines()

    assert len(known) > 1500
    assert {
        name: path for name, path in known.items() if re.search(r" m|[ML]\s*-?[\d.]+(?=[A-Za-z])", path)
    } == {}


def test_ext1_an_icon_that_lucide_lacks_is_an_error_that_names_similar_ones() -> None:
    with pytest.raises(ValueError, match=r"There is no icon 'printr' in lucide\. Similar names: printer"):
        icon("printr")
