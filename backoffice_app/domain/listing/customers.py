"""Customers: everybody who ordered, found by name, company, e-mail, phone or number (W-8)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, literal_column, select, text
from sqlmodel import Session

from backoffice_app.db import is_sqlite
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.keyset import (
    Asked,
    Filter,
    KeysetList,
    ListView,
    Sort,
    as_id,
    list_view,
    read_all,
    read_page,
)
from backoffice_app.domain.core.money import to_decimal
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.search_text import fold, fold_umlauts, phone_digits, phone_forms
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.formats import format_day, format_money, format_number
from backoffice_app.i18n import LazyNumber, LazyText, _
from backoffice_app.models import Customer, Order

NUMBER, NAME, COMPANY, EMAIL, PHONE, ORDERS, TOTAL, LAST, WARNING, MAILS = range(10)
"""Where the texts of a row stand.

`TOTAL`: "" for who may not see prices; `MAILS`: a word where they are switched off.
"""
MOST = 500
"""So many of the newest customers that a search finds are listed."""
_C, _O = Customer.__table__.c, Order.__table__.c  # type: ignore[attr-defined]
# The conditions are written as those of the indexes are: planners take these only when told so.
_KINDS: dict[str, tuple[LazyText, ColumnElement[bool]]] = {
    "warned": (_("With a warning"), literal_column("warning <> ''", type_=None)),
    "companies": (_("Companies"), _C.company != ""),
    "mails-off": (_("Mails off"), literal_column("mails_off")),
}
_STANDING = _C.merged_into_id.is_(None)


def _first_moment(day: str, shop: Shop, days: int = 0) -> datetime:
    """The first moment of a day of the shop, or of one so many days later (L-3)."""
    wanted = date.fromordinal(date.fromisoformat(day).toordinal() + days)
    return clock.start_of_day(wanted, shop.regional.zone)


CUSTOMERS = KeysetList(
    path="/customers",
    sorts={
        "newest": Sort((_C.id,), (as_id,)),
        "name": Sort((_C.sort_name, _C.id), (str, as_id), up=True),
    },
    filters={
        "kind": Filter(
            _("Customers"),
            lambda kind, _shop: _KINDS[kind][1],
            {key: label for key, (label, _is) in _KINDS.items()},
        ),
        "from": Filter(_("Since"), lambda day, shop: _C.created_at >= _first_moment(day, shop)),
        "to": Filter(_("Until"), lambda day, shop: _C.created_at < _first_moment(day, shop, 1)),
    },
    tabs="kind",
)


@dataclass(frozen=True)
class Ordered:
    """What a customer ordered: how many orders, when last (as a position), and their sums by currency in
    minor units.
    """

    count: int
    last: datetime
    sums: Mapping[str, int]


def customers_page(session: Session, parameters: Mapping[str, object], actor: Actor) -> ListView:
    """The page of customers that the address asks for, with sums for who may see them.

    Raises Refused without the right to read.
    """
    actor.require(Right.READ)
    shop, asked = load_shop(session), CUSTOMERS.parse(parameters)
    statement, note = _wanted(session, asked)
    page, asked = read_page(session, asked, statement)
    ordered = ordered_by(session, [row.id for row in page.rows])
    rows = [_row(row, ordered.get(row.id), shop, actor) for row in page.rows]
    view = list_view(asked, page, rows, actor, note=note.in_language(actor.language) if note.message else "")
    return replace(view, sees_prices=actor.may(Right.PRICES), may_edit=actor.may(Right.EDIT))


def customers_named(session: Session, text: str, limit: int) -> list[tuple[str, str]]:
    """Number and name of the newest customers that a text finds, at most `limit`; with the company, where there is
    one.
    """
    ids = _found(session, text)[:limit]
    wanted = select(_C.number, _C.first_name, _C.last_name, _C.company, _C.email).where(_C.id.in_(ids))
    found = session.execute(wanted.order_by(_C.id.desc())).all() if ids else []
    return [
        (
            row.number,
            " · ".join(filter(None, (f"{row.first_name} {row.last_name}".strip(), row.company))) or row.email,
        )
        for row in found
    ]


def customers_file(
    session: Session, parameters: Mapping[str, object], actor: Actor
) -> Iterator[list[object]]:
    """All customers that the list shows on all its pages, as rows of a file: first the heads; sums for who may see
    them.
    """
    actor.require(Right.READ)
    shop, asked, sees = load_shop(session), CUSTOMERS.parse(parameters), actor.may(Right.PRICES)
    first = shop.regional.currency
    heads = [
        _("Number"),
        _("First name"),
        _("Last name"),
        _("Company"),
        _("E-mail"),
        _("Phone"),
        _("VAT ID"),
        _("Language"),
        _("Since"),
    ]
    money_heads = [_("Total"), _("Currency"), _("Other currencies")] if sees else []
    heads += [_("Orders"), _("Last order"), *money_heads, _("Warning")]
    yield [head.in_language(actor.language) for head in heads]
    statement, _note = _wanted(session, asked)
    for rows in read_all(session, asked, statement):
        ordered = ordered_by(session, [row.id for row in rows])
        for row in rows:
            of = ordered.get(row.id)
            money = _sums_of_file(of.sums if of else {}, first, actor.language) if sees else []
            names = [
                row.number,
                row.first_name,
                row.last_name,
                row.company,
                row.email,
                row.phone,
                row.vat_id,
                row.language,
            ]
            yield [
                *names,
                row.created_at,
                of.count if of else 0,
                of.last if of else None,
                *money,
                row.warning,
            ]


def ordered_by(session: Session, ids: Sequence[int]) -> dict[int, Ordered]:
    """What these customers ordered, by customer; drafts and cancelled orders do not count. One statement."""
    if not ids:
        return {}
    last, total = func.max(_O.placed_at), func.sum(_O.total)
    mine = _O.customer_id.in_(bindparam("ids", expanding=True))
    statement = (
        select(_O.customer_id, _O.currency, func.count(), last, total)
        .where(mine, _O.cancelled_at.is_(None), ~_O.is_draft)
        .group_by(_O.customer_id, _O.currency)
        .order_by(_O.customer_id, _O.currency)
    )
    found: dict[int, Ordered] = {}
    for id_, currency, count, placed, amount in session.execute(statement, {"ids": list(ids)}).all():
        known = found.get(id_)
        sums = {**(known.sums if known else {}), currency: int(amount or 0)}
        found[id_] = Ordered(
            (known.count if known else 0) + count, max(placed, known.last) if known else placed, sums
        )
    return found


def _sums_of_file(sums: Mapping[str, int], first: str, language: str) -> list[object]:
    """An amount, its currency, and what there is in others as text; the amount is in `first`, the currency of the shop,
    unless the customer ordered in others alone.
    """
    leads = first if first in sums or not sums else min(sums)
    others = {currency: amount for currency, amount in sums.items() if currency != leads}
    return [to_decimal(sums.get(leads, 0), leads), leads, sums_text(others, first, language)]


def sums_text(sums: Mapping[str, int], first: str, language: str) -> str:
    """Sums side by side, never added up; that of the currency `first` leads."""
    order = sorted(sums, key=lambda currency: (currency != first, currency))
    return " + ".join(format_money(sums[currency], currency, language) for currency in order)


def _wanted(session: Session, asked: Asked) -> tuple[Select[Any], LazyText]:
    shown = (
        "id",
        "number",
        "first_name",
        "last_name",
        "company",
        "email",
        "phone",
        "vat_id",
        "language",
        "created_at",
        "warning",
        "mails_off",
    )
    statement = select(*(_C[name] for name in shown)).where(_STANDING)
    if not asked.q:
        return statement, LazyText("")
    ids = _found(session, asked.q)
    note = LazyText("")
    if len(ids) > MOST:
        note = _("Only the newest {count} customers with these words are listed.").format(
            count=LazyNumber(Decimal(MOST))
        )
    return statement.where(_C.id.in_(ids[:MOST])), note


def _found(session: Session, query: str) -> list[int]:
    """The ids of the newest customers that have all words of the query, one more than `MOST` at most."""
    words = _words(query)
    if not words:
        return []
    given: dict[str, object] = {"most": MOST + 1}
    tests = []
    for at, forms in enumerate(words):
        names = [f"w{at}_{n}" for n in range(len(forms))]
        given |= {name: f"%{_escaped(form)}%" for name, form in zip(names, forms, strict=True)}
        tests.append("(" + " OR ".join(f"c.search LIKE :{name} ESCAPE '!'" for name in names) + ")")
    source = "customer c"
    if is_sqlite(session) and (match := _trigrams(words)):
        source, given["match"] = "customer_fts f CROSS JOIN customer c ON c.id = f.rowid", match
        tests.insert(0, "customer_fts MATCH :match")
    order = "f.rowid" if "match" in given else "c.id"
    statement = (
        f"SELECT c.id FROM {source} WHERE {' AND '.join(tests)} AND c.merged_into_id IS NULL ORDER BY "  # noqa: S608
        f"{order} DESC LIMIT :most"
    )
    return list(session.execute(text(statement), given).scalars())


def _words(query: str) -> list[list[str]]:
    """The words of a query, each in the forms it may have; a phone number, however it is written, is one."""
    if re.fullmatch(r"[+\d\s()/.-]+", query) and len(phone_digits(query)) >= 5:
        return [list(phone_forms(query))]
    return [_forms(word) for word in dict.fromkeys(fold(query).split())]


def _forms(word: str) -> list[str]:
    """A word and how it is written without umlauts, so that Müller, Mueller and Muller find one another."""
    return list(dict.fromkeys((word, fold_umlauts(word))))


def _escaped(word: str) -> str:
    return re.sub(r"([!%_])", r"!\1", word)


def _trigrams(words: Sequence[Sequence[str]]) -> str:
    """What the index of trigrams is asked for; "" where each word is too short for it."""
    groups = []
    for forms in words:
        usable = [form for form in forms if len(form) > 2 and '"' not in form]
        if len(usable) < len(forms):
            continue
        each = [
            " AND ".join(dict.fromkeys(f'"{form[at : at + 3]}"' for at in range(len(form) - 2)))
            for form in usable
        ]
        groups.append("(" + " OR ".join(f"({one})" for one in each) + ")")
    return " AND ".join(groups)


def _row(row: Row[Any], of: Ordered | None, shop: Shop, actor: Actor) -> list[str]:
    language, regional = actor.language, shop.regional
    total = sums_text(of.sums, regional.currency, language) if of and actor.may(Right.PRICES) else ""
    last = format_day(clock.day_of(of.last, regional.zone), language) if of else ""
    mails = _("Mails off").in_language(language) if row.mails_off else ""
    name = f"{row.first_name} {row.last_name}".strip()
    count = format_number(of.count, language) if of else "0"
    return [
        row.number,
        name or row.company or row.email,
        row.company if name else "",
        row.email,
        row.phone,
        count,
        total,
        last,
        row.warning,
        mails,
    ]
