"""What happens to colleagues and keys is noted in the security log once it is committed (SEC-1)."""

import dataclasses
from functools import partial

from sqlalchemy import event

from backoffice_app.domain.core.facts import Fact, on
from backoffice_app.domain.core.subjects import About, reference
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.people.facts import (
    ApiKeyCreated,
    ApiKeyRevoked,
    OwnerCreated,
    PasswordSet,
    SignedOutEverywhere,
    UserAdded,
    UserRetired,
    UserRoleChanged,
)
from backoffice_app.security_log import Event, log_event

NOTED: dict[type[Fact], Event] = {
    OwnerCreated: Event.OWNER_MADE,
    UserAdded: Event.COLLEAGUE_ADDED,
    UserRoleChanged: Event.ROLE_CHANGED,
    UserRetired: Event.COLLEAGUE_RETIRED,
    PasswordSet: Event.PASSWORD_SET,
    SignedOutEverywhere: Event.SIGNED_OUT_EVERYWHERE,
    ApiKeyCreated: Event.KEY_MADE,
    ApiKeyRevoked: Event.KEY_REVOKED,
}


def note_when_done(w: Work, about: About, happened: Fact) -> None:
    """The fact is noted after the commit, and not at all if the transaction is rolled back."""
    subject, id_ = reference(about)
    values = {f"to_{name}": value for name, value in dataclasses.asdict(happened).items()}  # type: ignore[call-overload]
    line = partial(log_event, NOTED[type(happened)], w.actor, to=f"{subject.key}:{id_}", **values)
    event.listen(w.session, "after_commit", lambda _session: line(), once=True)


for kind in NOTED:
    on(kind)(note_when_done)
