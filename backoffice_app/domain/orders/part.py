"""What all parts of an order from outside share: null is as if left out, and looking for problems comes to an end."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticOmit

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.wrong_input import invalid_of, path
from backoffice_app.i18n import LazyNumber, LazyText, ngettext

MOST_PROBLEMS = 50
"""How many a person can use. One order of ten thousand lines may hold a hundred thousand."""


class InvalidOrder(ValueError):  # noqa: N818  # the family of Invalid
    """An order that can't be taken; `problems` names the fields that are wrong, at most MOST_PROBLEMS, `more` counts
    the others.

    `is_counted`: whether `more` is all of them; where not, reading had ended before.
    """

    def __init__(self, problems: Iterable[Invalid], more: int = 0, *, is_counted: bool = True) -> None:
        found = tuple(problems)
        self.problems = found[:MOST_PROBLEMS]
        self.more = more + len(found) - len(self.problems)
        self.is_counted = is_counted
        super().__init__(found[:MOST_PROBLEMS])

    def __str__(self) -> str:
        """In English, for logs and tests."""
        rest = self.rest
        return "; ".join([*map(str, self.problems), *([rest.in_language("en")] if rest else [])])

    @property
    def rest(self) -> LazyText | None:
        """How many problems are not named; None if all are."""
        if not self.more:
            return None
        if self.is_counted:
            sentence = ngettext("One more field is wrong.", "{count} more fields are wrong.", self.more)
        else:
            sentence = ngettext(
                "At least one more field is wrong.", "At least {count} more fields are wrong.", self.more
            )
        return sentence.format(count=LazyNumber(Decimal(self.more)))

    def named(self, problems: Iterable[Invalid]) -> "InvalidOrder":
        """The same refusal with `problems` in place of its own, such as in the words of another shop."""
        return InvalidOrder(problems, self.more, is_counted=self.is_counted)


@dataclass
class Tally:
    """What was found wrong so far in one order. It goes through the validation as its context."""

    found: int = 0
    unnamed: int = 0
    is_all: bool = True


def _nullable(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Says in the JSON schema that a field that may be left out may be null too."""
    for name, field in model.model_fields.items():
        told = schema["properties"][name]
        if field.is_required() or {"type": "null"} in told.get("anyOf", ()):
            continue
        outside = {key: told[key] for key in ("default", "title", "description") if key in told}
        kind = {key: value for key, value in told.items() if key not in outside}
        schema["properties"][name] = {"anyOf": [kind, {"type": "null"}]} | outside


class Part(BaseModel):
    """Frozen. A field nobody knows is refused by name; null in a field is the same as leaving it out."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_nullable)

    @model_validator(mode="wrap")
    @classmethod
    def _as_sent(cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        tally = info.context if isinstance(info.context, Tally) else Tally()
        if (
            tally.found > MOST_PROBLEMS
        ):  # the order is refused in any case; what else is wrong with it is not looked for
            tally.is_all = False
            raise PydanticOmit
        before = tally.found
        try:
            return handler(cls._given(data, tally) if isinstance(data, dict) else data)
        except ValidationError as error:
            tally.found = before + error.error_count()
            raise

    @classmethod
    def _given(cls, data: dict[str, Any], tally: Tally) -> dict[str, Any]:
        """What is not null, with no more unknown fields than will be named."""
        known = cls.model_fields
        given = {name: data[name] for name in known if data.get(name) is not None}
        unknown = [name for name in data if name not in known]
        tally.unnamed += max(0, len(unknown) - MOST_PROBLEMS)
        return given | {name: data[name] for name in unknown[:MOST_PROBLEMS]}


def refusal_of(error: ValidationError, tally: Tally) -> InvalidOrder:
    """What pydantic found wrong with an order, as its sender reads it."""
    named: list[Invalid] = []
    passed_over = 0
    for one in error.errors(include_url=False, include_input=False):
        if (
            one["type"] == "too_short"
            and one["ctx"]["actual_length"] == 0
            and _is_follow_up(one, named, tally)
        ):
            passed_over += 1
        elif len(named) < MOST_PROBLEMS:
            named.append(invalid_of(one))
    more = error.error_count() - passed_over - len(named) + tally.unnamed
    return InvalidOrder(named, more, is_counted=tally.is_all)


def _is_follow_up(one: Any, named: list[Invalid], tally: Tally) -> bool:
    """Entries that are wrong, or were not read, do not count for pydantic: three bad lines are "too short" as well."""
    return not tally.is_all or (bool(named) and named[-1].field.startswith(f"{path(one['loc'])}["))
