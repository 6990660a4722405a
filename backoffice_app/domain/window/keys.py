"""The single keys of the order window: which buttons they press (W)."""

from dataclasses import dataclass

from backoffice_app.domain.core.actions import ACTIONS
from backoffice_app.domain.window.registry import Button, buttons
from backoffice_app.i18n import LazyText


@dataclass(frozen=True)
class Key:
    """A single key of the window: it presses the first of `elements` that is there.

    `says`: what the list of shortcuts says.
    """

    key: str
    elements: tuple[str, ...]
    says: LazyText


def single_keys() -> list[Key]:
    """The single keys that press buttons: of each action with a shortcut the first button that was placed."""
    found: dict[str, list[Button]] = {}
    for action, button in _first_buttons().items():
        if ACTIONS[action].shortcut:
            found.setdefault(ACTIONS[action].shortcut, []).append(button)
    return [_key(shortcut, pressed) for shortcut, pressed in found.items()]


def shortcut_of(action: str, element: str) -> str:
    """The key that presses the button of `action` with this id, or ""."""
    first = _first_buttons().get(action)
    return ACTIONS[action].shortcut if first is not None and first.id == element else ""


def _first_buttons() -> dict[str, Button]:
    first: dict[str, Button] = {}
    for button in buttons():
        first.setdefault(button.action, button)
    return first


def _key(shortcut: str, pressed: list[Button]) -> Key:
    says = next((button.listed for button in pressed if button.listed), ACTIONS[pressed[0].action].label)
    return Key(shortcut, tuple(dict.fromkeys(button.id for button in pressed)), says)
