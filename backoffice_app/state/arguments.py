"""Whether an event brings what its handler takes: a client may send anything, and what it makes up is no bug of ours
(SEC-2).
"""

from collections.abc import Callable, Mapping
from functools import cache
from inspect import Parameter, signature
from typing import Any, get_type_hints

from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY

_FORM = dict[str, str]
KINDS: tuple[object, ...] = (str, bool, int, _FORM)
"""What our handlers may take."""


def fits(handler: Callable[..., Any], payload: Mapping[str, object]) -> bool:
    """Whether `payload` has the arguments of this handler, by name, each of the kind it says: a text, a number, a yes
    or no, a form.

    Arguments of another kind, as Reflex' own handlers have, are theirs to judge.
    """
    kinds, needed = takes_of(handler)
    if not isinstance(payload, Mapping):
        return False
    return (
        payload.keys() <= kinds.keys()
        and needed <= payload.keys()
        and all(_is(kinds[name], value) for name, value in payload.items())
    )


@cache
def takes_of(handler: Callable[..., Any]) -> tuple[dict[str, object], frozenset[str]]:
    """What kind each argument is of, and which must be there."""
    hints, (_state, *arguments) = get_type_hints(handler), signature(handler).parameters.values()
    needed = frozenset(one.name for one in arguments if one.default is Parameter.empty)
    return {one.name: hints.get(one.name) for one in arguments}, needed


def _is(kind: object, value: object) -> bool:
    if kind is str:
        return _is_text(value)
    if kind is bool:
        return isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == _FORM:
        return _is_form(value)
    return True


def _is_form(value: object) -> bool:
    """Texts by name; as a browser submits them, or as an action of ours is told them."""
    if not isinstance(value, Mapping):
        return False
    pairs = value[FORM_DATA_ENTRIES_KEY] if value.keys() == {FORM_DATA_ENTRIES_KEY} else list(value.items())
    if not isinstance(pairs, list):
        return False
    return all(
        isinstance(pair, list | tuple) and len(pair) == 2 and all(map(_is_text, pair)) for pair in pairs
    )


def _is_text(value: object) -> bool:
    """Half a character, as JSON can hold one, is no text: nothing could store it."""
    return isinstance(value, str) and (
        value.isascii() or value.encode("utf-8", "ignore") == value.encode("utf-8", "surrogatepass")
    )
