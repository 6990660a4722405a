"""What one may do with a mail in the outbox: hold back, release, send again, note that it was sent (M-3)."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, select

from backoffice_app.domain.core.errors import NotFound, Overtaken, Refused
from backoffice_app.domain.core.facts import Fact
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.work import Work, order_id, work
from backoffice_app.domain.mail.facts import MailConfirmed, MailHeldBack, MailReleased, MailSentAgain
from backoffice_app.domain.mail.kinds import MailKind, MailState
from backoffice_app.domain.mail.write import NEEDS_A_PERSON, TOPIC, addresses, enqueue, initial_state, mail_id, new_message_id
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import MailAttachment, Order, OutboxMail

STILL_HERE = frozenset({MailState.WAITING, MailState.RETRYING, MailState.NO_SERVER})
NOTHING_WENT_OUT = frozenset({MailState.FAILED, MailState.WITHHELD, MailState.NO_SERVER, MailState.RETRYING, MailState.UNCLEAR})


def lock_mail(w: Work, id_: int) -> OutboxMail:
    """The mail, locked to the end of the transaction and read after the lock. Raises NotFound."""
    statement = select(OutboxMail).where(OutboxMail.id == id_).with_for_update().execution_options(populate_existing=True)
    mail = w.session.exec(statement).first()
    if mail is None:
        raise NotFound(str(id_))
    return mail


def record(w: Work, mail: OutboxMail, happened: Fact) -> None:
    """Puts what happened to a mail into the history of its order, and says that the outbox changed (M-5)."""
    w.touch(TOPIC)
    if mail.order_id is not None:
        w.record(("order", mail.order_id), happened)


def why_not_hold_back(state: str) -> LazyText | None:
    """Only a mail that is still here can be held back."""
    if state in STILL_HERE:
        return None
    if state == MailState.WITHHELD:
        return _("The mail is held back already.")
    if state == MailState.FAILED:
        return _("The mail failed: it goes nowhere by itself.")
    return _("The mail is on its way or was sent. It can't be held back any more.")


def hold_back(w: Work, mail: OutboxMail) -> None:
    """The mail stays in the outbox until it is released. Raises Refused once it is being sent, was sent, or failed."""
    mail = lock_mail(w, mail_id(mail))
    if reason := why_not_hold_back(mail.state):
        raise Refused(reason)
    mail.state = MailState.WITHHELD.value
    record(w, mail, MailHeldBack(mail=mail_id(mail), kind=mail.kind))


def hold_back_about(w: Work, order: Order, kind: MailKind, about: str) -> bool:
    """Holds back the mails of `kind` about one object, all of its sequence if `about` ends with "-". False if one is past that.

    True also where there is none. A mail that failed or is held back already goes nowhere and stands in nobody's way.
    """
    found = lock_mails_about(w, order, kind)
    return hold_all_back(w, [mail for known, mail in found if known == about or (about.endswith("-") and known.startswith(about))])


def lock_mails_about(w: Work, order: Order, *kinds: MailKind) -> list[tuple[str, OutboxMail]]:
    """The order's mails of `kinds` with what each is about, locked, oldest first; without those that failed or are held back already."""
    mine = select(OutboxMail).where(OutboxMail.order_id == order.id, col(OutboxMail.kind).in_([kind.value for kind in kinds]))
    mails = w.session.exec(mine.order_by(col(OutboxMail.id)).with_for_update().execution_options(populate_existing=True)).all()
    beginnings = [f"order/{order_id(order)}/{kind.value}/" for kind in kinds]
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


def release(w: Work, mail: OutboxMail, delay: float = 0) -> None:
    """A mail that was held back goes after all, `delay` seconds from now. Raises Refused for any other."""
    mail = lock_mail(w, mail_id(mail))
    if mail.state != MailState.WITHHELD:
        raise Refused(_("Only a mail that is held back can be released."))
    _put_back(w, mail, delay)
    record(w, mail, MailReleased(mail=mail_id(mail), kind=mail.kind))


def why_not_send_again(state: str) -> LazyText | None:
    """A mail that waits or is being sent goes by itself."""
    if state in {MailState.WAITING, MailState.SENDING}:
        return _("The mail is on its way already.")
    return None


def send_again(w: Work, mail: OutboxMail) -> OutboxMail:
    """The mail goes once more, to the address the order has now; returns the row that goes. Raises Refused while it is on its way.

    What did not arrive, or may not have, goes as it is, with its Message-ID, so that a server that has it already can tell;
    a mail that was sent gets a new row beside it.
    """
    mail = lock_mail(w, mail_id(mail))
    if reason := why_not_send_again(mail.state):
        raise Refused(reason)
    order = w.session.get(Order, mail.order_id) if mail.order_id else None
    recipient = ", ".join(addresses(order.email)) if order and order.email else ""
    again = mail if mail.state in NOTHING_WENT_OUT else _copy(w, mail)
    again.recipient = recipient or mail.recipient
    _put_back(w, again, 0)
    record(w, again, MailSentAgain(mail=mail_id(again), kind=again.kind, recipient=again.recipient))
    return again


def was_sent(w: Work, mail: OutboxMail) -> None:
    """A person says of an unclear mail that it arrived. Raises Refused for any other."""
    mail = lock_mail(w, mail_id(mail))
    if mail.state != MailState.UNCLEAR:
        raise Refused(_("Only of an unclear mail one has to say whether it was sent."))
    mail.state, mail.sent_at, mail.error = MailState.SENT.value, w.at, ""
    w.touch(NEEDS_A_PERSON)
    record(w, mail, MailConfirmed(mail=mail_id(mail), kind=mail.kind))


def act_on_mail(actor: Actor, verb: str, id_: int, seen: str = "") -> LazyText:
    """What a person does in the outbox: `send-again`, `was-sent`, `hold-back` or `release`. Returns what is to be said.

    `seen`: the state of the mail as it was shown; "" where nobody looked. Where it changed meanwhile, and the rules would still allow it,
    it is refused as overtaken: a mail that was sent since would go twice.
    Raises Refused with the reason, and NotFound for a mail or a verb that does not exist.
    """
    actor.require(Right.MAIL)
    with work(actor) as w:
        mail = lock_mail(w, id_)
        if seen and seen != mail.state and verb == "send-again" and why_not_send_again(mail.state) is None:
            raise Overtaken(_("Something became of this mail meanwhile, so nothing was done. Look at it, then press again."))
        match verb:
            case "send-again":
                again = send_again(w, mail)
                if again.state == MailState.NO_SERVER:
                    return _("There is no mail server the mail could go to. Set KONTOR_SMTP_URL, then send it again.")
                return _("The mail to {recipient} is on its way.").format(recipient=again.recipient)
            case "was-sent":
                was_sent(w, mail)
                return _("Noted as sent.")
            case "hold-back":
                hold_back(w, mail)
                return _("The mail is held back.")
            case "release":
                release(w, mail)
                return _("The mail is released.")
    raise NotFound(verb)


def _put_back(w: Work, mail: OutboxMail, delay: float) -> None:
    """The mail waits again, with a job of its own; never at the same microsecond as before, which would be the same job."""
    w.touch(NEEDS_A_PERSON)
    mail.state, mail.error, mail.attempts = initial_state().value, "", 0
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
        created_at=w.at,
        send_after=w.at,
        again_of_id=mail.id,
    )
    w.session.add(again)
    w.session.flush()
    files = w.session.exec(select(MailAttachment).where(MailAttachment.mail_id == mail.id).order_by(col(MailAttachment.id))).all()
    w.session.add_all([MailAttachment(mail_id=mail_id(again), version_id=file.version_id, name=file.name) for file in files])
    w.session.flush()
    return again
