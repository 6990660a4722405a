"""The frame around each page, bound to who is signed in: the menu of this role, the notices of this tab."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import reflex as rx
from reflex.event import EventSpec
from reflex_base.event import no_args_event_spec
from reflex_components_core.core.banner import has_connection_errors

from backoffice_app.pages.bulk_progress import bulk_progress
from backoffice_app.pages.menu import beside_inner_menu, entry_of, going, held, listed_going, menu
from backoffice_app.state.mail_templates import KIND as TEMPLATE
from backoffice_app.state.mail_templates import TemplateState
from backoffice_app.state.me import Me
from backoffice_app.state.notices import Notices
from backoffice_app.state.order import OrderState
from backoffice_app.state.palette import PaletteState
from backoffice_app.state.tickets import ONE as TICKET
from backoffice_app.state.tickets import TicketState
from backoffice_app.ui import frame as bricks
from backoffice_app.ui.browser import nothing
from backoffice_app.ui.kbd import key_lines
from backoffice_app.ui.kinds import Child, Event, Text
from backoffice_app.ui.notice import notices
from backoffice_app.ui.palette import palette, palette_button, palette_icon
from backoffice_app.ui.shared import shared
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
    """A page in its frame.

    `here`: the menu's route it belongs to; `header`: a `page_header`; `footer`: a `bottom_bar`; `panel`: a
    `side_panel`.

    `more_here`: the address of a page that a plug-in brings, in place of `here`.

    `keys`, `listed`: the page's own shortcuts; those that lead to other pages are on each.

    `refresh`: the page's own handler that reads its views anew, for texts the server made, when the language is
    switched.
    `flush`: the children reach the edges, as blocks and lists do. `on_menu_press`: what ends when one goes elsewhere by
    the menu.
    """
    pressed = nothing() if on_menu_press is None else on_menu_press
    before = main_menu(here=entry_of(here), more_here=more_here, refresh=refresh, on_press=pressed)
    known = shortcuts({**keys, **going()}, listed, keys_of_all_pages(), on=Me.single_keys)
    parts = {"header": header, "footer": footer, "flush": flush, "banner": banner, "panel": panel}
    body = [*beside_inner_menu(here, *children), known, waiting_and_runs()]
    return shell(
        bricks.frame(
            *body, before=before, floating=notices_and_palette(), single_keys=Me.single_keys, **parts
        )
    )


@shared
def main_menu(
    here: rx.Var[str],
    more_here: rx.Var[str],
    refresh: rx.EventHandler[no_args_event_spec],
    on_press: rx.EventHandler[no_args_event_spec],
) -> rx.Component:
    """The menu of this role, with the user's own; `here` and `more_here` say which entry is the current one."""
    person = bricks.Person(
        name=Me.name,
        role=Me.role,
        email=Me.email,
        language=Me.code,
        single_keys=Me.single_keys,
        on_language=lambda code: [Me.switch(Me.about, code), refresh()],
        on_theme=lambda theme: Me.choose_theme(Me.about, theme),
        on_single_keys=lambda on: Me.choose_single_keys(Me.about, on),
    )
    return bricks.side(
        [*menu(more_here), bricks.More(Me.more, more_here)],
        here,
        person,
        palette_button(PaletteState.search),
        small_search=palette_icon(PaletteState.search),
        on_press=on_press(),
    )


@shared
def keys_of_all_pages() -> rx.Component:
    """The lines that the list of keys has on each page."""
    more = rx.foreach(Me.more_keys, lambda one: key_lines((one[0], one[1])))
    return rx.fragment(key_lines((_("Ctrl K"), _("Search or do something")), *listed_going()), more)


@shared
def waiting_and_runs() -> rx.Component:
    """What the pressed buttons wait for, and the bulk runs that go on."""
    return rx.fragment(waiting(has_connection_errors, ~rx.State.is_hydrated), bulk_progress())


@shared
def notices_and_palette() -> rx.Component:
    """What is in front of the page: the notices of this tab, and the palette once it is opened."""
    state = PaletteState
    whole = palette(
        state.found,
        state.answered,
        state.turn,
        on_search=state.search,
        on_choose=lambda row: state.choose(row[0], row[5]),
    )
    return rx.fragment(_notices(), whole)


def _notices() -> rx.Component:
    def undo(item: rx.Var[dict[str, str]]) -> Event:
        told = (item["key"], item["undo_about"], item["undo"], item["undo_values"])
        about = item["undo_about"].to(str)
        others = rx.cond(
            about.startswith(f"{TEMPLATE}/"), TemplateState.undo(*told), OrderState.undo(*told)
        ).to(EventSpec)
        return rx.cond(about.startswith(f"{TICKET}/"), TicketState.undo(*told), others).to(EventSpec)

    return notices(Notices.items, on_close=Notices.close, on_undo=undo, on_escape=Notices.clear_errors)
