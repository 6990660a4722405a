"""The dialogs `Notify customer` and `Send reminder`: the mail as it would go (W-14)."""

from collections.abc import Callable, Mapping, Sequence

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.forms import Filled, LetterView
from backoffice_app.domain.mail import MailKind, addresses
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail.templates import chosen_of
from backoffice_app.domain.mail.values import values_of
from backoffice_app.domain.mail.write import letter_of, would_leave
from backoffice_app.domain.order.addressee import language_of
from backoffice_app.domain.order.methods import methods_of_order
from backoffice_app.domain.reminding import next_level, overdue, reminder_of, shipped
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import Dialog, add_dialog
from backoffice_app.formats import locale
from backoffice_app.i18n import _
from backoffice_app.models import Document, Shipment
from backoffice_app.settings import settings

NOTIFY, REMIND = "notify", "remind"


def fill_notify(look: Look, which: str) -> Filled:  # noqa: ARG001
    """How the order stands."""
    return Filled(letter=_letter(look, mail_kinds.ORDER_STATUS, shipments=shipped(look.order)))


def fill_remind(look: Look, which: str) -> Filled:  # noqa: ARG001
    """The next reminder."""
    document = overdue(look.order, clock.today(look.shop.regional.zone))
    more = reminder_of(look.shop, look.order, document, next_level(look.order, document))
    return Filled(
        letter=_letter(look, mail_kinds.REMINDER, documents=[document] if document else [], more=more)
    )


def _letter(
    look: Look,
    kind: MailKind,
    *,
    shipments: Sequence[Shipment] = (),
    documents: Sequence[Document] = (),
    more: Callable[[str], Mapping[str, object]] | None = None,
) -> LetterView:
    """The mail of this kind as it would go now; none for who may not see the amounts in it (SEC-4)."""
    if not look.sees_prices:
        return LetterView()
    session, order, shop = look.session, look.order, look.shop
    chosen = chosen_of(session, kind)
    language = language_of(session, shop, order, chosen.texts)
    methods = methods_of_order(session, order)
    values = values_of(
        shop, order, language, methods, shipments=shipments, documents=documents, message="", title=""
    )
    names = {**(kind.values(order, language) if kind.values else {}), **(more(language) if more else {})}
    made = letter_of(shop, kind, chosen.texts[language], language, values=values, more=names)
    recipient = ", ".join(addresses(order.email))
    return LetterView(
        recipient=recipient,
        language=language,
        language_name=str(locale(look.language).languages.get(language, language)),
        subject=made.subject,
        text=made.body,
        files=", ".join(f"{one.number}.pdf" for one in documents) if chosen.documents else "",
        leaves=look.text(would_leave(shop, recipient, settings().undo_seconds)),
    )


add_dialog(Dialog(NOTIFY, NOTIFY, fill=fill_notify, submit=_("Send")))
add_dialog(Dialog(REMIND, REMIND, fill=fill_remind, submit=_("Send")))
