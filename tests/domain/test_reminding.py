"""`Notify customer` and `Send reminder` (W-14, INV-10, W-21)."""

from datetime import timedelta
from typing import Any

import pytest
from databases import BEN, OWNER, WAREHOUSE, TestShop
from sqlmodel import col, select

from backoffice_app import db
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.window import order_window
from backoffice_app.models import MailAttachment, Order, OutboxMail
from backoffice_app.settings import settings

LINK = "https://pay.example.com/pay?order=1"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Days pass: `later(15)`."""
    really = clock.now
    passed = [timedelta(0)]
    monkeypatch.setattr(clock, "now", lambda: really() + passed[0])

    def pass_by(days: int) -> None:
        passed[0] += timedelta(days=days)

    return pass_by


def mails(order: Order, kind: str = "reminder") -> list[OutboxMail]:
    with db.reading() as session:
        mine = select(OutboxMail).where(OutboxMail.order_id == order.id, OutboxMail.kind == kind)
        rows = list(session.exec(mine.order_by(col(OutboxMail.id))).all())
        session.expunge_all()
    return rows


def why(order: Order, key: str = "remind") -> str:
    with pytest.raises(Refused) as no:
        perform(OWNER, key, order.id or 0)
    return no.value.reason.in_language("en")


def test_w14_notify_tells_how_the_order_stands(shop: TestShop) -> None:
    order = shop.order()
    perform(BEN, "notify", order.id or 0)
    perform(BEN, "ship", order.id or 0, {"tracking": "0034043416", "carrier": "dhl", "mail": False})
    perform(BEN, "pay", order.id or 0, {"mail": False})
    perform(BEN, "notify", order.id or 0)
    first, second = mails(order, "order-status")
    assert "Ihre Bestellung ist vollständig verschickt" in second.body
    assert "0034043416" in second.body
    assert "Noch zu bezahlen: 44,80" in first.body


def test_w14_a_second_press_writes_no_second_mail(shop: TestShop) -> None:
    order = shop.order()
    perform(BEN, "hold", order.id or 0)
    perform(BEN, "notify", order.id or 0)
    assert "ruht zurzeit" in mails(order, "order-status")[0].body


def test_inv10_the_reminders_of_a_due_invoice_go_up_by_levels_one_a_day(shop: TestShop, later: Any) -> None:
    order = shop.order()
    number = order.documents[0].number
    assert "The invoice is due on" in why(order)
    later(15)
    for level, subject in enumerate(("Zahlungserinnerung", "Mahnung", "Letzte Mahnung", "Letzte Mahnung"), 1):
        perform(OWNER, "remind", order.id or 0)
        assert why(order) == "A reminder was sent today already."
        assert [mail.subject for mail in mails(order)][-1] == f"{subject} zur Rechnung {number}"
        assert len(mails(order)) == level
        later(1)
    last = mails(order)[-1]
    assert "44,80" in last.body
    with db.reading() as session:
        assert len(session.exec(select(MailAttachment).where(MailAttachment.mail_id == last.id)).all()) == 1


def test_w14_without_an_invoice_the_customer_gets_the_link_to_pay(shop: TestShop) -> None:
    order = shop.order(
        payment={"method": "prepaid", "state": "open", "link": LINK, "invoiced_by": "provider"}
    )
    perform(OWNER, "remind", order.id or 0)
    [mail] = mails(order)
    assert mail.subject.startswith("Zahlungserinnerung zur Bestellung")
    assert LINK in mail.body


def test_w14_paid_on_hold_cancelled_say_why_not(shop: TestShop, later: Any) -> None:
    paid, held, gone, nowhere = (
        shop.order(paid=True),
        shop.order(),
        shop.order(),
        shop.order(customer={"last_name": "Kovač"}),
    )
    later(15)
    perform(OWNER, "hold", held.id or 0)
    perform(OWNER, "cancel", gone.id or 0, {"mail": False})
    assert why(paid) == "The order is paid."
    assert why(held) == "The order is on hold. Resume it first."
    assert why(gone) == "The order is cancelled."
    credited = shop.order()
    [invoice] = credited.documents
    perform(OWNER, "credit-note", credited.id or 0, {"invoice": invoice.number, "amount": "44.80"})
    assert why(credited) == "Nothing is open."
    assert why(nowhere) == "The customer has no e-mail address."
    assert why(nowhere, "notify") == "The customer has no e-mail address."
    debit = shop.order(payment={"method": "sepa_debit", "name": "Lastschrift", "state": "open"})
    assert "the money is collected from them" in why(debit)


def test_w21_a_reminder_is_taken_back_and_does_not_count(shop: TestShop, later: Any) -> None:
    order = shop.order()
    later(15)
    done = perform(OWNER, "remind", order.id or 0)
    assert done.undo is not None
    perform(OWNER, done.undo.key, order.id or 0, done.undo.values)
    assert [mail.state for mail in mails(order)] == ["withheld"]
    perform(OWNER, "remind", order.id or 0)
    assert [mail.subject.split()[0] for mail in mails(order)] == ["Zahlungserinnerung", "Zahlungserinnerung"]
    noticed = perform(OWNER, "notify", order.id or 0)
    assert noticed.undo is not None
    perform(OWNER, noticed.undo.key, order.id or 0, noticed.undo.values)
    assert [mail.state for mail in mails(order, "order-status")] == ["withheld"]


def test_w14_the_dialog_shows_the_mail_that_goes(small_shop: TestShop, later: Any) -> None:
    order = small_shop.order()
    later(15)
    with db.reading() as session:
        window = order_window(session, order.number, OWNER, "en", dialog="remind")
    letter = window.form.letter
    perform(OWNER, "remind", order.id or 0)
    [mail] = mails(order)
    assert (letter.recipient, letter.language_name, letter.subject, letter.text) == (
        mail.recipient,
        "German",
        mail.subject,
        mail.body,
    )
    assert letter.files == f"{order.documents[0].number}.pdf"


@pytest.mark.parametrize("server", ["smtp://127.0.0.1:9", ""])
def test_w14_m4_the_dialog_says_when_the_mail_leaves_or_that_it_stays(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    monkeypatch.setenv("KONTOR_SMTP_URL", server)
    settings.cache_clear()
    order = small_shop.order()
    with db.reading() as session:
        letter = order_window(session, order.number, OWNER, "en", dialog="notify").form.letter
    leaves = f"Leaves {settings().undo_seconds} seconds after the press."
    stays = f"The mail to {order.email} stays in the outbox: there is no mail server."
    assert letter.leaves == (leaves if server else stays)


def test_sec4_the_warehouse_neither_notifies_nor_reminds(small_shop: TestShop) -> None:
    order = small_shop.order()
    for key in ("notify", "remind"):
        with pytest.raises(Refused):
            perform(WAREHOUSE, key, order.id or 0)
        with db.reading() as session:
            window = order_window(session, order.number, WAREHOUSE, "en", dialog=key)
        assert window.form.letter.text == ""
