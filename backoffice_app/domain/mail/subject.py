"""The subject "mail": one row of the outbox. Its state tells whether it changed since it was shown."""

from backoffice_app.domain.core.subjects import Subject, lock_row, register
from backoffice_app.i18n import _
from backoffice_app.models import OutboxMail

MAIL: Subject[OutboxMail] = register(
    Subject(
        key="mail",
        row=OutboxMail,
        lock=lock_row(OutboxMail),
        version=lambda mail: mail.state,
        overtaken=_(
            "Something became of this mail meanwhile, so nothing was done. Look at it, then press again."
        ),
    )
)
