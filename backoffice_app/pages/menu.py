"""The menu, drawn from the registry of pages: groups, their entries for this role, inner menus and keys."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

import reflex as rx

from backoffice_app.domain.core.rights import AnyRight, Right
from backoffice_app.domain.declared_pages import GROUPS
from backoffice_app.lucide import outline
from backoffice_app.state.me import Me
from backoffice_app.state.pages import Group, Page, menu_pages, page_keys, pages_of
from backoffice_app.ui import frame as bricks
from backoffice_app.ui.inner_menu import Item, Part, with_inner_menu
from backoffice_app.ui.kinds import Child, Flag, Text
from backoffice_app.ui.layout import toolbar
from backoffice_app.ui.shortcuts import Does, Listed, go
from backoffice_app.ui.tabs import Tab, tab_panel, tabs
from backoffice_app.ui.texts import text_of


def held(right: AnyRight) -> rx.Var[bool]:
    """Whether the colleague holds `right`; for what is drawn, the gate judges by itself."""
    return Me.may[right.value].to(bool)


def menu(more_here: Text) -> list[bricks.Group]:
    """The registered pages under their groups, and below them those of plug-ins. A group with a link is one entry.

    `more_here`: the route of the current page, if a plug-in brings it.
    """
    groups: dict[str, dict[str, bricks.Entry]] = {}
    titles: dict[str, Text] = {}
    for page in menu_pages():
        top, linked = page.path()[0], page.linked_group()
        entry = _group_entry(linked) if linked else _entry(page)
        groups.setdefault(top.name, {}).setdefault(entry.route, entry)
        titles[top.name] = text_of(top.label) if top.label else ""
    more = {name: bricks.More(Me.more_in[name].to(list[list[str]]), more_here) for name in GROUPS}
    return [
        bricks.Group(titles[name], list(entries.values()), more.get(name)) for name, entries in groups.items()
    ]


def entry_of(here: str) -> str:
    """The route of the menu's entry that the page at `here` belongs to."""
    page = _page_at(here)
    linked = page.linked_group() if page else None
    return linked.link if linked else here


def title_of(page: Page) -> Text:
    """The title of the browser's tab."""
    title: rx.Var[str] = text_of(page.label) if page.title is None else page.title
    return title + " · Kontor"


def require_icons(page: Page) -> None:
    """Raises ValueError where an icon of the page or of its groups is not one of lucide's."""
    for name in (page.icon, *(group.icon for group in page.path())):
        if name:
            outline(name)


def beside_inner_menu(here: str, *children: Child) -> list[Child]:
    """The children of the page at `here`, beside the inner menu that leads to it where there is one.

    A group inside it is one item of that menu, and its pages are tabs. Items stand under the word that they are
    `under`; those without come last.
    """
    page = _page_at(here)
    linked = page.linked_group() if page else None
    if not page or not page.group or not linked:
        return list(children)
    shown = children if page.group is linked else (_tabbed(page, page.group, *children),)
    return [with_inner_menu(text_of(linked.label) if linked.label else "", _parts(linked, page), *shown)]


def _parts(linked: Group, here: Page) -> list[Part]:
    """The inner menu of a group that has one."""
    items: dict[str, list[Page]] = {}
    for one in pages_of(linked):
        if one.group:
            items.setdefault(one.route if one.group is linked else one.group.name, []).append(one)
    parts: dict[str, tuple[Text, list[Item]]] = {}
    for pages in items.values():
        word = pages[0].stands_under()
        _title, drawn = parts.setdefault(word.message if word else "", (text_of(word) if word else "", []))
        drawn.append(Item(_item_label(pages, linked), pages[0].route, here in pages, _shown(pages)))
    last = parts.pop("", ("", []))
    return [Part(title, drawn) for title, drawn in [*parts.values(), last] if drawn]


def going() -> dict[str, Does]:
    """The keys that go to pages: {"g o": ...}."""
    return {f"g {key.key}": go(key.route) for key in page_keys()}


def listed_going() -> list[Listed]:
    """The same for the list that `?` shows."""
    return [(f"g {key.key}", text_of(key.label), _shown(key.pages)) for key in page_keys()]


def _page_at(here: str) -> Page | None:
    return next((page for page in menu_pages() if page.route == here), None)


def _item_label(pages: list[Page], linked: Group) -> Text:
    group = pages[0].group
    return text_of(group.label if group and group is not linked and group.label else pages[0].label)


def _tabbed(page: Page, group: Group, *children: Child) -> rx.Component:
    """The page below the tabs of its group."""
    items = [Tab(text_of(one.label), one.route, one is page) for one in pages_of(group)]
    name = text_of(group.label or page.label)
    return rx.fragment(toolbar(tabs(name, items)), tab_panel(text_of(page.label), *children))


def _entry(page: Page) -> bricks.Entry:
    number, sentence, alarms = page.count or ("", "", False)
    return bricks.Entry(text_of(page.label), page.route, page.icon, _shown([page]), number, sentence, alarms)


def _group_entry(group: Group) -> bricks.Entry:
    label = text_of(group.label) if group.label else ""
    return bricks.Entry(label, group.link, group.icon, shown=_shown(pages_of(group)))


def _shown(pages: Iterable[Page]) -> Flag:
    """Whether this role sees one of these pages."""
    rights = dict.fromkeys(page.right for page in pages)
    return True if Right.READ in rights else reduce(or_, map(held, rights))
