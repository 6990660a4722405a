"""Reading what another shop sends: any key may be missing, text may be a number, and whatever is wrong is named with its path."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from backoffice_app.domain.core.errors import Invalid, shortened
from backoffice_app.domain.core.money import DECIMAL_TEXT
from backoffice_app.domain.orders.fields import language_code
from backoffice_app.i18n import LazyText, _

NAIVE_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?")


class Given:
    """One JSON object of a payload, its path in it, and the problems found so far in the whole payload."""

    def __init__(self, data: object, path: str = "", problems: list[Invalid] | None = None) -> None:
        self.path = path
        self.problems: list[Invalid] = [] if problems is None else problems
        if not isinstance(data, Mapping):
            self.problems.append(Invalid(path, _("Must be a JSON object.")))
            data = {}
        self.data: Mapping[str, Any] = data

    def has(self, name: str) -> bool:
        """Whether there is anything under `name`: not missing, not null, not empty."""
        return self.data.get(name) not in (None, "", [], {})

    def refuse(self, name: str, reason: LazyText) -> None:
        """Note that `name` can't be taken, and why."""
        self.problems.append(Invalid(f"{self.path}.{name}".lstrip("."), reason))

    def text(self, *names: str) -> str:
        """The first of `names` that is there, as text; ids and SKUs may be JSON numbers. Empty if none is there."""
        for name in names:
            value = self.data.get(name)
            if value is None or value == "":
                continue
            if isinstance(value, str):
                return value
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                return f"{value:f}" if isinstance(value, Decimal) else str(value)
            self.refuse(name, _("Must be text."))
            return ""
        return ""

    def number(self, name: str) -> Decimal:
        """The exact number under `name`, sent as text or as a JSON number; 0 if it is empty. A float is refused: it has lost digits."""
        value = self.data.get(name)
        if value is None or value == "":
            return Decimal(0)
        if isinstance(value, str) and DECIMAL_TEXT.fullmatch(value.strip()):
            return Decimal(value.strip()) + 0
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and abs(Decimal(value)) < 10**15:
            return Decimal(value) + 0
        self.refuse(name, _("“{value}” is no decimal number such as 19.95.").format(value=str(value)[:50]))
        return Decimal(0)

    def moment(self, *names: str) -> str:
        """The first of `names` that is there, as RFC 3339; one without a zone is taken for UTC. Empty if none is there."""
        value = self.text(*names)
        return f"{value}Z" if NAIVE_MOMENT.fullmatch(value) else value

    def part(self, name: str) -> "Given":
        """The object under `name`; an empty one if it is missing or null."""
        return Given(self.data.get(name) or {}, f"{self.path}.{name}".lstrip("."), self.problems)

    def parts(self, name: str) -> list["Given"]:
        """The objects of the array under `name`; none if it is missing or null."""
        value = self.data.get(name) or []
        if not isinstance(value, list):
            self.refuse(name, _("Must be a JSON array."))
            return []
        path = f"{self.path}.{name}".lstrip(".")
        return [Given(one, f"{path}[{i}]", self.problems) for i, one in enumerate(value)]


def known_language(code: str, remarks: list[LazyText]) -> str:
    """`code` if anybody knows its language, else "" and a remark: for a word about its language no order of a shop is turned away."""
    if code and not language_code(code):
        reason = _("“{value}” is no language that Kontor knows: the order is in the customer's language, or the shop's.")
        remarks.append(reason.format(value=shortened(code)))
        return ""
    return code
