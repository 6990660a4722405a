"""A postal address, line by line as it goes on the parcel, and the map of its place."""

import reflex as rx

from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import Text


def address(lines: rx.Var[list[str]]) -> rx.Component:
    """The lines of an address; each keeps its own writing direction."""
    return rx.el.address(rx.foreach(lines, lambda line: rx.el.div(rx.el.bdi(line))))


def place_map(
    picture: rx.Var[str], place: Text, missing: Text, *, link: Text, opens: Text, source: Text
) -> rx.Component:
    """The tile with the map of a place, all of it a link to the outside map; without a `picture` it says `missing`.

    `opens`: what the link says to who does not see it; `source`: whose data the map shows.
    """
    drawn = rx.fragment(rx.el.img(src=picture, alt=""), rx.el.span(rx.el.bdi(place)))
    return rx.el.a(
        rx.cond(picture != "", drawn, rx.fragment(icon("map-pin"), missing)),
        class_name=rx.cond(picture != "", "map", "map map-none"),
        href=link,
        target="_blank",
        rel="noopener noreferrer",
        aria_label=rx.cond(picture != "", opens, rx.Var.create("") + missing + " " + opens),
        title=source,
    )
