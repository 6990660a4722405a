"""Who a mail is from: what leaves, seen at a real mail server, is what was checked in the settings (M-4)."""

from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from databases import OWNER, TestShop
from hypothesis import given
from hypothesis import strategies as st
from mailserver import MailServer, mail_server

from backoffice_app.domain import settings as shop_settings
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.shop import Mailing, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail import write
from backoffice_app.domain.mail.delivery import due_mail
from backoffice_app.domain.mail.sender import (
    comes_back,
    from_header,
    read_sender,
    with_ascii_domain,
    written_sender,
)
from backoffice_app.domain.mail.write import stamp_of
from backoffice_app.domain.order import ORDER
from backoffice_app.gateways.smtp import Outcome, deliver, server_of
from backoffice_app.models import Order
from backoffice_app.settings import settings
from backoffice_app.worker.mails import file_of

ATTACK = "=?utf-8?q?x=0ABcc:_e@e.test?="


@pytest.fixture
def server(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server(enable_SMTPUTF8=True) as found:
        monkeypatch.setenv("KONTOR_SMTP_URL", found.url)
        settings.cache_clear()
        yield found


def choose(**texts: str) -> None:
    """Saves fields of Settings, Mail, as the form does."""
    shop_settings.save(
        OWNER, shop_settings.MAILING, texts, shop_settings.settings_page(OWNER).forms["mailing"]
    )


def sent(server: MailServer, order: Order) -> tuple[str, list[str], EmailMessage]:
    """A mail with the order's invoice as the server got it: envelope sender, recipients, headers."""
    with work(OWNER) as w:
        locked = w.lock(ORDER, order.id or 0)
        mail = write(w, mail_kinds.INVOICE, locked, about="test", documents=locked.documents)
    assert mail is not None
    due = due_mail(mail.id or 0, stamp_of(mail))
    assert due is not None
    files = [content for version, _name in due.files if isinstance(content := file_of(version), bytes)]
    assert len(files) == 1
    answer = deliver(server_of(server.url), due.sender, due.recipients, due.message(files), due.copies)
    assert answer.outcome is Outcome.SENT, answer.said
    return *server.envelopes[-1], server.mails()[-1]


@pytest.mark.parametrize(
    ("typed", "name", "address"),
    [
        ("Shop @ Home <a@example.com>", "Shop @ Home", "a@example.com"),
        (f"{ATTACK} <a@example.com>", ATTACK, "a@example.com"),
        ('Müller, "Tee" & Co (Nord) <a@example.com>', 'Müller, "Tee" & Co (Nord)', "a@example.com"),
        ('"Müller, Tee" <a@example.com>', "Müller, Tee", "a@example.com"),
        ("Tee: alles; sofort [neu] <a@example.com>", "Tee: alles; sofort [neu]", "a@example.com"),
        ("A \\ B <a@example.com>", "A \\ B", "a@example.com"),
        ("Bücher 📚 علي <a@bücher.example>", "Bücher 📚 علي", "a@xn--bcher-kva.example"),
        ("Ä" * 170 + " <a@example.com>", "Ä" * 170, "a@example.com"),
        ("x" * 170 + " <a@example.com>", "x" * 170, "a@example.com"),
        ("<a@example.com>", "Kontor Probe GmbH", "a@example.com"),
        ("a@faß.example", "Kontor Probe GmbH", "a@xn--fa-hia.example"),
    ],
)
def test_a13_what_leaves_is_what_was_checked(
    server: MailServer, small_shop: TestShop, typed: str, name: str, address: str
) -> None:
    choose(sender=typed)
    kept = shop_settings.settings_page(OWNER).forms["mailing"]["sender"]
    envelope, recipients, mail = sent(server, small_shop.order())

    raw = message_from_bytes(server.got[-1])["From"].replace("\r\n", "")
    seen, mailbox = parseaddr(raw)
    assert (envelope, mailbox, str(make_header(decode_header(seen)))) == (address, address, name)
    assert [one.addr_spec for one in mail["From"].addresses] == [address]
    assert (mail["Bcc"], recipients) == (None, ["ada.kovac@example.com"])
    choose(sender=kept)
    assert shop_settings.settings_page(OWNER).forms["mailing"]["sender"] == kept


@pytest.mark.parametrize(
    "typed",
    [
        "b@example.com, Tee <a@example.com>",
        "<b@example.com> <a@example.com>",
        "Tee <a@example.com",
        "Tee a@b <>",
    ],
)
def test_a13_two_addresses_or_none_are_refused(small_shop: TestShop, typed: str) -> None:
    with pytest.raises(Invalid):
        choose(sender=typed)


@pytest.mark.parametrize(
    "stored",
    ["Shop @ Home <a@example.com>", f"{ATTACK} <a@example.com>", "Tee\r\nBcc: e@e.test <a@example.com>"],
)
def test_a13_what_an_older_kontor_took_is_harmless_too(
    server: MailServer, small_shop: TestShop, stored: str
) -> None:
    with work(OWNER) as w:
        save_section(w.session, "mailing", Mailing(sender=stored))
    envelope, recipients, mail = sent(server, small_shop.order())
    assert envelope == "a@example.com"
    assert [one.addr_spec for one in mail["From"].addresses] == ["a@example.com"]
    assert (mail["Bcc"], recipients) == (None, ["ada.kovac@example.com"])


def test_a13_answers_and_blind_copies_go_where_was_checked(server: MailServer, small_shop: TestShop) -> None:
    choose(
        sender="Shop @ Home <a@example.com>",
        reply_to="fragen@bücher.example",
        bcc="b@faß.example; c@example.com",
    )
    _envelope, recipients, mail = sent(server, small_shop.order())
    assert str(mail["Reply-To"]) == "fragen@xn--bcher-kva.example"
    assert recipients == ["ada.kovac@example.com", "b@xn--fa-hia.example", "c@example.com"]
    with pytest.raises(Invalid):
        choose(reply_to="frägen@example.com")


def test_a2_a_mail_with_an_invoice_that_has_boxes_goes_out(server: MailServer, small_shop: TestShop) -> None:
    order = small_shop.order(billing_address={"name": "Anna 😀 ไทย", "country": "DE"})
    _envelope, _recipients, mail = sent(server, order)
    [pdf] = list(mail.iter_attachments())
    assert (pdf.get_filename(), bytes(pdf.get_content())[:5]) == (
        f"{order.documents[0].number}.pdf",
        b"%PDF-",
    )


@given(
    name=st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<>"), max_size=60).map(
        lambda text: " ".join(text.split())
    )
)
def test_a13_a_name_that_comes_back_changes_no_address(name: str) -> None:
    lines = from_header(name, "a@example.com").split("\n")
    assert all(line.startswith(" ") and line.isascii() for line in lines[1:])
    read = read_sender(written_sender(name, "a@example.com"))
    if comes_back(name, "a@example.com"):
        assert read == (name, "a@example.com")
        assert parseaddr("".join(lines))[1] == "a@example.com"


def test_a13_domains_are_written_by_the_rules_they_were_checked_by() -> None:
    wanted = {
        "a@faß.example": "a@xn--fa-hia.example",
        "ü@bücher.example": "ü@xn--bcher-kva.example",
        "a@b.example": "a@b.example",
    }
    assert {address: with_ascii_domain(address) for address in wanted} == wanted
