"""What the order window is made of: tabs, blocks and dialogs, each registered by the file it stands in, the core's own
as a plug-in's.

Nothing here knows Reflex. A block is a function that reads a view; what it looks like is registered in
`pages.order_window` under the same key, or is declared data (`declared.py`) that needs no component of its own.
`fitting.py` says what does not fit together, `keys.py` which keys press the buttons.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from typing import Any, TypeVar, get_type_hints

from backoffice_app.domain.core.actions import ACTIONS, Action
from backoffice_app.domain.core.forms import Filled
from backoffice_app.domain.core.rights import AnyRight
from backoffice_app.domain.window.declared import Declared, Draw
from backoffice_app.domain.window.look import Look
from backoffice_app.i18n import LazyText
from backoffice_app.registry import Registry, require_takes

HEAD, ABOVE, FOOT = "head", "above", "foot"
"""Places in `Block.tab` that are on every tab: the window's header, the lines above the tab, the bar at the bottom."""
ACROSS = 0
"""In `Block.column`: under the columns, as wide as all of them."""
COLUMNS = (1, 2, 3)
SLOTS = 24
"""How many places for declared blocks a tab has at most: before, between and after its blocks with a component, in each
column.
"""


@dataclass(frozen=True)
class Tab:
    """A tab of the window, from the left by `rank`. `count`: how many are behind it, 0 shows none.

    `waits`: whether one of them waits for a person, so that the count stands out.
    """

    key: str
    label: LazyText
    rank: int
    right: AnyRight | None = None
    count: Callable[[Look], int] = lambda _look: 0
    waits: Callable[[Look], bool] = lambda _look: False


@dataclass(frozen=True)
class Button:
    """An action that a block offers.

    `element`: the id of its button, the action's key if empty; its shortcut presses it.

    `listed`: what the list of shortcuts says of the key, if that is more than the action's label.
    `in_head`: of a declared block: at the right of its title. `in_part`: a part of the block shows it, or nothing does.
    """

    action: str
    element: str = ""
    listed: LazyText | None = None
    in_head: bool = False
    in_part: bool = False

    @property
    def id(self) -> str:
        """The id of the button in the page."""
        return self.element or self.action


@dataclass(frozen=True)
class Block:
    """A part of the window: where it is (`tab`, `column`, `rank` from the top), who sees it, what it reads, which
    actions it offers.

    `view`: the frozen dataclass that `read` returns, each field with a default, so that there is an empty one. A block
    without `read` draws from the view of another one, `shows`, or from none. `in_sight`: read only while its tab is the
    one that is shown.
    `draw`: a component of its own for plain data, where the user interface is built with it.
    """

    key: str
    tab: str
    column: int
    rank: int
    right: AnyRight | None = None
    read: Callable[[Look], Any] | None = None
    view: type | None = None
    shows: str = ""
    title: LazyText | None = None
    buttons: tuple[Button, ...] = ()
    in_sight: bool = False
    draw: Draw | None = None

    @property
    def var(self) -> str:
        """The name of its state var."""
        return self.key.replace("-", "_")

    @property
    def is_declared(self) -> bool:
        """Whether it is data that the generic component draws, so that it needs no component of its own."""
        return self.view is Declared

    @property
    def has_var(self) -> bool:
        """Whether it has a state var of its own."""
        return self.view is not None and not self.is_declared


@dataclass(frozen=True)
class Dialog:
    """A dialog that asks for the input of `action`.

    `element`: the id of what gets the focus back when it closes, the action's if empty.

    Without a component registered for it in `pages.order_window` it is drawn from the action's input model: `title`
    (else the action's label), `description`, and what `fill` says of its fields for the order and the part `which`.
    `read`: a view of what it is about, for a dialog with a component of its own. `kept`: what is typed outlives closing
    it. `right`: who may open it, if that is not the action's right. `own_state`: a state of its own opens it and keeps
    its draft. `submit`: the word of its button, else the action's label. `first`: the part it is about where none is
    named.
    `merges`: its fields are what is stored, so of two colleagues who change different ones both are right (W-16).
    """

    key: str
    action: str
    read: Callable[[Look, str], Any] | None = None
    element: str = ""
    kept: bool = False
    own_state: bool = False
    right: AnyRight | None = None
    title: LazyText | None = None
    description: LazyText | None = None
    submit: LazyText | None = None
    fill: Callable[[Look, str], Filled] | None = None
    first: Callable[[Look], str] | None = None
    merges: bool = False

    @property
    def var(self) -> str:
        """The name of its state var."""
        return self.key.replace("-", "_")

    @property
    def view(self) -> type | None:
        """The dataclass that `read` returns."""
        return _view_of(self.read) if self.read else None


@dataclass(frozen=True)
class Way:
    """One way to do an action to this order: to which part (`which`, said as `about`), by a dialog or at once with
    `values`.
    """

    which: str = ""
    about: str = ""
    dialog: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


TABS: Registry[Tab] = Registry("tab of the order window")
BLOCKS: Registry[Block] = Registry("block of the order window")
DIALOGS: Registry[Dialog] = Registry("dialog of the order window")
DRAWN_DIALOGS: Registry[Callable[[], Any]] = Registry("component of the dialog")
"""The dialogs that have a component of their own; the pages that draw them put them in, so no form is made
for these.
"""
WAYS: Registry[Callable[[Look], list[Way]]] = Registry("list of ways")
"""By action, where there is more than one way to do it, or none but by a part of the order."""

View = TypeVar("View")


def add_tab(tab: Tab) -> Tab:
    """Registers a tab. Raises ValueError for a key that is taken."""
    return TABS.add(tab.key, tab)


def add_dialog(dialog: Dialog) -> Dialog:
    """Registers a dialog.

    Raises ValueError for a key that is taken, a view that can't be empty, and a `fill` or `read` that does
    not take (look, which).
    """
    for name, given in (("fill", dialog.fill), ("read", dialog.read)):
        if given is not None:
            require_takes(f"`{name}` of the dialog {dialog.key!r}", given, "look", "which")
    if dialog.view is not None:
        _require_empty(dialog.view, f"the dialog {dialog.key}")
    return DIALOGS.add(dialog.key, dialog)


def add_block(block: Block) -> Block:
    """Registers a block as it is: one that draws from another's view, or from none.

    Raises ValueError for a key that is taken.
    """
    return BLOCKS.add(block.key, block)


def block(
    *,
    key: str,
    tab: str,
    column: int = ACROSS,
    rank: int = 100,
    right: AnyRight | None = None,
    title: LazyText | None = None,
    buttons: Iterable[Button] = (),
    in_sight: bool = False,
    draw: Draw | None = None,
) -> Callable[[Callable[[Look], View]], Callable[[Look], View]]:
    """Registers the function below, which reads a view from a `Look`, as the block `key`.

    Its annotation says which view.

    Raises ValueError for a key that is taken, for a view that is no frozen dataclass with a default for each
    field, and for `draw`
    with another view than plain data.
    """

    def register(read: Callable[[Look], View]) -> Callable[[Look], View]:
        view = _view_of(read)
        require_takes(f"The block {key!r}", read, "look")
        _require_empty(view, f"the block {key}")
        places = tuple(buttons)
        if wrong := [one for one in places if not isinstance(one, Button)]:
            raise ValueError(f"The buttons of the block {key} are written as Button({str(wrong[0])!r}).")
        if draw is not None and view is not Declared:
            raise ValueError(
                f"The block {key} has `draw`, so it declares plain data for where it is not built: write `-> Declared`."
            )
        add_block(
            Block(
                key,
                tab,
                column,
                rank,
                right,
                read,
                view,
                "",
                title,
                places,
                in_sight or view is Declared,
                draw,
            )
        )
        return read

    return register


def ways(action: str) -> Callable[[Callable[[Look], list[Way]]], Callable[[Look], list[Way]]]:
    """Registers the function below, which says by which ways `action` can be done to the order.

    Raises ValueError for a second one.
    """

    def register(find: Callable[[Look], list[Way]]) -> Callable[[Look], list[Way]]:
        require_takes(f"Ways to do {action!r}", find, "look")
        WAYS.add(action, find)
        return find

    return register


def tabs() -> list[Tab]:
    """All tabs, from the left."""
    return sorted(TABS.values(), key=lambda tab: (tab.rank, tab.key))


def blocks_of(tab: str, column: int | None = None) -> list[Block]:
    """The blocks of a tab, or of one column of it, from the top."""
    found = [one for one in BLOCKS.values() if one.tab == tab and (column is None or one.column == column)]
    return sorted(found, key=lambda one: (one.rank, one.key))


def laid_out(tab: str, column: int) -> list[Block | list[Block]]:
    """A column of a tab from the top: its blocks with a component, and before, between and after these the declared
    ones, maybe none.
    """
    found: list[Block | list[Block]] = [[]]
    for one in blocks_of(tab, column):
        last = found[-1]
        if one.is_declared and isinstance(last, list):
            last.append(one)
        else:
            found += [one, []]
    return found


def slots(tab: str) -> list[list[Block]]:
    """The declared blocks of a tab by the places where they stand: from the top of the first column to the end of what
    is across.
    """
    return [part for column in (*COLUMNS, ACROSS) for part in laid_out(tab, column) if isinstance(part, list)]


def buttons() -> Iterator[Button]:
    """All buttons that blocks place, from the header to the bar at the bottom."""
    return _buttons_of(HEAD, ABOVE, *(tab.key for tab in tabs()), FOOT)


def _buttons_of(*places: str) -> Iterator[Button]:
    for place in places:
        for one in blocks_of(place):
            yield from one.buttons


def as_placed(known: Iterable[Action[Any, Any]]) -> list[Action[Any, Any]]:
    """Actions in the order in which tabs and bar have their buttons, whatever was registered first; those of the header
    follow.
    """
    ranks: dict[str, int] = {}
    for button in _buttons_of(*(tab.key for tab in tabs()), FOOT, HEAD, ABOVE):
        ranks.setdefault(button.action, len(ranks))
    return sorted(known, key=lambda action: ranks.get(action.key, len(ranks)))


def placed() -> list[str]:
    """The keys of the actions that blocks with a component of their own place: each has a state var."""
    own = (one for one in BLOCKS.values() if not one.is_declared)
    return list(dict.fromkeys(button.action for one in own for button in one.buttons))


def all_placed() -> set[str]:
    """The keys of the actions that any block places; the others are in the bar at the bottom."""
    return {button.action for one in BLOCKS.values() for button in one.buttons}


def dialog_of(action: str) -> Dialog | None:
    """The first dialog that was registered for an action; one drawn from its model if it must be asked and has none;
    None else.
    """
    for one in DIALOGS.values():
        if one.action == action:
            return one
    known = ACTIONS.get(action)
    return Dialog(action, action) if known is not None and known.offered and known.asks == "must" else None


def find_dialog(key: str) -> Dialog | None:
    """The dialog with this key, also one that is drawn from the model of the action of this name."""
    return DIALOGS.get(key) or dialog_of(key)


def _view_of(read: Callable[..., Any]) -> type:
    view = get_type_hints(read).get("return")
    if not isinstance(view, type) or not is_dataclass(view):
        raise ValueError(
            f"{read.__qualname__} does not say which dataclass it returns: write `-> Declared` for plain data."
        )
    return view


def _require_empty(view: type, whose: str) -> None:
    lacking = [one.name for one in fields(view) if one.default is MISSING and one.default_factory is MISSING]
    if lacking:
        raise ValueError(f"{view.__name__}, the view of {whose}, needs a default for {', '.join(lacking)}")
