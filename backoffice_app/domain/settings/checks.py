"""Checks of what is typed into settings: each returns the value as it is kept, or raises Invalid."""

import re
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from unicodedata import category, normalize

from email_validator import EmailNotValidError, validate_email

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.visible import visible
from backoffice_app.domain.mail.sender import with_ascii_domain
from backoffice_app.i18n import _

LONGEST = 200
"""Letters of a text field."""
LONGEST_TEXT = 2_000
"""Letters of a text of several lines, as of the own text of one invoice."""
LONGEST_SECRET = 500
LARGEST_PORT = 65_535
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
"""A part of a host name."""
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""What a resolver would take for a part of an IP address."""
Check = Callable[[str], str]


def line(value: str) -> str:
    """One line of text: blanks as one, nothing that can't be printed or seen."""
    line = _printable(value, marks=False)
    _require_length(line, LONGEST)
    return line


def paragraphs(value: str) -> str:
    """A text of several lines, each as `line` keeps it; at most one empty line between two."""
    _require_length(value, LONGEST_TEXT)
    parts = re.split(r"\n{2,}", "\n".join(_printable(part, marks=True) for part in value.splitlines()))
    return "\n\n".join(kept for part in parts if (kept := part.strip()))


def _printable(value: str, *, marks: bool) -> str:
    line = " ".join(visible(normalize("NFC", value), marks=marks).split())
    # Cf: joiners, which Arabic and Hindi need
    if not all(letter.isprintable() or category(letter) == "Cf" for letter in line):
        raise Invalid("", _("Holds a character that can't be printed."))
    return line


def _require_length(value: str, longest: int) -> None:
    if len(value) > longest:
        reason = _("Has {count} characters; at most {longest} are taken.")
        raise Invalid("", reason.format(count=len(value), longest=longest))


def one_of(known: tuple[str, ...]) -> Check:
    """The check of a choice."""

    def check(value: str) -> str:
        if value not in known:
            raise Invalid("", _("“{value}” is not one of the choices.").format(value=value))
        return value

    return check


def email(value: str) -> str:
    """An e-mail address, or nothing."""
    try:
        return (
            validate_email(value, check_deliverability=False, globally_deliverable=False).normalized
            if value
            else ""
        )
    except EmailNotValidError:
        raise Invalid("", _("“{value}” is no e-mail address.").format(value=value)) from None


def public_email(value: str) -> str:
    """An e-mail address that customers can write to, so its domain has a dot; or nothing."""
    address = email(value)
    if address and "." not in address.rpartition("@")[2]:
        raise Invalid("", _("“{value}” is no e-mail address.").format(value=value))
    return address


def emails(value: str) -> str:
    """Several addresses with commas between."""
    return ", ".join(email(part.strip()) for part in value.replace(";", ",").split(",") if part.strip())


def website(value: str) -> str:
    """An address such as www.example.com, or nothing."""
    if value and (" " in value or "." not in value):
        raise Invalid(
            "", _("“{value}” is no address of a website such as www.example.com.").format(value=value)
        )
    return value


def host(value: str) -> str:
    """The name of a server as the network knows it, or its IP address; or nothing.

    No address of a page, no port, no user.
    """
    bare = (value[1:-1] if value.startswith("[") and value.endswith("]") else value).removesuffix(".")
    with suppress(ValueError):
        return str(ip_address(bare.replace("%", " ")))  # no scope: it may hold whatever one likes
    wrong = Invalid(
        "",
        _(
            "“{value}” is no name of a server. Write it alone, such as mail.example.com, or an IP address."
        ).format(value=value),
    )
    try:
        name = with_ascii_domain(f"a@{bare}").rpartition("@")[2].lower()
    except ValueError:
        raise wrong from None
    parts = name.split(".")
    if value and (
        "@" in bare or len(name) > 253 or not all(map(LABEL.fullmatch, parts)) or NUMBER.fullmatch(parts[-1])
    ):
        raise wrong
    return name


def port(value: str) -> str:
    """A port, or nothing for the usual one."""
    if value and not (is_number(value, 5) and 0 < int(value) <= LARGEST_PORT):
        raise Invalid(
            "", _("Write a port from 1 to {most}, or nothing for the usual one.").format(most=LARGEST_PORT)
        )
    return str(int(value)) if value else ""


def secret(value: str) -> str:
    """A password as it was typed. What is wrong does not repeat it."""
    _require_length(value, LONGEST_SECRET)
    if any(category(letter) in {"Cc", "Cs"} for letter in value):
        raise Invalid("", _("Holds a character that can't be printed."))
    return value


def is_number(value: str, digits: int) -> bool:
    """Whether it is a whole number of at most so many digits."""
    return value.isascii() and value.isdigit() and len(value) <= digits
