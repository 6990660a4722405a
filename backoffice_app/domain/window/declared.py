"""Blocks that are plain data: facts, table, text, chips, figures, entries, buttons, a form, an upload; one component
draws them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from backoffice_app.domain.core.forms import FormView

Kind = Literal[
    "text", "facts", "figures", "chips", "tags", "table", "entries", "buttons", "form", "upload", "select"
]
ENTRY_ICONS = ("search", "pencil", "trash-2", "circle", "circle-check", "printer", "info", "x", "download")
"""The icons that the button of an entry can have, by their lucide names: each is drawn in the page already."""


@dataclass(frozen=True)
class ActionView:
    """A button: shown only to who holds the right; greyed with its `reason` where the rule says no.

    `opens`: the dialog that it opens first, "" where it does its action at once.
    """

    key: str = ""
    label: str = ""
    shown: bool = False
    enabled: bool = False
    reason: str = ""
    opens: str = ""


@dataclass(frozen=True)
class EntryButton:
    """A button with an icon in an entry. `label` says verb and object, such as "Read ticket T-12".

    It leads to `href`, opens the dialog `opens` for the part `which` of the order, or does `action` at once with what
    it `sends`. It is there only for who may do `action` now; without an action, for everybody who sees the block.
    Raises ValueError for an icon that is not one of `ENTRY_ICONS`.
    """

    icon: str = "info"
    label: str = ""
    action: str = ""
    opens: str = ""
    which: str = ""
    sends: dict[str, str] = field(default_factory=dict)
    href: str = ""

    def __post_init__(self) -> None:
        if self.icon not in ENTRY_ICONS:
            raise ValueError(f"An entry has no icon {self.icon!r}; there are: {', '.join(ENTRY_ICONS)}.")


@dataclass(frozen=True)
class Entry:
    """One of several things in a block, such as a task: a title (a link, if there is one), what is said under it, a
    state, buttons.

    `first`: a button before the title, such as the circle that ticks a task off. `text`: whole, with its line breaks;
    `small`: in gray. `tone`, `icon`, `state`: of its badge, as a `BadgeView` has them; none where `state` is "".
    `is_over`: gray, as there is nothing to do.
    """

    title: str = ""
    link: str = ""
    text: str = ""
    small: str = ""
    tone: str = "neutral"
    icon: str = "circle"
    state: str = ""
    is_over: bool = False
    first: list[EntryButton] = field(default_factory=list)
    buttons: list[EntryButton] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """One thing in a declared block; made by the functions below.

    `actions`: keys of actions until the block is shown, then `buttons`.
    """

    kind: Kind = "text"
    words: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    buttons: list[ActionView] = field(default_factory=list)
    form: FormView = field(default_factory=FormView)
    values: Mapping[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    listed: list[Entry] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    """Of a table of which one page is shown: where its first page, the one before, the next and the last are, "" for
    none.
    """


@dataclass(frozen=True)
class Declared:
    """What a declared block shows.

    Its `key`, `title` and the buttons in its `head` come from its registration; `broken`: it could not be read.
    `empty`: the gray line that it shows where it has no parts; without it, it is not there then.

    `data`: texts by name for a component of its own (`draw=`), which plain data need not show.
    """

    parts: list[Part] = field(default_factory=list)
    key: str = ""
    title: str = ""
    broken: bool = False
    data: dict[str, str] = field(default_factory=dict)
    empty: str = ""
    head: list[ActionView] = field(default_factory=list)


Draw = Callable[[Any, Any], Any]
"""Makes a component of what is declared: called with the Reflex var of it and with the component that draws
it as plain data.
"""


def declare(*parts: Part, data: Mapping[str, str] | None = None, empty: str = "") -> Declared:
    """A block of these parts, one under the other; without any it shows the line `empty`, or is not shown.

    `data`: what its `draw` shows besides.
    """
    return Declared(list(parts), data=dict(data or {}), empty=empty)


def text(sentence: str) -> Part:
    """A paragraph."""
    return Part("text", [sentence])


def facts(*pairs: tuple[str, str]) -> Part:
    """Words with their values."""
    return Part("facts", rows=[list(pair) for pair in pairs])


def figures(*pairs: tuple[str, str]) -> Part:
    """Amounts or numbers that stand out, each as (what it is, the figure)."""
    return Part("figures", rows=[list(pair) for pair in pairs])


def chips(words: Iterable[str]) -> Part:
    """Short words side by side, such as tags."""
    return Part("chips", list(words))


def tags(*found: tuple[str, EntryButton]) -> Part:
    """Short words side by side, each with a button that takes it away; the button is there only for who may."""
    return Part("tags", listed=[Entry(title=word, buttons=[button]) for word, button in found])


def upload(action: str, url: str, *, label: str, submit: str, hint: str = "", accept: str = "") -> Part:
    """A field for a file that is posted to `url` as the browser does it, where this actor may do `action` now.

    `accept`: the endings that the browser offers, such as ".pdf,.png".
    """
    return Part("upload", [action, url, label, submit, hint, accept])


def table(head: Sequence[str], rows: Iterable[Sequence[str]], links: Iterable[str] = ()) -> Part:
    """A table with a head; its rows are texts, as many in each as there are heads.

    `links`: where the first text of each row leads, such as "/orders/10001"; none if it is empty. Raises ValueError for
    too few or many.
    """
    found, leads = [list(row) for row in rows], list(links)
    if leads and len(leads) != len(found):
        raise ValueError(f"A table of {len(found)} rows needs as many links, and got {len(leads)}.")
    return Part("table", list(head), found, links=leads)


def entries(*found: Entry) -> Part:
    """Several things of a kind under each other, divided by lines."""
    return Part("entries", listed=list(found))


def buttons(*actions: str) -> Part:
    """The buttons of actions, by key: greyed with the reason where the rule says no, not there without the right."""
    return Part("buttons", list(actions))


def select(action: str, field: str, label: str, options: Iterable[tuple[str, str]], value: str) -> Part:
    """A list to choose from, that does `action` with what is chosen as its `field`, at once.

    `options`: (value, word) each.

    Who may not do it reads the word of `value`.
    """
    return Part("select", [action, field, label, value], [list(option) for option in options])


def form(action: str, values: Mapping[str, str] | None = None) -> Part:
    """The form of an action, drawn from its input model; `values`: what its fields start with.

    Not there without the right.
    """
    return Part("form", [action], values=dict(values or {}))
