"""The outbox to look at: one page of mails, one mail as it was sent, ready to show (M-4, M-5)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, func, tuple_
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.keyset import number_in
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.subjects import LARGEST_ID
from backoffice_app.domain.mail.causes import in_words
from backoffice_app.domain.mail.kinds import STATE_NAMES, MailState, kind_name
from backoffice_app.domain.mail.outbox import (
    why_not_confirm,
    why_not_hold_back,
    why_not_release,
    why_not_send_again,
)
from backoffice_app.domain.mail.shop_files import LOGO, with_logo
from backoffice_app.domain.mail.subject import MAIL
from backoffice_app.formats import format_moment
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import (
    Customer,
    Document,
    DocumentVersion,
    MailAttachment,
    MailFile,
    MailPaper,
    Order,
    OutboxMail,
    ShopFile,
)

PAGE = 50
AT_ONCE = 500
"""So many rows of an export are read at once."""
CAP = 1_000
"""Mails of one state are counted up to here."""
ORDERS_OF_ONE = 200
"""How many orders of one customer are searched for mails."""
BADGES: dict[str, tuple[str, str]] = {
    MailState.WAITING: ("info", "circle-dot"),
    MailState.SENDING: ("info", "circle-dot"),
    MailState.SENT: ("good", "check"),
    MailState.RETRYING: ("look", "clock"),
    MailState.FAILED: ("act", "triangle-alert"),
    MailState.UNCLEAR: ("act", "triangle-alert"),
    MailState.WITHHELD: ("ended", "ban"),
    MailState.NO_SERVER: ("neutral", "circle"),
}
WHY: dict[str, LazyText] = {
    MailState.WAITING: _("It leaves by itself. Until then it can be held back."),
    MailState.SENDING: _("The mail server is being asked to take it."),
    MailState.RETRYING: _(
        "The mail server could not be reached, or did not take it. It is tried again by itself."
    ),
    MailState.FAILED: _(
        "It did not go out and is not tried again. Put right what stands here, such as a wrong address in the order, "
        "then send it again."
    ),
    MailState.UNCLEAR: _(
        "It was handed over and no answer came. Find out whether it arrived, then say so or send it again."
    ),
    MailState.WITHHELD: _("Somebody held it back. It leaves when it is released."),
    MailState.NO_SERVER: _(
        "There was no mail server that could send it. It can be sent as soon as there is one."
    ),
}
"""What a state means for anyone who reads the mail, where its name does not say all."""
NEXT_STEPS: dict[str, str] = {MailState.FAILED: "send-again", MailState.WITHHELD: "release"}
"""State -> the action that is next, where there is one."""
FILTERS = tuple(
    MailState(state)
    for state in ("failed", "unclear", "retrying", "waiting", "no-server", "withheld", "sent")
)


@dataclass(frozen=True)
class OutboxAddress:
    """What the address of the list says: a state or "", a search text, the id of the mail above the page, and of the
    mail that is open.
    """

    state: str = ""
    text: str = ""
    before: int = 0
    mail: int = 0

    def url(self, **changes: object) -> str:
        """The address itself, with some parts changed."""
        parts = {"state": self.state, "q": self.text, "before": self.before, "mail": self.mail} | changes
        query = urlencode({key: value for key, value in parts.items() if value})
        return f"/outbox?{query}" if query else "/outbox"


def address_of(parameters: object) -> OutboxAddress:
    """The parts of an address as they are meant; whatever does not fit is left out."""
    given = {str(key): str(value) for key, value in dict(parameters).items()}  # type: ignore[call-overload]
    state = given.get("state", "")
    return OutboxAddress(
        state=state if state in set(MailState) else "",
        text=given.get("q", "").replace("\0", "")[:200].strip(),  # PostgreSQL can't be asked for a NUL
        before=number_in(given.get("before", "")),
        mail=number_in(given.get("mail", "")),
    )


@dataclass(frozen=True)
class OutboxPage:
    """`rows`: id, tone, mark, state, recipient, subject, order number, time, address of the mail.

    `older`: the address of the next page, or "".
    """

    rows: list[list[str]]
    older: str


@dataclass(frozen=True)
class FileView:
    """A file that goes along."""

    name: str
    url: str


@dataclass(frozen=True)
class MailView:
    """A mail as it was sent, or will be.

    Reasons are "" where the button may be pressed; `can_...`: whether it makes sense at all.
    """

    id: int = 0
    about: str = ""
    """The mail and its state, as `Shown` says them."""
    tone: str = ""
    mark: str = ""
    state: str = ""
    why: str = ""
    """What the state means."""
    error: str = ""
    """What the mail server said."""
    cause: str = ""
    """What that means and what to do, where it is known."""
    subject: str = ""
    body: str = ""
    language: str = ""
    page: str = ""
    """The address of the mail as HTML, "" where it has none."""
    order_number: str = ""
    facts: list[list[str]] = field(default_factory=list)
    files: list[FileView] = field(default_factory=list)
    can_hold_back: bool = False
    can_release: bool = False
    can_send_again: bool = False
    was_tried: bool = True
    """Whether a mail server was ever asked to send it."""
    can_confirm: bool = False
    next_step: str = ""
    """The action that is next, "" for none."""


def outbox_page(
    session: Session, address: OutboxAddress, actor: Actor, language: str, about: Sequence[int] = ()
) -> OutboxPage:
    """Fifty mails, newest first, in one statement at any size of the outbox. Raises Refused without the right.

    `about`: the ids of the orders that the search text of the address finds; their mails are found, and those to the
    address that it is or is a part of.
    """
    actor.require(Right.MAIL)
    zone = load_shop(session).regional.zone
    found = session.execute(_wanted(session, address, about).limit(PAGE + 1)).all()
    rows = [
        [
            str(row.id),
            *BADGES[row.state],
            STATE_NAMES[row.state].in_language(language),
            row.recipient,
            row.subject,
            row.number or "",
            format_moment(row.sent_at or row.created_at, language, zone, "short"),
            address.url(mail=row.id),
        ]
        for row in found[:PAGE]
    ]
    return OutboxPage(rows, address.url(before=found[PAGE - 1].id, mail=0) if len(found) > PAGE else "")


def mails_file(
    session: Session, address: OutboxAddress, actor: Actor, about: Sequence[int] = ()
) -> Iterator[list[object]]:
    """What `outbox_page` shows, on all its pages, as rows of a file: first the heads."""
    actor.require(Right.MAIL)
    heads = (_("Subject"), _("Recipient"), _("Order"), _("State"), _("Written"), _("Sent"))
    yield [head.in_language(actor.language) for head in heads]
    while found := session.execute(_wanted(session, address, about).limit(AT_ONCE)).all():
        for row in found:
            state = STATE_NAMES[row.state].in_language(actor.language)
            yield [row.subject, row.recipient, row.number, state, row.created_at, row.sent_at]
        address = replace(address, before=found[-1].id)


def outbox_tabs(session: Session, address: OutboxAddress, language: str) -> list[list[str]]:
    """The filters by state as [key, word, how many, address]; of what was sent there is no count."""
    tabs = [["", _("All").in_language(language), "", OutboxAddress(text=address.text).url()]]
    for state in FILTERS:
        number = 0 if state is MailState.SENT else _count(session, state)
        shown = f"{CAP}+" if number > CAP else str(number) if number else ""
        url = OutboxAddress(state=state.value, text=address.text).url()
        tabs.append([state.value, STATE_NAMES[state].in_language(language), shown, url])
    return tabs


def needs_a_person(session: Session) -> int:
    """How many mails failed or are unclear, counted up to 1,001, in one statement along the index: for the menu."""
    return _count(session, MailState.FAILED, MailState.UNCLEAR)


def failed_and_unclear(session: Session) -> tuple[int, int]:
    """The same apart: how many failed, how many are unclear."""
    states = [MailState.FAILED, MailState.UNCLEAR]
    wanted = select(OutboxMail.state).where(col(OutboxMail.state).in_(states)).limit(CAP + 1)
    found = session.exec(wanted).all()
    failed = sum(state == MailState.FAILED for state in found)
    return failed, len(found) - failed


def unsent_mails(session: Session) -> dict[str, int]:
    """How many mails wait, are tried again, failed or are unclear, by state, in one statement along the index: for
    those who watch.
    """
    states = [MailState.WAITING, MailState.RETRYING, MailState.FAILED, MailState.UNCLEAR]
    counted = (
        select(OutboxMail.state, func.count())
        .where(col(OutboxMail.state).in_(states))
        .group_by(col(OutboxMail.state))
    )
    return {state.value: 0 for state in states} | dict(session.exec(counted).all())


def mail_view(session: Session, mail_id: int, actor: Actor, language: str) -> MailView:
    """One mail with its text, envelope and files. Raises NotFound, and Refused without the right."""
    actor.require(Right.MAIL)
    mail = session.get(OutboxMail, mail_id)
    if mail is None:
        raise NotFound(str(mail_id))
    zone = load_shop(session).regional.zone
    number = (
        session.exec(select(Order.number).where(Order.id == mail.order_id)).first() if mail.order_id else None
    )

    def moment(word: LazyText, at: object) -> list[list[str]]:
        return [[word.in_language(language), format_moment(at, language, zone)]] if at else []  # type: ignore[arg-type]

    facts = [[_("Kind").in_language(language), kind_name(mail.kind).in_language(language)]]
    facts += [
        [_("Sender").in_language(language), mail.sender],
        [_("Recipient").in_language(language), mail.recipient],
    ]
    facts += [[_("Reply to").in_language(language), mail.reply_to]] if mail.reply_to else []
    facts += moment(_("Written"), mail.created_at)
    if mail.state in {MailState.WAITING, MailState.RETRYING}:
        facts += moment(_("Leaves"), mail.send_after)
    facts += moment(_("Sent"), mail.sent_at)
    if mail.attempts > 1:
        facts.append([_("Attempts").in_language(language), str(mail.attempts)])
    tone, mark = BADGES[mail.state]
    return MailView(
        id=mail_id,
        about=Shown(MAIL.key, str(mail_id), mail.state).text,
        tone=tone,
        mark=mark,
        state=STATE_NAMES[mail.state].in_language(language),
        why=WHY[mail.state].in_language(language) if mail.state in WHY else "",
        error=mail.error,
        cause=cause.in_language(language) if (cause := in_words(mail.error)) else "",
        subject=mail.subject,
        body=mail.body,
        language=mail.language,
        page=f"/mails/{mail_id}.html" if mail.html else "",
        order_number=number or "",
        facts=facts,
        files=_files(session, mail_id),
        can_hold_back=why_not_hold_back(mail.state) is None,
        can_release=why_not_release(mail.state) is None,
        was_tried=mail.state != MailState.NO_SERVER,
        can_send_again=why_not_send_again(mail.state) is None and mail.state != MailState.WITHHELD,
        can_confirm=why_not_confirm(mail.state) is None,
        next_step=NEXT_STEPS.get(mail.state, ""),
    )


def mail_page(session: Session, mail_id: int, actor: Actor) -> str:
    """The HTML of a mail as it was sent, with its logo; "" for one of former times.

    Raises NotFound, and Refused without the right.
    """
    actor.require(Right.MAIL)
    mail = session.get(OutboxMail, mail_id) if 0 < mail_id < LARGEST_ID else None
    if mail is None:
        raise NotFound(str(mail_id))
    logo = (
        select(ShopFile.id)
        .join(MailFile, col(MailFile.file_id) == ShopFile.id)
        .where(MailFile.mail_id == mail_id, ShopFile.use == LOGO)
    )
    return with_logo(session, mail.html, session.exec(logo).first() or 0)


def _wanted(session: Session, address: OutboxAddress, about: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """No texts of mails are read. A state is read along its own index, everything else along the ids."""
    mails, orders = OutboxMail.__table__, Order.__table__  # type: ignore[attr-defined]
    mail = mails.c
    shown = (
        mail.id,
        mail.state,
        mail.recipient,
        mail.subject,
        mail.created_at,
        mail.sent_at,
        orders.c.number,
    )
    statement = sql_select(*shown).outerjoin_from(mails, orders, mail.order_id == orders.c.id)
    if wanted := address.text.strip():
        alone = mail.order_id.is_(None) & func.lower(mail.recipient).contains(wanted.lower(), autoescape=True)
        statement = statement.where(mail.order_id.in_([*about, *_orders_of(session, wanted)]) | alone)
    if not address.state:
        after = [mail.id < address.before] if address.before else []
        return statement.where(*after).order_by(mail.id.desc())
    statement = statement.where(mail.state == address.state)
    last = (
        session.exec(select(OutboxMail.send_after).where(OutboxMail.id == address.before)).first()
        if address.before
        else None
    )
    if last is not None:
        statement = statement.where(tuple_(mail.send_after, mail.id) < tuple_(last, address.before))
    return statement.order_by(mail.send_after.desc(), mail.id.desc())


def _orders_of(session: Session, text: str) -> list[int]:
    """The order of this number, and the orders of the customer with this address."""
    by_number = session.exec(select(Order.id).where(Order.number == text.lstrip("#"))).all()
    customers = select(func.coalesce(col(Customer.merged_into_id), col(Customer.id))).where(
        Customer.email == text.lower()
    )
    by_email = (
        select(Order.id)
        .where(col(Order.customer_id).in_(customers))
        .order_by(col(Order.id).desc())
        .limit(ORDERS_OF_ONE)
    )
    return [id_ for id_ in [*by_number, *session.exec(by_email).all()] if id_ is not None]


def _count(session: Session, *states: MailState) -> int:
    some = select(OutboxMail.id).where(col(OutboxMail.state).in_(states)).limit(CAP + 1).subquery()
    return int(session.execute(select(func.count()).select_from(some)).scalar_one())


PAPERS_AT = {"return slip": "/return-slips"}
"""Where papers that are no issued documents are shown, by their kind."""


def _files(session: Session, mail_id: int) -> list[FileView]:
    statement = (
        select(MailAttachment.name, Document.public_id)
        .join(DocumentVersion, col(DocumentVersion.id) == col(MailAttachment.version_id))
        .join(Document, col(Document.id) == col(DocumentVersion.document_id))
        .where(MailAttachment.mail_id == mail_id)
        .order_by(col(MailAttachment.id))
    )
    papers = (
        select(MailPaper.name, MailPaper.kind).where(MailPaper.mail_id == mail_id).order_by(col(MailPaper.id))
    )
    of_shop = (
        select(ShopFile.name, ShopFile.id)
        .join(MailFile, col(MailFile.file_id) == ShopFile.id)
        .where(MailFile.mail_id == mail_id, ShopFile.use != LOGO)
        .order_by(col(MailFile.id))
    )
    return [
        *(FileView(name, f"/documents/{public_id}.pdf") for name, public_id in session.exec(statement).all()),
        *(
            FileView(name, f"{PAPERS_AT[kind]}/{name}")
            for name, kind in session.exec(papers).all()
            if kind in PAPERS_AT
        ),
        *(FileView(name, f"/shop-files/{id_}/{name}") for name, id_ in session.exec(of_shop).all()),
    ]
