"""Pages of settings: what each is for at the left, its fields at the right, and one bar that saves, there only while
something changed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import reflex as rx

from backoffice_app.ui.browser import by_id, by_selector, call, exists, nothing
from backoffice_app.ui.button import button
from backoffice_app.ui.kinds import Child, Event, Flag, Text
from backoffice_app.ui.texts import _
from backoffice_app.ui.typed_form import ChosenForm

FORM = "settings-form"
CHOSEN = ["checkbox", "select-one"]
"""The kinds of fields that are not typed into."""
WAIT = 200
"""Milliseconds after the last key before what was typed is told."""


@dataclass(frozen=True)
class Saving:
    """How the form of a page is saved.

    `unsaved`: how much is not, as a sentence, "" for nothing; `wrong`: what was refused, or "".

    `tries`: another number means that something was refused anew; `fresh`: that the fields are drawn anew. `on_typed`
    gets name, text and kind of a field after its last key and when it is left; `on_save` the whole form.
    """

    unsaved: rx.Var[str]
    wrong: rx.Var[str]
    tries: rx.Var[int]
    fresh: rx.Var[int]
    on_typed: Callable[..., Event]
    on_save: Event
    on_discard: Event


def settings(*parts: Child) -> rx.Component:
    """The parts of a page, no wider than one reads well."""
    return rx.el.div(*parts, class_name="settings")


def setting(title: Text, sense: Text, *children: Child, key: str | rx.Var[str]) -> rx.Component:
    """What is set: its `title` and what it is for at the left, the fields at the right."""
    about = [] if isinstance(sense, str) and not sense else [rx.el.p(sense, class_name="quiet-text small")]
    said = rx.el.div(rx.el.h2(title, id=key), *about)
    return rx.el.section(
        said, rx.el.div(*children, class_name="form"), class_name="setting", aria_labelledby=key
    )


def settings_form(saving: Saving, *parts: Child) -> rx.Component:
    """The one form of a page. What is typed stays in the browser, and is told; what is chosen, at once."""

    def heard(name: rx.Var[str], text: rx.Var[str], kind: rx.Var[str]) -> Event:
        told = saving.on_typed(name, text, kind)
        return rx.cond(rx.Var.create(CHOSEN).contains(kind), told, told.debounce(WAIT))

    return ChosenForm.create(
        rx.el.div(*parts, key=saving.fresh.to_string()),
        on_submit=saving.on_save,
        on_change=heard,
        on_blur=saving.on_typed,
        no_validate=True,
        id=FORM,
    )


def save_bar(saving: Saving, *, shown: Flag) -> rx.Component:
    """The bar at the lower edge while something is not saved, or was refused; then the first wrong field gets the
    focus.

    Where it goes the focus that it had is that of the page.
    """
    refused = rx.el.span(
        _("Not saved."),
        " ",
        saving.wrong,
        key=saving.tries.to_string(),
        title=saving.wrong,
        class_name="error",
        on_mount=call(by_selector(f'#{FORM} [aria-invalid="true"]'), "focus"),
    )
    bar = rx.el.div(
        rx.el.div(
            rx.cond(saving.wrong == "", saving.unsaved, ""), role="status", class_name="quiet-text small"
        ),
        rx.el.div(rx.cond(saving.wrong != "", refused), role="alert", class_name="small"),
        button(_("Discard"), on_click=saving.on_discard, key="discard"),
        button(_("Save"), look="solid", submit=True, key="save", form=FORM, waits=True),
        class_name="save-bar",
        on_unmount=rx.cond(
            exists(":focus"), nothing(), call(by_id("main"), "focus", {"preventScroll": True})
        ),
    )
    return rx.cond(shown & ((saving.unsaved != "") | (saving.wrong != "")), bar)
