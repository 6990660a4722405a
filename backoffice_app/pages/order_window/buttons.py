"""Buttons of actions: not there without the right, greyed with the reason where the rule says no; what was wrong in a
form.
"""

from collections.abc import Callable
from typing import Literal

import reflex as rx

from backoffice_app.domain.window.declared import ActionView
from backoffice_app.domain.window.keys import shortcut_of
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Actions, Blocks, var_of
from backoffice_app.state.order_calls import BOX, SURE
from backoffice_app.state.order_dialog import ASK
from backoffice_app.state.refusals import Refusals
from backoffice_app.ui.button import Look, button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.field import check, hidden_field
from backoffice_app.ui.kinds import Event, Text
from backoffice_app.ui.later import later
from backoffice_app.ui.layout import quiet
from backoffice_app.ui.texts import _

ABOUT = OrderState.view.about
"""What each event of the window is about: the order as it is shown."""
ASKED = OrderState.asked
"""What each event of an open dialog is about: the order as the dialog was filled from it."""


def known_as(action: str) -> rx.Var[ActionView]:
    """`action` as it is for this colleague now. Raises KeyError, at build, for one that no block places."""
    found: rx.Var[ActionView] | None = getattr(Actions, var_of(action), None)
    if found is None:
        raise KeyError(
            f"no block says that it places the action {action}: write Button({action!r}) where the block is registered"
        )
    return found


def may(action: str) -> rx.Var[bool]:
    """Whether this colleague may see the button of `action` at all."""
    return known_as(action).shown.to(bool)


def enabled(action: str) -> rx.Var[bool]:
    """Whether `action` may be done now by this colleague."""
    known = known_as(action)
    return known.shown.to(bool) & known.enabled.to(bool)


def action_button(
    action: str,
    *,
    look: Look | rx.Var[str] = "soft",
    key: str = "",
    label: Text | None = None,
    why_not: Text | None = None,
    on_click: Event = None,
    submit: bool = False,
    about: Text = ABOUT,
    says: Literal["below", "elsewhere"] = "below",
) -> rx.Component:
    """The button of `action`; it does it at once unless `on_click` or a form (`submit`) says otherwise.

    `about`: what it is pressed for, as it is shown; in a dialog that is `OrderState.asked`.

    `key` is its id, the action's if empty. Once pressed it waits for the answer. `why_not`: where the reason is not the
    action's own. `says`: where the reason is read. A press on a refused one tells it as a notice.
    """
    known = known_as(action)
    reason = known.reason.to(str) if why_not is None else why_not
    does = None if submit else OrderState.act(action, about, {}) if on_click is None else on_click
    drawn = button(
        known.label if label is None else label,
        look=look,
        key=key or action,
        why_not=reason,
        reason_at=said_at(reason),
        on_refused=Refusals.tell(action),
        says=says,
        on_click=does,
        submit=submit,
        shortcut="" if isinstance(look, str) and look == "text" else shortcut_of(action, key or action),
        waits=True,
    )
    return rx.cond(known.shown, drawn)


def said_at(reason: Text) -> rx.Var[str]:
    """The id of the line above the blocks that says this reason already; "" where none does."""
    view = OrderState.view
    return rx.cond((view.reason == "") | (view.reason == reason), view.reason_at, "").to(str)


def next_step(
    step: str, *, is_open: rx.Var[bool] | None = None, is_done: rx.Var[bool] | None = None
) -> rx.Var[str]:
    """How the button of a step looks: solid where it is the next one of the order, so that no more than one stands out.

    `is_open`: it can be done, but something else comes first; `is_done`: it was done, and the button says so at its
    place.
    """
    other = rx.cond(is_open, "tint", "soft") if is_open is not None else "soft"
    look = rx.cond(Blocks.head.next_step == step, "solid", other)
    return (rx.cond(is_done, "done", look) if is_done is not None else look).to(str)


def tell_customer(
    box: str = "mail",
    *,
    label: Text | None = None,
    small: bool = False,
    when: Text | None = None,
    address: bool = True,
) -> rx.Component:
    """The box that leaves the mail to the customer out, with the address it goes to; says so where there is no address.

    `when`: in which case alone a mail goes, where that is chosen beside it. `address`: False where it is said already.
    `small`: one line, beside a button; an address that is too long for it is cut off.
    """
    to = Blocks.customer.mail_to
    word = _("Notify customer") if label is None else label
    hidden = hidden_field(BOX + box, "1")
    if small:
        ticked = rx.el.span(
            hidden,
            check(word, box, checked=True),
            rx.el.span(to, class_name="quiet-text small cut"),
            class_name="mail-line",
            title=to,
        )
        return rx.cond(to != "", ticked, quiet(_("No e-mail address"), small=True))
    whole = rx.el.div(
        hidden,
        check(word, box, checked=True),
        *([quiet(to, small=True)] if address else []),
        *([quiet(when, small=True)] if when is not None else []),
        class_name="stack mail-choice",
    )
    return rx.cond(
        to != "", whole, quiet(_("No mail goes out: the customer has no e-mail address."), small=True)
    )


def sure() -> rx.Component:
    """The field by which a form says yes to what it was asked."""
    return hidden_field(SURE, OrderState.sure)


def question_dialog() -> rx.Component:
    """What a button asks before it does what it says; the verb does it (`Work.ask`)."""
    return rx.cond(OrderState.form == ASK, _question())


@later
def _question() -> rx.Component:
    question = OrderState.question
    form = dialog_form(
        rx.el.p(question["text"]),
        rx.foreach(OrderState.told, lambda pair: hidden_field(pair[0], pair[1])),
        sure(),
        on_submit=OrderState.act(question["key"], ASKED),
        submit=question["label"],
        error=OrderState.wrong,
    )
    return dialog(
        question["label"], form, shown=OrderState.form == ASK, on_open_change=closing, opener=question["key"]
    )


def kept(name: Text, value: Text) -> rx.Var[str]:
    """What a field of an open dialog starts with: what this colleague had typed into it before, else `value`."""
    drafted = OrderState.drafted
    return rx.cond(drafted.contains(name), drafted[name], value).to(str)


def keep(which: Text = "") -> Callable[..., Event]:
    """What the form of a dialog tells of its fields, to be kept.

    `which`: the part of the order that the dialog is of.
    """
    return lambda name, text, kind: OrderState.keep(ASKED, which, name, text, kind)


def closing(stays: rx.Var[bool]) -> Event:
    """What a dialog of the window does when it is closed."""
    return OrderState.close(ASKED, stays)


def wrong(field: str) -> rx.Var[str]:
    """What is wrong with this field of the open dialog, or ""."""
    return rx.cond(OrderState.errors.contains(field), OrderState.errors[field], "").to(str)


def wrong_beside(*fields: str) -> rx.Var[str]:
    """What is wrong in the open dialog and belongs to none of its `fields`, for the place above them."""
    return rx.cond(rx.Var.create(list(fields)).contains(OrderState.wrong_field), "", OrderState.wrong)
