"""Who may call a handler or a route: the mark that both gates read, and the cookie that names a colleague's session
(SEC-2).
"""

from collections.abc import Callable
from typing import Any, TypeVar

from backoffice_app.domain.core.rights import AnyRight

COOKIE = "kontor_session"
KNOWN_BROWSER = "kontor_browser"
"""The cookie of a browser in which somebody has signed in before; it opens nothing (SEC-1)."""
OUR_COOKIES = frozenset({COOKIE, KNOWN_BROWSER})
MARK = "kontor_right"
ABOUT = "kontor_about"
WRITES = "kontor_writes"
PUBLIC = "public"
Marked = TypeVar("Marked", bound=Callable[..., Any])


def needs(right: AnyRight) -> Callable[[Marked], Marked]:
    """Marks what only a caller who holds `right` may call. Stands below `@rx.event` or the route's decorator."""

    def mark(marked: Marked) -> Marked:
        setattr(marked, MARK, right)
        return marked

    return mark


def public(marked: Marked) -> Marked:
    """Marks what anybody may call, also without a session or a key.

    Stands below `@rx.event` or the route's decorator.
    """
    setattr(marked, MARK, PUBLIC)
    return marked


def concerns(subject: str, *, here: bool = True) -> Callable[[Marked], Marked]:
    """Marks a handler that opens or prepares something about a `subject` such as "order": its argument `about` says
    which, as shown.

    `here`: what it is about must also be what the address of the page names, where the address names one.
    """

    def mark(marked: Marked) -> Marked:
        setattr(marked, ABOUT, (subject, here))
        return marked

    return mark


def changes(subject: str, *, here: bool = True) -> Callable[[Marked], Marked]:
    """Marks a handler that changes a `subject`, as `concerns`. No other handler may write."""

    def mark(marked: Marked) -> Marked:
        setattr(marked, WRITES, True)
        return concerns(subject, here=here)(marked)

    return mark
