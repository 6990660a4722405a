"""The filter of the order list: groups at the left, the values of one at the right; each tick applies at once (O-3)."""

from typing import Any

import reflex as rx

from backoffice_app.domain.listing.filter_view import FilterView, GroupView
from backoffice_app.state.order_filter import OrderFilterState
from backoffice_app.state.orders import OrdersState
from backoffice_app.ui.button import button
from backoffice_app.ui.choosing import choosing, is_found, segments, tick_row, values_search
from backoffice_app.ui.field import field
from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import Text, joined
from backoffice_app.ui.later import later
from backoffice_app.ui.layout import figure
from backoffice_app.ui.popover import closer, opener, read_when_opened
from backoffice_app.ui.texts import _

F = OrderFilterState
FILTER = "order-filter"
PAUSE = 400
"""Milliseconds after the last digit of a day before it applies."""


def order_filter() -> rx.Component:
    """The button and its panel; what is in it is fetched when it is opened."""
    head = opener(FILTER, icon("list-filter"), rx.el.span(_("Filter")), class_name="btn btn-soft")
    return read_when_opened(
        head,
        rx.cond(F.is_open, _filter_panel()),
        key=FILTER,
        name=_("Filter"),
        on_toggle=F.toggled,
        extra_class="popover-choosing",
    )


@later
def _filter_panel() -> rx.Component:
    foot = rx.el.footer(
        button(_("Reset filters"), look="text", small=True, on_click=F.clear),
        rx.el.span(figure(OrdersState.view.matching), class_name="push quiet-text small"),
        closer(FILTER, _("Done", "panel")),
    )
    return choosing(_("Filter by"), F.panel.groups, F.panel.shown, _group, foot)


def _group(group: rx.Var[GroupView]) -> rx.Component:
    """The filters of one group. Where one has a choice, its fields are another way to say the same."""
    return rx.fragment(
        rx.foreach(group.filters, lambda one: rx.cond(one.offers.length() > 0, _values(one))),
        rx.el.form(
            rx.foreach(
                group.filters, lambda one: rx.cond(one.offers.length() > 0, rx.fragment(), _field(one))
            ),
            rx.el.button(type="submit", hidden=True),  # of two fields Enter sends none without one
            on_submit=F.enter,
            class_name="form",
        ),
    )


def _values(one: rx.Var[FilterView]) -> rx.Component:
    """Several to tick, with all others to be meant; or one to choose."""

    def box(value: rx.Var[list[str]]) -> rx.Component:
        drawn = tick_row(
            value[1],
            number=value[4],
            name=joined(one.key, ":", value[0]),
            default_checked=value[2] != "",
            on_change=lambda on: F.tick(one.key, value[0], on),
            key=_drawn(one, value[0]),
        )
        return rx.cond(is_found(value[3]), drawn)

    def circle(value: rx.Var[list[str]]) -> rx.Component:
        return tick_row(
            value[1],
            number=value[4],
            kind="radio",
            name=one.key,
            default_checked=value[2] != "",
            on_change=lambda _on: F.put(one.key, value[0]),
            key=_drawn(one, value[0]),
        )

    meant = segments(
        one.label,
        (_("is"), ~one.is_not, F.mean(one.key, False)),
        (_("is not"), one.is_not, F.mean(one.key, True)),
    )
    head = rx.el.div(
        meant, rx.cond(one.is_searched, values_search(_("Search the values"))), class_name="values-head"
    )
    several = rx.fragment(head, rx.el.div(rx.foreach(one.offers, box), role="group", aria_label=one.label))
    return rx.cond(
        one.control == "ticks",
        several,
        rx.el.div(rx.foreach(one.offers, circle), role="radiogroup", aria_label=one.label),
    )


def _field(one: rx.Var[FilterView]) -> rx.Component:
    """A day, an amount or a text. It applies with Enter, and when it is left; a day once it is whole."""
    error = rx.cond(F.wrong_field == one.key, F.wrong, "")

    def drawn(**attributes: Any) -> rx.Component:
        return field(
            one.label,
            one.key,
            value=one.text,
            key=joined("filter-", one.key),
            error=error,
            auto_complete="off",
            **attributes,
        )

    leaves = {"on_blur": lambda text: F.put(one.key, text)}
    kinds = rx.match(
        one.control,
        ("day", drawn(type="date", on_change=lambda text: F.put(one.key, text).debounce(PAUSE))),
        ("amount", drawn(input_mode="decimal", max_length=25, **leaves)),
        drawn(max_length=200, **leaves),
    )
    return rx.el.div(kinds, key=_drawn(one))


def _drawn(one: rx.Var[FilterView], value: Text = "") -> Text:
    """The key of a field: another one draws it anew."""
    return joined(one.key, ":", value, " ", F.turns[one.key].to_string())
