"""The subjects "user" and "api-key"."""

from backoffice_app.db import hold
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.subjects import Subject, lock_row, register
from backoffice_app.domain.core.work import Work
from backoffice_app.models import ApiKey, User

EVERYBODY = "people"
"""Held by each process that adds, promotes or retires: two at once must not leave a shop with two first owners, or with
none.
"""


def _lock_user(w: Work, id_: int) -> User:
    """A colleague who is not retired, and nobody else is added, promoted or retired meanwhile. Raises NotFound."""
    hold(w.session, EVERYBODY)
    user = _row(w, id_)
    if user.retired_at is not None:
        raise NotFound(str(id_))
    return user


_row = lock_row(User)

USER: Subject[User] = register(Subject(key="user", row=User, lock=_lock_user))
API_KEY: Subject[ApiKey] = register(Subject(key="api-key", row=ApiKey, lock=lock_row(ApiKey)))
