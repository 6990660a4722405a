"""What the tests of a plug-in use: a small shop of its own, an order, what its window and list show, and the mails it
writes (EXT-1).

def test_a_note_is_kept(tmp_path):
    with small_shop(tmp_path, Path("plugins/gift_note.py")) as shop:
        order = shop.order()
        shop.do("write-gift-note", order, note="Happy birthday")
        assert "Happy birthday" in shop.shown("gift-note", order)
"""

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SAWarning
from sqlmodel import col, select

from backoffice_app import db, load, registry
from backoffice_app.domain import people
from backoffice_app.domain.bulk.rest import bulk_run_view
from backoffice_app.domain.bulk.start import start
from backoffice_app.domain.bulk.work_on import work_on
from backoffice_app.domain.core.actions import ACTIONS, Done, perform
from backoffice_app.domain.core.errors import Asks
from backoffice_app.domain.core.jobs import RUNS, SWEEPS
from backoffice_app.domain.core.rights import RIGHTS_OF, Actor, ActorKind, Role, right_named
from backoffice_app.domain.core.shop import Company, Shop, load_shop, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.declared_pages import read_page
from backoffice_app.domain.history import history_of
from backoffice_app.domain.invoicing.snapshot import packing_slip_snapshot
from backoffice_app.domain.listing.filters import OrderFilter
from backoffice_app.domain.listing.rows import layout, place_of
from backoffice_app.domain.listing.views import order_list
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.methods import shipping_of_order
from backoffice_app.domain.order.slip_remarks import slip_remarks
from backoffice_app.domain.order.whole import order_of_id
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.orders.place import place_order
from backoffice_app.domain.settings.section import SECTIONS, as_texts, load_section, save
from backoffice_app.domain.window import order_window
from backoffice_app.domain.window.declared import Declared
from backoffice_app.domain.window.registry import BLOCKS
from backoffice_app.migrate import migrate
from backoffice_app.models import Order, OutboxMail, User
from backoffice_app.plugins import load as plugins
from backoffice_app.plugins.tables import make_tables
from backoffice_app.settings import settings

STAFF = Actor(ActorKind.USER, "Sam Staff", RIGHTS_OF[Role.STAFF], id=1, role=Role.STAFF)
"""Who acts unless a test says otherwise; with the rights of the plug-in that its role holds."""
OWNER = Actor(ActorKind.USER, "Olga Owner", RIGHTS_OF[Role.OWNER], id=2, role=Role.OWNER)
WAREHOUSE = Actor(ActorKind.USER, "Wanda Warehouse", RIGHTS_OF[Role.WAREHOUSE], id=3, role=Role.WAREHOUSE)
BOOKKEEPER = Actor(ActorKind.USER, "Bob Bookkeeper", RIGHTS_OF[Role.BOOKKEEPER], id=4, role=Role.BOOKKEEPER)
READER = Actor(ActorKind.USER, "Rita Reader", RIGHTS_OF[Role.READ_ONLY], id=5, role=Role.READ_ONLY)
"""Colleagues of the other roles, for `actor=`."""
SELLER = Company(
    name="Small Shop", street="Main Street 1", postcode="10115", city="Berlin", vat_id="DE136695976"
)


def api_key(*scopes: str) -> Actor:
    """An API key that was granted these scopes, for `actor=`. Raises ValueError for a scope that no right is
    called by.
    """
    found = {scope: right_named(scope) for scope in scopes}
    if unknown := [scope for scope, right in found.items() if right is None]:
        raise ValueError(f"There is no scope {unknown[0]!r}.")
    return Actor(
        ActorKind.API_KEY, "Test key", frozenset(right for right in found.values() if right is not None), id=1
    )


def as_now(actor: Actor) -> Actor:
    """The actor with all that their role holds now, the rights of plug-ins included."""
    return replace(actor, rights=RIGHTS_OF[actor.role]) if actor.role else actor


def signed_up(actor: Actor) -> Actor:
    """The actor as a colleague of the shop, with an account: who begins what goes on without them is read anew then."""
    email = f"{actor.role}@example.com"
    with db.reading() as session:
        id_ = session.exec(select(User.id).where(User.email == email)).first()
    role = actor.role or Role.STAFF
    added = id_ or people.add_user(
        as_now(OWNER),
        email=email,
        name=actor.name,
        role=role,
        password="long enough for a test",  # noqa: S106
    )
    return replace(as_now(actor), id=added)


@dataclass
class SmallShop:
    """A shop with an empty database, in which the plug-in is loaded."""

    plugin: str
    _number: Iterator[int] = field(default_factory=lambda: count(1))

    def order(self, **changes: Any) -> Order:
        """Places an order of two mugs for 44.80 EUR; `changes` are fields of the API's order."""
        number = next(self._number)
        placed: dict[str, Any] = {
            "external_reference": f"TEST-{number}",
            "source": "test",
            "placed_at": f"2026-01-02T10:00:{number % 60:02d}Z",
            "language": "en",
            "currency": "EUR",
            "prices": "gross",
            "customer": {"email": "ada@example.com", "first_name": "Ada", "last_name": "Example"},
            "billing_address": {
                "name": "Ada Example",
                "street": "Hill 1",
                "postcode": "10827",
                "city": "Berlin",
                "country": "DE",
            },
            "lines": [
                {
                    "sku": "MUG",
                    "name": "Mug",
                    "quantity": "2",
                    "unit_price": "19.95",
                    "discount": "0.00",
                    "vat_rate": "19",
                }
            ],
            "shipping": {"method": "dhl", "name": "DHL", "price": "4.90", "vat_rate": "19"},
            "payment": {
                "method": "prepaid",
                "name": "Prepaid",
                "state": "paid",
                "paid_at": f"2026-01-02T10:00:{number % 60:02d}Z",
            },
            "total": "44.80",
        }
        with work(STAFF) as w:
            made = place_order(w, parse_order(placed | changes))
        return self.read(made)

    def read(self, order: Order) -> Order:
        """The order as it stands in the database now, with all its parts."""
        with db.reading() as session:
            return order_of_id(session, order.id or 0)

    def do(self, key: str, order: Order, *, actor: Actor = STAFF, yes: bool = False, **values: Any) -> Done:
        """Performs an action on the order. Raises Refused, Invalid, Asks and the others as `perform` does.

        With `yes` each question that the action asks is answered with yes, such as whether to ship what is
        not paid.
        """
        answers: list[str] = []
        while True:
            try:
                return perform(as_now(actor), key, order.id or 0, values, answers=answers)
            except Asks as question:
                if not yes or question.answer in answers:
                    raise
                answers.append(question.answer)

    def bulk(self, key: str, *orders: Order, actor: Actor = STAFF, **values: Any) -> dict[str, str]:
        """Does an action to many orders, as `Bulk actions` of the order list does: by order number "" where it was
        done, else why not.

        Raises NotFound for an action without `bulk=True`, and Refused and Invalid for what holds for all orders alike.
        """
        who = signed_up(actor)
        run, turn = start(who, key, [order.number for order in orders], values), 0
        while (read := bulk_run_view(run, who, "en")).ended_at is None:
            work_on(run, turn)
            turn += 1
        return {one.number: "" if one.result == "done" else one.detail or one.result for one in read.results}

    def rest(
        self, method: str, path: str, body: Any = None, *, scopes: str = "orders:read"
    ) -> tuple[int, Any]:
        """Calls the REST API with a new key of these scopes: `shop.rest("GET", f"/v1/orders/{order.number}")`.

        `path`: what follows `/api` in the address; `body`: what is sent as JSON. Returns the status and what the answer
        holds.
        """
        from starlette.testclient import TestClient

        from backoffice_app.api.rest import create_api

        key = people.create_api_key(as_now(OWNER), "Test key", scopes.split())
        with TestClient(create_api(), headers={"Authorization": f"Bearer {key}"}) as caller:
            answer = caller.request(method, path, json=body)
        return answer.status_code, answer.json() if answer.content else None

    def may(self, key: str, order: Order, *, actor: Actor = STAFF) -> bool:
        """Whether the actor may do this action, and its rule allows it now: what enables its button."""
        now, known = as_now(actor), ACTIONS[key]
        with db.reading() as session:
            return (
                now.may(known.right)
                and known.reason(load_shop(session), order_of_id(session, order.id or 0)) is None
            )

    def form(self, key: str, order: Order, *, actor: Actor = STAFF, which: str = "") -> dict[str, str]:
        """What the fields of a dialog start with, by their labels. `key`: of the dialog, or of the action it
        asks for.
        """
        with db.reading() as session:
            read = order_window(session, order.number, as_now(actor), "en", dialog=key, which=which)
        return {one.label: one.value for one in read.form.fields}

    def set(self, section: str, **values: str) -> None:
        """Changes fields of a section of the settings as its form does: texts, "yes" or "no". Raises Invalid
        as the form.
        """
        wanted = SECTIONS[section]
        with db.reading() as session:
            seen = as_texts(load_section(session, wanted))
        save(as_now(OWNER), wanted, values, seen)

    def shown(self, block: str, order: Order, *, actor: Actor = STAFF, tab: str = "") -> str:
        """All texts that a declared block of the order window shows to this actor, one a line; "" where it is not
        shown.

        `tab`: the tab that is open; that of the block where it is left out. Raises KeyError for a block that is not
        registered.
        """
        with db.reading() as session:
            window = order_window(session, order.number, as_now(actor), "en", tab=tab or BLOCKS[block].tab)
        found = [one for column in window.declared for one in column if one.key == block]
        return "\n".join(text for one in found for text in _texts_of(one))

    def page(self, key: str, *, actor: Actor = STAFF, **values: str) -> str:
        """All texts of a page of plain data, one a line; "" for who may not see it.

        `values`: as behind the `?` of its address.
        """
        view = read_page(as_now(actor), key, values)
        if view.broken:
            raise AssertionError(f"the page {key} could not be read: the log says why")
        return "\n".join([view.title, *_texts_of(Declared(view.parts))]) if view.key else ""

    def cells(self, column: str, *, actor: Actor = STAFF, **filters: str) -> dict[str, str]:
        """What a column of the order list says, by order number; `filters` as in the address of the list."""
        with db.reading() as session:
            wanted = OrderFilter(**filters)  # type: ignore[arg-type]  # the filters are checked by name
            rows = order_list(session, wanted, as_now(actor), "en").rows
        number, place = place_of("number"), layout().places[column]
        return {row[number]: row[place] for row in rows}

    def history(self, order: Order) -> list[str]:
        """The sentences of the order's history, newest first."""
        with db.reading() as session:
            return [
                entry.sentence for entry in history_of(session, (ORDER, order.id or 0), STAFF, "en", "UTC")
            ]

    def mails(self, order: Order) -> list[OutboxMail]:
        """The mails about the order, oldest first."""
        with db.reading() as session:
            return list(
                session.exec(
                    select(OutboxMail).where(OutboxMail.order_id == order.id).order_by(col(OutboxMail.id))
                ).all()
            )

    def slip(self, order: Order) -> tuple[str, ...]:
        """The remarks on the packing slip of the order's first shipment."""
        with db.reading() as session:
            whole, shop = order_of_id(session, order.id or 0), load_shop(session)
            remarks = list(slip_remarks(session, whole, "en"))
            return packing_slip_snapshot(
                shop, whole, whole.shipments[0], shipping_of_order(session, whole), remarks=remarks
            ).remarks

    def each_minute(self) -> None:
        """Does what plug-ins do each minute.

        What that raises is raised here; `clock.at(moment)` around it sets the time.
        """
        for name, do in SWEEPS.items():
            if SWEEPS.owner_of(name) != registry.CORE:
                do()

    def run_job(self, name: str, *arguments: object) -> Any:
        """Does a job as the worker would, and returns what its function returns: jobs that are enqueued wait here for
        ever.
        """
        return RUNS[name](*arguments)

    def settings(self) -> Shop:
        """The shop's settings."""
        with db.reading() as session:
            return load_shop(session)


@contextmanager
def small_shop(folder: Path, *files: Path) -> Iterator[SmallShop]:
    """A shop in `folder`, an empty one such as pytest's `tmp_path`, in which the plug-ins of `files` are loaded, and
    only these.

    Afterwards they are gone again. Raises AssertionError with the reason if one can't be loaded.
    """
    load.domain()
    kept = {
        name: os.environ.get(name) for name in ("KONTOR_DATA_DIR", "KONTOR_DATABASE_URL", "KONTOR_PLUGINS")
    }
    os.environ |= {
        "KONTOR_DATA_DIR": str(folder / "data"),
        "KONTOR_DATABASE_URL": f"sqlite:///{folder / 'test.sqlite3'}",
        "KONTOR_PLUGINS": os.pathsep.join(str(file.resolve()) for file in files),
    }
    settings.cache_clear()
    db.forget_engines()
    known = dict(plugins.LOADED)
    try:
        keys = [plugins.key_of(file) for file in files]
        for key in keys:
            unload(key)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # the class of a table is made anew in each test
            loaded = plugins.load_plugins()
        wrong = [f"{key}: {loaded[key].error} {loaded[key].where}" for key in keys if loaded[key].error]
        if wrong:
            raise AssertionError("; ".join(wrong))
        migrate(db.engine())
        make_tables(db.engine())
        with work(STAFF) as w:
            save_section(w.session, "company", SELLER)
        yield SmallShop(keys[0] if keys else "")
    finally:
        for key in plugins.LOADED.keys() - known.keys():
            unload(key)
        db.forget_engines()
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        settings.cache_clear()


def unload(key: str) -> None:
    """Takes away all that a plug-in registered, so that its file can be loaded anew."""
    registry.forget(key)
    plugins.LOADED.pop(key, None)
    sys.modules.pop(plugins.module_name(key), None)


def _texts_of(shown: Declared) -> Iterator[str]:
    yield from [shown.empty] if shown.empty else []
    for part in shown.parts:
        yield from () if part.kind in {"buttons", "form"} else part.words
        yield from (text for row in part.rows for text in row)
        yield from (button.label for button in part.buttons)
        yield from (label for one in part.form.fields for label in (one.label, one.value))
        for entry in part.listed:
            yield from filter(None, (entry.title, entry.text, entry.small, entry.state))
            yield from (button.label for button in (*entry.first, *entry.buttons))
