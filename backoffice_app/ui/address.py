"""A postal address, line by line as it goes on the parcel."""

import reflex as rx


def address(lines: rx.Var[list[str]]) -> rx.Component:
    """The lines of an address; each keeps its own writing direction."""
    return rx.el.address(rx.foreach(lines, lambda line: rx.el.div(rx.el.bdi(line))))
