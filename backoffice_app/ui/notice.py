"""Notices at the edge of the page, drawn from a var. Done things are read out politely, refusals and errors at once (WCAG 4.1.3)."""

from collections.abc import Callable

import reflex as rx

from backoffice_app.ui.button import icon_button
from backoffice_app.ui.kinds import Event
from backoffice_app.ui.texts import _

Notice = rx.Var[dict[str, str]]


def notices(
    items: rx.Var[list[dict[str, str]]],
    *,
    on_close: Callable[[rx.Var[str]], Event],
    on_undo: Callable[[Notice], Event],
    on_hold: Callable[[bool], Event],
) -> rx.Component:
    """The notices `items`, each with key, about (number of an order or ""), text, kind ("done", "refused", "error"), undo (or "").

    `on_hold` is told when pointer or focus comes (true) and goes (false), so that a notice does not vanish under it.
    """

    def note(item: Notice) -> rx.Component:
        key = item["key"].to(str)
        undo = rx.el.button(_("Undo"), type="button", class_name="btn", on_click=on_undo(item))
        return rx.el.div(
            rx.cond(item["about"] != "", rx.el.span(item["about"], class_name="tabular")),
            rx.el.span(item["text"]),
            rx.cond(item["undo"] != "", undo),
            icon_button("x", _("Close"), on_click=on_close(key)),
            key=key,
            class_name=rx.cond(item["kind"] == "done", "notice", "notice notice-error"),
        )

    def area(done: bool) -> rx.Component:
        shown = rx.foreach(items, lambda item: rx.cond((item["kind"] == "done") == done, note(item)))
        return rx.el.div(shown, role="status" if done else "alert", class_name="stack")

    return rx.el.div(
        area(done=True),
        area(done=False),
        class_name="notices",
        on_mouse_enter=on_hold(True),
        on_mouse_leave=on_hold(False),
        on_focus=on_hold(True),
        on_blur=on_hold(False),
    )
