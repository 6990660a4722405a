"""Reads an order for the window: a fixed number of statements, however many lines it has (P-6)."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from backoffice_app.domain.core.actions import ACTIONS, Action, actions_of
from backoffice_app.domain.core.forms import Filled, FormView, fields_of, with_offers
from backoffice_app.domain.core.guarded import guarded
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.whole import order_of_number
from backoffice_app.domain.window import registry
from backoffice_app.domain.window.beside import reason_for
from backoffice_app.domain.window.blocks.head import next_step
from backoffice_app.domain.window.declared import ActionView, Declared, Entry, Part, buttons, facts
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import SLOTS, Block, Dialog, Tab, Way
from backoffice_app.domain.window.views import CANCELLED, UNPLACED, Offer, OrderView, OrderWindow
from backoffice_app.registry import CORE

log = logging.getLogger("kontor.window")


def order_window(
    session: Session,
    number: str,
    actor: Actor,
    language: str,
    *,
    tab: str = "order",
    kind: str = "",
    carried: str = "",
    dialog: str = "",
    which: str = "",
) -> OrderWindow:
    """The order `number` as `actor` may see it, in `language`. Raises NotFound. (W, SEC-4)

    `tab`: the one in sight; `kind`: what its history is narrowed to; `carried`: what its addresses take along, such as
    "?view=to-ship". `dialog`, `which`: the dialog that is open, and the part of the order it is about.
    """
    look = Look(
        session, order_of_number(session, number), actor, language, load_shop(session), tab, kind, carried
    )
    actions = {
        known.key: _action(known, look) for known in registry.as_placed(actions_of(ORDER)) if known.offered
    }
    placed = registry.all_placed()
    asked = registry.find_dialog(dialog) if dialog else None
    opened = asked if asked is not None and may_open(asked, actor) else None
    which = opened.first(look) if opened is not None and opened.first and not which else which
    return OrderWindow(
        order=_order(look),
        blocks={
            one.key: one.read(look)
            for one in registry.BLOCKS.values()
            if one.has_var and one.read and is_seen(one, look)
        },
        actions=actions,
        tabs=_tabs(look),
        unplaced=[known for key, known in actions.items() if known.shown and key not in placed],
        offers=_offers(actions, look),
        dialog=opened.read(look, which) if opened is not None and opened.read is not None else None,
        form=_form(opened, look, which)
        if opened is not None and opened.key not in registry.DRAWN_DIALOGS
        else FormView(),
        which=which,
        declared=_declared(actions, look),  # last: what a plug-in's query breaks is not read any more
    )


def is_seen(block: Block, look: Look) -> bool:
    """Whether a block is read for this actor, in the tab in sight."""
    return (block.right is None or look.actor.may(block.right)) and (
        not block.in_sight or block.tab == look.tab
    )


def may_open(dialog: Dialog, actor: Actor) -> bool:
    """Whether this actor may open a dialog: the one of an action needs the right of the action."""
    right = dialog.right or ACTIONS[dialog.action].right
    return actor.may(right)


def _order(look: Look) -> OrderView:
    order = look.order
    return OrderView(
        id=order.id or 0,
        version=order.version,
        number=order.number,
        about=Shown("order", order.number, str(order.version)).text,
        language=order.language,
        sees_prices=look.sees_prices,
        reason_at=CANCELLED if order.cancelled_at else UNPLACED if look.unready else "",
        reason="" if order.cancelled_at else look.unready,
        happened=look.beside.facts,
    )


def _tabs(look: Look) -> list[list[str]]:
    """The tabs this actor may see, as [key, word, count, address]; the first has the address of the order itself.

    Where something behind it waits for a person, a fifth text says so.
    """
    seen = [tab for tab in registry.tabs() if tab.right is None or look.actor.may(tab.right)]
    order = f"/orders/{look.order.number}"
    return [
        [
            tab.key,
            look.text(tab.label),
            str(_count(tab, look) or ""),
            f"{order}/{tab.key}{look.carried}" if at else order + look.carried,
            *(["waits"] if _waits(tab, look) else []),
        ]
        for at, tab in enumerate(seen)
    ]


def _count(tab: Tab, look: Look) -> int:
    """How many are behind a tab; none behind a plug-in's whose count fails."""
    if registry.TABS.owner_of(tab.key) == CORE:
        return tab.count(look)
    return guarded(look.session, f"The count of the tab {tab.key}", lambda: tab.count(look), 0)


def _waits(tab: Tab, look: Look) -> bool:
    """Whether something behind a tab waits for a person; not behind a plug-in's where that can't be read."""
    if registry.TABS.owner_of(tab.key) == CORE:
        return tab.waits(look)
    return guarded(look.session, f"What waits behind the tab {tab.key}", lambda: tab.waits(look), False)


def _ways(action: str, opens: str, look: Look) -> list[Way]:
    """The ways to do an action; none of a plug-in's that fail."""
    find = registry.WAYS.get(action)
    if find is None:
        return [Way(dialog=opens)]
    if registry.WAYS.owner_of(action) == CORE:
        return find(look)
    return guarded(look.session, f"The ways to do {action}", lambda: find(look), [])


def _action(known: Action[Any, Any], look: Look) -> ActionView:
    if not look.actor.may(known.right):
        return ActionView(known.key)  # not even the reason: it may tell of money (SEC-4)
    reason = reason_for(known, look)
    asked = registry.dialog_of(known.key) if known.asks == "must" else None
    return ActionView(
        known.key,
        look.text(known.label),
        shown=True,
        enabled=reason is None,
        reason=look.text(reason),
        opens=asked.key if asked else "",
    )


def _offers(actions: dict[str, ActionView], look: Look) -> list[Offer]:
    """The ways to do what this actor may do: the next step, then what else can be done now, as their buttons stand in
    the window.
    """
    made, first = [], next_step(look)
    for action in actions.values():
        if not action.shown:
            continue
        find = action.key in registry.WAYS
        for way in _ways(action.key, action.opens, look):
            key = f"{action.key} {way.which}".strip()
            part = way.which if way.dialog and find else ""
            made.append(
                Offer(key, action.label, way.about, action.reason, action.key, way.dialog, part, way.values)
            )
    return sorted(made, key=lambda offer: (bool(offer.reason), offer.action != first))


def _form(dialog: Dialog, look: Look, which: str) -> FormView:
    """The form of a dialog that is drawn from the input model of its action."""
    known = ACTIONS[dialog.action]
    filled = with_offers(
        look.session, known.input, dialog.fill(look, which) if dialog.fill else Filled(), look.language
    )
    return FormView(
        action=known.key,
        title=look.text(dialog.title or known.label),
        submit=look.text(dialog.submit or known.label),
        fields=fields_of(known.input, filled, look.language),
        description=look.text(dialog.description),
        key=dialog.key,
        which=which,
        element=dialog.element or known.key,
        hidden=[[name, value] for name, value in filled.hidden.items()],
        letter=filled.letter,
    )


def _declared(actions: dict[str, ActionView], look: Look) -> list[list[Declared]]:
    """The declared blocks of the tab in sight, by their places; always as many places, since the page asks for each of
    them.
    """
    places = registry.slots(look.tab)
    shown = [[_shown(one, actions, look) for one in place if is_seen(one, look)] for place in places]
    return shown + [[]] * (SLOTS - len(places))


def _shown(block: Block, actions: dict[str, ActionView], look: Look) -> Declared:
    """What a declared block shows.

    A plug-in's that can't be read breaks nothing but itself: it says so, and the log says why.
    """
    title = look.text(block.title)
    if (
        registry.BLOCKS.owner_of(block.key) == CORE
    ):  # it is read like the core's other blocks, with no savepoint around it
        read = _read_block(block, actions, look)
    else:
        try:
            with look.session.begin_nested():
                read = _read_block(block, actions, look)
        except Exception:
            log.exception("The block %s could not be read", block.key)
            return Declared(key=block.key, title=title, broken=True)
    head = [
        actions[button.action] for button in block.buttons if button.in_head and actions[button.action].shown
    ]
    return replace(read, key=block.key, title=title, head=head)


def _read_block(block: Block, actions: dict[str, ActionView], look: Look) -> Declared:
    """What the block declares, as this actor sees it, with the buttons of its registration below; `empty` where it has
    no parts.
    """
    read: Declared = block.read(look) if block.read else Declared()
    parts, below = (_seen(these, actions, look) for these in (read.parts, _buttons_below(read, block)))
    return replace(read, parts=[*parts, *below], empty="" if parts else read.empty)


def _seen(parts: Iterable[Part], actions: dict[str, ActionView], look: Look) -> list[Part]:
    return [shown for part in parts if (shown := _part(part, actions, look)) is not None]


def _buttons_below(read: Declared, block: Block) -> list[Part]:
    """The buttons of a block's registration, but for those that a part of its own shows."""
    own = {key for part in read.parts if part.kind in {"buttons", "form", "select"} for key in part.words}
    own |= {part.words[0] for part in read.parts if part.kind == "upload"}
    missing = [
        one.action for one in block.buttons if one.action not in own and not (one.in_head or one.in_part)
    ]
    return [buttons(*missing)] if missing else []


def _part(part: Part, actions: dict[str, ActionView], look: Look) -> Part | None:
    """A part as this actor sees it: buttons and forms of actions only with their right; None where nothing is left."""
    if part.kind == "buttons":
        shown = [actions[key] for key in part.words if actions[key].shown]
        return replace(part, buttons=shown) if shown else None
    if part.kind == "select":
        return _select(part, actions)
    if part.kind == "form":
        return _form_part(part, actions, look)
    if part.kind == "upload":
        return part if _may_now(actions[part.words[0]]) else None
    return replace(part, listed=[_entry(one, actions) for one in part.listed]) if part.listed else part


def _form_part(part: Part, actions: dict[str, ActionView], look: Look) -> Part | None:
    """The form of an action in the page; its button with the reason where it can't be sent now."""
    [key] = part.words
    known, action = ACTIONS[key], actions[key]
    if not action.enabled:
        return Part("buttons", buttons=[replace(action, opens="")]) if action.shown else None
    fields = fields_of(
        known.input, with_offers(look.session, known.input, Filled(part.values), look.language), look.language
    )
    return replace(part, form=FormView(key, action.label, action.label, fields))


def _select(part: Part, actions: dict[str, ActionView]) -> Part:
    """The list to choose from; for who may not, the word of what is chosen."""
    key, _field, label, value = part.words
    if actions[key].shown and actions[key].enabled:
        return part
    return facts((label, next((word for known, word in part.rows if known == value), "–")))


def _entry(entry: Entry, actions: dict[str, ActionView]) -> Entry:
    """An entry with the buttons that this actor may press now."""
    first, after = (
        [one for one in these if not one.action or _may_now(actions[one.action])]
        for these in (entry.first, entry.buttons)
    )
    return replace(entry, first=first, buttons=after)


def _may_now(action: ActionView) -> bool:
    return action.shown and action.enabled
