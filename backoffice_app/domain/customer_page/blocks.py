"""The core's own blocks of the page of a customer: data, sums, orders, addresses, returns, mails, history (W-8)."""

from sqlmodel import col, select

from backoffice_app.domain.core.postal import postal_lines
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.custom_status.statuses import all_statuses
from backoffice_app.domain.customer.details import own_pairs
from backoffice_app.domain.customer.subject import CUSTOMER
from backoffice_app.domain.customer_credit import Booked, balances, of_customer
from backoffice_app.domain.customer_page.registry import CustomerLook, customer_block
from backoffice_app.domain.history import history_of
from backoffice_app.domain.listing.customers import ordered_by
from backoffice_app.domain.mail.kinds import STATE_NAMES as MAIL_STATES
from backoffice_app.domain.mail.kinds import kind_name
from backoffice_app.domain.order.states import Status, step_of
from backoffice_app.domain.window.declared import Declared, Entry, declare, entries, facts, figures, text
from backoffice_app.domain.window.tones import custom_badge, lone_status_badge, return_badge
from backoffice_app.formats import format_day, format_money, format_number, locale, with_minus
from backoffice_app.i18n import LazyLanguage, LazyText, _
from backoffice_app.models import Order, OrderAddress, OrderReturn, OutboxMail

SHOWN = 20
"""So many orders, returns and mails are shown; the list of orders has them all."""
_FIELDS = ("name", "company", "street", "addition", "postcode", "city", "region", "country")


@customer_block("data", _("Customer"), column=1, rank=10)
def data(look: CustomerLook) -> Declared:
    """All that is known of the customer; the shop's own fields last."""
    one = look.customer
    language = LazyLanguage(one.language).in_language(look.language).capitalize() if one.language else ""
    pairs: list[tuple[LazyText, str]] = [
        (_("Name"), f"{one.first_name} {one.last_name}".strip()),
        (_("Company"), one.company),
        (_("E-mail"), one.email),
        (_("Phone"), one.phone),
        (_("VAT ID"), one.vat_id),
        (_("Language"), language),
        (_("Customer number"), one.number),
        (_("Reference"), one.external_reference),
        (_("Source"), one.source),
        (_("Since"), look.moment(one.created_at)),
    ]
    own = [(name, said or "–") for name, said in own_pairs(one.own_fields)]
    return declare(facts(*((look.text(word), said or "–") for word, said in pairs), *own))


@customer_block("note", _("Note about the customer"), column=1, rank=20)
def note(look: CustomerLook) -> Declared:
    """What colleagues wrote about the customer."""
    return declare(*([text(look.customer.note)] if look.customer.note else []))


@customer_block("addresses", _("Addresses"), column=1, rank=30)
def addresses(look: CustomerLook) -> Declared:
    """The addresses of their newest orders, each once."""
    newest = (
        select(Order.id)
        .where(Order.customer_id == look.customer.id, ~col(Order.is_draft))
        .order_by(col(Order.position).desc())
        .limit(SHOWN)
    )
    wanted = select(OrderAddress, Order.number).join(Order, col(Order.id) == col(OrderAddress.order_id))
    wanted = wanted.where(col(OrderAddress.order_id).in_(newest)).order_by(
        col(OrderAddress.order_id).desc(), col(OrderAddress.kind)
    )
    seen: dict[tuple[str, ...], Entry] = {}
    for address, number in look.session.exec(wanted).all():
        lines = postal_lines(**{field: getattr(address, field) for field in _FIELDS})
        country = (
            str(locale(look.language).territories.get(address.country, address.country))
            if address.country
            else ""
        )
        kind = _("Billing address") if address.kind == "billing" else _("Shipping address")
        key = tuple(line.casefold() for line in (*lines, country))
        said = f"{look.text(kind)} · {number}"
        seen.setdefault(
            key,
            Entry(
                title=lines[0] if lines else "–", text="\n".join([*lines[1:], country]).strip(), small=said
            ),
        )
    return declare(*([entries(*seen.values())] if seen else []), empty=look.text(_("No address.")))


@customer_block("sums", _("Ordered"), column=2, rank=10)
def sums(look: CustomerLook) -> Declared:
    """How many orders, and for who may see prices their sums by currency; cancelled ones do not count."""
    of = ordered_by(look.session, [CUSTOMER.id_of(look.customer)]).get(CUSTOMER.id_of(look.customer))
    if of is None:
        return declare(empty=look.text(_("Nothing ordered yet.")))
    total = look.text(_("Total"))
    amounts = [
        (total, format_money(amount, currency, look.language)) for currency, amount in sorted(of.sums.items())
    ]
    count = (look.text(_("Orders")), format_number(of.count, look.language))
    return declare(
        figures(count, *(amounts if look.sees_prices else [])),
        facts((look.text(_("Last order")), look.moment(of.last))),
    )


@customer_block("credit", _("Credit"), column=2, rank=15, right=Right.PRICES)
def credit(look: CustomerLook) -> Declared:
    """What the customer has to pay orders with, by currency, and the newest bookings of it with their
    orders (PAY-2).
    """
    id_ = CUSTOMER.id_of(look.customer)
    booked = of_customer(look.session, id_, SHOWN)
    if not booked:
        return declare()
    left = balances(look.session, [id_]).get(id_) or {booked[0].currency: 0}
    amounts = figures(
        *(
            (look.text(_("Available", "credit")), look.money(amount, currency))
            for currency, amount in left.items()
        )
    )
    return declare(amounts, entries(*(_booked(look, one) for one in booked)))


def _booked(look: CustomerLook, one: Booked) -> Entry:
    """Positive is what an order gave to the credit."""
    amount = with_minus(look.money(one.amount, one.currency))
    small = " · ".join((format_day(one.day, look.language), amount, one.by))
    return Entry(title=one.order, link=f"/orders/{one.order}", small=small)


@customer_block("orders", _("Orders"), column=2, rank=20)
def orders(look: CustomerLook) -> Declared:
    """Their orders, newest first; the list of orders has those that are older."""
    mine = (
        select(Order)
        .where(Order.customer_id == look.customer.id)
        .order_by(col(Order.position).desc())
        .limit(SHOWN + 1)
    )
    found = look.session.exec(mine).all()
    own = (
        {one.id: one for one in all_statuses(look.session)}
        if any(order.custom_status_id for order in found)
        else {}
    )
    shown = []
    for order in found[:SHOWN]:
        badge = lone_status_badge(Status(order.status), look.language)
        if order.custom_status_id in own:
            badge = custom_badge(own[order.custom_status_id], look.language)
        small = " · ".join(
            filter(None, (look.moment(order.placed_at), look.money(order.total, order.currency)))
        )
        shown.append(
            Entry(
                title=order.number,
                link=f"/orders/{order.number}",
                small=small,
                tone=badge.tone,
                icon=badge.icon,
                state=badge.label,
            )
        )
    if len(found) > SHOWN:
        shown.append(
            Entry(
                title=look.text(_("All orders of the customer")),
                link=f"/orders?customer={look.customer.number}",
            )
        )
    return declare(*([entries(*shown)] if shown else []), empty=look.text(_("No order yet.")))


@customer_block("returns", _("Returns"), column=3, rank=10)
def returns(look: CustomerLook) -> Declared:
    """What came back of their orders, newest first."""
    wanted = select(OrderReturn, Order.number).join(Order, col(Order.id) == col(OrderReturn.order_id))
    wanted = (
        wanted.where(Order.customer_id == look.customer.id).order_by(col(OrderReturn.id).desc()).limit(SHOWN)
    )
    shown = []
    for one, number in look.session.exec(wanted).all():
        badge = return_badge(step_of(one), look.language)
        small = " · ".join(filter(None, (look.moment(one.created_at), one.reason)))
        link = f"/orders/{number}/returns"
        shown.append(
            Entry(
                title=one.number, link=link, small=small, tone=badge.tone, icon=badge.icon, state=badge.label
            )
        )
    return declare(*([entries(*shown)] if shown else []), empty=look.text(_("No return.")))


@customer_block("mails", _("Mails"), column=3, rank=20, right=Right.MAIL)
def mails(look: CustomerLook) -> Declared:
    """What was mailed to them about their orders, newest first."""
    wanted = (
        select(OutboxMail)
        .join(Order, col(Order.id) == col(OutboxMail.order_id))
        .where(Order.customer_id == look.customer.id)
    )
    found = look.session.exec(wanted.order_by(col(OutboxMail.id).desc()).limit(SHOWN)).all()
    shown = [
        Entry(
            title=mail.subject,
            link=f"/outbox?mail={mail.id}",
            small=f"{look.moment(mail.created_at)} · {look.text(kind_name(mail.kind))} · {look.text(_state(mail))}",
        )
        for mail in found
    ]
    return declare(*([entries(*shown)] if shown else []), empty=look.text(_("No mail.")))


@customer_block("history", _("History"), column=3, rank=90)
def history(look: CustomerLook) -> Declared:
    """What colleagues did to the customer; and who was merged into them."""
    zone = look.shop.regional.zone
    happened = history_of(
        look.session, (CUSTOMER, CUSTOMER.id_of(look.customer)), look.actor, look.language, zone, limit=SHOWN
    )
    shown = [Entry(title=one.sentence, small=f"{one.at} · {one.actor}") for one in happened]
    return declare(*([entries(*shown)] if shown else []), empty=look.text(_("Nothing has happened yet.")))


def _state(mail: OutboxMail) -> LazyText:
    return MAIL_STATES[mail.state]
