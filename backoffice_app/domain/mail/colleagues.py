"""Mails to colleagues: through the outbox like all others, about no order, so that none of them can go to a customer
(W-9, W-11).
"""

from collections.abc import Mapping

from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail.kinds import MailKind
from backoffice_app.domain.mail.templates import render_names, texts_of
from backoffice_app.domain.mail.values import company_text
from backoffice_app.domain.mail.write import Letter, put_in
from backoffice_app.models import OutboxMail


def write_to_colleague(
    w: Work, kind: MailKind, *, key: str, recipient: str, language: str, names: Mapping[str, object]
) -> OutboxMail | None:
    """Puts a mail of `kind` to a colleague into the outbox, in this transaction; a second one with the same `key` does
    nothing (M-3).

    `names`: what its text may name besides `company`. None if there is one already, or the template is off.
    """
    text = texts_of(w.session, kind)[language]
    if not text.active:
        return None
    rendered = render_names(text, {**names, "company": company_text(w.shop.company)})
    row = {"key": key, "order_id": None, "kind": kind.key, "language": language}
    return put_in(w, row, Letter(rendered.subject, rendered.body, ""), recipient, 0)
