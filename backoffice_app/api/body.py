"""Bodies of calls: read up to a limit, and as JSON without losing a digit (API-1)."""

from itertools import islice

from fastapi import HTTPException, Request

from backoffice_app.domain.core.errors import Invalid, shortened
from backoffice_app.domain.intake import json_text
from backoffice_app.i18n import _

MIB = 1024**2


async def body_of(request: Request, most: int) -> bytes:
    """The body, up to `most` bytes, whole MiB; 413 for a larger one, before it was read to its end."""
    too_large = HTTPException(413, _("The body has more than {most} MiB.").format(most=most // MIB))
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told[:20]) > most:
        raise too_large
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > most:
            raise too_large
    return bytes(raw)


def value_of(raw: bytes) -> object:
    """The one JSON value in a body. 400 if it is no JSON in UTF-8.

    No call takes an array, so none is read to its end.
    """
    try:
        text = json_text.text_of(raw)
        if text.lstrip(json_text.BLANKS).startswith("["):
            return [*islice(json_text.values(text), 1)]
        [found] = json_text.values(text)
    except Invalid as unreadable:
        twice = _("The field {field} stands twice.").format(field=shortened(unreadable.field))
        raise HTTPException(
            400, twice if unreadable.field else unreadable.reason
        ) from None  # translated by the handler
    return found


def fields_of(raw: bytes) -> dict[str, object]:
    """The fields of the object in a body; none where there is no body. Null is the same as leaving a field out.

    400 if it is no JSON. Raises Invalid for what is no object.
    """
    found = value_of(raw) if raw.strip() else {}
    if not isinstance(found, dict):
        raise Invalid("", _("Must be a JSON object."))
    return {name: value for name, value in found.items() if value is not None}
