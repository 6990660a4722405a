"""What the pages of the templates show: the list of kinds, the editor of one, and the mail as it would go for a real
order (M-1).
"""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from jinja2 import TemplateError
from sqlmodel import Session, col, select

from backoffice_app.db import reading
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.history import history_of
from backoffice_app.domain.mail.kinds import MAIL_KINDS, MailKind
from backoffice_app.domain.mail.shop_files import files_of, with_logo
from backoffice_app.domain.mail.templates import WHOLE, Chosen, Text, chosen_of
from backoffice_app.domain.mail.values import values_of
from backoffice_app.domain.mail.write import Letter, letter_of
from backoffice_app.domain.order.methods import methods_of_order
from backoffice_app.domain.order.states import invoices
from backoffice_app.domain.order.whole import order_of_number
from backoffice_app.domain.templates.actions import TEMPLATE, id_of
from backoffice_app.domain.templates.check import BODY, SUBJECT, why_not_filled
from backoffice_app.domain.templates.inserts import inserts_of
from backoffice_app.formats import locale
from backoffice_app.i18n import LANGUAGES, LazyText, _
from backoffice_app.models import Document, MailTemplate, Order, Shipment

AUTOMATIC, BY_HAND, BLOCKS = "automatic", "e-mail", "text-blocks"
"""The tabs: mails that go by themselves, those that a colleague sends, and pieces of text for them."""
ORDERS = 12
"""Orders that are offered for the preview."""


@dataclass(frozen=True)
class TemplateRow:
    """A kind of mail in the list.

    `changed`: the languages whose text is the shop's own; `files`: what goes along besides documents.
    """

    key: str = ""
    label: str = ""
    url: str = ""
    on: bool = True
    changed: str = ""
    files: str = ""


@dataclass(frozen=True)
class TemplateList:
    """One tab of the list. `tabs`: key, word, count, address."""

    rows: list[TemplateRow] = field(default_factory=list)
    tabs: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class FileTick:
    """A file of the shop that can go along."""

    id: str = ""
    name: str = ""
    url: str = ""
    ticked: bool = False


@dataclass(frozen=True)
class TemplateView:
    """One kind in one language.

    `is_own`: the text is the shop's; `inserts`: (word, what it puts in) each; `orders`: for the preview.

    `tabs`: the languages, as [key, word, count, address]; `history`: what happened last, a sentence each.
    """

    key: str = ""
    label: str = ""
    about: str = ""
    language: str = ""
    tabs: list[list[str]] = field(default_factory=list)
    subject: str = ""
    body: str = ""
    on: bool = True
    is_own: bool = False
    documents: bool = True
    files: list[FileTick] = field(default_factory=list)
    inserts: list[tuple[str, str]] = field(default_factory=list)
    orders: list[tuple[str, str]] = field(default_factory=list)
    history: list[list[str]] = field(default_factory=list)
    back: str = "/mail-templates"


@dataclass(frozen=True)
class Preview:
    """A mail as it would go. `wrong`: why there isn't one, "" where there is one."""

    subject: str = ""
    body: str = ""
    html: str = ""
    wrong: str = ""


def template_list(actor: Actor, tab: str) -> TemplateList:
    """All kinds of mail of a tab, in one statement. Refused for who may not change settings."""
    actor.require(Right.SETTINGS)
    with reading() as session:
        rows = session.exec(select(MailTemplate)).all()
        names = {one.id: one.name for one in files_of(session)}
    wholes = {row.kind: row for row in rows if row.language == WHOLE}
    own: dict[str, list[str]] = {}
    for row in rows:
        if row.language != WHOLE:
            own.setdefault(row.kind, []).append(_language(row.language, actor.language))
    found = []
    for kind in MAIL_KINDS.values():
        if tab == BLOCKS or kind.by_hand != (tab == BY_HAND):
            continue
        whole = wholes.get(kind.key)
        ids = whole.files.strip("[]").replace(" ", "").split(",") if whole and whole.files else []
        files = ", ".join(names[one] for one in ids if one in names)
        changed = ", ".join(sorted(own.get(kind.key, [])))
        url = f"/mail-templates/{kind.key}"
        found.append(
            TemplateRow(
                kind.key,
                kind.label.in_language(actor.language),
                url,
                not whole or whole.active,
                changed,
                files,
            )
        )
    words = {AUTOMATIC: _("Automatic"), BY_HAND: _("E-mail"), BLOCKS: _("Text blocks")}
    tabs = [[key, word.in_language(actor.language), "", address(key)] for key, word in words.items()]
    return TemplateList(found, tabs)


def address(tab: str) -> str:
    """Where a tab of the list is."""
    return "/mail-templates" if tab == AUTOMATIC else f"/mail-templates?tab={tab}"


def template_view(actor: Actor, key: str, language: str) -> TemplateView:
    """The editor of one kind. Raises NotFound, and Refused for who may not change settings."""
    actor.require(Right.SETTINGS)
    kind = _kind(key)
    with reading() as session:
        shop, chosen = load_shop(session), chosen_of(session, kind)
        language = _wanted(kind, language, shop)
        text = chosen.texts[language]
        entries = history_of(
            session, (TEMPLATE, id_of(key)), actor, actor.language, shop.regional.zone, limit=5
        )
        return TemplateView(
            key=key,
            label=kind.label.in_language(actor.language),
            about=Shown(TEMPLATE.key, key, str(chosen.version)).text,
            language=language,
            tabs=[
                [code, _tab(code, chosen, actor), "", _address(key, code)] for code in _in_order(kind, shop)
            ],
            subject=text.subject,
            body=text.body.strip(),
            on=chosen.active,
            is_own=language in chosen.own,
            documents=chosen.documents,
            files=[
                FileTick(one.id, one.name, one.url, int(one.id) in chosen.files) for one in files_of(session)
            ],
            inserts=[(word.in_language(actor.language), what) for word, what in inserts_of(kind)],
            orders=_orders(session),
            history=[[entry.at, entry.sentence] for entry in entries],
            back=address(BY_HAND if kind.by_hand else AUTOMATIC),
        )


def _in_order(kind: MailKind, shop: Shop) -> list[str]:
    """The languages of a kind: the shop's own first, then as everywhere."""
    return sorted(kind.texts, key=lambda code: (code != shop.regional.language, [*LANGUAGES].index(code)))


def preview_text(actor: Actor, key: str, language: str, number: str, text: Text) -> Preview:
    """The mail with this `text` for the order `number`, or what is wrong with the text. Nothing is written."""
    actor.require(Right.SETTINGS)
    kind = _kind(key)
    for field_, source in ((SUBJECT, text.subject), (BODY, text.body)):
        if wrong := why_not_filled(kind, source):
            return Preview(
                wrong=wrong.in_language(actor.language) if field_ == BODY else _in_subject(wrong, actor)
            )
    if not number:
        return Preview(wrong=_("There is no order yet that could be shown.").in_language(actor.language))
    with reading() as session:
        try:
            letter = _letter(session, kind, language, order_of_number(session, number), text, _message(actor))
            html = with_logo(session, letter.html, load_shop(session).mail_look.logo)
        except NotFound:
            return Preview(
                wrong=_("There is no order {number}.").format(number=number).in_language(actor.language)
            )
        except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
            said = _("This text can't be filled in for this order: {why}").format(why=str(error))
            return Preview(wrong=said.in_language(actor.language))
    return Preview(letter.subject, letter.body, html)


def _message(actor: Actor) -> str:
    return _("Here stands what a colleague writes.").in_language(actor.language)


def _letter(  # noqa: PLR0917
    session: Session, kind: MailKind, language: str, order: Order, text: Text, message: str
) -> Letter:
    shop = load_shop(session)
    methods = methods_of_order(session, order)
    came_back = order.returns[-1] if order.returns else None
    values = values_of(
        shop,
        order,
        language,
        methods,
        shipments=_shipment(order),
        documents=_documents(kind, order),
        came_back=came_back,
        message=message,
        title="",
    )
    return letter_of(
        shop, kind, text, language, values=values, more=kind.values(order, language) if kind.values else {}
    )


def _shipment(order: Order) -> list[Shipment]:
    """The one shipment that a mail of this order would tell of: what left last, else what leaves next."""
    left = [one for one in order.shipments if one.shipped_at is not None]
    return left[-1:] or order.shipments[:1]


def _documents(kind: MailKind, order: Order) -> list[Document]:
    """The documents that a mail of this kind would tell of, as far as the order has them."""
    if kind.key == "credit-note":
        return [one for one in order.documents if one.kind != "invoice"][-1:]
    return invoices(order)[:1] if kind.key in {"invoice", "reminder", "order-confirmation"} else []


def _kind(key: str) -> MailKind:
    found = MAIL_KINDS.get(key)
    if found is None:
        raise NotFound(key)
    return found


def _wanted(kind: MailKind, language: str, shop: Shop) -> str:
    if language in kind.texts:
        return language
    return shop.regional.language if shop.regional.language in kind.texts else "en"


def _address(key: str, language: str) -> str:
    return f"/mail-templates/{key}?{urlencode({'language': language})}"


def _tab(code: str, chosen: Chosen, actor: Actor) -> str:
    name = _language(code, actor.language)
    return f"{name} •" if code in chosen.own else name


def _language(code: str, language: str) -> str:
    return str(locale(language).languages.get(code, code)).capitalize()


def _in_subject(wrong: LazyText, actor: Actor) -> str:
    return f"{_('Subject').in_language(actor.language)}: {wrong.in_language(actor.language)}"


def _orders(session: Session) -> list[tuple[str, str]]:
    newest = (
        select(Order.number, Order.customer_name)
        .where(col(Order.is_draft).is_(False))
        .order_by(col(Order.position).desc())
    )
    return [
        (number, f"{number} · {name}".rstrip(" ·"))
        for number, name in session.exec(newest.limit(ORDERS)).all()
    ]
