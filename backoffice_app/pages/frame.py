"""The frame around each page, bound to who is signed in: the menu of this role, the notices of this tab."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import reflex as rx
from reflex.event import EventSpec
from reflex_components_core.core.banner import has_connection_errors

from backoffice_app.pages.bulk_progress import bulk_progress
from backoffice_app.pages.menu import beside_inner_menu, entry_of, going, held, listed_going, menu
from backoffice_app.state.me import Me
from backoffice_app.state.notices import Notices
from backoffice_app.state.order import OrderState
from backoffice_app.state.palette import PaletteState
from backoffice_app.state.tickets import ONE as TICKET
from backoffice_app.state.tickets import TicketState
from backoffice_app.ui import frame as bricks
from backoffice_app.ui.kinds import Child, Event, Text
from backoffice_app.ui.notice import notices
from backoffice_app.ui.palette import palette, palette_button
from backoffice_app.ui.shortcuts import Does, Listed, shortcuts
from backoffice_app.ui.texts import _, shell
from backoffice_app.ui.waiting import waiting

__all__ = ["held", "page"]
NO_KEYS: Mapping[str, Does] = MappingProxyType({})


def page(
    *children: Child,
    header: Child,
    here: str,
    refresh: Event,
    footer: Child | None = None,
    flush: bool = False,
    banner: Child | None = None,
    panel: Child | None = None,
    keys: Mapping[str, Does] = NO_KEYS,
    listed: Sequence[Listed] = (),
    on_menu_press: Event = None,
    more_here: Text = "",
) -> rx.Component:
    """A page in its frame. `here`: the menu's route it belongs to; `header`: a `page_header`; `footer`: a `bottom_bar`; `panel`: a
    `side_panel`.

    `more_here`: the address of a page that a plug-in brings, in place of `here`.

    `keys`, `listed`: the page's own shortcuts; those that lead to other pages are on each.

    `refresh`: the page's own handler that reads its views anew, for texts the server made, when the language is switched.
    `flush`: the children reach the edges, as blocks and lists do. `on_menu_press`: what ends when one goes elsewhere by the menu.
    """
    person = bricks.Person(
        name=Me.name,
        role=Me.role,
        email=Me.email,
        language=Me.code,
        single_keys=Me.single_keys,
        on_language=lambda code: [Me.switch(Me.about, code), refresh],
        on_theme=lambda theme: Me.choose_theme(Me.about, theme),
        on_single_keys=lambda on: Me.choose_single_keys(Me.about, on),
    )
    whole_menu = [*menu(), bricks.More(Me.more, more_here)]
    around = {"menu": whole_menu, "here": entry_of(here), "person": person, "notices": _notices(), "on_menu_press": on_menu_press}
    known = shortcuts({**keys, **going()}, [*listed, (_("Ctrl K"), _("Search or do something")), *listed_going()], on=Me.single_keys)
    body = [*beside_inner_menu(here, *children), known, _waiting(), bulk_progress()]
    parts = {"header": header, "footer": footer, "flush": flush, "banner": banner, "panel": panel}
    return shell(bricks.frame(*body, **around, **_palette(), **parts))


def _palette() -> dict[str, rx.Component]:
    state = PaletteState
    whole = palette(state.found, state.answered, state.turn, on_search=state.search, on_choose=lambda row: state.choose(row[0], row[5]))
    return {"opener_of_palette": palette_button(state.search), "palette": whole}


def _waiting() -> rx.Component:
    return waiting(has_connection_errors, ~rx.State.is_hydrated)


def _notices() -> rx.Component:
    def undo(item: rx.Var[dict[str, str]]) -> Event:
        told = (item["key"], item["undo_about"], item["undo"], item["undo_values"])
        of_ticket = item["undo_about"].to(str).startswith(f"{TICKET}/")
        return rx.cond(of_ticket, TicketState.undo(*told), OrderState.undo(*told)).to(EventSpec)

    return notices(Notices.items, on_close=Notices.close, on_undo=undo, on_escape=Notices.clear_errors)
