"""The search box of a list always shows the search that the address names, and never loses a letter that is being typed
(O-2).

The box leads to the address of its text by itself, in the browser; the server hears what was typed only to know, when
an address comes to be read, whether the box shows that text or a later one. If it does not, the box is drawn anew with
the text of the address.
"""

UNDER_WAY = 20
"""So many texts may be typed before the list of the first one is read."""


def heard(typed: list[str], text: str) -> list[str]:
    """What the box was left with, oldest first, with one more text."""
    return [*typed, text][-UNDER_WAY:]


def box_for(box: int, typed: list[str], text: str) -> tuple[int, list[str]]:
    """The number of the box that shows `text`, now that the list of it is read, and what was typed into it since.

    Another number means another box: the one in sight was left with none of these texts.
    """
    if text in typed:
        return box, typed[typed.index(text) :]
    return box + 1, [text]


def left_with(text: str, *, gone: bool) -> list[str]:
    """What a box was left with that one turns from. `text`: the search of the list read last.

    A box that is gone is drawn with that text when one comes back, and what is typed into it at once must stay. One
    that stays in sight may show more than was searched, so the next list draws it anew.
    """
    return [text] if gone else []
