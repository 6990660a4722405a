"""Exact places of addresses, asked of a geocoder where the owner set one up; without one no address leaves the server
(W-1).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from backoffice_app.db import hold, reading
from backoffice_app.domain.core.facts import on
from backoffice_app.domain.core.jobs import declare_job
from backoffice_app.domain.core.rights import WORKER
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.order.whole import order_of_id
from backoffice_app.domain.orders.facts import AddressChanged, OrderPlaced
from backoffice_app.domain.orders.recheck import QUEUE
from backoffice_app.formats import locale
from backoffice_app.models import GeocodedPlace, Order, OrderAddress
from backoffice_app.settings import settings

JOB = declare_job("geocode", queue=QUEUE)
"""The job that asks for the addresses of an order; its argument is the order's id."""
MILLION = 1_000_000


@dataclass(frozen=True)
class Question:
    """What a geocoder is asked: the lines of a place, without names. `key`: under which its answer is kept."""

    key: str
    street: str
    postcode: str
    city: str
    country: str


def question_of(address: OrderAddress) -> Question | None:
    """What is asked for an address; None without a geocoder, and for an address without street or town."""
    geocoder = settings().geocoder
    if not geocoder or not (address.street and (address.city or address.postcode)):
        return None
    lines = (address.street, address.postcode, address.city, address.country)
    text = "\x1f".join((geocoder.partition(":")[0] if geocoder.startswith("google:") else geocoder, *lines))
    return Question(hashlib.blake2b(text.encode(), digest_size=16).hexdigest(), *lines)


def lines_of(question: Question) -> str:
    """The place in one line, the country by its English name."""
    country = str(locale("en").territories.get(question.country, question.country))
    return ", ".join(filter(None, (question.street, f"{question.postcode} {question.city}".strip(), country)))


@on(OrderPlaced, order=90)
def ask_for_new(w: Work, order: Order, _happened: OrderPlaced) -> None:
    """A new order's addresses are asked for, later and by the worker."""
    _ask(w, order)


@on(AddressChanged, order=90)
def ask_again(w: Work, order: Order, _happened: AddressChanged) -> None:
    """A changed address is another place."""
    _ask(w, order)


def _ask(w: Work, order: Order) -> None:
    questions = [question for address in order.addresses if (question := question_of(address))]
    if questions and order.id:
        w.enqueue(
            JOB, order.id, key="-".join(("geocode", str(order.id), *(question.key for question in questions)))
        )


def open_questions(order_id: int) -> list[Question]:
    """What is to be asked for an order and was not yet. Raises NotFound for an order that is gone."""
    with reading() as session:
        questions = [
            question
            for address in order_of_id(session, order_id).addresses
            if (question := question_of(address))
        ]
        known = set(
            session.exec(
                select(GeocodedPlace.key).where(col(GeocodedPlace.key).in_([one.key for one in questions]))
            )
        )
    return [question for key, question in {one.key: one for one in questions}.items() if key not in known]


def keep(question: Question, found: tuple[float, float] | None) -> None:
    """The answer is kept, also that there is no such place."""
    latitude, longitude = (round(found[0] * MILLION), round(found[1] * MILLION)) if found else (None, None)
    with work(WORKER) as w:
        hold(w.session, "geocoded")  # two workers may ask the same thing
        w.session.merge(
            GeocodedPlace(key=question.key, latitude=latitude, longitude=longitude, asked_at=w.at)
        )


def exact_places(session: Session, addresses: Sequence[OrderAddress]) -> dict[str, tuple[float, float]]:
    """What the geocoder found, by the kind of the address; one statement, and none without a geocoder."""
    questions = {address.kind: question.key for address in addresses if (question := question_of(address))}
    if not questions:
        return {}
    rows = session.exec(select(GeocodedPlace).where(col(GeocodedPlace.key).in_(questions.values()))).all()
    found = {
        row.key: (row.latitude / MILLION, row.longitude / MILLION)
        for row in rows
        if row.latitude is not None and row.longitude is not None
    }
    return {kind: found[key] for kind, key in questions.items() if key in found}
