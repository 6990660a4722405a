"""Mails are written once, in the right language, and can name nothing that is not the customer's (M-1 to M-5, W-11)."""

import dataclasses
import json
import re
from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
from databases import BEN, OWNER, TestShop
from jinja2 import TemplateError
from jinja2.exceptions import SecurityError, UndefinedError
from sqlmodel import Session, col, select

from backoffice_app import db
from backoffice_app.documents.texts import document_language
from backoffice_app.domain.core.payment_methods import known_method
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shipping_methods import known_shipping
from backoffice_app.domain.core.shop import Company, Mailing, Regional, load_shop, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import HistoryEntry, history_of
from backoffice_app.domain.mail import LANGUAGES, MailKind, hold_back, hold_back_about, release, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail.addressing import addresses
from backoffice_app.domain.mail.delivery import begin_sending
from backoffice_app.domain.mail.kinds import MAIL_KINDS
from backoffice_app.domain.mail.message import message_of
from backoffice_app.domain.mail.templates import Text, built_in, render
from backoffice_app.domain.mail.values import Values, values_of
from backoffice_app.domain.mail.write import stamp_of
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.methods import OrderMethods
from backoffice_app.formats import format_money
from backoffice_app.i18n import DOCUMENT_LANGUAGES, catalog
from backoffice_app.models import Customer, Document, History, MailTemplate, Order, OutboxMail, Parcel
from backoffice_app.settings import settings


@pytest.fixture(autouse=True)
def mail_server_is_set(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somewhere to send to; nothing is sent here."""
    monkeypatch.setenv("KONTOR_SMTP_URL", "smtp://127.0.0.1:9")
    settings.cache_clear()
    yield
    settings.cache_clear()


def outbox() -> list[OutboxMail]:
    with Session(db.reading_engine(), expire_on_commit=False) as session:
        return list(session.exec(select(OutboxMail).order_by(col(OutboxMail.id))).all())


def written(
    order: Order, kind: MailKind = mail_kinds.SHIPPED, about: str = "test", actor: Actor = OWNER
) -> OutboxMail | None:
    with work(actor) as w:
        return write(w, kind, w.lock(ORDER, order.id or 0), about=about)


def values(shop: TestShop, order: Order, language: str, message: str = "") -> Values:
    with db.reading() as session:
        settings_of_shop = load_shop(session)
    shipment = order.shipments[0]
    document = Document(
        public_id="x",
        order_id=1,
        kind="invoice",
        number="RE-2026-0001",
        language="de",
        issued_on=order.placed_at.date(),
        issued_at=order.placed_at,
        due_on=order.placed_at.date(),
        currency="EUR",
        net=3689,
        vat=701,
        total=4390,
    )
    methods = OrderMethods(
        known_method(order.payment_method, order.payment_method_name),
        known_shipping(order.shipping_method, order.shipping_method_name),
    )
    return values_of(
        settings_of_shop,
        order,
        language,
        methods,
        shipments=[shipment],
        documents=[document],
        message=message,
        title="",
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MAIL_KINDS.values(), ids=list(MAIL_KINDS))
def test_m1_every_kind_reads_well_in_every_language(
    kind: MailKind, language: str, small_shop: TestShop
) -> None:
    order = small_shop.order(lines=2)
    order.shipments[0].parcels = [Parcel(tracking_number="0034 0434 1610", carrier="dhl")]
    more = kind.values(order, language) if kind.values else None
    made = render(
        built_in(kind, language), values(small_shop, order, language, "Ihr Becher ist unterwegs."), more
    )
    assert ("SHOP-1" if kind.key.startswith("ticket-") else order.number) in made.subject + made.body
    assert "Ada Kovač" in made.body
    assert (
        made.body.rstrip().endswith(("shop@example.com", order.number, "> …"))
        or kind is mail_kinds.CUSTOMER_MAIL
    )
    assert "Kontor Probe GmbH" in made.body
    assert "{" not in made.subject + made.body
    assert "None" not in made.subject + made.body
    assert "\n\n\n" not in made.body
    if kind is mail_kinds.ORDER_CONFIRMATION:
        assert format_money(8470, "EUR", language) in made.body
        assert "2 × Becher 1 (MUG-1)" in made.body
    if kind is mail_kinds.TRACKING:
        assert "0034 0434 1610" in made.body
        assert "003404341610" in made.body  # in the carrier's address
    if kind is mail_kinds.CUSTOMER_MAIL:
        assert "Ihr Becher ist unterwegs." in made.body


def test_m1_texts_of_the_languages_are_different_and_whole() -> None:
    for kind in MAIL_KINDS.values():
        texts = [built_in(kind, language) for language in LANGUAGES]
        assert len(
            {text.subject for text in texts if not re.search(r"\btitle|ticket\.subject", text.subject)}
        ) in {0, len(LANGUAGES)}
        assert len({text.body for text in texts}) == len(LANGUAGES)
        assert len({text.body.count("{{") for text in texts}) == 1
        assert len({text.body.count("{% if") for text in texts}) <= 2


def test_m1_texts_of_the_languages_say_the_same() -> None:
    """A value that one language leaves out would be missed by its customers alone."""
    named = re.compile(
        r"\b(?:order|document|line|parcel|shipment|goods_return|company)\.\w+|\bmessage\b|\btitle\b"
    )
    for kind in MAIL_KINDS.values():
        found = {
            language: sorted(set(named.findall(" ".join(kind.texts[language].split()))))
            for language in DOCUMENT_LANGUAGES
        }
        assert all(names == found["en"] for names in found.values()), kind.key


@pytest.mark.parametrize("language", DOCUMENT_LANGUAGES)
def test_d11_a_customer_is_written_to_in_the_language_of_their_papers(
    language: str, small_shop: TestShop
) -> None:
    mail = written(small_shop.order(language=language))
    assert mail is not None
    assert (mail.language, document_language(language)) == (language, language)


def test_w11_templates_see_plain_texts_and_no_row(small_shop: TestShop) -> None:
    """All that can be reached from a template, at any depth, is text, so nothing internal such as a note can be."""

    def leaves(value: object) -> Iterator[object]:
        if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                yield from leaves(getattr(value, field.name))
        elif isinstance(value, tuple):
            for part in value:
                yield from leaves(part)
        else:
            yield value

    order = small_shop.order(comment="Please ring twice")
    order.shipments[0].parcels = []
    seen = list(leaves(values(small_shop, order, "de")))
    assert all(value is None or type(value) is str for value in seen)
    assert not any("ring twice" in str(value) for value in seen)


@pytest.mark.parametrize(
    "source",
    [
        "{{ order.comment }}",
        "{{ order.notes }}",
        "{{ w }}",
        "{{ order.__class__.__mro__ }}",
        "{{ order.lines.__class__ }}",
        "{{ ''.__class__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ cycler.__init__.__globals__ }}",
        "{% include 'de/invoice.txt' %}",
        "{% import 'x' as y %}",
        "{{ order.lines | map(attribute='__class__') | list }}",
        "{{ order.number.format_map.__self__ }}",
        "{{ '{0.__class__}'.format(order) }}",
    ],
)
def test_w11_no_way_out_of_the_sandbox(source: str, small_shop: TestShop) -> None:
    order = small_shop.order()
    order.shipments[0].parcels = []
    with pytest.raises((TemplateError, UndefinedError, SecurityError, TypeError)):
        render(Text("x", source), values(small_shop, order, "de"))


def test_m1_the_shops_own_template_stands_in_place_of_the_built_in_one_and_can_be_off(
    small_shop: TestShop,
) -> None:
    with work(OWNER) as w:
        w.session.add(
            MailTemplate(
                kind="shipped",
                language="de",
                subject="Los geht's: {{ order.number }}",
                body="Hallo {{ order.name }}!",
            )
        )
        w.session.add(MailTemplate(kind="shipped", language="fr", subject="x", body="x", active=False))
        w.session.add(
            MailTemplate(
                kind="shipped", language="ja", subject="発送 {{ order.number }}", body="{{ order.name }} 様"
            )
        )
    order = small_shop.order()
    mail = written(order)
    assert mail is not None
    assert (mail.subject, mail.body) == (f"Los geht's: {order.number}", "Hallo Ada Kovač!\n")
    assert written(small_shop.order(language="fr")) is None
    japanese = written(small_shop.order(language="ja"))
    assert japanese is not None
    assert (japanese.language, japanese.body) == ("ja", "Ada Kovač 様\n")


def test_m2_the_orders_language_else_the_customers_else_the_shops_never_the_clerks(
    small_shop: TestShop,
) -> None:
    german_clerk = dataclasses.replace(BEN, language="de")
    with work(OWNER) as w:
        save_section(w.session, "regional", Regional(language="nl"))
    cases = [
        ("fr", "en", "fr"),
        ("fr-CA", "en", "fr"),
        ("pl", "ja-JP", "ja"),
        ("pl", "pl", "nl"),
        ("", "", "nl"),
    ]
    for order_language, customer_language, expected in cases:
        order = small_shop.order()
        with work(OWNER) as w:
            changed = w.lock(ORDER, order.id or 0)
            changed.language = order_language
            w.session.get_one(Customer, changed.customer_id).language = customer_language
        mail = written(order, actor=german_clerk)
        assert mail is not None
        assert mail.language == expected


def test_m3_a_second_mail_with_the_same_key_does_nothing(shop: TestShop) -> None:
    order = shop.order()
    first = written(order, about="shipment-1")
    assert first is not None
    assert first.key == f"order/{order.id}/shipped/shipment-1"
    assert written(order, about="shipment-1") is None
    assert written(order, about="shipment-2") is not None
    assert written(order, mail_kinds.PAYMENT_RECEIVED, about="shipment-1") is not None
    assert [mail.key for mail in outbox() if mail.kind == "shipped"] == [
        first.key,
        f"order/{order.id}/shipped/shipment-2",
    ]


def test_m3_the_same_row_gives_the_same_bytes(small_shop: TestShop) -> None:
    mail = written(small_shop.order(customer={"email": "jörg@bücher.example", "last_name": "Jörg"}))
    assert mail is not None
    mail.sender = "Bücher & Söhne <shop@example.com>"
    raw = message_of(mail, [("RE-2026-0001.pdf", b"%PDF-1.7 probe")])
    assert raw == message_of(mail, [("RE-2026-0001.pdf", b"%PDF-1.7 probe")])
    assert all(len(line) <= 998 and b"\n" not in line for line in raw.split(b"\r\n"))
    read = message_from_bytes(raw, policy=policy.default)
    assert (read["To"], read["From"]) == ("jörg@xn--bcher-kva.example", "Bücher & Söhne <shop@example.com>")
    assert read["Message-ID"] == mail.message_id
    alternative, pdf = read.iter_parts()  # type: ignore[attr-defined]
    body, _html = alternative.iter_parts()
    assert body.get_content().replace("\r\n", "\n") == mail.body
    assert (pdf.get_filename(), pdf.get_content()) == ("RE-2026-0001.pdf", b"%PDF-1.7 probe")


@pytest.mark.parametrize("files", [[], [("RE-2026-0001.pdf", b"%PDF-1.7 probe")]])
def test_d15_a_mail_says_its_language(small_shop: TestShop, files: list[tuple[str, bytes]]) -> None:
    mail = written(small_shop.order(language="fr"))
    assert mail is not None
    assert message_from_bytes(message_of(mail, files), policy=policy.default).get_all("Content-Language") == [
        "fr"
    ]


@pytest.mark.parametrize(
    "body", ["Grüße an Ada Kovač\n", "ü" * 60 + "\n", "山田 太郎\n" * 30, "😀\n", "Grüße " * 300 + "\n"]
)
def test_d16_every_mail_can_pass_servers_that_know_seven_bits(small_shop: TestShop, body: str) -> None:
    mail = written(small_shop.order())
    assert mail is not None
    mail.body, mail.html = body, ""
    raw = message_of(mail, [])
    assert raw.isascii()
    assert message_from_bytes(raw, policy=policy.default).get_content().replace("\r\n", "\n") == body  # type: ignore[attr-defined]


def test_d20_mails_and_documents_address_their_reader_alike() -> None:
    formal = re.compile(r"\b(u|uw)\b", re.IGNORECASE)
    dutch = [built_in(kind, "nl").body for kind in MAIL_KINDS.values()] + [
        str(text) for text in catalog("nl", "documents").values()
    ]
    assert [text for text in dutch if formal.search(text.replace("a.u.b.", ""))] == []
    assert "au plus tard le" in built_in(mail_kinds.INVOICE, "fr").body


@pytest.mark.parametrize(
    ("given", "company", "email", "expected"),
    [
        ("", "Kontor Probe", "shop@example.com", "Kontor Probe <shop@example.com>"),
        ("", 'Becher, "Tee" & Co', "shop@example.com", '"Becher, \\"Tee\\" & Co" <shop@example.com>'),
        ("Versand <versand@example.com>", "Kontor", "shop@example.com", "Versand <versand@example.com>"),
        (
            "versand@bücher.example",
            "Bücher\nBcc: x@example.com",
            "",
            '"Bücher Bcc: x@example.com" <versand@xn--bcher-kva.example>',
        ),
        ("a..b@example.com", "", "", "<a..b@example.com>"),
        ("nonsense", "", "", "<kontor@localhost>"),
    ],
)
def test_m4_the_sender_is_the_shop(
    given: str, company: str, email: str, expected: str, small_shop: TestShop
) -> None:
    with work(OWNER) as w:
        save_section(w.session, "company", Company(name=company, email=email))
        save_section(w.session, "mailing", Mailing(sender=given))
    mail = written(small_shop.order())
    assert mail is not None
    assert mail.sender == expected
    read = message_from_bytes(message_of(mail, []), policy=policy.default)
    assert read["Bcc"] is None
    assert len(read["From"].addresses) == 1


def test_m3_recipients_are_named_once_and_must_be_addresses() -> None:
    assert addresses("Ada@Example.com, ada@example.com; ben@example.com") == (
        "Ada@Example.com",
        "ben@example.com",
    )
    for wrong in (
        "",
        "ada",
        "ada@",
        "@example.com",
        "a@b@c",
        "Ada <ada@example.com>",
        "ada@example.com\nBcc: x@example.com",
        "ada@ü..example",
    ):
        assert addresses(wrong) == ()


def test_m5_without_an_address_the_history_says_that_no_mail_was_written(small_shop: TestShop) -> None:
    order = small_shop.order(customer={"last_name": "Kovač"})
    assert written(order) is None
    assert history_of_order(order)[0].kind == "MailNotWritten"


def history_of_order(order: Order) -> list[HistoryEntry]:
    with db.reading() as session:
        return list(history_of(session, (ORDER, order.id or 0), OWNER, "en", "Europe/Berlin"))


def test_m5_the_mail_is_in_the_history_and_its_address_beside_the_chain(small_shop: TestShop) -> None:
    order = small_shop.order()
    mail = written(order)
    assert mail is not None
    with db.reading() as session:
        written_down = select(History).where(History.kind == "MailWritten", History.subject_id == order.id)
        fact = session.exec(written_down.order_by(col(History.sequence))).all()[-1]
    assert json.loads(fact.data) == {"kind": "shipped", "mail": mail.id}
    assert "ada.kovac@example.com" not in fact.data
    [newest, *_rest] = history_of_order(order)
    assert "The mail “Order shipped” to ada.kovac@example.com was put into the outbox." in newest.sentence


def test_w21_held_back_by_object_and_only_while_it_is_still_here(small_shop: TestShop) -> None:
    order = small_shop.order()
    for about in ("payment-1", "payment-12", "shipment-3-1", "shipment-3-2"):
        written(order, mail_kinds.PAYMENT_RECEIVED if "pay" in about else mail_kinds.SHIPPED, about)
    with work(OWNER) as w:
        locked = w.lock(ORDER, order.id or 0)
        assert hold_back_about(w, locked, mail_kinds.PAYMENT_RECEIVED, "payment-1")
        assert hold_back_about(w, locked, mail_kinds.SHIPPED, "shipment-3-")
        assert hold_back_about(w, locked, mail_kinds.TRACKING, "shipment-3-")
    states = {mail.key.rpartition("/")[2]: mail.state for mail in outbox()}
    assert {
        about: states[about] for about in ("payment-1", "payment-12", "shipment-3-1", "shipment-3-2")
    } == {
        "payment-1": "withheld",
        "payment-12": "waiting",
        "shipment-3-1": "withheld",
        "shipment-3-2": "withheld",
    }
    with work(OWNER) as w:
        for mail in w.session.exec(select(OutboxMail).where(OutboxMail.kind == "payment-received")).all():
            mail.state = "sent"
        assert not hold_back_about(w, w.lock(ORDER, order.id or 0), mail_kinds.PAYMENT_RECEIVED, "payment-12")


def test_m3_a_job_with_an_old_stamp_does_not_begin_to_send(shop: TestShop) -> None:
    """Held back and released between the look of a job and its lock, the mail belongs to the new job."""
    mail = written(shop.order())
    assert mail
    old = stamp_of(mail)
    with work(OWNER) as w:
        hold_back(w, mail)
    with work(OWNER) as w:
        release(w, mail, 10)
    [now] = [one for one in outbox() if one.id == mail.id]
    assert stamp_of(now) != old
    assert begin_sending(mail.id or 0, old) is False
    assert [one.state for one in outbox() if one.id == mail.id] == ["waiting"]
    assert begin_sending(mail.id or 0, stamp_of(now)) is True
