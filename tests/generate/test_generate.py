"""Generated orders keep every rule that orders which came in one by one keep (P-10)."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from databases import empty_database
from sqlalchemy import inspect, text
from sqlmodel import Session, select
from wholeness import stored_counts

from backoffice_app import db
from backoffice_app.domain.core.facts import sentence_of
from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.domain.core.search_text import order_text
from backoffice_app.domain.core.series import preview
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import Break, verify_chain
from backoffice_app.domain.invoicing.snapshot import totals_of
from backoffice_app.domain.invoicing.tax import tax_case
from backoffice_app.domain.order.derived import write_derived
from backoffice_app.domain.order.facets import DIMENSIONS, facet_key, facet_values
from backoffice_app.domain.order.states import Status
from backoffice_app.domain.order.views import tallies_of
from backoffice_app.domain.order.whole import WHOLE
from backoffice_app.generate import generate
from backoffice_app.generate.columns import COLUMNS
from backoffice_app.migrate import migrate
from backoffice_app.models import Allocation, DocumentVersion, History, Order, OrderFacet, OrderSearch

DERIVED = (
    "status",
    "payment_state",
    "shipping_state",
    "return_state",
    "paid",
    "open_amount",
    "due_on",
    "customer_name",
    "company",
    "country",
    "sort_name",
    "address_warning",
    "facet",
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def generated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A database with 300 generated orders, which are only read.

    What has an empty one comes after the last test that reads them.
    """
    with pytest.MonkeyPatch.context() as patch:
        for _url in empty_database(
            request.param, tmp_path_factory.mktemp("generated"), tmp_path_factory, patch
        ):
            generate(db.engine(), 300, seed=3)
            yield


@pytest.fixture
def filled(generated: None) -> Iterator[Session]:
    """The database with the generated orders."""
    with db.reading() as session:
        yield session


def _orders(session: Session) -> list[Order]:
    return list(session.exec(select(Order).options(*WHOLE)).all())


def test_p10_generated_orders_are_in_the_states_that_follow_from_their_rows(filled: Session) -> None:
    orders = _orders(filled)
    assert len(orders) == 300
    for order in orders:
        stored = {name: getattr(order, name) for name in DERIVED}
        write_derived(order)
        assert {name: getattr(order, name) for name in DERIVED} == stored, order.number
    assert {order.status for order in orders} == set(Status) - {Status.DRAFT, Status.READY_FOR_PICKUP}


def test_p10_generated_totals_are_those_of_the_totals_rules(filled: Session) -> None:
    of_shop = load_shop(filled)
    for order in _orders(filled):
        if not order.cancelled_at:
            case = tax_case(of_shop, order)
            assert (case.lacks, totals_of(order, case).total) == ((), order.total), order.number


def test_p10_generated_orders_are_found_by_the_text_they_would_have(filled: Session) -> None:
    texts = {row.id: row.doc for row in filled.exec(select(OrderSearch)).all()}
    for order in _orders(filled):
        assert sorted(texts[order.position].split()) == sorted(
            order_text(order).split()
        )  # a database gives rows in any order


def test_p10_the_history_of_generated_orders_verifies_and_reads(filled: Session) -> None:
    steps = list(verify_chain(filled))
    assert not [step for step in steps if isinstance(step, Break)]
    rows = filled.exec(select(History)).all()
    assert {"OrderPlaced", "InvoiceIssued", "PaymentBooked", "OrderShipped", "OrderCompleted"} <= {
        row.kind for row in rows
    }
    for row in rows:
        assert "happened" not in sentence_of(row.kind, json.loads(row.data)).format(actor="Ben").in_language(
            "en"
        )


def test_p10_generated_snapshots_are_whole_and_their_sums_agree(filled: Session) -> None:
    versions = filled.exec(select(DocumentVersion)).all()
    assert versions
    for version in versions:
        snapshot = DocumentSnapshot.model_validate_json(version.snapshot)
        assert snapshot.model_dump_json() == version.snapshot
        assert hashlib.sha256(version.snapshot.encode()).hexdigest() == version.snapshot_sha256


def test_p10_generated_payments_settle_their_invoices(filled: Session) -> None:
    settled: dict[int, int] = {}
    for allocation in filled.exec(select(Allocation)).all():
        settled[allocation.document_id] = settled.get(allocation.document_id, 0) + allocation.amount
    documents = [document for order in _orders(filled) for document in order.documents]
    assert documents
    for document in documents:
        assert document.total - settled.get(document.id, 0) == document.open_amount


def test_p5_counts_of_generated_orders_equal_a_recount(filled: Session) -> None:
    recount: dict[str, int] = {}
    for order in _orders(filled):
        for view, n in tallies_of(order).items():
            recount[view] = recount.get(view, 0) + n
    assert stored_counts(filled) == recount


def test_p10_every_facet_of_generated_orders_is_known(filled: Session) -> None:
    facets = {
        row.key: tuple(getattr(row, name) for name in DIMENSIONS)
        for row in filled.exec(select(OrderFacet)).all()
    }
    for order in _orders(filled):
        assert facets[order.facet] == facet_values(order)
        assert facet_key(facet_values(order)) == order.facet


def test_inv2_invoice_numbers_have_no_gap_and_days_do_not_go_back(filled: Session) -> None:
    rows = filled.execute(text("SELECT number, issued_on FROM document ORDER BY id")).all()
    by_year: dict[str, list[int]] = {}
    for number, _day in rows:
        by_year.setdefault(number[3:7], []).append(int(number[8:]))
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in by_year.values())
    days = [str(day) for _number, day in rows]
    assert days == sorted(days)


def test_p10_after_generating_the_shop_goes_on_where_the_rows_end(database: str, shop: Any) -> None:
    generate(db.engine(), 50, seed=4)
    with work(COMMAND) as w:
        assert preview(w.session, "order", w.today) == "10051"
    number = shop.order().number
    assert number == "10051"
    generate(db.engine(), 50, seed=5)
    with db.reading() as session:
        assert len(session.exec(select(Order)).all()) == 101
        assert not [step for step in verify_chain(session) if isinstance(step, Break)]


def test_p10_the_same_seed_gives_the_same_orders(
    sqlite: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KONTOR_NOW", "2026-11-24T10:00:00Z")
    chains = []
    for name in ("first", "second"):
        engine = db.make_engine(f"sqlite:///{tmp_path / name}.sqlite3")
        migrate(engine)
        generate(engine, 60, seed=9)
        with Session(engine) as session:
            chains.append(session.execute(text("SELECT hash FROM chain_head")).scalar_one())
            assert not session.execute(text("PRAGMA foreign_key_check")).all()
        engine.dispose()
    assert chains[0] == chains[1]


def test_p10_rows_give_every_column_that_has_no_default(sqlite: str) -> None:
    inspector = inspect(db.engine())
    for table, columns in COLUMNS.items():
        needed = {
            c["name"]
            for c in inspector.get_columns(table)
            if not c["nullable"] and c["default"] is None and not c["primary_key"]
        }
        assert needed <= set(columns), table
