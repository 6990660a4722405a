"""What a colleague writes to a customer goes out once, in the template (W-8)."""

import pytest
from databases import BEN, OWNER, READER, TestShop
from sqlmodel import Session, col, select

from backoffice_app import db
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.customers import preview_customer_mail
from backoffice_app.domain.templates.actions import TEMPLATE, id_of
from backoffice_app.models import MailAttachment, OutboxMail

WISH = {
    "once": "dialog-0001",
    "subject": "Ihre Becher",
    "message": "Die Becher kommen morgen.",
    "language": "de",
}


def written() -> list[OutboxMail]:
    with Session(db.engine()) as session:
        return list(
            session.exec(
                select(OutboxMail).where(OutboxMail.kind == "customer-mail").order_by(col(OutboxMail.id))
            ).all()
        )


def test_w8_the_text_goes_into_the_template_and_out_once(shop: TestShop) -> None:
    order = shop.order()
    answers = [perform(BEN, "customer-mail", order.id or 0, WISH) for _press in range(3)]
    assert [done.changed for done in answers] == [True, False, False]
    [mail] = written()
    assert (mail.subject, mail.recipient, mail.language) == ("Ihre Becher", "ada.kovac@example.com", "de")
    assert "Die Becher kommen morgen." in mail.body


def test_w8_the_preview_is_what_is_sent(small_shop: TestShop) -> None:
    order = small_shop.order()
    shown = preview_customer_mail(BEN, order.number, dict(WISH))
    perform(BEN, "customer-mail", order.id or 0, WISH)
    assert shown == ("de", written()[0].subject, written()[0].body)


def test_w21_it_can_be_held_back_while_it_waits(small_shop: TestShop) -> None:
    order = small_shop.order()
    undo = perform(BEN, "customer-mail", order.id or 0, WISH).undo
    assert undo is not None
    perform(BEN, undo.key, order.id or 0, undo.values)
    assert [mail.state for mail in written()] == ["withheld"]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"message": " "}, "message"), ({"language": "xx"}, "language"), ({"once": "../.."}, "once")],
)
def test_w8_bad_input_names_the_field(small_shop: TestShop, change: dict[str, str], field: str) -> None:
    order = small_shop.order()
    with pytest.raises(Invalid) as refused:
        perform(BEN, "customer-mail", order.id or 0, WISH | change)
    assert (refused.value.field, written()) == (field, [])


def test_sec2_who_may_not_edit_writes_to_no_customer(small_shop: TestShop) -> None:
    order = small_shop.order()
    with pytest.raises(Refused):
        perform(READER, "customer-mail", order.id or 0, WISH)
    with pytest.raises(Refused):
        preview_customer_mail(READER, order.number, dict(WISH))


def test_c29_chosen_invoices_go_along_and_the_notice_says_to_whom(shop: TestShop) -> None:
    order = shop.order()
    number = order.documents[0].number
    values = {
        "once": "dialog-1",
        "message": "Anbei die Rechnung.",
        "attachments": {number: "on", "RE-other": "off"},
    }
    done = perform(BEN, "customer-mail", order.id or 0, values)
    assert "ada.kovac@example.com" in done.message.in_language("en")
    with Session(db.engine()) as session:
        assert [file.name for file in session.exec(select(MailAttachment))] == [f"{number}.pdf"]
    with pytest.raises(Invalid) as refused:
        perform(
            BEN,
            "customer-mail",
            order.id or 0,
            {"once": "dialog-2", "message": "Hallo", "attachments": ["RE-1"]},
        )
    assert refused.value.field == "attachments"


def test_api1_without_a_dialog_each_call_writes_a_mail(small_shop: TestShop) -> None:
    order = small_shop.order()
    done = [
        perform(BEN, "customer-mail", order.id or 0, {"message": "Die Becher kommen morgen."})
        for _call in range(2)
    ]
    assert [one.changed for one in done] == [True, True]
    assert len(written()) == 2


def test_m1_a_mail_that_is_switched_off_is_refused_and_not_called_written(small_shop: TestShop) -> None:
    order = small_shop.order()
    off = {"on": False}
    perform(OWNER, "switch-mail-template", id_of("customer-mail"), off, subject=TEMPLATE)
    with pytest.raises(Refused) as refused:
        perform(BEN, "customer-mail", order.id or 0, WISH)
    assert "“Customer mail” is switched off" in refused.value.reason.in_language("en")
    assert written() == []
    perform(OWNER, "switch-mail-template", id_of("customer-mail"), {"on": True}, subject=TEMPLATE)
    assert perform(BEN, "customer-mail", order.id or 0, WISH).changed
