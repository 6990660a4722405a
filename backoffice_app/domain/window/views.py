"""What the order window shows, as frozen values: texts in the reader's language, no rows, no price for who may not see
one.

The views of the blocks are in the files of the blocks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backoffice_app.domain.core.forms import FormView
from backoffice_app.domain.window.declared import ActionView, Declared

CANCELLED = "cancelled"
"""The id of the line that says when and why the order was cancelled."""
UNPLACED = "not-placed"
"""The id of the line that says that the order is a draft."""


@dataclass(frozen=True)
class BadgeView:
    """A state: `tone` is one of neutral, info, good, look, act, ended; `icon` a lucide name."""

    tone: str = "neutral"
    icon: str = "circle"
    label: str = ""


@dataclass(frozen=True)
class OrderView:
    """The order itself, for all blocks.

    `about`: order and version as `Shown` says them, which each event of the window takes along.

    `language`: the customer's; `happened`: how many facts this actor may read.
    `reason_at`: the id of the line that says why nothing can be done, so that no button repeats it; "" unless the order
    is cancelled or a draft. `reason`: the only one that this line says; "" where it says all.
    """

    id: int = 0
    version: int = 0
    number: str = ""
    about: str = ""
    language: str = ""
    sees_prices: bool = False
    reason_at: str = ""
    reason: str = ""
    happened: int = 0


@dataclass(frozen=True)
class Offer:
    """An action as the palette offers it. `about`: which address, shipment or invoice; `reason`: why not now.

    It opens the dialog `dialog` for the part `part`, or is done at once with `values`.
    """

    key: str
    label: str
    about: str = ""
    reason: str = ""
    action: str = ""
    dialog: str = ""
    part: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OrderWindow:
    """All that one reading gives. `blocks` by key, `actions` by key, `tabs` as [key, word, count, address].

    `unplaced`: actions that no block shows, for the bar at the bottom; `declared`: the declared blocks of the tab in
    sight, by place (`registry.slots`).
    `dialog`: the view of the dialog that was asked for, if it has one; `form`: its form, if it is drawn from a model;
    `which`: the part of the order it is about.
    """

    order: OrderView = OrderView()
    blocks: Mapping[str, Any] = field(default_factory=dict)
    actions: Mapping[str, ActionView] = field(default_factory=dict)
    tabs: list[list[str]] = field(default_factory=list)
    unplaced: list[ActionView] = field(default_factory=list)
    declared: list[list[Declared]] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    dialog: Any = None
    form: FormView = field(default_factory=FormView)
    which: str = ""
