"""What is typed into the forms of methods: their codes, names and choices."""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain.core.choice_lists import NAME
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.payment_methods import CODE, Names
from backoffice_app.domain.core.visible import visible
from backoffice_app.i18n import _

LONGEST_NAME = 200
Values = Mapping[str, str]
"""A form: text by field."""
Choices = Mapping[str, AbstractSet[str]]
"""What can be chosen, by each field that is not a name."""


def code_in(text: str) -> str:
    """The code of a method as it was typed. Raises Invalid."""
    if not CODE.fullmatch(text.strip()) or not text.isprintable():
        raise Invalid("code", _("Write the code as your web shop sends it, without spaces."))
    return text.strip()


def given_in(values: Values, choices: Choices) -> dict[str, str]:
    """The choices and names of a form, as they are kept; other fields are left out. Raises Invalid naming the field."""
    fields = {
        name: value
        for name, value in values.items()
        if name in choices or name.removeprefix(NAME) in LANGUAGES
    }
    return {name: _checked(name, value, choices) for name, value in fields.items()}


def name_fields(names: Names) -> dict[str, str]:
    """The names as a form shows them, by field."""
    return {NAME + language: names.get(language, "") for language in LANGUAGES}


def names_json(values: Values) -> str:
    """The names of a form as a row keeps them."""
    return json.dumps(
        {language: values[NAME + language] for language in LANGUAGES if values[NAME + language]},
        ensure_ascii=False,
    )


def _checked(name: str, value: str, choices: Choices) -> str:
    value = " ".join(visible(value).split())
    if name in choices and value not in choices[name]:
        raise Invalid(name, _("“{value}” is not one of the choices.").format(value=value))
    if len(value) > LONGEST_NAME:
        raise Invalid(
            name,
            _("Has {count} characters; at most {longest} are taken.").format(
                count=len(value), longest=LONGEST_NAME
            ),
        )
    return value
