"""Whether the parts of the order window fit together, as each start of Kontor asks."""

from collections.abc import Iterable, Iterator

from backoffice_app.domain.core.actions import ACTIONS
from backoffice_app.domain.core.forms import has_labels
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.window.registry import (
    ABOVE,
    ACROSS,
    BLOCKS,
    COLUMNS,
    DIALOGS,
    FOOT,
    HEAD,
    SLOTS,
    TABS,
    WAYS,
    slots,
)
from backoffice_app.registry import requirement


@requirement
def require_fitting() -> None:
    """Raises ValueError, with a sentence for each, if parts of the window do not fit together, whatever
    draws them.
    """
    if found := [*_misplaced(), *_mute()]:
        raise ValueError(" ".join(found))


def problems(drawn_blocks: Iterable[str], drawn_dialogs: Iterable[str]) -> list[str]:
    """What does not fit together, a sentence each; empty if all does.

    `drawn_...`: the keys that have a component (checked at start).
    """
    draws, dialogs = set(drawn_blocks), set(drawn_dialogs)
    found = [*_misplaced(), *_mute()]
    for one in BLOCKS.values():
        if one.is_declared == (one.key in draws):
            why = (
                "is declared data and has a component too"
                if one.is_declared
                else "has no component: register one with `draws`"
            )
            found.append(f"The block {one.key} {why}.")
    for dialog in DIALOGS.values():
        known = ACTIONS.get(dialog.action)
        if known is not None and dialog.key not in dialogs and not has_labels(known.input):
            found.append(
                f"The dialog {dialog.key} has no component, and not every field of {known.input.__name__} "
                f"says how it is asked: "
                'write Annotated[..., Asked(_("Label"))], or register a component with `draws_dialog`.'
            )
    found += [f"The block {key} is drawn, but not registered." for key in sorted(draws - BLOCKS.keys())]
    found += [f"The dialog {key} is drawn, but not registered." for key in sorted(dialogs - DIALOGS.keys())]
    return found


def _misplaced() -> Iterator[str]:
    """Blocks, dialogs and ways that name a place or an action that is not there."""
    for one in BLOCKS.values():
        if one.tab not in TABS and one.tab not in (HEAD, ABOVE, FOOT):
            yield f"The block {one.key} is on the tab {one.tab}, which is not registered. There are: {', '.join(TABS)}."
        if one.column not in (ACROSS, *COLUMNS):
            yield f"The block {one.key} is in column {one.column}; there are the columns 1, 2, 3, and 0 across them."
        if one.shows and one.shows not in BLOCKS:
            yield f"The block {one.key} shows what {one.shows} reads, which is no block."
        for button in one.buttons:
            if button.action not in ACTIONS:
                yield f"The block {one.key} places the action {button.action}, which is not registered."
    for dialog in DIALOGS.values():
        if dialog.action not in ACTIONS:
            yield f"The dialog {dialog.key} asks for the action {dialog.action}, which is not registered."
    for tab in TABS:
        if len(slots(tab)) > SLOTS:
            yield (
                f"The tab {tab} has {len(slots(tab))} places for declared blocks; there is room for "
                f"{SLOTS}: raise SLOTS."
            )
    for key in WAYS:
        if key not in ACTIONS:
            yield f"Ways to do {key} are registered, but no action {key}."


def _mute() -> Iterator[str]:
    """Actions that must be told something and can't ask for it."""
    for action in ACTIONS.values():
        can_ask = (
            action.key in WAYS
            or any(one.action == action.key for one in DIALOGS.values())
            or has_labels(action.input)
        )
        if action.subject is ORDER and action.offered and action.asks == "must" and not can_ask:
            yield (
                f"The action {action.key} must be told something and can't ask: write Annotated[..., "
                f'Asked(_("Label"))] '
                f"at the fields of {action.input.__name__}, or register a dialog or the ways to do it."
            )
