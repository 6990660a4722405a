"""What pydantic found wrong, as sentences in the reader's language, each with its field as the caller wrote it."""

import re
from collections.abc import Iterable
from typing import Any

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.i18n import LazyText, _


def invalid_of(error: Any) -> Invalid:
    """One entry of pydantic's `errors()`; an Invalid that one of our own checks raised keeps its reason, and its field if it named one."""
    raised = error.get("ctx", {}).get("error")
    if isinstance(raised, Invalid):
        return Invalid(raised.field or path(error["loc"]), raised.reason)
    return Invalid(path(error["loc"]), _reason(error))


def path(steps: Iterable[str | int]) -> str:
    """The way to a field as one writes it: ("lines", 0, "sku") -> "lines[0].sku"."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return re.sub(r"^\.", "", text)


def _reason(error: Any) -> LazyText:
    limits = error.get("ctx", {})
    choices = str(limits.get("expected", "")).replace(" or ", ", ")
    reasons = {
        "missing": _("Is missing."),
        "extra_forbidden": _("There is no field of this name."),
        "literal_error": _("Must be one of: {choices}.").format(choices=choices),
        "enum": _("Must be one of: {choices}.").format(choices=choices),
        "string_type": _("Must be text."),
        "string_too_short": _("Must not be empty."),
        "string_too_long": _("Has more than {longest} characters.").format(longest=limits.get("max_length", "")),
        "too_short": _("Must not be empty."),
        "too_long": _("Has more than {most} entries.").format(most=limits.get("max_length", "")),
        "model_type": _("Must be a JSON object."),
        "model_attributes_type": _("Must be a JSON object."),
        "tuple_type": _("Must be a JSON array."),
        "bool_type": _("Must be true or false."),
        "bool_parsing": _("Must be true or false."),
        "int_type": _("Must be a whole number."),
        "int_parsing": _("Must be a whole number."),
        "decimal_parsing": _("Must be a number."),
        "decimal_type": _("Must be a number."),
        "date_type": _("Must be a day such as 2026-11-24."),
        "date_parsing": _("Must be a day such as 2026-11-24."),
        "date_from_datetime_parsing": _("Must be a day such as 2026-11-24."),
        "greater_than": _("Must be more than {least}.").format(least=limits.get("gt", "")),
        "greater_than_equal": _("Must not be less than {least}.").format(least=limits.get("ge", "")),
        "less_than_equal": _("Must not be more than {most}.").format(most=limits.get("le", "")),
    }
    return reasons.get(error["type"]) or _("Is not of the right kind.")
