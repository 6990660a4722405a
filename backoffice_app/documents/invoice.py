"""Invoices, credit notes and cancellations from their snapshots (INV-3, INV-7, INV-12)."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date

from backoffice_app.documents import payment_code
from backoffice_app.documents.kinds import draws, sender
from backoffice_app.documents.letter import TEXT_WIDTH, Block, Letter, first_page
from backoffice_app.documents.paying import method_name, shipping_name
from backoffice_app.documents.sheet import Sheet
from backoffice_app.documents.table import Column, Row, Table, long_text_blocks, sums_block, text_block
from backoffice_app.documents.texts import Texts, document_language
from backoffice_app.domain.core.document_kinds import CANCELLATION, CREDIT_NOTE, INVOICE, asks_for_money
from backoffice_app.domain.core.snapshot import Adjustment, DocumentSnapshot, Line, Seller

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def heading(snapshot: DocumentSnapshot, texts: Texts) -> str:
    """The document's title with its number."""
    number = snapshot.number
    if snapshot.kind == CREDIT_NOTE.key:
        return texts.say("Credit note {number}", number=number)
    if snapshot.kind == CANCELLATION.key:
        return texts.say("Cancellation {number}", number=number)
    return texts.say("Invoice {number}", number=number)


@draws(INVOICE, CREDIT_NOTE, CANCELLATION, heading=heading)
def draw_invoice(sheet: Sheet, snapshot: DocumentSnapshot, texts: Texts, logo: bytes | None = None) -> None:
    """The document's pages are added to `sheet`."""
    seller = snapshot.seller
    letter = Letter(
        sheet, texts, heading(snapshot, texts), sender(seller), footer(seller, texts), checked(logo, seller)
    )
    table = Table(letter, _columns(snapshot, texts), [_row(line, snapshot, texts) for line in snapshot.lines])
    table.carry = lambda amount: texts.money(amount, snapshot.currency)
    address = (return_line(seller), texts.address(snapshot.buyer, seller.country))
    information = letter.information_block(list(_information(snapshot, texts)))
    opening = [letter.subject(list(_notes(snapshot, texts))), text_block(letter, [_opening(snapshot, texts)])]
    table.draw(
        *first_page(letter, address, information, opening), _blocks(snapshot, letter, table.columns[-1].width)
    )


def checked(logo: bytes | None, seller: Seller) -> bytes | None:
    """The logo, if it is the one the snapshot names; with another, or without it, the bytes would not be those archived
    (INV-3).
    """
    if (hashlib.sha256(logo).hexdigest() if logo else "") != seller.logo:
        raise ValueError(f"the logo is not the one named in the snapshot: {seller.logo or 'none'}")
    return logo


def return_line(seller: Seller) -> str:
    """The sender in one line above the address."""
    place = f"{seller.postcode} {seller.city}".strip()
    return " · ".join(part for part in (sender(seller), seller.street, place) if part)


def footer(seller: Seller, texts: Texts) -> list[list[str]]:
    """The seller's data in four columns: address, contact, bank, registration."""
    say = texts.say
    return [
        [
            sender(seller),
            seller.name if seller.company else "",
            seller.street,
            f"{seller.postcode} {seller.city}".strip(),
        ],
        [seller.phone, seller.email, seller.website],
        [seller.bank, iban(seller.iban), f"BIC {seller.bic}" if seller.bic else ""],
        [
            say("VAT ID: {number}", number=seller.vat_id) if seller.vat_id else "",
            say("Tax number: {number}", number=seller.tax_number) if seller.tax_number else "",
            seller.registry,
        ],
    ]


def iban(number: str) -> str:
    """An IBAN in groups of four, as people read it."""
    plain = number.replace(" ", "")
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def _information(snapshot: DocumentSnapshot, texts: Texts) -> Iterator[tuple[str, str]]:
    say = texts.say
    yield say("Number"), snapshot.number
    yield say("Date"), texts.day(snapshot.issued_on)
    if snapshot.refers_to:
        replaces = asks_for_money(snapshot.kind) and not snapshot.is_addition
        numbers = ", ".join((snapshot.refers_to.number, *snapshot.also_replaces))
        yield say("Replaces invoice") if replaces else say("For invoice"), numbers
    if snapshot.supply_to_come:
        some = (
            say("{day}, the rest follows", day=texts.day(snapshot.supplied_on))
            if snapshot.supplied_on
            else ""
        )
        to_come = say("Pick-up follows") if snapshot.is_pickup else say("Delivery follows")
        yield say("Date of supply"), some or to_come
    elif snapshot.supplied_on:
        yield say("Date of supply"), texts.day(snapshot.supplied_on)
    if snapshot.received_on:
        yield say("Payment received on"), texts.day(snapshot.received_on)
    if snapshot.due_on and asks_for_money(snapshot.kind):
        yield say("Due on"), texts.day(snapshot.due_on)
    pairs = (
        (say("Your order number"), snapshot.known_number),
        (say("Order"), snapshot.order_number),
        (say("Ordered on"), texts.day(snapshot.ordered_on) if snapshot.ordered_on else ""),
        (say("Customer number"), snapshot.customer_number),
        (say("Your reference"), snapshot.customer_reference),
        (say("Your VAT ID"), snapshot.buyer.vat_id),
        (say("Payment method"), method_name(snapshot, texts)),
    )
    yield from ((label, value) for label, value in pairs if value)


def _notes(snapshot: DocumentSnapshot, texts: Texts) -> Iterator[str]:
    if snapshot.version > 1:
        day = texts.day(snapshot.version_on or snapshot.issued_on)
        yield texts.say(
            "Version {version} of {day}, replaces version {before}, same invoice number.",
            version=snapshot.version, day=day, before=snapshot.version - 1,
        )  # fmt: skip
    if texts.language != document_language(snapshot.language):
        yield texts.say(
            "Translation of {number}, issued on {day} in this language: {language}. Only the issued document is valid.",
            number=snapshot.number, day=texts.day(snapshot.issued_on),
            language=texts.name_of(document_language(snapshot.language)),
        )  # fmt: skip


def _opening(snapshot: DocumentSnapshot, texts: Texts) -> str:
    if snapshot.refers_to and not asks_for_money(snapshot.kind):
        named = {"number": snapshot.refers_to.number, "day": texts.day(snapshot.refers_to.issued_on)}
        if snapshot.is_rest:
            return texts.say("This document cancels what was left of invoice {number} of {day}.", **named)
        if is_reversed(snapshot):
            return texts.say("This document cancels invoice {number} of {day} in full.", **named)
        return texts.say("This document corrects invoice {number} of {day}. We credit you:", **named)
    if asks_for_money(snapshot.kind):
        return texts.say("Thank you for your order. We invoice you for:")
    return texts.say("We credit you:")


def is_reversed(snapshot: DocumentSnapshot) -> bool:
    """Whether the document prints its amounts with a minus: a cancellation is its invoice with the sign
    turned (A27).
    """
    return snapshot.kind == CANCELLATION.key


def shows_no_vat(snapshot: DocumentSnapshot) -> bool:
    """Whether the document speaks of no VAT but in its sentence: that of a small business, which names the price in one
    sum (§ 34a UStDV).
    """
    return bool(snapshot.rates) and all(
        rate.category == "E" and rate.reason in ("", "small business") for rate in snapshot.rates
    )


def _sign(snapshot: DocumentSnapshot) -> int:
    return -1 if is_reversed(snapshot) else 1


def _columns(snapshot: DocumentSnapshot, texts: Texts) -> list[Column]:
    say = texts.say
    sku = 24.0 if any(line.sku for line in snapshot.lines) else 0.0
    vat = 0.0 if shows_no_vat(snapshot) else 13.0
    columns = [
        Column(say("No."), 9),
        Column(say("Item no."), sku),
        Column(say("Description"), 93 - sku - vat),
        Column(say("Quantity"), 17, "right"),
        Column(say("Price"), 23, "right"),
        Column(say("VAT"), vat, "right"),
        Column(say("Amount"), TEXT_WIDTH - 142, "right"),
    ]
    return [column for column in columns if column.width]


def _row(line: Line, snapshot: DocumentSnapshot, texts: Texts) -> Row:
    sign = _sign(snapshot)
    amount = sign * (line.gross if snapshot.prices == "gross" else line.net)
    has_sku = any(other.sku for other in snapshot.lines)
    vat = "–" if line.vat_category == "O" else texts.percent(line.vat_rate)
    cells = [
        texts.number(line.position),
        *([line.sku] if has_sku else []),
        line.name,
        texts.quantity(sign * line.quantity, line.unit),
        texts.price(line.unit_price, snapshot.currency),
        *([] if shows_no_vat(snapshot) else [vat]),
        texts.money(amount, snapshot.currency),
    ]
    small = (
        [texts.say("Discount: {amount}", amount=texts.money(-sign * line.discount, snapshot.currency))]
        if line.discount
        else []
    )
    return Row(cells, small, 2 if has_sku else 1, amount)


def _blocks(snapshot: DocumentSnapshot, letter: Letter, amounts: float) -> list[Block]:
    """What follows the lines: sums in line with the column of `amounts` mm, payment, notes."""
    blocks = [sums_block(letter, list(_sums(snapshot, letter.texts)), amounts)]
    blocks += payment_code.payment_blocks(
        snapshot, letter, sender(snapshot.seller), iban(snapshot.seller.iban)
    )
    blocks += [text_block(letter, [paragraph]) for paragraph in _law(snapshot, letter.texts) if paragraph]
    if reason := _reason(snapshot):
        blocks += long_text_blocks(letter, letter.texts.say("Reason: {reason}", reason=reason))
    blocks.append(text_block(letter, list(_delivery(snapshot, letter.texts)), gap=0.5))
    for remark in snapshot.remarks:
        blocks += long_text_blocks(letter, remark)
    return [block for block in blocks if block.height]


def _sums(snapshot: DocumentSnapshot, texts: Texts) -> Iterator[tuple[str, str, str]]:
    """The rows below the lines; in net shops the tax is added, in gross shops the total contains it."""
    say, is_gross = texts.say, snapshot.prices == "gross"

    def money(amount: int) -> str:
        return texts.money(_sign(snapshot) * amount, snapshot.currency)

    if snapshot.adjustments:
        yield say("Goods"), money(sum(line.gross if is_gross else line.net for line in snapshot.lines)), ""
    for (kind, name), amount in _merged(snapshot.adjustments, is_gross=is_gross).items():
        own = (
            shipping_name(snapshot, texts) if (kind, name) == ("shipping", snapshot.shipping_method) else name
        )
        yield _adjustment(kind, own, texts), money(amount), ""
    taxes = [
        (
            say("VAT {rate} on {net} net", rate=texts.percent(rate.rate), net=money(rate.net)),
            money(rate.tax),
            "small" if is_gross else "",
        )
        for rate in sorted(snapshot.rates, key=lambda rate: -rate.rate)
        if rate.category != "O"
        and (rate.net or rate.tax)  # nothing is at it, such as shipping that costs nothing
    ]
    if shows_no_vat(snapshot):
        yield say("Total"), money(snapshot.total), "strong"
    elif is_gross:
        yield say("Total"), money(snapshot.total), "strong"
        yield say("Net total"), money(snapshot.net), "small"
        yield from taxes
    else:
        yield say("Net total"), money(snapshot.net), ""
        yield from taxes
        yield say("Total"), money(snapshot.total), "strong"
    if snapshot.paid:
        is_invoice = asks_for_money(snapshot.kind)
        yield say("Already paid") if is_invoice else say("Already refunded"), money(-snapshot.paid), ""
        yield (
            say("Open amount") if is_invoice else say("Left to refund"),
            money(snapshot.open_amount),
            "strong",
        )


def _merged(adjustments: tuple[Adjustment, ...], *, is_gross: bool) -> dict[tuple[str, str], int]:
    """One row for what was split over several rates."""
    merged: dict[tuple[str, str], int] = {}
    for adjustment in adjustments:
        key = (adjustment.kind, adjustment.name)
        merged[key] = merged.get(key, 0) + adjustment.sign * (
            adjustment.gross if is_gross else adjustment.net
        )
    return merged


def _adjustment(kind: str, name: str, texts: Texts) -> str:
    say = texts.say
    titles = {
        "discount": say("Discount"),
        "shipping": say("Shipping"),
        "payment cost": say("Payment cost"),
        "fee": say("Fee"),
        "reduction": say("Price reduction"),
        "amount": say("Amount credited"),
        "kept fee": say("Fee kept back"),
    }
    return f"{titles[kind]} ({name})" if name else titles[kind]


def _reason(snapshot: DocumentSnapshot) -> str:
    """Why it was issued, where no row says it already."""
    is_said = any(one.name == snapshot.reason for one in snapshot.adjustments)
    return "" if is_said else snapshot.reason


def _law(snapshot: DocumentSnapshot, texts: Texts) -> Iterator[str]:
    yield from dict.fromkeys(
        texts.exemption(rate.category, rate.reason) for rate in snapshot.rates if rate.net
    )
    yield from snapshot.legal_sentences


def _delivery(snapshot: DocumentSnapshot, texts: Texts) -> Iterator[str]:
    say = texts.say
    if snapshot.delivery and snapshot.delivery != snapshot.buyer:
        yield say(
            "Delivery address: {address}",
            address=", ".join(texts.address(snapshot.delivery, snapshot.seller.country)),
        )
    if method := shipping_name(snapshot, texts):
        yield say("Shipping: {method}", method=method)
    if snapshot.delivery_time:
        yield say("Delivery time: {time}", time=delivery_time(snapshot.delivery_time, texts))


def delivery_time(said: str, texts: Texts) -> str:
    """A delivery time as it is printed: a day in the language of the document, a text as it was written (INV-13)."""
    return texts.day(date.fromisoformat(said)) if ISO_DAY.fullmatch(said) else said
