"""Notices at the edge of the page, drawn from a var.

Done things are read out politely, refusals and errors at once (WCAG 4.1.3).
"""

from collections.abc import Callable

import reflex as rx
from reflex_base.event import no_args_event_spec
from reflex_components_core.core.window_events import WindowEventListener

from backoffice_app.ui.browser import by_id, call, exists, in_turn, nothing, result_of
from backoffice_app.ui.button import icon_button
from backoffice_app.ui.kinds import Event
from backoffice_app.ui.shared import shared
from backoffice_app.ui.texts import _

Notice = rx.Var[dict[str, str]]
KEY = "notices"
"""The id of the place where they are."""


def notices(
    items: rx.Var[list[dict[str, str]]],
    *,
    on_close: Callable[[rx.Var[str]], Event],
    on_undo: Callable[[Notice], Event],
    on_escape: Event,
) -> rx.Component:
    """The notices `items`, each with key, about (number of an order or ""), text, kind ("done", "refused", "error"),
    undo (or "").

    `on_escape`: what Escape does while there are some and no dialog is open.

    They are in the browser's top layer, so that one that comes while a dialog is open is above it, not behind it.
    """

    def note(item: Notice) -> rx.Component:
        key = item["key"].to(str)
        undo = rx.el.button(_("Undo"), type="button", class_name="btn", on_click=on_undo(item))
        return rx.el.div(
            rx.cond(item["about"] != "", rx.el.span(item["about"], class_name="tabular")),
            rx.el.span(item["text"]),
            rx.cond(item["undo"] != "", undo),
            icon_button("x", _("Close"), on_click=on_close(key)),
            notices_above_dialog(),
            key=key,
            class_name=rx.cond(item["kind"] == "done", "notice", "notice notice-error"),
        )

    def area(done: bool) -> rx.Component:
        shown = rx.foreach(items, lambda item: rx.cond((item["kind"] == "done") == done, note(item)))
        return rx.el.div(shown, role="status" if done else "alert", class_name="stack")

    return rx.el.div(
        area(done=True),
        area(done=False),
        rx.cond(items.length() > 0, hears_escape(on_press=on_escape)),
        id=KEY,
        class_name="notices",
        custom_attrs={"popover": "manual"},
        on_mount=call(by_id(KEY), "showPopover"),
    )


@shared
def notices_above_dialog() -> rx.Component:
    """Part of each notice: one that comes while a dialog is open puts them all above it."""
    place = by_id(KEY)
    again = in_turn(result_of(place, "hidePopover"), result_of(place, "showPopover"))
    return rx.el.span(hidden=True, on_mount=rx.cond(exists("dialog[open]"), again, nothing()))


@shared
def hears_escape(on_press: rx.EventHandler[no_args_event_spec]) -> rx.Component:
    """Escape does `on_press` while no dialog is open."""

    def heard(key: rx.Var[str], _info: object) -> Event:
        return rx.cond((key == "Escape") & ~exists("dialog[open]"), on_press(), nothing())

    return WindowEventListener.create(on_key_down=heard)
