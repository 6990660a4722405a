"""The frame of every page: menu at the left (behind a button under 1280 px), user menu, main part with its title,
notices.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import reflex as rx
from reflex.style import resolved_color_mode, set_color_mode
from reflex_components_core.el.elements.inline import A as PlainLink

from backoffice_app.i18n import LANGUAGES, UI_LANGUAGES
from backoffice_app.ui.browser import by_id, call
from backoffice_app.ui.icons import drawn_icon, icon
from backoffice_app.ui.kinds import Child, Event, Flag, Text
from backoffice_app.ui.logo import LOGO
from backoffice_app.ui.native_form import post_form
from backoffice_app.ui.popover import opener
from backoffice_app.ui.shared import shared
from backoffice_app.ui.shortcuts import GO_KEY
from backoffice_app.ui.texts import _

KEYLESS = "frame-keyless"
"""The class of the frame of a user without single keys: the keys are not shown on the buttons."""
LANGUAGE_NAMES = {code: language.name for code, language in LANGUAGES.items()}
"""Each in itself, so that anyone who landed in the wrong one finds the way back."""


@dataclass(frozen=True)
class Entry:
    """A page of the menu. `shown`: whether this role has something to see there.

    `count`: what waits there for a person, "" for nothing; `count_label`: the same as words; `alarms`: something went
    wrong there.
    """

    label: Text
    route: str
    picture: str
    shown: Flag = True
    count: Text = ""
    count_label: Text = ""
    alarms: bool = False


@dataclass(frozen=True)
class Group:
    """Entries under a common word; "" for one that stands alone.

    `more`: entries that are known at run time only, below the others.
    """

    title: Text
    entries: Sequence[Entry]
    more: "More | None" = None


@dataclass(frozen=True)
class More:
    """Entries that are known at run time only, as [label, route, outline of the icon, the letter behind `g`]; `here`:
    the route of the current one, "" for none of them.
    """

    entries: rx.Var[list[list[str]]]
    here: Text = ""


@dataclass(frozen=True)
class Person:
    """Who is signed in, and how their menu acts: `on_language` gets a code such as "de", the others what is wanted from
    now on.
    """

    name: rx.Var[str]
    role: rx.Var[str]
    email: rx.Var[str]
    language: rx.Var[str]
    single_keys: rx.Var[bool]
    on_language: Callable[[str], Event]
    on_theme: Callable[[rx.Var[str]], Event]
    on_single_keys: Callable[[rx.Var[bool]], Event]


def frame(
    *children: Child,
    before: Child,
    floating: Child,
    single_keys: rx.Var[bool],
    header: Child,
    footer: Child | None = None,
    flush: bool = False,
    banner: Child | None = None,
    panel: Child | None = None,
) -> rx.Component:
    """The whole page.

    `before`: its `side`; `floating`: notices and palette; `header`: a `page_header`; `footer`: a `bottom_bar`.

    `flush`: the children reach the edges, as blocks and lists do. `panel`: a `side_panel` beside them.
    """
    return rx.el.div(
        before,
        rx.el.main(
            *([banner] if banner is not None else []),
            header,
            rx.el.div(*children, class_name="page-body page-body-flush" if flush else "page-body"),
            *([footer] if footer is not None else []),
            id="main",
            tab_index=-1,
            class_name="main",
        ),
        *([panel] if panel is not None else []),
        floating,
        class_name=rx.cond(single_keys, "frame", "frame " + KEYLESS),
    )


def page_header(title: Child, *more: Child, title_level: bool = True) -> rx.Component:
    """The sticky head of a page: its title as h1, then search and actions.

    `title_level` False: `title` brings its own h1.
    """
    return rx.el.header(rx.el.h1(title) if title_level else title, *more, class_name="page-head")


def order_head(*title: Child, facts: Child, tabs: Child) -> rx.Component:
    """The sticky head of an order: its first line is `title`, with its h1; in the second `facts` at the start and
    `tabs` at the end.
    """
    return rx.el.header(
        rx.el.div(*title),
        rx.el.div(rx.el.div(facts, class_name="meta"), tabs),
        class_name="order-head",
    )


def banner(text: Child, *, act: bool = False) -> rx.Component:
    """A line above the page that stays, such as that this is the demo.

    `act`: in red, as one must know it before one does anything.
    """
    return rx.el.div(text, class_name="banner banner-act" if act else "banner")


def door(*children: Child) -> rx.Component:
    """A page by itself without the menu: signed out, not found, broken."""
    return rx.el.main(rx.el.div(brand(), *children, class_name="door-card"), id="main", class_name="door")


@shared
def brand() -> rx.Component:
    """Logo and name, which lead to the first page."""
    return rx.el.a(rx.el.img(src=LOGO, alt=""), "Kontor", href="/", class_name="brand")


def _topbar(menu: Sequence[Group | More], here: Text, search: Child) -> rx.Component:
    # The style sheet shows the brand, or on a phone the section in its place.
    button = opener("side", icon("menu"), aria_label=_("Menu"), title=_("Menu"), class_name="btn btn-icon")
    entries = [entry for group in menu if isinstance(group, Group) for entry in group.entries]
    section = rx.match(here, *((entry.route, entry.label) for entry in entries), "Kontor")
    return rx.el.header(
        button, brand(), rx.el.span(section, class_name="top-section"), search, class_name="topbar"
    )


def side(
    menu: Sequence[Group | More],
    here: Text,
    person: Person,
    search: Child,
    *,
    small_search: Child,
    on_press: Event,
) -> rx.Component:
    """What stands before the page: the link to its content, the top bar of small screens, the menu with the user's own
    below it.

    `here`: the route of the current entry. `search` is a row of the menu, `small_search` an icon in the top bar.
    `on_press` is told at once when an entry is pressed.
    """
    return rx.fragment(
        PlainLink.create(_("Skip to content"), href="#main", class_name="skip"),
        _topbar(menu, here, small_search),
        _menu(menu, here, person, search, on_press),
    )


def _menu(
    menu: Sequence[Group | More], here: Text, person: Person, search: Child, on_press: Event
) -> rx.Component:
    groups = (_more(group) if isinstance(group, More) else _group(group, here) for group in menu)
    # On wide screens the style sheet shows this popover always; under 1280 px the button of the top bar does.
    return rx.el.nav(
        brand(),
        search,
        rx.el.div(*groups, class_name="side-groups", on_mouse_down=on_press),
        _user(person),
        id="side",
        aria_label=_("Main menu"),
        class_name="side",
        custom_attrs={"popover": "auto"},
    )


def _group(group: Group, here: Text) -> rx.Component:
    alone = isinstance(group.title, str) and not group.title
    title = [] if alone else [rx.el.div(group.title, class_name="side-title")]
    more = [_more_entries(group.more)] if group.more else []
    drawn = rx.el.div(*title, rx.el.ul(*(_entry(entry, here) for entry in group.entries), *more))
    shown = [entry.shown for entry in group.entries]
    if any(isinstance(flag, bool) for flag in shown):
        return drawn
    return rx.cond(reduce(or_, [*shown, *([group.more.entries.length() > 0] if group.more else [])]), drawn)


def _more(more: More) -> rx.Component:
    group = rx.el.div(rx.el.div(_("More"), class_name="side-title"), rx.el.ul(_more_entries(more)))
    return rx.cond(more.entries.length() > 0, group)


def _more_entries(more: More) -> rx.Component:
    return more_entries(entries=more.entries, here=more.here)


@shared
def more_entries(entries: rx.Var[list[list[str]]], here: rx.Var[str]) -> rx.Component:
    """Compiled once for all groups."""

    def entry(one: rx.Var[list[str]]) -> rx.Component:
        link = rx.el.a(
            drawn_icon(one[2]),
            rx.el.span(one[0]),
            href=one[1],
            class_name="side-link",
            on_click=call(by_id("side"), "hidePopover"),
            aria_current=rx.cond(one[1] == here, "page", "false"),
            custom_attrs={GO_KEY: one[3]},
        )
        return rx.el.li(link)

    return rx.fragment(rx.foreach(entries, entry))


def _entry(entry: Entry, here: Text) -> rx.Component:
    link = rx.el.a(
        icon(entry.picture),
        rx.el.span(entry.label),
        *_count(entry),
        href=entry.route,
        class_name="side-link",
        on_click=call(by_id("side"), "hidePopover"),
        aria_current=rx.cond(here == entry.route, "page", "false"),
    )
    return rx.el.li(link) if entry.shown is True else rx.cond(entry.shown, rx.el.li(link))


def _count(entry: Entry) -> list[rx.Component]:
    if isinstance(entry.count, str):
        return []
    loud = "side-count side-count-act" if entry.alarms else "side-count"
    return [
        rx.cond(
            entry.count, rx.el.span(entry.count, role="img", aria_label=entry.count_label, class_name=loud)
        )
    ]


def _user(person: Person) -> rx.Component:
    # Of what is seen: the colour mode itself may be "system".
    other_look = rx.cond(resolved_color_mode == "dark", "light", "dark").to(str)
    return rx.el.div(
        opener(
            "user-menu",
            rx.el.span(person.name[0:1], class_name="avatar", aria_hidden="true"),
            rx.el.span(
                rx.el.span(person.name),
                rx.el.span(person.role, class_name="quiet-text small"),
                class_name="who-text",
            ),
            icon("chevrons-up-down"),
            class_name="who",
        ),
        rx.el.div(
            rx.el.div(person.email, class_name="side-title"),
            rx.el.div(
                *(_language(code, person) for code in UI_LANGUAGES), role="group", aria_label=_("Language")
            ),
            _line(),
            rx.el.button(
                icon("sun-moon"),
                _("Light or dark"),
                type="button",
                class_name="menu-item",
                on_click=[set_color_mode(other_look), person.on_theme(other_look)],
            ),
            rx.el.button(
                rx.cond(person.single_keys, icon("check"), icon("keyboard")),
                _("Single-key shortcuts"),
                type="button",
                class_name="menu-item",
                aria_pressed=person.single_keys,
                on_click=person.on_single_keys(~person.single_keys),
            ),
            _line(),
            rx.el.a(
                icon("monitor"),
                _("Where you are signed in"),
                href="/sessions",
                class_name="menu-item",
                reload_document=True,
            ),
            rx.el.a(
                icon("key-round"),
                _("Change password"),
                href="/password",
                class_name="menu-item",
                reload_document=True,
            ),
            post_form(
                "/session/end",
                rx.el.button(icon("log-out"), _("Sign out"), type="submit", class_name="menu-item"),
            ),
            id="user-menu",
            class_name="float user-menu",
            custom_attrs={"popover": "auto"},
        ),
    )


def _line() -> rx.Component:
    return rx.el.hr(class_name="menu-line")


def _language(code: str, person: Person) -> rx.Component:
    chosen = person.language == code
    return rx.el.button(
        rx.cond(chosen, icon("check"), icon("languages")),
        rx.el.span(LANGUAGE_NAMES[code], lang=code),
        type="button",
        class_name="menu-item",
        aria_pressed=chosen,
        on_click=person.on_language(code),
    )
