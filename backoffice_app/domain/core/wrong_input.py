"""What pydantic found wrong, as sentences in the reader's language, each with its field as the caller wrote it."""

import re
from collections.abc import Iterable
from typing import Any

from backoffice_app.domain.core.errors import Invalid, shortened
from backoffice_app.i18n import LazyText, _

_WHOLE, _NUMBER, _YES_OR_NO = (
    _("Must be a whole number."),
    _("Must be a number."),
    _("Must be true or false."),
)
_OBJECT, _DAY, _CHOICES = (
    _("Must be a JSON object."),
    _("Must be a day such as 2026-11-24."),
    _("Must be one of: {choices}."),
)
OTHER = _("Is not of the right kind.")
REASONS = {
    "missing": _("Is missing."),
    "extra_forbidden": _("There is no field of this name."),
    "literal_error": _CHOICES,
    "enum": _CHOICES,
    "string_type": _("Must be text."),
    "string_too_short": _("Must not be empty."),
    "string_too_long": _("Has more than {longest} characters."),
    "too_short": _("Must not be empty."),
    "too_long": _("Has more than {most} entries."),
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "tuple_type": _("Must be a JSON array."),
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "decimal_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "greater_than": _("Must be more than {least}."),
    "greater_than_equal": _("Must not be less than {least}."),
    "less_than_equal": _("Must not be more than {most}."),
}
"""What pydantic calls a kind of error -> what a person reads."""


def invalid_of(error: Any) -> Invalid:
    """One entry of pydantic's `errors()`; an Invalid that one of our own checks raised keeps its reason, and its field
    if it named one.
    """
    raised = error.get("ctx", {}).get("error")
    if isinstance(raised, Invalid):
        return Invalid(raised.field or path(error["loc"]), raised.reason)
    return Invalid(path(error["loc"]), _reason(error))


def path(steps: Iterable[str | int]) -> str:
    """The way to a field as one writes it: ("lines", 0, "sku") -> "lines[0].sku"."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{shortened(step)}" for step in steps)
    return re.sub(r"^\.", "", text)


def _reason(error: Any) -> LazyText:
    limits = error.get("ctx", {})
    return REASONS.get(error["type"], OTHER).format(
        choices=str(limits.get("expected", "")).replace(" or ", ", "),
        longest=limits.get("max_length", ""),
        least=limits.get("gt", limits.get("ge", "")),
        most=limits.get("max_length", limits.get("le", "")),
    )
