"""The frame around each page, bound to who is signed in: the menu of this role, the notices of this tab."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from backoffice_app.domain.core.rights import Right
from backoffice_app.state.answers import Answers
from backoffice_app.state.me import Me
from backoffice_app.state.notices import Notices
from backoffice_app.state.order import OrderState
from backoffice_app.state.outbox_count import OutboxCount
from backoffice_app.state.palette import PaletteState
from backoffice_app.state.places import PLACES, Place
from backoffice_app.ui import frame as bricks
from backoffice_app.ui.kinds import Child, Event, Flag
from backoffice_app.ui.notice import notices
from backoffice_app.ui.palette import palette, palette_button
from backoffice_app.ui.shortcuts import Does, Listed, go, shortcuts
from backoffice_app.ui.texts import _, shell, text_of
from backoffice_app.ui.waiting import waiting

NO_KEYS: Mapping[str, Does] = MappingProxyType({})
_WITH_KEY = [place for place in PLACES if place.key]


def held(right: Right) -> rx.Var[bool]:
    """Whether the colleague holds `right`; for what is drawn, the gate judges by itself."""
    return Me.may[right.value].to(bool)


def menu() -> list[bricks.Group]:
    """The pages there are, under their groups."""
    groups = groupby(PLACES, key=lambda place: place.group)
    return [bricks.Group(text_of(title), [_entry(place) for place in places]) for title, places in groups]


def _entry(place: Place) -> bricks.Entry:
    count = {"count": OutboxCount.shown, "count_label": OutboxCount.label} if place.route == "/outbox" else {}
    return bricks.Entry(text_of(place.label), place.route, place.picture, shown=_shown(place), **count)


def _shown(place: Place) -> Flag:
    return True if place.right is Right.READ else held(place.right)


def page(
    *children: Child,
    header: Child,
    here: str,
    refresh: Event,
    footer: Child | None = None,
    flush: bool = False,
    banner: Child | None = None,
    keys: Mapping[str, Does] = NO_KEYS,
    listed: Sequence[Listed] = (),
) -> rx.Component:
    """A page in its frame. `here`: the menu's route it belongs to; `header`: a `page_header`; `footer`: a `bottom_bar`.

    `keys`, `listed`: the page's own shortcuts; those that lead to other pages are on each.

    `refresh`: the page's own handler that reads its views anew, for texts the server made, when the language is switched.
    `flush`: the children reach the edges, as blocks and lists do.
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
    around = {"menu": menu(), "here": here, "person": person, "notices": _notices(), **_palette()}
    known = shortcuts({**keys, **{f"g {p.key}": go(p.route) for p in _WITH_KEY}}, [*listed, *_going()])
    return shell(bricks.frame(*children, known, _waiting(), **around, header=header, footer=footer, flush=flush, banner=banner))


def _palette() -> dict[str, rx.Component]:
    state = PaletteState
    whole = palette(state.found, state.answered, state.turn, on_search=state.search, on_choose=lambda row: state.choose(row[0], row[5]))
    return {"opener_of_palette": palette_button(state.search), "palette": whole}


def _waiting() -> rx.Component:
    return waiting(Answers.last, has_connection_errors | ~rx.State.is_hydrated, on_press=Answers.reach)


def _going() -> list[Listed]:
    return [(_("Ctrl K"), _("Search or do something")), *((f"g {p.key}", text_of(p.label), _shown(p)) for p in _WITH_KEY)]


def _notices() -> rx.Component:
    def undo(item: rx.Var[dict[str, str]]) -> Event:
        return OrderState.undo(item["key"], item["undo_about"], item["undo"], item["undo_values"])

    return notices(Notices.items, on_close=Notices.close, on_undo=undo, on_hold=Notices.hold)
