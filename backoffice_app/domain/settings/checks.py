"""Checks of what is typed into settings: each returns the value as it is kept, or raises Invalid."""

from collections.abc import Callable
from unicodedata import category, normalize

from email_validator import EmailNotValidError, validate_email

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.visible import visible
from backoffice_app.i18n import _

LONGEST = 200
"""Letters of a text field."""
Check = Callable[[str], str]


def line(value: str) -> str:
    """One line of text: blanks as one, nothing that can't be printed or seen."""
    line = " ".join(visible(normalize("NFC", value)).split())
    if not all(letter.isprintable() or category(letter) == "Cf" for letter in line):  # Cf: joiners, which Arabic and Hindi need
        raise Invalid("", _("Holds a character that can't be printed."))
    if len(line) > LONGEST:
        raise Invalid("", _("Has {count} characters; at most {longest} are taken.").format(count=len(line), longest=LONGEST))
    return line


def one_of(known: tuple[str, ...]) -> Check:
    """The check of a choice."""

    def check(value: str) -> str:
        if value not in known:
            raise Invalid("", _("“{value}” is none of the choices.").format(value=value))
        return value

    return check


def email(value: str) -> str:
    """An e-mail address, or nothing."""
    try:
        return validate_email(value, check_deliverability=False, globally_deliverable=False).normalized if value else ""
    except EmailNotValidError:
        raise Invalid("", _("“{value}” is no e-mail address.").format(value=value)) from None


def emails(value: str) -> str:
    """Several addresses with commas between."""
    return ", ".join(email(part.strip()) for part in value.replace(";", ",").split(",") if part.strip())


def website(value: str) -> str:
    """An address such as www.example.com, or nothing."""
    if value and (" " in value or "." not in value):
        raise Invalid("", _("“{value}” is no address of a website such as www.example.com.").format(value=value))
    return value


def is_number(value: str, digits: int) -> bool:
    """Whether it is a whole number of at most so many digits."""
    return value.isascii() and value.isdigit() and len(value) <= digits
