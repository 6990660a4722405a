"""JSON read without losing a digit, one order at a time, and refused with line and column where it isn't (API-2)."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.i18n import _

DEEPEST_NUMBER = 400  # digits; longer ones are no figures of an order
BLANKS = " \t\r\n"


def text_of(source: Path | bytes) -> str:
    """The text of a file or of bytes. Raises Invalid if it is not UTF-8, saying where."""
    raw = source if isinstance(source, bytes) else source.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Invalid("", _("Line {line}: this is not UTF-8 text.").format(line=line)) from None


def values(text: str) -> Iterator[object]:
    """The orders in `text` one after the other, if it is an array, else its one value.

    Raises Invalid where it is no JSON.

    Nothing but the value at hand is kept in memory, so that a file may hold a million orders.
    """
    at = _skip(text, 0)
    if text[at : at + 1] != "[":
        value, at = _value(text, at)
        yield value
    else:
        at = _skip(text, at + 1)
        while text[at : at + 1] != "]":
            value, at = _value(text, at)
            yield value
            at = _skip(text, at)
            if text[at : at + 1] == ",":
                at = _skip(text, at + 1)
                if text[at : at + 1] == "]":
                    _refuse(text, at, "Illegal trailing comma before end of array")
            elif text[at : at + 1] != "]":
                _refuse(text, at, "Expecting ',' delimiter")
        at += 1
    if _skip(text, at) != len(text):
        _refuse(text, _skip(text, at), "Extra data")


def _value(text: str, at: int) -> tuple[object, int]:
    try:
        return _decoder.raw_decode(text, at)
    except json.JSONDecodeError as error:
        _refuse(text, error.pos, error.msg)
    except RecursionError:
        _refuse(text, at, "Nested too deeply")
    except _TwiceError as error:
        raise Invalid(error.args[0], _("Stands twice in one object.")) from None


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in BLANKS:
        at += 1
    return at


def _refuse(text: str, at: int, why: str) -> NoReturn:
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    reason = _("Line {line}, column {column}: this is no valid JSON ({why}).")
    raise Invalid("", reason.format(line=line, column=column, why=why))


class _TwiceError(ValueError):
    pass


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise _TwiceError(name)
        found[name] = value
    return found


def _whole(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= DEEPEST_NUMBER else Decimal("NaN")


def _fraction(digits: str) -> Decimal:
    return Decimal(digits) if len(digits) <= DEEPEST_NUMBER else Decimal("NaN")


def _constant(name: str) -> Decimal:
    return Decimal(name)


_decoder = json.JSONDecoder(
    parse_float=_fraction, parse_int=_whole, parse_constant=_constant, object_pairs_hook=_once
)
