"""Mails as HTML: made of their text, safe whatever is in it, readable in every client (M-1)."""

import re
from html.parser import HTMLParser

import pytest
from databases import OWNER, TestShop
from hypothesis import given
from hypothesis import strategies as st

from backoffice_app.domain.core.shop import Company, InvoiceFooter, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.invoicing.credit import newest_snapshots
from backoffice_app.domain.mail import LANGUAGES, MailKind, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail.html import Meaning, html_of, parts_of
from backoffice_app.domain.mail.kinds import MAIL_KINDS
from backoffice_app.domain.mail.templates import Text
from backoffice_app.domain.order import ORDER
from backoffice_app.models import Order, OutboxMail

KNOWN = {"html", "head", "meta", "title", "style", "body", "table", "tr", "td", "p", "br", "a", "img", "span"}
LINK = "https://pay.example.com/1"


class Reader(HTMLParser):
    """Tags that are open, all that were seen, links and text; anything not closed is an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag not in {"meta", "br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"style", "title"}:
            self.text.append(data)


def read(html: str) -> Reader:
    reader = Reader(html)
    assert reader.open == []
    assert reader.tags <= KNOWN
    assert not any(name.startswith("on") for name in reader.attributes)
    return reader


def written(shop: TestShop, kind: MailKind, order: Order, **wishes: object) -> OutboxMail:
    with work(OWNER) as w:
        locked = w.lock(ORDER, order.id or 0)
        mail = write(
            w, kind, locked, about="test", shipments=locked.shipments, documents=locked.documents, **wishes
        )  # type: ignore[arg-type]
        assert mail is not None
        w.session.flush()
        w.session.expunge(mail)
    return mail


@pytest.mark.parametrize("language", LANGUAGES)
def test_m1_every_kind_is_html_beside_its_text(language: str, small_shop: TestShop) -> None:
    order = small_shop.order(
        lines=2, language=language, payment={"method": "prepaid", "state": "open", "link": LINK}
    )
    for kind in MAIL_KINDS.values():
        mail = written(small_shop, kind, order, message="Der Becher ist da.")
        reader = read(mail.html)
        said = " ".join(" ".join(reader.text).split())
        assert f'lang="{language}"' in mail.html
        assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in mail.html
        assert len(mail.html.encode()) < 20_000, "the mail with its logo stays below 60 KB"
        assert not [link for link in reader.links if link != LINK], kind.key
        for line in mail.body.replace(LINK, "").split("\n"):
            words = [word for word in re.split(r"\s|: | : |[:：]", line) if word and word != "--"]
            assert all(word in said for word in words), f"{kind.key}: {line}"


def test_m1_amounts_are_a_table_with_its_sum(small_shop: TestShop) -> None:
    mail = written(small_shop, mail_kinds.ORDER_CONFIRMATION, small_shop.order(lines=2))
    assert re.search(
        r'<td[^>]*font-weight:600">Gesamt</td><td[^>]*font-weight:600">84,70\xa0€</td>', mail.html
    )
    assert mail.html.count("font-weight:600") == 2
    assert '>2 × Becher 1 <span style="white-space:nowrap">(MUG-1)</span></td>' in mail.html


def test_m1_a_parcel_and_a_payment_have_one_button(small_shop: TestShop) -> None:
    order = small_shop.order(payment={"method": "prepaid", "state": "open", "link": LINK})
    mail = written(small_shop, mail_kinds.REMINDER, order)
    assert mail.html.count('class="b"') == 1
    assert f'href="{LINK}"' in mail.html
    assert "Jetzt bezahlen" in mail.html
    assert LINK in mail.body


def test_m1_a_link_in_place_of_a_name_is_no_link(small_shop: TestShop) -> None:
    """Checkouts are misused to send links to strangers: the shop's mail must not carry them as links."""
    order = small_shop.order(
        billing_address={
            "name": "Gewinn! https://evil.example/x",
            "street": "<a href=//evil.example>",
            "city": "X",
            "country": "DE",
        }
    )
    for kind in MAIL_KINDS.values():
        mail = written(small_shop, kind, order, message="Mehr unter https://shop.example.com/faq.")
        links = read(mail.html).links
        assert not [link for link in links if "evil" in link], kind.key
    mail = written(
        small_shop,
        mail_kinds.CUSTOMER_MAIL,
        small_shop.order(),
        message="Mehr: https://shop.example.com/faq.",
    )
    assert read(mail.html).links == ["https://shop.example.com/faq"]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)


@given(st.lists(TEXTS, min_size=1, max_size=6), TEXTS, st.sampled_from(LANGUAGES))
def test_m1_nothing_in_a_text_becomes_html(lines: list[str], subject: str, language: str) -> None:
    body = "\n".join([*lines, "  <b>x</b>: <script>1</script>", '  " onload="x', "<img src=x onerror=y>"])
    meaning = Meaning(frozenset({"<script>1</script>"}), frozenset({LINK}), {LINK: "<i>Pay</i>"})
    html = html_of(
        Text(subject, body), meaning, language, shop='"><script>', footer=("<b>", "& Co"), logo=True
    )
    reader = read(html)
    assert set(reader.links) <= {LINK, "cid:logo"}


def test_m1_rows_paragraphs_and_buttons_of_a_text() -> None:
    meaning = Meaning(frozenset({"1 €", "2 €"}), frozenset({LINK}), {LINK: "Pay"})
    first, table, last = parts_of(
        f"Hello\nyou\n\n  A: b: 1 €\n  plain: no\n  Sum: 2 €\n  {LINK}\nBye", meaning
    )
    assert [[span.text for span in line] for line in first.lines] == [["Hello"], ["you"]]
    assert [(row.label, row.amount, row.is_sum, row.button) for row in table.rows] == [
        ("A: b", "1 €", False, ""),
        ("", "", False, ""),
        ("Sum", "2 €", True, ""),
        ("", "", False, LINK),
    ]
    assert [span.text for span in last.lines[0]] == ["Bye"]


def test_m1_the_company_stands_below_each_mail(small_shop: TestShop) -> None:
    company = Company(
        name="Hafen und Haus GmbH",
        legal_form="GmbH",
        street="Am Kai 1",
        postcode="20457",
        city="Hamburg",
        registry="Amtsgericht Hamburg, HRB 123456",
        directors="Olga Ohm, Ben Beier",
        vat_id="DE136695976",
    )
    with work(OWNER) as w:
        save_section(w.session, "company", company)
    order = small_shop.order()
    for kind in MAIL_KINDS.values():
        mail = written(small_shop, kind, order, message="x")
        foot = mail.body.rpartition("\n-- \n")[2].splitlines()
        assert foot == [
            "Hafen und Haus GmbH · Am Kai 1 · 20457 Hamburg",
            (
                "Sitz: Hamburg · Amtsgericht Hamburg, HRB 123456 · Geschäftsführung: Olga Ohm, Ben Beier · "
                "USt-IdNr.: DE136695976"
            ),
        ]
        assert all(line in mail.html for line in foot)


def test_m1_the_text_at_the_end_of_invoices_is_in_their_language(small_shop: TestShop) -> None:
    with work(OWNER) as w:
        save_section(w.session, "footers", InvoiceFooter(de="Vielen Dank!", fr="Merci !"))
    told = {}
    for language in ("de", "fr", "nl"):
        order = small_shop.order(language=language)
        with work(OWNER) as w:
            [snapshot] = newest_snapshots(w.session, order.documents)
        told[language] = snapshot.remarks
    assert told == {"de": ("Vielen Dank!",), "fr": ("Merci !",), "nl": ()}


def test_m1_a_number_is_on_one_line(small_shop: TestShop) -> None:
    order = small_shop.order(lines=1)
    html = written(small_shop, mail_kinds.INVOICE, order).html
    [number] = {document.number for document in order.documents}
    assert f'<span style="white-space:nowrap">{number}</span>' in html.replace(".</span>", "</span>")
    longer = html_of(Text("", f"X-{'1' * 30} <b-1> Haus-Nr. 5"), Meaning(), "de", shop="")
    assert "nowrap" not in longer.replace('white-space:nowrap">&lt;b-1&gt;', "")
    read(longer)


@pytest.mark.parametrize("kind", MAIL_KINDS.values(), ids=MAIL_KINDS)
def test_l1_a_french_mail_keeps_its_signs_beside_their_word(kind: MailKind) -> None:
    said = re.sub(r"\{[{%].*?[%}]\}", "x", kind.texts["fr"])
    assert re.findall(r"\S? [:;?!»]|« ", said) == []
