"""Draws a part of what is plain data: in a declared block of the order window, and in a page of a plug-in."""

import logging
from collections.abc import Iterable
from typing import Any

import reflex as rx

from backoffice_app.domain.window.declared import Draw, Part
from backoffice_app.ui.layout import live_facts
from backoffice_app.ui.plain import live_chips, live_figures, live_table
from backoffice_app.web import DRAWN_PLAINLY

NOT_MADE: set[str] = set()
"""The parts whose components could not be made; each is said once."""
log = logging.getLogger("kontor.plugins")


def own_look(
    key: rx.Var[str], drawing: Iterable[tuple[str, Draw | None]], shown: rx.Var[Any], plain: rx.Component
) -> rx.Component:
    """The component that the part `key` brings itself (`draw=`), else `plain`. `drawing`: the parts there
    are, by key.

    One that can't be made is drawn as plain data; the log says why.
    """
    found = [
        (one, made)
        for one, draw in drawing
        if draw is not None and (made := _made(one, draw, shown, plain)) is not None
    ]
    return rx.match(key, *found, plain) if found else plain


def _made(key: str, draw: Draw, shown: rx.Var[Any], plain: rx.Component) -> rx.Component | None:
    try:
        made = draw(shown, plain)
        if not isinstance(made, rx.Component):
            raise TypeError(f"draw returned {type(made).__name__}, and no component of Reflex")
        made.render()  # what can't be compiled shows here, and not in the export of all pages
    except Exception:  # whatever a plug-in does wrong, the pages are built
        if key not in NOT_MADE:
            NOT_MADE.add(key)
            log.exception("The component of %s could not be made%s", key, DRAWN_PLAINLY)
        return None
    return made


def plain_part(part: rx.Var[Part], *more: tuple[str, Any]) -> rx.Component:
    """The part as its kind says. `more`: (kind, component) of what only some places can show, such as buttons."""
    return rx.match(
        part.kind,
        ("facts", live_facts(part.rows)),
        ("figures", live_figures(part.rows)),
        ("chips", live_chips(part.words)),
        ("table", live_table(part.words, part.rows, part.links)),
        *more,
        rx.el.p(part.words[0], dir="auto"),
    )
