"""The ways in which Kontor says no, and in which the database cannot answer; anything else that is raised is a bug."""

from backoffice_app.i18n import LazyText


class Refused(Exception):  # noqa: N818  # reads as a sentence: raise Refused(reason)
    """The rules say no. `reason` says why and what to do first, for a person to read (ST-3)."""

    def __init__(self, reason: LazyText) -> None:
        super().__init__(reason.in_language("en"))
        self.reason = reason


class Overtaken(Refused):
    """A form was filled from what others have changed since; who has seen the change may save again (W-16)."""


class Busy(Refused):
    """Somebody else holds the lock for longer than a person waits. Nothing was done; the same thing may be tried again at once."""


class WrongClock(Refused):
    """The clock of this machine is wrong by days: what bears a date waits. It passes as soon as somebody sets the clock."""


class Away(Exception):  # noqa: N818
    """The database cannot work: no connection, no room, no answer in time. Nothing was done. `reason` says so to a person.

    Made in `db_errors.py`; raised by whatever reads (`db.reading`) and by `work` before its commit.
    """

    def __init__(self, reason: LazyText) -> None:
        super().__init__(reason.in_language("en"))
        self.reason = reason


class Unknown(Exception):  # noqa: N818
    """The connection broke during the commit: whether it was done can only be seen by looking. `reason` says so to a person."""

    def __init__(self, reason: LazyText) -> None:
        super().__init__(reason.in_language("en"))
        self.reason = reason


class Invalid(ValueError):  # noqa: N818
    """The input is wrong. `field` is the path of the field as the caller wrote it, such as `lines[0].quantity`."""

    def __init__(self, field: str, reason: LazyText) -> None:
        super().__init__(f"{field}: {reason.in_language('en')}")
        self.field = field
        self.reason = reason


class NotFound(LookupError):  # noqa: N818
    """There is no such thing, or this actor may not know of it. `what` names it as the caller did."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
