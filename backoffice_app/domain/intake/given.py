"""Reading what another shop sends: any key may be missing, text may be a number, and whatever is wrong is named with
its path.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from backoffice_app.domain.core.errors import Invalid, shortened
from backoffice_app.domain.orders.fields import language_code
from backoffice_app.i18n import LazyText, _

NAIVE_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?", re.ASCII)
ANY_DECIMALS = re.compile(r"[+-]?\d{1,15}(\.\d{0,60})?|\.\d{1,60}", re.ASCII)
"""Decimal text of other shops, which write a sum of theirs with as many digits as it has: 1.5966386554621848."""
OTHER_CODES = {"UK": "GB", "EL": "GR"}
"""Country codes that are in use and not in ISO 3166."""
NO_REFERENCES = {"0", "-", "n/a", "na", "none", "null", "nil", "false", "undefined"}
"""What shops write where a payment has no reference."""


@dataclass(frozen=True)
class Home:
    """What the orders of another shop leave unsaid: the shop's own country, its time zone, and the name of its source,
    "" for the usual.
    """

    country: str = "DE"
    zone: str = "UTC"
    source: str = ""


@dataclass
class Reading:
    """What was found on the way through one payload."""

    home: Home = Home()
    problems: list[Invalid] = field(default_factory=list)
    remarks: list[LazyText] = field(default_factory=list)

    def remark(self, sentence: LazyText) -> None:
        """Something that a person should know of the order; each sentence once."""
        if sentence not in self.remarks:
            self.remarks.append(sentence)


class Given:
    """One JSON object of a payload, its path in it, and what was found so far in the whole payload."""

    def __init__(self, data: object, path: str = "", reading: Reading | None = None) -> None:
        self.path = path
        self.reading = reading or Reading()
        if not isinstance(data, Mapping):
            self.problems.append(Invalid(path, _("Must be a JSON object.")))
            data = {}
        self.data: Mapping[str, Any] = data

    @property
    def problems(self) -> list[Invalid]:
        """Why the order can't be taken, with the fields as the shop calls them."""
        return self.reading.problems

    def remark(self, sentence: LazyText) -> None:
        """Something that a person should know of the order."""
        self.reading.remark(sentence)

    def has(self, name: str) -> bool:
        """Whether there is anything under `name`: not missing, not null, not empty."""
        return self.data.get(name) not in (None, "", [], {})

    def refuse(self, name: str, reason: LazyText) -> None:
        """Note that `name` can't be taken, and why."""
        self.problems.append(Invalid(f"{self.path}.{name}".strip("."), reason))

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
        """The exact number under `name`, sent as text or as a JSON number; 0 if it is empty."""
        value = self.data.get(name)
        if value is None or value == "":
            return Decimal(0)
        if isinstance(value, str) and ANY_DECIMALS.fullmatch(value.strip()):
            return Decimal(value.strip()) + 0
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            number = Decimal(value)
            if number.is_finite() and number.adjusted() < 15:
                return number + 0
        self.refuse(name, _("“{value}” is no decimal number such as 19.95.").format(value=str(value)[:50]))
        return Decimal(0)

    def moment(self, *names: str) -> str:
        """The first of `names` that is there, as RFC 3339. Empty if none is there.

        Without a zone it is UTC under a name that ends in `_gmt`, and else in the shop's own zone, which is remarked.
        """
        name = next((name for name in names if self.has(name)), "")
        value = self.text(name) if name else ""
        if not NAIVE_MOMENT.fullmatch(value):
            return value
        if name.endswith("_gmt"):
            return f"{value}Z"
        try:
            here = (
                datetime.fromisoformat(value.replace(" ", "T"))
                .replace(tzinfo=ZoneInfo(self.reading.home.zone))
                .isoformat()
            )
        except (ValueError, OverflowError):
            return f"{value}Z"  # no time that exists: the field says so
        self.remark(
            _("The shop gives times without a zone; they are read in the shop's zone, {zone}.").format(
                zone=self.reading.home.zone
            )
        )
        return here

    def part(self, name: str) -> "Given":
        """The object under `name`; an empty one if it is missing or null."""
        return Given(self.data.get(name) or {}, f"{self.path}.{name}".lstrip("."), self.reading)

    def parts(self, name: str) -> list["Given"]:
        """The objects of the array under `name`; none if it is missing or null."""
        value = self.data.get(name) or []
        if not isinstance(value, list):
            self.refuse(name, _("Must be a JSON array."))
            return []
        path = f"{self.path}.{name}".lstrip(".")
        return [Given(one, f"{path}[{i}]", self.reading) for i, one in enumerate(value)]

    def reference(self, name: str) -> str:
        """The reference of a payment under `name`; empty where the shop writes that there isn't one."""
        found = self.text(name).strip()
        return "" if found.casefold() in NO_REFERENCES else found


def known_language(given: Given, code: str) -> str:
    """`code` if it is the code of a language, else "" and a remark: no order of a shop is turned away for
    its language.
    """
    if code and not language_code(code):
        reason = _(
            "“{value}” is no language that Kontor knows: the order is in the customer's language, or the shop's."
        )
        given.remark(reason.format(value=shortened(code)))
        return ""
    return code


def with_country(given: Given, address: dict[str, str], *others: str) -> dict[str, str]:
    """`address` with its country, else the first of `others`, else the shop's own; what was not said is remarked.

    Sales at the counter, digital goods and custom amounts come without any address, and are paid all the same.
    """
    country = address["country"].strip().upper()
    if country:
        return address | {"country": OTHER_CODES.get(country, country)}
    found = next((other for other in others if other), "")
    if found:
        return address | {"country": found}
    reason = _("The order has no country; it is kept with the shop's own, {country}.")
    given.remark(reason.format(country=given.reading.home.country))
    return address | {"country": given.reading.home.country}


def is_place(address: Mapping[str, str]) -> bool:
    """Whether an address says where to send anything: a name alone does not."""
    return any(address[field].strip() for field in ("street", "addition", "postcode", "city"))


def options_of(pairs: list[tuple[str, str]]) -> str:
    """What a customer chose or wrote, as one `name: text` a line."""
    return "\n".join(
        ": ".join(filter(None, (name.strip(), text.strip()))) for name, text in pairs if text.strip()
    )
