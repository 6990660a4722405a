"""The search box of a list: what is typed leads to the list of it, unless one has gone elsewhere before."""

from collections.abc import Callable
from dataclasses import dataclass

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.ui.browser import focus, in_address
from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import Text

WAIT = 150
"""Milliseconds after the last letter before its list is asked for."""
LONGEST = 200


@dataclass(frozen=True)
class Searching:
    """How a list is searched. `text`: what its address names; `box`: another number draws the box anew, with that text.

    `find`: the address of the list up to the text; `all_of_it`: the address without one. `on_typed` is told each text
    that is looked for, `on_left` that one goes elsewhere (True: the box is out of sight), and `on_enter`, if given,
    gets the form when Enter is pressed.
    """

    text: rx.Var[str]
    box: rx.Var[int]
    find: rx.Var[str]
    all_of_it: rx.Var[str]
    on_typed: Callable[[rx.Var[str]], rx.event.EventSpec]
    on_left: Callable[[bool], rx.event.EventSpec]
    on_enter: Callable[[rx.Var[dict[str, str]]], rx.event.EventSpec] | None = None


def stay() -> rx.event.EventSpec:
    """The event by which a list that is waited for is not led to any more: it takes the place of the one that would."""
    return rx.redirect(rx.Var.create(None).to(str), replace=True).debounce(WAIT)


def live_search(label: Text, how: Searching, *, key: str = "search") -> rx.Component:
    """The box, called `label`.

    A press on a row, Enter, and leaving the page each end a search that still waits for its last letter.

    Escape leaves the box for the page, where single keys work again.
    """

    def search(text: rx.Var[str]) -> list[rx.event.EventSpec]:
        return [event.debounce(WAIT) for event in _lead_to(text, how)]

    def enter(sent: rx.Var[dict[str, str]]) -> list[rx.event.EventSpec]:
        form = sent.to(dict[str, str])
        return [*_lead_to(form["q"], how), *([how.on_enter(form)] if how.on_enter else [])]

    field = rx.el.input(
        id=key,
        key=how.box,
        name="q",
        type="text",  # the name "textbox" is a contract: a search field would be called "searchbox"
        enter_key_hint="search",
        aria_label=label,
        placeholder=label,
        default_value=how.text,
        max_length=LONGEST,
        auto_complete="off",
        spell_check=False,
        class_name="input",
        on_change=search,
        on_key_down=lambda pressed, _info: rx.match(
            pressed, ("Enter", stay()), ("Escape", focus("main")), rx.noop()
        ).to(EventSpec),
    )
    return rx.el.form(
        rx.el.div(icon("search"), field, role="search", class_name="search"),
        on_submit=enter,
        on_unmount=[stay(), how.on_left(True)],
        class_name="grow",
    )


def _lead_to(text: rx.Var[str], how: Searching) -> list[rx.event.EventSpec]:
    asked = text.strip()
    address = rx.cond(asked == "", how.all_of_it, how.find + in_address(asked))
    return [how.on_typed(asked), rx.redirect(address, replace=True)]
