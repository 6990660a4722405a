"""Parts of a page that its first load leaves out: the browser fetches each when it is shown for the first
time (P-8).
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import reflex as rx
from reflex_base.components.component import NoSSRComponent

Draw = Callable[[], rx.Component]


def later(draw: Draw) -> Draw:
    """`draw` as a part of a file of its own (one for all of its module), which the browser asks for when the part comes
    into sight.

    It is compiled once. What stands around it must say when: a part that is always in sight is only a second request.
    Nothing is there until it came.
    Raises TypeError, at build, for a function that does not say that it returns a component.
    """

    @cache
    def kind() -> Any:
        # Not before the page is drawn: `draw` may use what stands below it in its module.
        # Its file is not that of its module, of which the page may use something at once.
        draw.__module__ += "_later"
        compiled: Any = rx.memo(draw)()
        return type(
            f"Later{compiled.tag}",
            (NoSSRComponent,),
            {"__module__": __name__, "library": compiled.library, "tag": compiled.tag},
        )

    def shown() -> rx.Component:
        part: rx.Component = kind().create()
        return part

    return shown
