"""The registry of pages: app, menu, keys, palette and tests read it. A page registers itself with `@page_at(...)`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from backoffice_app.domain.core.rights import AnyRight, Right
from backoffice_app.i18n import LazyText, _
from backoffice_app.registry import Registry

Draw = Callable[[], Any]


@dataclass(frozen=True, eq=False)
class Group:
    """A heading of the menu, or with `link` a single entry whose pages have a menu of their own.

    `label`: None for pages that stand alone. `rank`: its place in the menu, or in the group `inside` which it is.
    `key`: `g` and this key go to the first page of a group with `link`. `under`: the word above it in the inner menu it
    is an entry of.
    """

    name: str
    label: LazyText | None
    rank: int
    inside: "Group | None" = None
    icon: str = ""
    key: str = ""
    link: str = ""
    under: LazyText | None = None

    def path(self) -> list["Group"]:
        """This group and those around it, the outermost first."""
        return [*(self.inside.path() if self.inside else []), self]


@dataclass(frozen=True, eq=False)
class Page:
    """A page. Without `group` it is not in the menu.

    `right`: who has something to see there; the gate judges by the handlers. `rank`: place in the group.
    `key`: `g` and this key go there. `count`: what waits there, as two vars: the number and the same as a sentence.
    `on_load`: handlers that run after `Me.load`. `title`: of the browser's tab, if it is not the label. `under`: the
    word above it in the inner menu that it is an entry of.
    """

    route: str
    label: LazyText
    draw: Draw
    group: Group | None = None
    rank: int = 0
    icon: str = ""
    right: AnyRight = Right.READ
    key: str = ""
    count: tuple[Any, Any, bool] | None = None
    on_load: Sequence[Any] = field(default=())
    title: Any = None
    under: LazyText | None = None

    def above(self, language: str) -> str:
        """The groups of the menu that it is in, the outermost first: "General > Settings"."""
        return " > ".join(group.label.in_language(language) for group in self.path() if group.label)

    def path(self) -> list[Group]:
        """The groups of the menu that it is in, the outermost first."""
        return self.group.path() if self.group else []

    def stands_under(self) -> LazyText | None:
        """The word above its entry in the inner menu, which may be the entry of its group."""
        return self.under or (self.group.under if self.group else None)

    def linked_group(self) -> Group | None:
        """The group it is in that has a menu of its own."""
        return next((group for group in self.path() if group.link), None)


@dataclass(frozen=True)
class Key:
    """`g` and `key` go to `route`, for who sees one of `pages`."""

    key: str
    route: str
    label: LazyText
    pages: list[Page]


PAGES: Registry[Page] = Registry("page")
"""Route -> page."""
GROUPS: Registry[Group] = Registry("menu group")
"""Name -> group of the menu."""


def menu_group(
    name: str,
    label: LazyText | None = None,
    *,
    rank: int,
    inside: Group | None = None,
    icon: str = "",
    key: str = "",
    link: str = "",
    under: LazyText | None = None,
) -> Group:
    """Registers a group of the menu; returns it. It shows as soon as a page is in it.

    Raises ValueError for a name or key that is taken, or if `inside` is not registered.
    """
    made = Group(name, label, rank, inside, icon, key, link, under)
    _require_group(inside, f"The menu group {name!r}")
    _require_free_key(key, f"The menu group {name!r}")
    return GROUPS.add(name, made)


def page_at(
    route: str,
    label: LazyText,
    *,
    group: Group | None = None,
    rank: int = 0,
    icon: str = "",
    right: AnyRight = Right.READ,
    key: str = "",
    count: tuple[Any, Any, bool] | None = None,
    on_load: Sequence[Any] = (),
    title: Any = None,
    under: LazyText | None = None,
) -> Callable[[Draw], Draw]:
    """Registers the function below it as the page at `route`; the parameters are those of `Page`.

    Raises ValueError for a route or key that is taken, a group that is not registered, or an entry without icon.
    """

    def register(draw: Draw) -> Draw:
        who = f"The page {route!r}"
        if not route.startswith("/"):
            raise ValueError(f"{who} needs a route that begins with a slash.")
        _require_group(group, who)
        _require_free_key(key, who)
        if group and not icon and not any(above.link for above in group.path()):
            raise ValueError(f"{who} is in the menu and needs an icon.")
        PAGES.add(
            route, Page(route, label, draw, group, rank, icon, right, key, count, on_load, title, under)
        )
        return draw

    return register


def pages_of(group: Group) -> list[Page]:
    """The pages in a group and in the groups inside it, in the order of the menu."""
    return [page for page in menu_pages() if group in page.path()]


def menu_pages() -> list[Page]:
    """All pages of the menu, in its order."""
    return sorted((page for page in PAGES.values() if page.group), key=_place)


def page_keys() -> Iterator[Key]:
    """The keys that go to pages, in the order of the menu."""
    seen: set[str] = set()
    for page in menu_pages():
        if page.key:
            yield Key(page.key, page.route, page.label, [page])
        linked = page.linked_group()
        if linked and linked.key and linked.label and linked.name not in seen:
            seen.add(linked.name)
            yield Key(linked.key, linked.link, linked.label, pages_of(linked))


def _place(page: Page) -> tuple[tuple[tuple[int, str], ...], str]:
    ranks = _ranks(page.group) if page.group else ()
    return (*ranks, (page.rank, "")), page.route


def _ranks(group: Group) -> tuple[tuple[int, str], ...]:
    return tuple((above.rank, above.name) for above in group.path())


def _require_group(group: Group | None, who: str) -> None:
    if group and GROUPS.get(group.name) is not group:
        raise ValueError(
            f"{who} is in the menu group {group.name!r}, which is not registered: use `menu_group(...)`."
        )


def _require_free_key(key: str, who: str) -> None:
    taken = {one.key: one.route for one in PAGES.values()} | {
        group.key: group.name for group in GROUPS.values()
    }
    if key and key in taken:
        raise ValueError(f"{who} wants the key {key!r}, which {taken[key]!r} has.")


HOME = menu_group("home", rank=10)
SALES = menu_group("sales", _("Sales"), rank=20)
CUSTOMERS = menu_group("customers", rank=30)
PRODUCTS = menu_group("products", rank=40)
SERVICE = menu_group("service", _("Service"), rank=50)
GENERAL = menu_group("general", _("General"), rank=60)
SETTINGS = menu_group(
    "settings", _("Settings"), rank=10, inside=GENERAL, icon="settings", key="s", link="/settings"
)
SHOP, PROCEDURES, ACCESS = _("Shop"), _("Procedures"), _("Access")
"""The words above the entries of the settings."""
ADVANCED = menu_group("advanced", _("Advanced settings"), rank=50, inside=SETTINGS, under=PROCEDURES)
WORKFLOW = menu_group("workflow", _("Workflow"), rank=60, inside=SETTINGS, under=PROCEDURES)
