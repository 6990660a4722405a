"""Templates are seen, changed, checked, reset and switched off; files go along (M-1, M-3)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from databases import BEN, OWNER, TestShop
from pictures import picture
from sqlmodel import Session, col, select

from backoffice_app import db
from backoffice_app.domain.core.actions import Done, perform
from backoffice_app.domain.core.errors import Invalid, NotFound, Overtaken, Refused
from backoffice_app.domain.core.shop import SETTINGS
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import history_of
from backoffice_app.domain.mail import MailKind, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail.delivery import due_mail
from backoffice_app.domain.mail.kinds import MAIL_KINDS
from backoffice_app.domain.mail.shop_files import keep_file, named, path_of
from backoffice_app.domain.mail.templates import Text, built_in
from backoffice_app.domain.mail.write import stamp_of
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.templates.actions import TEMPLATE, id_of
from backoffice_app.domain.templates.check import why_not_filled
from backoffice_app.domain.templates.view import BY_HAND, preview_text, template_list, template_view
from backoffice_app.formats import format_money
from backoffice_app.models import MailTemplate, Order, OutboxMail, ShopFile
from backoffice_app.settings import settings

PDF = b"%PDF-1.7 terms"
PNG = picture()


def do(key: str, kind: str, values: dict[str, Any], seen: int | None = None) -> Done:
    return perform(OWNER, key, id_of(kind), values, subject=TEMPLATE, seen=seen)


def save(kind: str, subject: str, body: str, language: str = "de", seen: int | None = None) -> Done:
    return do("save-mail-template", kind, {"language": language, "subject": subject, "body": body}, seen)


def written(order: Order, kind: MailKind, about: str = "test") -> OutboxMail | None:
    with work(OWNER) as w:
        locked = w.lock(ORDER, order.id or 0)
        mail = write(w, kind, locked, about=about, documents=locked.documents)
        w.session.flush()
        return mail


def test_m1_a_changed_template_is_used_and_mails_in_the_outbox_stay_as_they_are(shop: TestShop) -> None:
    order = shop.order()
    before = written(order, mail_kinds.SHIPPED, "first")
    save("shipped", "Los: {{ order.known }}", "Hallo {{ order.name }}!\n\nIhr Paket ist weg.")
    after = written(order, mail_kinds.SHIPPED, "second")
    assert before is not None
    assert after is not None
    assert after.body.startswith("Hallo Ada Kovač!\n\nIhr Paket ist weg.\n")
    with db.reading() as session:
        assert session.get_one(OutboxMail, before.id).body == before.body
    assert "Ihr Paket ist weg." in after.html


def test_m1_the_original_text_comes_back(small_shop: TestShop) -> None:
    save("shipped", "x {{ order.known }}", "y")
    assert template_view(OWNER, "shipped", "de").is_own
    do("reset-mail-template", "shipped", {"language": "de"})
    view = template_view(OWNER, "shipped", "de")
    assert (view.is_own, view.subject, view.body) == (False, *_built_in("shipped"))
    assert not do("reset-mail-template", "shipped", {"language": "de"}).changed


def _built_in(key: str) -> tuple[str, str]:
    text = built_in(MAIL_KINDS[key], "de")
    return text.subject, text.body.strip()


def test_m1_a_kind_that_is_off_writes_no_mail(shop: TestShop) -> None:
    do("switch-mail-template", "shipped", {"on": False})
    assert written(shop.order(), mail_kinds.SHIPPED) is None
    do("switch-mail-template", "shipped", {"on": True})
    assert written(shop.order(), mail_kinds.SHIPPED) is not None


BAD = [
    ("Hallo {{ order.name }},\n\n{{ order.known }\n", "Line 3: a bracket is missing at “{{ order.known }”."),
    ("a\n{{ tracking.url }}\n", "Line 2: there is no tracking."),
    ("a\n\n{{ order.nummer }}\n", "Line 3: there is no order.nummer."),
    ("a\n{% if order.open %}\nb\n", "Line 3: “b” can't be read. Each “if” and “for” needs its end."),
    (
        "a\n{{ order.name | nope }}\n",
        "Line 2: “{{ order.name | nope }}” can't be read. Each “if” and “for” needs its end.",
    ),
    ("a\n{{ 'x' * 1000000000 }}", "Line 2: this can't be filled in."),
    ("a\n{{ 9 ** 9 ** 9 }}", "Line 2: this can't be filled in."),
    ("a\n\n{{ order.lines[7].name }}", "Line 3: this can't be filled in."),
]


@pytest.mark.parametrize(("body", "said"), BAD)
def test_m1_a_bad_template_is_refused_with_its_line(body: str, said: str, small_shop: TestShop) -> None:
    with pytest.raises(Invalid) as no:
        save("shipped", "x", body)
    assert (no.value.field, no.value.reason.in_language("en")) == ("body", said)
    with db.reading() as session:
        assert session.exec(select(MailTemplate).where(MailTemplate.language != "")).all() == []


def test_m1_every_text_of_our_own_passes_the_check() -> None:
    for kind in MAIL_KINDS.values():
        for language in kind.texts:
            text = built_in(kind, language)
            assert why_not_filled(kind, text.subject) is None, (kind.key, language)
            assert why_not_filled(kind, text.body) is None, (kind.key, language)


def test_m1_what_can_be_put_in_can_be_filled_in(small_shop: TestShop) -> None:
    for kind in MAIL_KINDS.values():
        for _word, what in template_view(OWNER, kind.key, "de").inserts:
            assert why_not_filled(kind, what) is None, (kind.key, what)


def test_m1_a_template_that_fails_for_an_order_never_keeps_it_from_being_shipped(
    small_shop: TestShop,
) -> None:
    with work(OWNER) as w:
        w.session.add(MailTemplate(kind="shipped", language="de", subject="x", body="{{ gone.away }}"))
    mail = written(small_shop.order(), mail_kinds.SHIPPED)
    assert mail is not None
    assert "ist auf dem Weg zu Ihnen" in mail.body


def test_w16_two_who_change_one_template_do_not_overwrite_each_other(shop: TestShop) -> None:
    save("shipped", "one", "one")
    with pytest.raises(Overtaken):
        save("shipped", "two", "two", seen=0)
    save("shipped", "two", "two", seen=int(template_view(OWNER, "shipped", "de").about.split("/")[2]))
    assert template_view(OWNER, "shipped", "de").body == "two"


def test_sec2_only_the_owner_sees_and_changes_templates(small_shop: TestShop) -> None:
    for call in (lambda: template_list(BEN, BY_HAND), lambda: template_view(BEN, "shipped", "de")):
        with pytest.raises(Refused):
            call()
    with pytest.raises(Refused):
        perform(BEN, "switch-mail-template", id_of("shipped"), {"on": False}, subject=TEMPLATE)
    with pytest.raises(NotFound):
        template_view(OWNER, "nothing", "de")


def test_s44_the_customer_mail_stands_under_e_mail(small_shop: TestShop) -> None:
    assert "customer-mail" in [row.key for row in template_list(OWNER, BY_HAND).rows]
    labels = {row.key for tab in ("automatic", BY_HAND) for row in template_list(OWNER, tab).rows}
    assert labels == set(MAIL_KINDS)


def test_aud1_what_is_done_to_a_template_stands_in_its_history(small_shop: TestShop) -> None:
    save("shipped", "x", "y")
    do("switch-mail-template", "shipped", {"on": False})
    with db.reading() as session:
        told = [
            entry.sentence
            for entry in history_of(session, (TEMPLATE, id_of("shipped")), OWNER, "en", "Europe/Berlin")
        ]
    assert told == [
        "Olga Owner switched the mail “Order shipped” off.",
        "Olga Owner changed the text of the mail “Order shipped” (German).",
    ]


def test_m1_a_preview_shows_amount_and_goods_of_an_order_that_has_none_of_it_yet(
    small_shop: TestShop,
) -> None:
    order = small_shop.order(lines=2, paid=True)

    def seen(kind: str) -> str:
        text = built_in(MAIL_KINDS[kind], "de")
        return preview_text(OWNER, kind, "de", order.number, Text(text.subject, text.body)).body

    assert f"wir haben Ihnen {format_money(order.total, 'EUR', 'de')} zu Ihrer Bestellung" in seen(
        "refund-made"
    )
    for line in small_shop.load(order.id or 0).lines:
        assert f"× {line.name}" in seen("rest-cancelled")


def test_m1_the_preview_is_the_mail_of_a_real_order(small_shop: TestShop) -> None:
    order = small_shop.order()
    seen = preview_text(
        OWNER,
        "invoice",
        "de",
        order.number,
        Text("Rechnung", "Hallo {{ order.name }}: {{ documents[0].number }}"),
    )
    assert (seen.subject, seen.body, seen.wrong) == (
        "Rechnung",
        f"Hallo Ada Kovač: {order.documents[0].number}\n",
        "",
    )
    assert "Hallo Ada Kovač" in seen.html
    wrong = preview_text(OWNER, "invoice", "de", order.number, Text("Rechnung", "{{ nope }}"))
    assert (wrong.html, wrong.wrong) == ("", "Line 1: there is no nope.")
    assert preview_text(OWNER, "invoice", "de", "1", Text("x", "y")).wrong == "There is no order 1."


def test_m1_every_kind_can_be_seen_for_any_order(small_shop: TestShop) -> None:
    order = small_shop.order()
    for kind in MAIL_KINDS.values():
        text = template_view(OWNER, kind.key, "de")
        assert preview_text(OWNER, kind.key, "de", order.number, Text(text.subject, text.body)).wrong == "", (
            kind.key
        )


def test_m3_files_of_a_template_are_fixed_in_the_mail(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONTOR_SMTP_URL", "smtp://127.0.0.1:9")
    settings.cache_clear()
    keep_file(OWNER, "attachment", "C:\\texts\\AGB 2026.pdf", PDF)
    keep_file(OWNER, "logo", "logo.png", PNG)
    file = _file("attachment")
    do("save-mail-template", "invoice", {"language": "de", "documents": False, "files": [file.id]})
    mail = written(shop.order(), mail_kinds.INVOICE)
    assert mail is not None
    perform(OWNER, "retire-shop-file", 0, {"file": file.id}, subject=SETTINGS)
    due = due_mail(mail.id or 0, stamp_of(mail))
    assert due is not None
    assert [(one.use, one.name) for one in due.shop_files] == [
        ("logo", "logo.png"),
        ("attachment", "AGB 2026.pdf"),
    ]
    assert due.files == ()
    assert 'src="cid:logo"' in mail.html
    again = written(shop.order(), mail_kinds.INVOICE)
    assert again is not None
    assert [one.use for one in (due_mail(again.id or 0, stamp_of(again)) or due).shop_files] == ["logo"]
    with db.reading() as session:
        assert json.loads(session.get_one(MailTemplate, ("invoice", "")).files or "[]") == []
    settings.cache_clear()


def _file(use: str) -> ShopFile:
    with Session(db.engine(), expire_on_commit=False) as session:
        kept = select(ShopFile).where(ShopFile.use == use).order_by(col(ShopFile.id).desc())
        return session.exec(kept.limit(1)).one()


@pytest.mark.parametrize(
    ("use", "name", "data", "said"),
    [
        ("attachment", "x.pdf", b"<html>", "Choose a PDF file."),
        ("attachment", "x.pdf", PNG, "Choose a PDF file."),
        ("attachment", "x.pdf", PDF * 400_000, "The file is too large; at most 3072 KB are taken."),
        ("logo", "x.svg", b"<svg onload=x>", "Choose a picture: PNG or JPEG."),
        ("logo", "x.png", PNG * 800, "The file is too large; at most 36 KB are taken."),
    ],
)
def test_sec2_files_are_what_they_say_and_small(
    use: str, name: str, data: bytes, said: str, small_shop: TestShop
) -> None:
    with pytest.raises(Invalid, match=said.replace(".", r"\.")):
        keep_file(OWNER, use, name, data)
    with pytest.raises(Refused):
        keep_file(BEN, use, name, data)


def test_m1_a_file_is_there_once_and_a_new_logo_takes_the_place_of_the_old_one(shop: TestShop) -> None:
    assert keep_file(OWNER, "attachment", "AGB.pdf", PDF).changed
    assert not keep_file(OWNER, "attachment", "AGB.pdf", PDF).changed
    with pytest.raises(Refused):
        keep_file(OWNER, "attachment", "agb.pdf", PDF + b"2")
    keep_file(OWNER, "logo", "a.png", PNG)
    keep_file(OWNER, "logo", "b.png", PNG + b"2")
    with db.reading() as session:
        logos = session.exec(
            select(ShopFile.name).where(ShopFile.use == "logo", col(ShopFile.retired_at).is_(None))
        ).all()
    assert logos == ["b.png"]
    file = _file("logo")
    assert path_of(file.sha256, file.media_type).read_bytes() == PNG + b"2"
    assert file.added_at <= datetime.now(UTC)


def test_m1_names_of_files_are_names() -> None:
    assert named("../../etc/passwd", "pdf") == "passwd.pdf"
    assert named('a"b\r\nBcc: x.pdf', "pdf") == "a_b__Bcc_ x.pdf"
    assert named("", "pdf") == "file.pdf"


@pytest.mark.parametrize("kind", ["customer-mail", "ticket-reply"])
def test_m1_a_text_without_what_a_colleague_writes_is_refused(small_shop: TestShop, kind: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(kind, "Ihre Frage", "Guten Tag!\n\nIhr Team")
    assert refused.value.field == "body"
    assert "{{ message }}" in refused.value.reason.in_language("en")
    assert save(kind, "Ihre Frage", "Guten Tag!\n\n{{ message | trim }}").changed
    assert save("order-cancelled", "Storniert", "Guten Tag!\n\nStorniert.").changed
