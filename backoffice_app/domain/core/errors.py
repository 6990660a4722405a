"""The ways in which Kontor says no, and in which the database cannot answer; anything else that is raised is a bug."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from backoffice_app.i18n import LazyText

LONGEST_PATH = 200
OUR_LISTS = frozenset({"choices", "fields", "scopes", "why"})
"""What sentences list of our own; everything else in them may be the caller's."""
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Refused(Exception):  # noqa: N818  # reads as a sentence: raise Refused(reason)
    """The rules say no. `reason` says why and what to do first, for a person to read (ST-3)."""

    def __init__(self, reason: LazyText) -> None:
        super().__init__(reason.in_language("en"))
        self.reason = reason


class Overtaken(Refused):
    """A form was filled from what others have changed since; who has seen the change may save again (W-16)."""


class Asks(Refused):
    """It can be done, but a person must say so first.

    `question`: what they are asked; `answer`: what says yes to it (`Work.ask`).
    """

    def __init__(self, question: LazyText, answer: str) -> None:
        super().__init__(question)
        self.answer = answer


class Busy(Refused):
    """Somebody else holds the lock for longer than a person waits.

    Nothing was done; the same thing may be tried again at once.
    """


class WrongClock(Refused):
    """The clock of this machine is wrong by days: what bears a date waits.

    It passes as soon as somebody sets the clock.
    """


class Away(Exception):  # noqa: N818
    """The database cannot work: no connection, no room, no answer in time. Nothing was done.

    `reason` says so to a person.

    Made in `db_errors.py`; raised by whatever reads (`db.reading`) and by `work` before its commit.
    """

    def __init__(self, reason: LazyText) -> None:
        super().__init__(reason.in_language("en"))
        self.reason = reason


class Unknown(Exception):  # noqa: N818
    """The connection broke during the commit: whether it was done can only be seen by looking.

    `reason` says so to a person.
    """

    def __init__(self, reason: LazyText) -> None:
        super().__init__(reason.in_language("en"))
        self.reason = reason


class Invalid(ValueError):  # noqa: N818
    """The input is wrong. `field` is the path of the field as the caller wrote it, such as `lines[0].quantity`.

    What the caller sent is repeated in `reason` only as far as a person needs to recognise it. `others`: what else is
    wrong in the same input, so that a person reads all of it at once.
    """

    others: "tuple[Invalid, ...]" = ()

    def __init__(self, field: str, reason: LazyText) -> None:
        super().__init__(field, reason)
        self.field = shortened(field, LONGEST_PATH)
        quoted = {
            name: shortened(text)
            for name, text in reason.values.items()
            if isinstance(text, str) and name not in OUR_LISTS
        }
        self.reason = reason.format(**quoted) if quoted else reason

    def __str__(self) -> str:
        """In English, for logs and tests; made when it is asked for, as one request may be wrong in many fields."""
        return f"{self.field}: {self.reason.in_language('en')}"


def all_at_once(found: Sequence[Invalid]) -> None:
    """Raises the first of what was found wrong, with the others beside it; nothing where nothing was."""
    if found:
        first, *rest = found
        first.others = tuple(rest)
        raise first


@contextmanager
def noting(wrong: list[Invalid]) -> Iterator[None]:
    """What is found wrong inside goes into `wrong` instead of ending the rest, for `all_at_once` at the end."""
    try:
        yield
    except Invalid as no:
        wrong.append(no)


def shortened(text: str, longest: int = 50) -> str:
    """At most `longest` characters of what somebody sent, the last one "…" where more followed; half characters are
    replaced.
    """
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return LONE_SURROGATE.sub("\ufffd", cut)


class NotFound(LookupError):  # noqa: N818
    """There is no such thing, or this actor may not know of it. `what` names it as the caller did."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
