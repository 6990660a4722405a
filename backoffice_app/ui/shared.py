"""Parts that every page has: compiled once, into what the browser loads with its first page and keeps for all others
(P-8).
"""

from collections.abc import Callable
from typing import Any

import reflex as rx


def shared(draw: Callable[..., rx.Component]) -> Any:
    """`draw` as a component of Reflex (`rx.memo`), in the one file of them all.

    What differs from page to page it is given: `rx.Var[...]`, `rx.EventHandler[...]`, `children: rx.Var[rx.Component]`.

    Reflex writes a file for each module. One file is part of what the first page loads anyway, while ten would be ten
    requests.
    So its functions have different names. A part that only some pages have does not belong here.

    What a component does `on_mount`, or hears from the window, it does as long as the whole part is on the page (so
    does all that `rx.memo` compiles). An element inside that comes and goes, and does something then, is a part of its
    own.
    """
    draw.__module__ = __name__
    return rx.memo(draw)
