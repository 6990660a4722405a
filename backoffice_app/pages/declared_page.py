"""Draws every page that is plain data. It is compiled once, so that a plug-in's needs no build (EXT-1)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.declared_pages import PAGES, WHERE
from backoffice_app.domain.window.declared import Part
from backoffice_app.pages.frame import page
from backoffice_app.pages.keyset import ways_to_pages
from backoffice_app.pages.plain import own_look, plain_part
from backoffice_app.state.declared_page import DeclaredPageState
from backoffice_app.state.pages import page_at
from backoffice_app.ui.empty import empty, empty_line
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import push, row, stack
from backoffice_app.ui.shortcuts import press
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.texts import _

S = DeclaredPageState
ROUTE = f"{WHERE}/[plugin_page]"


@page_at(ROUTE, i18n._("More"), title=S.view.title, on_load=[S.load])
def declared_page() -> rx.Component:
    """The parts one under the other, or why there are none."""
    plain = rx.fragment(rx.foreach(S.view.parts, _part))
    parts = rx.cond(
        S.view.broken,
        empty_line(_("This page could not be read. The log says why.")),
        stack(
            own_look(S.view.key, ((one.key, one.draw) for one in PAGES.values()), S.view, plain), wide=True
        ),
    )
    nothing = empty(
        "lock", _("There is no such page for you."), _("Ask the owner of the shop to change your role.")
    )
    return page(
        rx.cond(S.ready, rx.cond(S.view.key == "", nothing, parts), skeleton_rows()),
        header=page_header(S.view.title),
        here=WHERE,
        more_here=joined(WHERE, "/", S.view.key),
        refresh=S.refresh,
        keys={**dict.fromkeys(("[", ","), press("newer")), **dict.fromkeys(("]", "."), press("older"))},
        listed=[(", .", _("Previous and next page"))],
    )


def _part(part: rx.Var[Part]) -> rx.Component:
    """A part, with the ways to the other pages above it where one page of a table is shown."""
    steps = push(ways_to_pages(*(part.pages[at] for at in range(4))))
    return rx.fragment(rx.cond(part.pages.length() > 0, row(steps)), plain_part(part))
