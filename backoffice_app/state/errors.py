"""What is raised in a handler and not caught there: a refusal is shown, anything else is logged with a number and the
number shown.
"""
# No `from __future__ import annotations` here: rx.App evaluates these annotations in its own module.

import asyncio
import logging
import secrets

from reflex.event import EventSpec
from reflex_base.utils.format import format_event_handler

from backoffice_app.allowance import Allowance
from backoffice_app.domain.core.errors import Away, Invalid, NotFound, Refused, Unknown
from backoffice_app.i18n import LazyText, _
from backoffice_app.state import notices
from backoffice_app.state.base import RUNNING

log = logging.getLogger("kontor.errors")
browser_log = logging.getLogger("kontor.browser")
LONGEST_OF_BROWSER = 300
OF_BROWSER_A_MINUTE = 5


def on_backend_error(exception: Exception) -> EventSpec | None:
    """The notice for whatever a handler raised; a bug is logged with its traceback under the number that the notice
    shows.

    None where a notice itself failed, as each does while the database is away: a notice of that would fail too, and so
    on for ever.
    """
    said = reason_of(exception)
    if isinstance(exception, Away | Unknown):
        log.warning("An event found no database: %s", exception)
        return None if _is_of_a_notice() else notices.tell(exception.reason, notices.ERROR)
    number = secrets.token_hex(4)
    if said is None:
        log.error("Error %s in an event handler", number, exc_info=exception)
    if _is_of_a_notice():
        return None
    if said is not None:
        return notices.tell(said, notices.REFUSED)
    return notices.tell(
        _(
            "Something went wrong here, and it was noted as error {number}. Look at the page before you press again."
        ).format(number=number),
        notices.ERROR,
    )


def _is_of_a_notice() -> bool:
    """Whether what failed was the event that shows a notice: Reflex names the task of an event, and that of its error,
    after it.
    """
    task, notice = asyncio.current_task(), format_event_handler(notices.Notices.show)  # type: ignore[arg-type]  # the decorator makes it one
    return task is not None and f"|{notice}|" in task.get_name()


def reason_of(exception: Exception) -> LazyText | None:
    """The sentence for a person if the rules, the input or the database were why; None for a bug."""
    if isinstance(exception, Refused | Invalid | Away | Unknown):
        return exception.reason
    if isinstance(exception, NotFound):
        return _("There is no {what}.").format(what=exception.what)
    return None


def on_frontend_error(exception: Exception) -> None:
    """An error in somebody's browser: one short line, a few a minute for each colleague.

    The browser says what is in it.
    """
    actor = RUNNING.get()
    by = f"user {actor.id}" if actor else "somebody"
    if _browsers.allows(by):
        browser_log.error("Error in the browser of %s: %s", by, str(exception)[:LONGEST_OF_BROWSER])


def _tell(by: str, left_out: int) -> None:
    browser_log.warning("%d more errors in the browser of %s were left out", left_out, by)


_browsers = Allowance(OF_BROWSER_A_MINUTE, OF_BROWSER_A_MINUTE, _tell)
