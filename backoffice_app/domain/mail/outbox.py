"""What one may do with a mail in the outbox: hold back, release, send again, note that it was sent (M-3)."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, select

from backoffice_app.domain.core.actions import Done
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.facts import Fact
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail.addressing import addresses
from backoffice_app.domain.mail.facts import MailConfirmed, MailHeldBack, MailReleased, MailSentAgain
from backoffice_app.domain.mail.kinds import MailKind, MailState
from backoffice_app.domain.mail.subject import MAIL
from backoffice_app.domain.mail.write import (
    NEEDS_A_PERSON,
    TOPIC,
    cause_of,
    enqueue,
    initial_state,
    leaving,
    mail_id,
    new_message_id,
)
from backoffice_app.domain.order import order_id
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import MailAttachment, MailFile, MailPaper, Order, OutboxMail

STILL_HERE = frozenset({MailState.WAITING, MailState.RETRYING, MailState.NO_SERVER})
GONE = _("The mail is on its way or was sent. It can't be held back any more.")
NOTHING_WENT_OUT = frozenset(
    {MailState.FAILED, MailState.WITHHELD, MailState.NO_SERVER, MailState.RETRYING, MailState.UNCLEAR}
)


def record(w: Work, mail: OutboxMail, happened: Fact) -> None:
    """Puts what happened to a mail into the history of its order, or its own, and says that the outbox
    changed (M-5).
    """
    w.touch(TOPIC)
    w.record(cause_of(mail), happened)


def why_not_hold_back(state: str) -> LazyText | None:
    """Only a mail that is still here can be held back."""
    if state in STILL_HERE:
        return None
    if state == MailState.WITHHELD:
        return _("The mail is held back already.")
    if state == MailState.FAILED:
        return _("The mail failed: it goes nowhere by itself.")
    return GONE


def hold_back(w: Work, mail: OutboxMail) -> None:
    """The mail stays in the outbox until it is released. Raises Refused once it is being sent, was sent, or failed."""
    mail = w.lock(MAIL, mail_id(mail))
    if reason := why_not_hold_back(mail.state):
        raise Refused(reason)
    mail.state = MailState.WITHHELD.value
    record(w, mail, MailHeldBack(mail=mail_id(mail), kind=mail.kind))


def hold_back_about(w: Work, order: Order, kind: MailKind, about: str) -> bool:
    """Holds back the mails of `kind` about one object, all of its sequence if `about` ends with "-".

    False if one is past that.

    True also where there isn't one. A mail that failed or is held back already goes nowhere and blocks nothing.
    """
    found = lock_mails_about(w, order, kind)
    return hold_all_back(
        w,
        [
            mail
            for known, mail in found
            if known == about or (about.endswith("-") and known.startswith(about))
        ],
    )


def undo_writing(w: Work, order: Order, kind: MailKind, about: str) -> Done:
    """What `Undo` of a mail does: it stays in the outbox while it still waits there.

    Raises Refused after that (W-21).
    """
    if not hold_back_about(w, order, kind, about):
        raise Refused(GONE)
    return Done(_("The mail is held back. It stays in the outbox."))


def lock_mails_about(w: Work, order: Order, *kinds: MailKind) -> list[tuple[str, OutboxMail]]:
    """The order's mails of `kinds` with what each is about, locked, oldest first; without those that failed or are held
    back already.
    """
    mine = select(OutboxMail).where(
        OutboxMail.order_id == order.id, col(OutboxMail.kind).in_([kind.key for kind in kinds])
    )
    mails = w.session.exec(
        mine.order_by(col(OutboxMail.id)).with_for_update().execution_options(populate_existing=True)
    ).all()
    beginnings = [f"order/{order_id(order)}/{kind.key}/" for kind in kinds]
    return [
        (mail.key.removeprefix(beginning), mail)
        for mail in mails
        for beginning in beginnings
        if mail.key.startswith(beginning) and mail.state not in {MailState.WITHHELD, MailState.FAILED}
    ]


def hold_all_back(w: Work, mails: Sequence[OutboxMail]) -> bool:
    """Holds all of them back. False, and none is, if one is on its way or was sent."""
    if any(mail.state not in STILL_HERE for mail in mails):
        return False
    for mail in mails:
        mail.state = MailState.WITHHELD.value
        record(w, mail, MailHeldBack(mail=mail_id(mail), kind=mail.kind))
    return True


def why_not_release(state: str) -> LazyText | None:
    """Only what was held back can be released."""
    return None if state == MailState.WITHHELD else _("Only a mail that is held back can be released.")


def release(w: Work, mail: OutboxMail, delay: float = 0) -> None:
    """A mail that was held back goes after all, `delay` seconds from now. Raises Refused for any other."""
    mail = w.lock(MAIL, mail_id(mail))
    if reason := why_not_release(mail.state):
        raise Refused(reason)
    _put_back(w, mail, delay)
    w.made("mails", str(mail_id(mail)))
    record(w, mail, MailReleased(mail=mail_id(mail), kind=mail.kind))


def release_about(w: Work, order: Order, kind: MailKind, about: str, delay: float) -> None:
    """The mail of `kind` about one object goes after all if it is held back: what it tells of is so again (W-21)."""
    key = f"order/{order_id(order)}/{kind.key}/{about}"
    mail = w.session.exec(
        select(OutboxMail).where(OutboxMail.key == key, OutboxMail.state == MailState.WITHHELD.value)
    ).first()
    if mail:
        release(w, mail, delay)
        w.say(leaving(mail, delay))


def why_not_send_again(state: str) -> LazyText | None:
    """A mail that waits or is being sent goes by itself."""
    if state in {MailState.WAITING, MailState.SENDING}:
        return _("The mail is on its way already.")
    return None


def send_again(w: Work, mail: OutboxMail) -> OutboxMail:
    """The mail goes once more, to the address the order has now; returns the row that goes.

    Raises Refused while it is on its way.

    What did not arrive, or may not have, goes as it is, with its Message-ID, so that a server that has it already can
    tell;
    a mail that was sent gets a new row beside it.
    """
    mail = w.lock(MAIL, mail_id(mail))
    if reason := why_not_send_again(mail.state):
        raise Refused(reason)
    # What answers a question goes where it was asked, which may be elsewhere than the order says.
    order = w.session.get(Order, mail.order_id) if mail.order_id and mail.key.startswith("order/") else None
    recipient = ", ".join(addresses(order.email)) if order and order.email else ""
    again = mail if mail.state in NOTHING_WENT_OUT else _copy(w, mail)
    again.recipient = recipient or mail.recipient
    _put_back(w, again, 0)
    w.made("mails", str(mail_id(again)))
    record(w, again, MailSentAgain(mail=mail_id(again), kind=again.kind, recipient=again.recipient))
    return again


def why_not_confirm(state: str) -> LazyText | None:
    """Of all other mails Kontor knows by itself whether they were sent."""
    return (
        None
        if state == MailState.UNCLEAR
        else _("Only of an unclear mail one has to say whether it was sent.")
    )


def was_sent(w: Work, mail: OutboxMail) -> None:
    """A person says of an unclear mail that it arrived. Raises Refused for any other."""
    mail = w.lock(MAIL, mail_id(mail))
    if reason := why_not_confirm(mail.state):
        raise Refused(reason)
    mail.state, mail.sent_at, mail.error = MailState.SENT.value, w.at, ""
    w.touch(NEEDS_A_PERSON)
    record(w, mail, MailConfirmed(mail=mail_id(mail), kind=mail.kind))


def _put_back(w: Work, mail: OutboxMail, delay: float) -> None:
    """The mail waits again, with a job of its own; never at the same microsecond as before, which would be the same
    job.
    """
    w.touch(NEEDS_A_PERSON)
    mail.state, mail.error, mail.attempts = initial_state(w.shop).value, "", 0
    mail.send_after = max(w.at + timedelta(seconds=delay), mail.send_after + timedelta(microseconds=1))
    w.session.flush()
    if mail.state == MailState.WAITING:
        enqueue(w, mail, delay)


def _copy(w: Work, mail: OutboxMail) -> OutboxMail:
    """A new row with the text and files of one that was sent."""
    earlier = w.session.exec(select(OutboxMail.id).where(OutboxMail.again_of_id == mail.id)).all()
    again = OutboxMail(
        key=f"{mail.key}/again-{len(earlier) + 1}",
        message_id=new_message_id(mail.sender),
        order_id=mail.order_id,
        kind=mail.kind,
        language=mail.language,
        recipient=mail.recipient,
        sender=mail.sender,
        reply_to=mail.reply_to,
        subject=mail.subject,
        body=mail.body,
        in_reply_to=mail.in_reply_to,
        refers_to=mail.refers_to,
        html=mail.html,
        created_at=w.at,
        send_after=w.at,
        again_of_id=mail.id,
    )
    w.session.add(again)
    w.session.flush()
    files = w.session.exec(
        select(MailAttachment).where(MailAttachment.mail_id == mail.id).order_by(col(MailAttachment.id))
    ).all()
    w.session.add_all(
        [MailAttachment(mail_id=mail_id(again), version_id=file.version_id, name=file.name) for file in files]
    )
    papers = w.session.exec(
        select(MailPaper).where(MailPaper.mail_id == mail.id).order_by(col(MailPaper.id))
    ).all()
    w.session.add_all(
        [
            MailPaper(mail_id=mail_id(again), **one.model_dump(include={"kind", "name", "snapshot"}))
            for one in papers
        ]
    )
    shop_files = w.session.exec(
        select(MailFile).where(MailFile.mail_id == mail.id).order_by(col(MailFile.id))
    ).all()
    w.session.add_all([MailFile(mail_id=mail_id(again), file_id=one.file_id) for one in shop_files])
    w.session.flush()
    return again
