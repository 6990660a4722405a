"""All tabs of the window but the first, which the browser loads when one of them is opened (P-8)."""

import reflex as rx

from backoffice_app.domain.window import registry
from backoffice_app.domain.window.declared import Declared
from backoffice_app.domain.window.registry import COLUMNS
from backoffice_app.pages.order_window import declared
from backoffice_app.pages.order_window.laid import parts_of
from backoffice_app.state.order import OrderState
from backoffice_app.ui.later import later
from backoffice_app.ui.tabs import tab_panel
from backoffice_app.ui.texts import text_of


def _is_drawn(tab: str) -> bool:
    """Whether a tab has blocks with components of their own; one without is drawn from data alone."""
    return any(not block.is_declared for block in registry.blocks_of(tab))


def _declared_alone() -> list[rx.Component]:
    """A tab of which all blocks are plain data, such as a plug-in's."""
    return [declared.columns_if_any(_blocks), declared.blocks(len(COLUMNS), _blocks)]


@rx.memo
def _blocks(found: rx.Var[list[Declared]]) -> rx.Component:
    """Compiled once for all places of these tabs."""
    return rx.foreach(found, declared.any_block)


def _other_tabs() -> rx.Component:
    """The one in sight."""
    _first, *others = registry.tabs()
    shown = [
        (tab.key, tab_panel(text_of(tab.label), *parts_of(tab.key, _blocks)))
        for tab in others
        if _is_drawn(tab.key)
    ]
    return rx.fragment(rx.match(OrderState.shown, *shown, tab_panel(OrderState.tab_name, *_declared_alone())))


other_tabs = later(_other_tabs)
