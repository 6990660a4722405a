"""Drafts: what somebody typed into a dialog, kept until it is saved or thrown away, whatever becomes of the tab or the
server (W-16).
"""

import json
from collections.abc import Mapping
from datetime import timedelta

from sqlmodel import col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from backoffice_app.db import reading
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.work import work
from backoffice_app.models import Draft

LONGEST = 20_000
"""Characters of one field."""
MOST = 200
"""Fields of one dialog."""
LONGEST_WHOLE = 100_000
"""Characters of all fields of one dialog."""
LONGEST_NAME = 80
"""Characters of a dialog, of a part of a subject, of a field."""
MOST_DRAFTS = 50
"""Drafts of one person; the oldest goes for one more."""
KEPT = timedelta(days=14)


def keep(actor: Actor, shown: Shown, which: str, texts: Mapping[str, str]) -> None:
    """The fields of the dialog that is `shown` hold these texts.

    `which`: the part of the subject the dialog is of, or "".

    What is longer than anything a page has is not kept.
    """
    if (
        actor.kind is not ActorKind.USER
        or max(map(len, (subject_of(shown), shown.form, which, *texts))) > LONGEST_NAME
    ):
        return
    with work(actor) as w:
        draft = w.session.get(Draft, _key(actor, shown), with_for_update=True)
        if draft is None:
            w.session.exec(delete(Draft).where(col(Draft.user_id) == actor.id, col(Draft.at) < w.at - KEPT))
            for old in w.session.exec(_newest_first(actor).offset(MOST_DRAFTS - 1)).all():
                w.session.delete(old)
            draft = Draft(user_id=actor.id, subject=subject_of(shown), form=shown.form, at=w.at)
            w.session.add(draft)
        given = json.loads(draft.data) if draft.which == which else {}
        for name, text in texts.items():
            if name in given or len(given) < MOST:
                given[name] = text.replace("\0", "")[:LONGEST]
        if sum(map(len, given.values())) <= LONGEST_WHOLE:
            draft.which, draft.data, draft.at = which.replace("\0", ""), json.dumps(given), w.at


def drop(actor: Actor, shown: Shown) -> None:
    """The draft of this dialog is gone: it was saved, or thrown away."""
    if actor.kind is not ActorKind.USER or not shown.form:
        return
    with work(actor) as w:
        draft = w.session.get(Draft, _key(actor, shown))
        if draft is not None:
            w.session.delete(draft)


def draft_of(actor: Actor, shown: Shown, which: str = "") -> dict[str, str]:
    """What was typed into this dialog, by field; empty where there is no draft, or one of another part."""
    if actor.kind is not ActorKind.USER:
        return {}
    with reading() as session:
        draft = session.get(Draft, _key(actor, shown))
        return json.loads(draft.data) if draft is not None and draft.which == which else {}


def subject_of(shown: Shown) -> str:
    """The subject as drafts are kept by it: "order/10001"."""
    return f"{shown.kind}/{shown.number}"


def _newest_first(actor: Actor) -> SelectOfScalar[Draft]:
    return select(Draft).where(Draft.user_id == actor.id).order_by(col(Draft.at).desc())


def _key(actor: Actor, shown: Shown) -> tuple[int, str, str]:
    return actor.id, subject_of(shown), shown.form
