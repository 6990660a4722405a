"""Lays the registered blocks of a tab into its columns, declared ones where their rank puts them."""

from collections.abc import Iterator
from itertools import count, zip_longest

import reflex as rx

from backoffice_app.domain.window import registry
from backoffice_app.domain.window.registry import ACROSS, COLUMNS
from backoffice_app.pages.order_window import declared
from backoffice_app.pages.order_window.components import drawn
from backoffice_app.state.order import OrderState
from backoffice_app.ui.layout import columns, order_grid

V = OrderState.view


def parts_of(tab: str, blocks: declared.Drawn | None = None) -> list[rx.Component]:
    """The columns of a tab, and what is across them; declared blocks stand where their rank puts them, drawn by
    `blocks`.
    """
    place = count()
    parts = {
        column: [_placed(part, place, blocks) for part in registry.laid_out(tab, column)]
        for column in (*COLUMNS, ACROSS)
    }
    if all(len(parts[column]) == 1 for column in COLUMNS):
        return [declared.columns_if_any(blocks), *parts[ACROSS]]
    if tab != "order":
        return [columns(*(parts[column] for column in COLUMNS)), *parts[ACROSS]]
    money, goods, people = (parts[column] for column in COLUMNS)
    rows = zip_longest(_cells(money), _cells(goods), fillvalue=())
    return [
        order_grid(
            [cell for cells in rows for cell in cells], parts[ACROSS], people, goods_first=~V.sees_prices
        )
    ]


def _cells(column: list[rx.Component]) -> list[list[rx.Component]]:
    """The blocks of a column, each with the declared ones that stand below it; those above the first stand
    over that.
    """
    first, *others = column
    pairs = list(zip(others[::2], others[1::2], strict=True))
    return [[first, *pairs[0]], *map(list, pairs[1:])]


def _placed(
    part: registry.Block | list[registry.Block], place: Iterator[int], blocks: declared.Drawn | None
) -> rx.Component:
    """A block with a component, or the next place for declared ones."""
    return declared.blocks(next(place), blocks) if isinstance(part, list) else drawn(part)
