"""What colleagues choose for themselves: language, look, single keys.

Each change is a fact, so they can't come in floods (AUD-1, L-1).
"""

from collections.abc import Collection
from datetime import timedelta

from sqlmodel import col, select

from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.people.facts import UserSettingChanged
from backoffice_app.domain.people.subjects import USER
from backoffice_app.i18n import UI_LANGUAGES, _
from backoffice_app.models import History, User

THEMES = ("system", "light", "dark")
CHANGES_A_MINUTE = 20


def set_language(actor: Actor, language: str) -> None:
    """The actor's own UI is in `language` from now on (L-1). Invalid for one that Kontor does not speak."""
    _set_own(actor, "language", language, UI_LANGUAGES)


def set_theme(actor: Actor, theme: str) -> None:
    """The actor's own UI is light, dark, or as the system says."""
    _set_own(actor, "theme", theme, THEMES)


def set_single_keys(actor: Actor, on: bool) -> None:
    """Whether single keys do something for this actor, such as `s` for shipped (WCAG 2.1.4)."""
    _set_own(actor, "single_keys", on, (True, False))


def _set_own(actor: Actor, field: str, value: str | bool, allowed: Collection[str | bool]) -> None:
    """Refused from the 21st change within a minute on: each is kept for ever, and nobody means so many."""
    if value not in allowed:
        raise Invalid(field, _("“{value}” is not one of the choices.").format(value=value))
    with work(actor) as w:
        user = w.session.get(User, actor.id, with_for_update=True) if actor.kind is ActorKind.USER else None
        if user is None or getattr(user, field) == value:
            return
        _require_pause(w)
        w.record(
            (USER, actor.id),
            UserSettingChanged(field=field, old=_word(getattr(user, field)), new=_word(value)),
        )
        setattr(user, field, value)


def _require_pause(w: Work) -> None:
    mine = select(History.at).where(History.subject == "user", History.subject_id == w.actor.id)
    one_of_many = mine.order_by(col(History.sequence).desc()).offset(CHANGES_A_MINUTE - 1).limit(1)
    at = w.session.exec(one_of_many).first()
    if at is not None and w.at - at < timedelta(minutes=1):
        raise Refused(_("You changed your settings very often just now. Try again in a minute."))


def _word(value: str | bool) -> str:
    return value if isinstance(value, str) else "on" if value else "off"
