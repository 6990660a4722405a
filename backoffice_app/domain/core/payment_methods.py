"""Payment methods: who collects the money and when, and what a method is called in the reader's language (PAY-0)."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from sqlmodel import Session, select

from backoffice_app.domain.core.languages import base_of
from backoffice_app.domain.core.search_text import fold
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, PaymentMethod
from backoffice_app.registry import Registry

CODE = re.compile(r"[^\s/]{1,100}")
"""What a web shop calls a method by."""


class Collects(StrEnum):
    """Who collects what is open.

    Only a transfer is asked for with account and due date; UNKNOWN until the owner says it.
    """

    TRANSFER = "transfer"
    PROVIDER = "provider"
    DEBIT = "debit"
    COURIER = "courier"
    COUNTER = "counter"
    UNKNOWN = ""


COLLECTS_NAMES: dict[Collects, LazyText] = {
    Collects.TRANSFER: _("The customer transfers it"),
    Collects.PROVIDER: _("A payment provider collects it"),
    Collects.DEBIT: _("We collect it by direct debit"),
    Collects.COURIER: _("The courier collects it on delivery"),
    Collects.COUNTER: _("The customer pays at the counter"),
    Collects.UNKNOWN: _("Not said yet"),
}


class Pays(StrEnum):
    """When the customer pays: before the goods leave, after that, or either; the words of a plain transfer
    do not say.
    """

    FIRST = "first"
    AFTER = "after"
    EITHER = ""


BY_PROVIDER = "provider"
"""`PaymentMethod.invoiced_by`, and `Order.invoicing`, where the payment provider issues the invoice itself, so that we
issue none.
"""
INVOICED_NAMES: dict[str, LazyText] = {"": _("We issue it"), BY_PROVIDER: _("The payment provider issues it")}
Names = Mapping[str, str]


@dataclass(frozen=True)
class Method:
    """A way to pay as it is known now.

    `names`: language -> name; `as_sent`: what the shop called it on the order at hand.

    `invoiced_by`: BY_PROVIDER where the provider issues the invoice itself, else "".
    """

    code: str
    names: Names
    collects: Collects
    as_sent: str = ""
    invoiced_by: str = ""

    def name_in(self, language: str) -> str:
        """The method's name in `language`, else as the shop sent it, else its English name, else its code."""
        return self.names.get(base_of(language)) or self.as_sent or self.names.get("en") or self.code


@cache
def _plain(code: str) -> str:
    return re.sub(r"[\s_.]+", "-", code.strip().casefold())


@dataclass(frozen=True)
class UsualMethod:
    """A method that is known before the owner says anything of it. `also`: other codes that web shops call
    it by.

    `pays`: when the customer pays, where neither who collects nor the words of the method tell it.
    """

    code: str
    names: Names
    collects: Collects
    also: tuple[str, ...] = ()
    pays: Pays | None = None


def _compute() -> None:
    _BY_CODE.clear()
    for one in USUAL.values():
        for code in (one.code, *one.also):
            _BY_CODE.setdefault(_plain(code), one)
    _when_paid.cache_clear()


_BY_CODE: dict[str, UsualMethod] = {}
"""The usual methods by each of their codes, as `_plain` writes them. Follows from `USUAL`."""
USUAL: Registry[UsualMethod] = Registry("payment method", _compute)
"""The payment methods that Kontor or a plug-in knows, by code."""


def payment_method(
    code: str, names: Names, *, collects: Collects, also: Iterable[str] = (), pays: Pays | None = None
) -> UsualMethod:
    """Registers a payment method under the code that orders come with; returns it. What the owner sets in
    the settings comes first.

    `names`: language -> what customers read on invoices and in mails, such as {"en": "Gift voucher", "de":
    "Gutschein"}.
    Raises ValueError for a code that is taken or can't stand in an address, and without an English name.
    """
    made = UsualMethod(code, dict(names), collects, tuple(also), pays)
    for one in (made.code, *made.also):
        if not CODE.fullmatch(one):
            raise ValueError(
                f"The payment method {code!r} can't be called {one!r}: a code has no spaces and no slash."
            )
        if (known := _BY_CODE.get(_plain(one))) is not None:
            raise ValueError(
                f"The payment method {code!r} can't be called {one!r}: {USUAL.owner_of(known.code)} has one "
                f"of this code."
            )
    if not made.names.get("en"):
        raise ValueError(f"The payment method {code!r} needs an English name.")
    return USUAL.add(code, made)


def method_of(session: Session, code: str, as_sent: str = "") -> Method:
    """The method `code`: what the owner set, else what Kontor knows of it, else what its name says.

    One read by its key at most.
    """
    row = session.get(PaymentMethod, code) if code else None
    return method_in(row, code, as_sent)


def methods_of(session: Session) -> dict[str, Method]:
    """All methods that the owner set, by code; in one query."""
    return {row.key: method_in(row, row.key, "") for row in session.exec(select(PaymentMethod)).all()}


def known_method(code: str, as_sent: str = "") -> Method:
    """What Kontor knows of a method by itself: its names if it is a usual one, and who collects."""
    return method_in(None, code, as_sent)


def when_paid(order: Order) -> Pays:
    """When the customer of this order pays, by who collects and by the words of its payment method (ST-1, PAY-0).

    Who collects is what the method said when the order came, or since while it was open; of an older order its words
    tell.
    """
    return _when_paid(order.payment_collects, order.payment_method, order.payment_method_name)


@lru_cache(maxsize=1024)
def _when_paid(collects: str, code: str, name: str) -> Pays:
    usual = _BY_CODE.get(_plain(code))
    if usual is not None and usual.pays is not None:
        return usual.pays
    who = Collects(collects) if collects in set(Collects) else Collects.UNKNOWN
    who = who or known_method(code, name).collects
    words = fold(f"{code} {name}".replace("_", " ").replace("-", " "))
    if who in {Collects.COURIER, Collects.COUNTER}:
        return Pays.AFTER
    if who is Collects.PROVIDER or _PAID_FIRST.search(words):
        return Pays.FIRST
    return Pays.AFTER if who is Collects.TRANSFER and _PAID_LATER.search(words) else Pays.EITHER


_PAID_FIRST = re.compile(
    r"pre.?pa(id|y|iement)|vorkasse|vorauskasse|\bin "
    r"advance\b|vooruitbet|anticip|\bbacs\b|predplacen|przedplat|forudbet|"
    r"forskott|pro.?forma"
)
_PAID_LATER = re.compile(
    r"rechnung|invoice|\bon account\b|on credit|facture|factuur|op rekening|factura|fattura|pay later|\bnet ?\d+\b"
)


def method_in(row: PaymentMethod | None, code: str, as_sent: str) -> Method:
    """The method `code` as its row in the settings says, or without one as `known_method`."""
    known = _BY_CODE.get(_plain(code))
    names, usual = (known.names, known.collects) if known else ({}, None)
    if row is None:
        said = guess("", as_sent) if as_sent else Collects.UNKNOWN
        if usual is Collects.TRANSFER and said in {Collects.PROVIDER, Collects.DEBIT, Collects.COURIER}:
            return Method(
                code, {}, said, as_sent
            )  # such as the code `invoice` with the name “Klarna Rechnung”
        return Method(code, names, guess(code, as_sent) if usual is None else usual, as_sent)
    own: dict[str, str] = json.loads(row.names or "{}")
    is_told = row.collects in set(Collects)
    collects = Collects(row.collects) if is_told else Collects.UNKNOWN
    return Method(code, {**names, **{k: v for k, v in own.items() if v}}, collects, as_sent, row.invoiced_by)


def guess(code: str, name: str) -> Collects:
    """Who collects, as the words of code and name say; a transfer where an order names no method, UNKNOWN where the
    words say nothing.

    What collects by itself is looked for first: nobody must be asked to transfer what Klarna, a courier or the bank
    collects.
    """
    if not code and not name:
        return Collects.TRANSFER
    words = f"{code} {name}".replace("_", " ").replace("-", " ").casefold()
    return next((collects for collects, pattern in _WORDS if re.search(pattern, words)), Collects.UNKNOWN)


_WORDS = (
    (
        Collects.COURIER,
        r"nachnahme|cash on delivery|\bcod\b|contre.?remboursement|rembours|contra ?reembolso",
    ),
    (
        Collects.DEBIT,
        (
            r"lastschrift|direct ?debit|\bsepa "
            r"?dd\b|bankeinzug|prélèvement|incasso|domiciliación|gocardless|\bbacs ?debit\b"
        ),
    ),
    (
        Collects.PROVIDER,
        r"paypal|klarna|ratepay|billie|riverty|afterpay|clearpay|\bstripe\b|mollie|adyen|payone|worldpay|braintree|"
        r"shopify payments|shop ?pay|apple ?pay|google ?pay|amazon "
        r"?pay|sofort|giropay|\bideal\b|bancontact|\beps\b|przelewy|blik|"
        r"twint|swish|vipps|mobilepay|wero|visa|master ?card|amex|american express|credit "
        r"?card|kreditkarte|debit ?card|\bcard\b|"
        r"\bkarte\b|carte (de crédit|bancaire)|tarjeta|gift "
        r"?card|gutschein|voucher|crypto|bitcoin|satispay|paydirekt|skrill",
    ),
    (
        Collects.COUNTER,
        r"\bpos\b|point of sale|\bcash\b|\bbar\b|barzahlung|abholung|pick ?up|espèces|contant|\bcounter\b|\bkasse\b",
    ),
    (
        Collects.TRANSFER,
        r"überweisung|ueberweisung|vorkasse|vorauskasse|rechnung|invoice|transfer|\bbacs\b|\bwire\b|"
        r"prepa(id|yment)|pre ?payment|bank deposit|überweisen|virement|facture|overschrijving|overboeking|"
        r"factuur|op rekening|transferencia|factura|bonifico|"
        r"przelew|cheque|\bcheck\b|\bmanual\b|on account",
    ),
)
_TRANSFER_NAMES = {
    "en": "Bank transfer", "de": "Überweisung", "nl": "Overschrijving", "fr": "Virement bancaire",
    "es": "Transferencia bancaria",
    "ja": "銀行振込", "ar": "تحويل بنكي",
}  # fmt: skip
_PREPAID_NAMES = {
    "en": "Prepayment by bank transfer", "de": "Vorkasse", "nl": "Vooruitbetaling", "fr": ("Paiement anticipé "
                                                                                          "par virement"),
    "es": "Pago por adelantado", "ja": "前払い（銀行振込）", "ar": "دفع مسبق بتحويل بنكي",
}  # fmt: skip
_INVOICE_NAMES = {
    "en": "Invoice", "de": "Rechnung", "nl": "Op rekening", "fr": "Sur facture", "es": "Factura",
    "ja": "請求書払い", "ar": "فاتورة",
}  # fmt: skip
_CARD_NAMES = {
    "en": "Credit card", "de": "Kreditkarte", "nl": "Creditcard", "fr": "Carte bancaire", "es": "Tarjeta de crédito",
    "ja": "クレジットカード", "ar": "بطاقة ائتمان",
}  # fmt: skip
_DEBIT_NAMES = {
    "en": "SEPA direct debit", "de": "SEPA-Lastschrift", "nl": "SEPA-incasso", "fr": "Prélèvement SEPA",
    "es": "Adeudo directo SEPA",
    "ja": "SEPA口座引落", "ar": "خصم مباشر SEPA",
}  # fmt: skip
_COURIER_NAMES = {
    "en": "Cash on delivery", "de": "Nachnahme", "nl": "Rembours", "fr": "Contre remboursement",
    "es": "Contra reembolso",
    "ja": "代金引換", "ar": "الدفع عند الاستلام",
}  # fmt: skip
_COUNTER_NAMES = {
    "en": "At the counter", "de": "Barzahlung vor Ort", "nl": "Contant in de winkel", "fr": "Sur place",
    "es": "En la tienda",
    "ja": "店頭払い", "ar": "الدفع في المتجر",
}  # fmt: skip


def _brand(name: str) -> dict[str, str]:
    return dict.fromkeys(("en", "de", "nl", "fr", "es", "ja", "ar"), name)


_SHARED: tuple[tuple[str, dict[str, str], Collects], ...] = (
    (
        "bacs bank-transfer bank bank-deposit banktransfer transfer ueberweisung",
        _TRANSFER_NAMES,
        Collects.TRANSFER,
    ),
    ("prepaid prepayment vorkasse pre-payment money-order", _PREPAID_NAMES, Collects.TRANSFER),
    ("invoice rechnung german-market-purchase-on-account", _INVOICE_NAMES, Collects.TRANSFER),
    (
        "card creditcard credit-card stripe mollie-wc-gateway-creditcard stripe-cc",
        _CARD_NAMES,
        Collects.PROVIDER,
    ),
    (
        "debit direct-debit sepa sepa-debit direct-debit-sepa stripe-sepa sepa-direct-debit lastschrift",
        _DEBIT_NAMES,
        Collects.DEBIT,
    ),
    ("cod cash-on-delivery nachnahme", _COURIER_NAMES, Collects.COURIER),
    ("pos cash counter", _COUNTER_NAMES, Collects.COUNTER),
    (
        "paypal ppec-paypal ppcp-gateway paypal-express mollie-wc-gateway-paypal",
        _brand("PayPal"),
        Collects.PROVIDER,
    ),
    ("klarna klarna-payments kco mollie-wc-gateway-klarna", _brand("Klarna"), Collects.PROVIDER),
    ("ideal mollie-wc-gateway-ideal stripe-ideal", _brand("iDEAL"), Collects.PROVIDER),
    ("shopify-payments", _brand("Shopify Payments"), Collects.PROVIDER),
    ("applepay apple-pay", _brand("Apple Pay"), Collects.PROVIDER),
    ("googlepay google-pay", _brand("Google Pay"), Collects.PROVIDER),
    ("amazon-payments-advanced amazon-pay", _brand("Amazon Pay"), Collects.PROVIDER),
    ("bancontact mollie-wc-gateway-bancontact", _brand("Bancontact"), Collects.PROVIDER),
)
for _codes, _names, _collects in _SHARED:
    payment_method(_codes.split()[0], _names, collects=_collects, also=_codes.split()[1:])
