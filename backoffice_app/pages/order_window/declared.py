"""Draws every block and every dialog that is plain data. It is compiled once, so that a plug-in's needs no build."""

from collections.abc import Callable
from typing import Any, TypeAlias

import reflex as rx

from backoffice_app.domain.core.forms import FieldView, FormView
from backoffice_app.domain.window.declared import ENTRY_ICONS, Declared, Entry, EntryButton, Part
from backoffice_app.domain.window.registry import BLOCKS, COLUMNS
from backoffice_app.pages.order_window.bottom import any_button
from backoffice_app.pages.order_window.buttons import ABOUT, ASKED, closing, keep, kept, sure, wrong
from backoffice_app.pages.plain import own_look, plain_part
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_calls import BOX, OF_FORM
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty_line
from backoffice_app.ui.field import hidden_field
from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.later import later
from backoffice_app.ui.layout import block as brick
from backoffice_app.ui.layout import (
    columns,
    facts,
    grow,
    item,
    items,
    options,
    quiet,
    row,
    stack,
    strong,
    whole_line,
)
from backoffice_app.ui.letter import letter
from backoffice_app.ui.native_form import file_form
from backoffice_app.ui.plain import drawn_field
from backoffice_app.ui.select import select
from backoffice_app.ui.texts import _

F = OrderState.drawn
Drawn: TypeAlias = Callable[..., rx.Component]
"""A component that draws the blocks `found`."""


def blocks(place: int, drawn: Drawn | None = None) -> rx.Component:
    """The declared blocks at this place of the tab in sight, as `registry.slots` counts places.

    `drawn` compiles them once for all places. What is loaded later has its own, since a file of both would be one more
    request (P-8).
    """
    return (drawn or _drawn_blocks)(found=_at(place))


@rx.memo
def _drawn_blocks(found: rx.Var[list[Declared]]) -> rx.Component:
    """Compiled once for all places."""
    return rx.foreach(found, any_block)


def columns_if_any(drawn: Drawn | None = None) -> rx.Component:
    """Columns for a tab that has none of its own, if a declared block stands in one."""
    first, second, third = (_at(place).length() > 0 for place in range(len(COLUMNS)))
    return rx.cond(
        first | second | third, columns(*([blocks(place, drawn)] for place in range(len(COLUMNS))))
    )


def any_dialog() -> rx.Component:
    """The dialog that is open, if it is drawn from the input model of its action."""
    return rx.cond((F.key != "") & (OrderState.form == F.key), _dialog())


@later
def _dialog() -> rx.Component:
    form = dialog_form(
        rx.foreach(F.hidden, lambda pair: hidden_field(pair[0], pair[1])),
        rx.foreach(F.fields, _asked),
        _letter(),
        sure(),
        on_submit=OrderState.act(F.action, ASKED),
        on_typed=keep(F.which),
        submit=F.submit,
        error=rx.cond(
            F.fields.map(lambda field: field.name).contains(OrderState.wrong_field), "", OrderState.wrong
        ),
    )
    return dialog(
        F.title,
        form,
        shown=OrderState.form == F.key,
        on_open_change=closing,
        opener=F.element,
        description=F.description,
    )


def _letter() -> rx.Component:
    """The mail that would go, where the dialog sends one."""
    mail = F.letter
    shown = stack(
        facts((_("To"), rx.el.span(mail.recipient)), (_("Language"), rx.el.span(mail.language_name))),
        rx.cond(mail.files != "", rx.el.div(quiet(_("Attached"), ": ", mail.files, small=True))),
        rx.el.div(strong(mail.subject), lang=mail.language, dir="auto"),
        letter(mail.text, mail.language, _("Preview")),
        rx.cond(mail.leaves != "", quiet(mail.leaves, small=True)),
    )
    return rx.cond(mail.text != "", shown)


def _at(place: int) -> Any:
    """The var of the declared blocks at a place."""
    return OrderState.declared[place]


def any_block(view: rx.Var[Declared]) -> rx.Component:
    """A declared block: its title with the buttons beside it, and its parts; that it could not be read; or nothing."""
    plain = rx.fragment(rx.cond(view.empty != "", empty_line(view.empty), ""), rx.foreach(view.parts, _part))
    inside = own_look(view.key, ((one.key, one.draw) for one in BLOCKS.values()), view, plain)
    broken = empty_line(_("This block could not be read. The log says why."))
    head = row(rx.foreach(view.head, lambda action: any_button(action, look="text")))
    shown = brick(
        view.title, stack(rx.cond(view.broken, broken, inside), wide=True), action=head, key=view.key
    )
    return rx.cond(view.broken | (view.parts.length() > 0) | (view.empty != "") | _has_own_look(view), shown)


def _has_own_look(view: rx.Var[Declared]) -> rx.Var[bool]:
    """Whether a block has data for a component of its own, which may need no other parts."""
    drawing = [one.key for one in BLOCKS.values() if one.draw is not None]
    return rx.Var.create(drawing).contains(view.key) & (view.data.keys().length() > 0)


def _part(part: rx.Var[Part]) -> rx.Component:
    return plain_part(
        part,
        ("tags", row(rx.foreach(part.listed, _tag), middle=True)),
        ("upload", _upload(part.words)),
        ("entries", items(rx.foreach(part.listed, _entry))),
        ("buttons", row(rx.foreach(part.buttons, any_button))),
        ("form", _form(part.form)),
        ("select", _select(part)),
    )


def _select(part: rx.Var[Part]) -> rx.Component:
    """Does its action as soon as something is chosen."""
    action, name, label, value = (part.words[at] for at in range(4))
    return select(
        name,
        part.rows,
        label=label,
        value=value,
        on_change=lambda chosen: OrderState.pick(action, ABOUT, name, chosen),
    )


def _entry(view: rx.Var[Entry]) -> rx.Component:
    title = rx.cond(
        view.link != "", rx.el.a(view.title, href=view.link, dir="auto"), rx.el.span(view.title, dir="auto")
    )
    state, is_ticked = (
        badge(view.tone, view.icon, view.state),
        view.first.length() > 0,
    )  # beside its button a title has no room for both
    return item(
        rx.foreach(view.first, _entry_button),
        grow(title),
        rx.cond((view.state != "") & ~is_ticked, state),
        rx.foreach(view.buttons, _entry_button),
        rx.cond(view.text != "", whole_line(options(view.text))),
        rx.cond(
            view.small != "",
            whole_line(
                row(
                    rx.cond((view.state != "") & is_ticked, state), quiet(view.small, small=True), middle=True
                )
            ),
        ),
        class_name=rx.cond(view.is_over, "over", ""),
    )


def _tag(view: rx.Var[Entry]) -> rx.Component:
    """A short word, and the button that takes it away."""
    return rx.el.span(
        rx.el.span(view.title, dir="auto"),
        rx.foreach(
            view.buttons,
            lambda one: rx.el.button(
                icon("x", 12),
                type="button",
                aria_label=one.label,
                on_click=OrderState.act(one.action, ABOUT, one.sends.to(dict[str, str])),
            ),
        ),
        class_name="chip",
    )


def _upload(words: rx.Var[list[str]]) -> rx.Component:
    """The browser posts the file by itself and comes back to the order."""
    _action, url, label, submit, hint, accept = range(6)
    return file_form(
        words[url], words[label], words[submit], hint=words[hint], accept=words[accept], key=words[_action]
    )


def _entry_button(view: rx.Var[EntryButton]) -> rx.Component:
    """It leads somewhere, opens a dialog, or does something at once.

    What is downloaded is the browser's business, not the router's.
    """
    shown = rx.match(view.icon, *((name, icon(name)) for name in ENTRY_ICONS), icon(ENTRY_ICONS[-1]))
    key = joined(view.action, view.opens, "-", view.which)
    named = {"aria_label": view.label, "title": view.label, "class_name": "btn btn-icon", "id": key}
    link = rx.el.a(shown, href=view.href, reload_document=view.icon == "download", **named)
    presses = rx.cond(
        view.opens != "",
        OrderState.open(view.opens, ABOUT, view.which),
        OrderState.act(view.action, ABOUT, view.sends.to(dict[str, str])),
    )
    return rx.cond(view.href != "", link, rx.el.button(shown, type="button", on_click=presses, **named))


def _form(form: rx.Var[FormView]) -> rx.Component:
    """A form in the page. What is wrong in it is told by a notice, as for every button of the page."""
    return rx.el.form(
        hidden_field(OF_FORM, form.action),
        stack(
            rx.foreach(form.fields, lambda field: _in_page(form, field)),
            row(button(form.submit, key=form.action, submit=True, waits=True)),
            wide=True,
        ),
        on_submit=OrderState.act("", ABOUT),
        key=joined(OrderState.view.number, form.action),
    )


def _in_page(form: rx.Var[FormView], field: rx.Var[FieldView]) -> rx.Component:
    return drawn_field(field, value=field.value, error="", key=joined(form.action, "-", field.name), box=BOX)


def _asked(field: rx.Var[FieldView]) -> rx.Component:
    """A field of the open dialog, with what this colleague typed before, and what is wrong with it."""
    return drawn_field(
        field,
        value=kept(field.name, field.value),
        error=wrong(field.name),
        key=joined("field-", field.name),
        box=BOX,
    )
