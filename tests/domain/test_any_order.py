"""An order whose texts are of any script, emoji, private or unassigned characters: its invoice, slip and mails are made
(INV-7, M-3).

A slice of it runs with all tests; `make soak-unicode` draws 1,000 on each database.
"""

import random
import sys
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from databases import BEN, OWNER, TestShop
from sqlmodel import col, select

from backoffice_app import printing
from backoffice_app.cli.verify import find_breaks, without_file
from backoffice_app.db import reading
from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain.core.shop import Company, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail import write
from backoffice_app.domain.mail.kinds import MAIL_KINDS
from backoffice_app.domain.mail.message import message_of
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.orders.new_order import NewOrder, parse_order
from backoffice_app.domain.orders.part import InvalidOrder
from backoffice_app.domain.orders.place import place_order
from backoffice_app.domain.window import order_window
from backoffice_app.models import Document, DocumentVersion, Order

SEQUENCES = (
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "🇩🇪",
    "1️⃣",
    "👍🏽",
    "e\u0301\u0323",
    "가",
    "क्षि",
    "ﷺ",
    "\u202eabc",
    "a\u200db",
    "葛\U000e0100",
)
COUNTRIES = ("DE", "JP", "BR", "IE", "HU", "US", "CN", "GR", "IN", "AE")


def any_text(chance: random.Random, longest: int) -> str:
    """Letters of one place of Unicode, of any place, of a sequence, or of plain words; now and then a very
    long text.
    """
    kind, count = chance.random(), chance.randint(1, longest if chance.random() < 0.1 else min(longest, 24))
    if kind < 0.35:
        first = chance.randrange(0x20, sys.maxunicode - 64)
        text = "".join(chr(first + chance.randrange(64)) for _ in range(count))
    elif kind < 0.7:
        text = "".join(chr(chance.randrange(0x20, 0x30000)) for _ in range(count))
    elif kind < 0.85:
        text = " ".join(chance.choice(SEQUENCES) for _ in range(count // 4 + 1))
    else:
        text = "Becher " * (count // 7 + 1)
    return "".join(c for c in text if not "\ud800" <= c <= "\udfff")[:longest]


def any_order(chance: random.Random, number: int) -> NewOrder:
    """An order that is taken; what the rules of an order refuse, such as a control character, is drawn anew."""
    while True:

        def text(longest: int = 200) -> str:
            return any_text(chance, longest) or "x"

        address = {name: text(100) for name in ("name", "company", "street", "addition", "city", "region")}
        rows = [
            {
                "sku": text(40),
                "name": text(400),
                "quantity": "2",
                "unit": text(10),
                "unit_price": "19.95",
                "vat_rate": "19",
            }
            for _ in range(chance.choice((1, 1, 2, 4)))
        ]
        try:
            return parse_order({
                "external_reference": f"ANY-{number}", "source": "any", "number_at_source": text(30),
                "currency": "EUR", "prices": "gross",
                "placed_at": f"2026-11-20T10:{number // 60 % 60:02d}:{number % 60:02d}+01:00",
                "language": chance.choice(LANGUAGES),
                "customer": {"email": "ada@example.com", "first_name": text(50), "last_name": text(50)},
                "billing_address": address | {"postcode": text(20), "country": chance.choice(COUNTRIES)},
                "lines": rows, "discount": {"name": text(50), "amount": "1.00"},
                "shipping": {"method": "post", "name": text(80), "price": "4.90", "vat_rate": "19"},
                "payment": {"method": "any", "name": text(80), "state": chance.choice(["open", "paid"])},
                "total": f"{len(rows) * 39.90 + 3.90:.2f}", "comment": text(300),
            })  # fmt: skip
        except InvalidOrder:
            continue


def made(new: NewOrder) -> Order:
    with work(OWNER) as w:
        placed = place_order(w, new)
    with work(OWNER) as w:
        order = w.lock(ORDER, placed.id or 0)
        for kind in MAIL_KINDS.values():
            mail = write(
                w,
                kind,
                order,
                about="any",
                documents=order.documents,
                shipments=order.shipments,
                message=new.comment,
            )
            assert mail is not None
            read = message_from_bytes(message_of(mail, []), policy=policy.default)
            body = read.get_body(("plain",))  # type: ignore[attr-defined]
            assert body.get_content().splitlines() == mail.body.splitlines()
    with reading() as session:
        return session.exec(select(Order).where(Order.id == placed.id)).one()


@pytest.mark.twins
def test_d1_orders_with_texts_of_all_of_unicode_are_drawn_and_mailed(
    shop: TestShop, request: pytest.FixtureRequest
) -> None:
    count, seed = request.config.getoption("--unicode-orders"), request.config.getoption("--unicode-seed")
    chance = random.Random(seed)  # test data
    with work(OWNER) as w:
        save_section(
            w.session,
            "company",
            Company(name="Probe 🎉 ไทย GmbH", street="Ring 1", city="Köln", vat_id="DE136695976"),
        )
    for number in range(count):
        new = any_order(chance, number)
        try:
            order = made(new)
            with reading() as session:
                window = order_window(session, order.number, BEN, "de")
            if number % 4 == 0:
                assert (
                    printing.find_invoices(BEN, order.number, chance.choice(LANGUAGES))
                    .draw()
                    .startswith(b"%PDF")
                )
            assert (
                printing.find_document(
                    window.blocks["invoices"].documents[0].pdf_url.split("/")[-1].removesuffix(".pdf")
                )
                .draw()
                .startswith(b"%PDF")
            )
            for shipment in window.blocks["shipments"].shipments:
                printing.print_packing_slip(BEN, shipment.number)
                assert printing.find_packing_slip(BEN, shipment.number).draw().startswith(b"%PDF")
        except Exception as error:
            raise AssertionError(f"seed {seed}, order {number}: {new.as_json()}") from error

    assert list(find_breaks()) == []
    assert without_file() == (0, [])
    with reading() as session:
        numbers = session.exec(select(Document.number).order_by(col(Document.id))).all()
        assert len(session.exec(select(DocumentVersion.id)).all()) == count
    year = datetime.now(UTC).year
    assert numbers == [f"RE-{year}-{n:04d}" for n in range(1, count + 1)]
