"""A panel beside a list: the list stays usable.

Under 1100 px it is a sheet over the whole window, and what it covers can't be reached.
"""

import reflex as rx

from backoffice_app.ui.browser import by_id, call, focus, press
from backoffice_app.ui.button import icon_link
from backoffice_app.ui.kinds import Child, Text
from backoffice_app.ui.shortcuts import on_escape
from backoffice_app.ui.texts import _

KEY = "panel"
"""The id of the panel; there is one at a time."""
CLOSE = KEY + "-close"
BACK = KEY + "-back"
"""The way back of the sheet; the style sheet shows it there alone, so that only the sheet takes the focus when it
opens.
"""


def side_panel(
    title: Text, *children: Child, steps: Child, foot: Child, known_by: Text, closed: Text, opener: Text
) -> rx.Component:
    """A panel named by its `title`, with what leads to the one before and after (`steps`) and a `foot` that stays in
    sight.

    It is as open as the address says: `closed` is the address without it, to which Escape leads. Where it is closed,
    the element with the id `opener` gets the focus. `known_by`: what tells its content from another, which begins at
    its top.
    """
    head = rx.el.div(
        icon_link("chevron-left", _("Back to the list"), closed, id=BACK, prevent_scroll_reset=True),
        rx.el.h2(title, id=KEY + "-title"),
        steps,
        icon_link("x", _("Close"), closed, id=CLOSE, prevent_scroll_reset=True),
        class_name="page-head",
    )
    return rx.el.aside(
        head,
        rx.el.div(*children, key=known_by, class_name="side-panel-body"),
        rx.el.div(foot, class_name="dialog-foot"),
        on_escape(press(CLOSE)),
        id=KEY,
        aria_labelledby=KEY + "-title",
        class_name="side-panel",
        on_mount=focus(BACK),
        on_unmount=call(by_id(opener), "focus", {"preventScroll": True}),
    )
