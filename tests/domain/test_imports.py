"""Files of orders in the browser: tried out first, then taken in once, each order by itself with its result (API-2)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from bulk_runs import run_to_its_end
from databases import BEN, OWNER, READER, TestShop
from sqlmodel import Session, col, func, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.domain import people
from backoffice_app.domain.bulk import imports, work_on
from backoffice_app.domain.bulk.imports import import_tried, try_file, with_import
from backoffice_app.domain.bulk.views import results_file, run_view, said_of
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.rights import Role
from backoffice_app.models import BulkItem, BulkRun, Document, Order, OutboxMail


@pytest.fixture(autouse=True)
def colleagues(request: pytest.FixtureRequest) -> None:
    """A run looks up who began it."""
    request.getfixturevalue("database" if "shop" in request.fixturenames else "sqlite")
    people.create_owner(email="olga@example.com", name=OWNER.name, password="a long password of ours")
    people.add_user(
        OWNER, email="ben@example.com", name=BEN.name, role=Role.STAFF, password="a long password of ours"
    )


def order_of(shop: TestShop, reference: str, **wishes: Any) -> dict[str, Any]:
    return shop.new_order(
        external_reference=reference, **{"placed_at": clock.now().isoformat(), **wishes}
    ).as_json()


def file_of(*orders: object) -> bytes:
    return json.dumps(orders).encode()


def results(run_id: int) -> list[tuple[str, str, str]]:
    with Session(db.engine()) as session:
        items = session.exec(
            select(BulkItem).where(BulkItem.run_id == run_id).order_by(col(BulkItem.rank))
        ).all()
        return [(item.place, item.state, said_of(item, "en")) for item in items]


def summary(run_id: int) -> list[str]:
    with Session(db.engine()) as session:
        return with_import(session, run_view(session, run_id, OWNER, "en"), OWNER).summary


def count(table: Any) -> int:
    with Session(db.engine()) as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_api2_a_dry_run_says_of_each_order_what_would_become_of_it_and_keeps_nothing(shop: TestShop) -> None:
    there = order_of(shop, "there")
    run_to_its_end(import_tried(OWNER, tried(OWNER, there)))
    before = count(Order), count(Document)
    broken = order_of(shop, "broken") | {"total": "1.00"}
    run = tried(OWNER, order_of(shop, "new"), there, broken, {"what": "ever"}, there | {"comment": "other"})

    places = [(place, state) for place, state, _said in results(run)]
    assert places == [("1", "done"), ("2", "skipped"), ("3", "failed"), ("4", "failed"), ("5", "skipped")]
    said = [text for _place, _state, text in results(run)]
    assert said[0].startswith("Would be imported.")
    assert said[1].startswith("Is there already as order ")
    assert said[2].startswith("total: ")
    assert "This is no order of Kontor" in said[3]
    assert "comment" in said[4] or "Comment" in said[4]
    assert summary(run) == [
        "1 would be imported",
        "2 there already",
        "2 refused",
        "Invoices that would be issued: 1.",
    ]
    assert (count(Order), count(Document)) == before


def tried(actor: Any, *orders: object, **how: Any) -> int:
    run = try_file(actor, file_of(*orders), **how)
    run_to_its_end(run)
    return run


def test_api2_an_order_that_is_in_the_file_twice_would_be_imported_once(shop: TestShop) -> None:
    twice = order_of(shop, "twice")
    nameless = order_of(shop, "") | {"external_reference": ""}
    run = tried(OWNER, twice, nameless, twice, nameless, twice | {"comment": "other"})

    said = [text for _place, _state, text in results(run)]
    repeat = "Comes before in this file already and would be taken in once."
    assert [text == repeat for text in said] == [False, False, True, False, True]
    assert [state for _place, state, _said in results(run)] == ["done", "done", "skipped", "done", "skipped"]
    assert summary(run)[:2] == ["3 would be imported", "2 repeated in the file"]
    assert summary(run)[2] == "Invoices that would be issued: 3."
    begun = import_tried(OWNER, run)
    run_to_its_end(begun)
    assert count(Order) == 3
    assert len(results(begun)) == 5


def test_api2_what_was_tried_is_imported_once_however_often_it_is_pressed(shop: TestShop) -> None:
    run = tried(BEN, order_of(shop, "a"), order_of(shop, "b"), {"what": "ever"})
    begun = import_tried(BEN, run)
    assert import_tried(BEN, run) == begun
    run_to_its_end(begun)
    run_to_its_end(begun)
    assert import_tried(BEN, run) == begun
    assert count(Order) == 2
    assert [state for _place, state, _said in results(begun)] == ["done", "done"]
    assert results(begun)[0][2].startswith("Imported as order ")
    with Session(db.engine()) as session:
        items = session.exec(
            select(BulkItem).where(col(BulkItem.run_id).in_([run, begun])).order_by(col(BulkItem.id))
        ).all()
        assert {item.input for item in items} == {""}, "the orders themselves are not kept twice"
        assert (
            items[-1].number == session.exec(select(Order.number).where(Order.id == items[-1].order_id)).one()
        )
    assert wrongs() == []


def test_api2_a_process_that_dies_in_between_doubles_nothing(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also orders without a reference: the result is written in the transaction that takes the order in."""
    begun = import_tried(OWNER, tried(OWNER, order_of(shop, ""), order_of(shop, "")))
    with Session(db.engine()) as session:
        run = session.get_one(BulkRun, begun)
        first, _second = session.exec(
            select(BulkItem).where(BulkItem.run_id == begun).order_by(col(BulkItem.rank))
        ).all()
    work_on._do(run, OWNER, first, json.loads(run.input))
    work_on._do(
        run, OWNER, first, json.loads(run.input)
    )  # as after a crash: it still believes that this one waits
    assert count(Order) == 1
    run_to_its_end(begun)
    assert count(Order) == 2


def test_aud2_what_a_file_said_of_customers_is_forgotten_and_its_results_stay(shop: TestShop) -> None:
    run = tried(OWNER, order_of(shop, "new"), order_of(shop, "other"))
    before = results(run)

    work_on.forget_inputs(clock.now() - timedelta(minutes=1))
    assert held(run) == 2
    work_on.forget_inputs(clock.now() + timedelta(minutes=1))
    assert held(run) == 0
    assert results(run) == before


def held(run_id: int) -> int:
    """How many rows of a run still hold what the file said."""
    with Session(db.engine()) as session:
        of_run = select(func.count()).where(BulkItem.run_id == run_id, BulkItem.input != "")
        return session.exec(of_run).one()


def test_m6_customers_are_told_only_where_that_is_wished(shop: TestShop) -> None:
    run_to_its_end(import_tried(OWNER, tried(OWNER, order_of(shop, "quiet"))))
    assert count(OutboxMail) == 0
    run_to_its_end(import_tried(OWNER, tried(OWNER, order_of(shop, "loud"), notify=True)))
    with Session(db.engine()) as session:
        assert session.exec(select(OutboxMail.kind)).all() == ["order-confirmation"]
    past = order_of(shop, "past", placed_at="2020-01-01T10:00:00Z")
    run_to_its_end(import_tried(OWNER, tried(OWNER, past, notify=True)))
    assert count(OutboxMail) == 1, "nobody hears of an order of years ago"


def test_inv1_orders_of_the_past_get_an_invoice_only_where_that_is_wished(shop: TestShop) -> None:
    past = order_of(shop, "past", placed_at="2020-01-01T10:00:00Z")
    assert summary(tried(OWNER, past))[1:] == [
        "Invoices that would be issued: 0.",
        "Orders of the past, which get no invoice: 1.",
    ]
    assert summary(tried(OWNER, past, issue=True))[1:] == ["Invoices that would be issued: 1."]


def test_api2_what_is_no_file_of_orders_is_refused_with_its_place(shop: TestShop) -> None:
    for content in (b"[{]", b"\xff\xfe\x00", b"[]", b"x" * (imports.LARGEST + 1)):
        with pytest.raises((Invalid, Refused)):
            try_file(OWNER, content)
    with pytest.raises(Invalid, match="Line 1, column 3"):
        try_file(OWNER, b"[{]")
    with pytest.raises(Refused):
        try_file(READER, file_of(order_of(shop, "a")))


def test_sec2_a_run_of_somebody_else_is_not_imported(shop: TestShop) -> None:
    run = tried(OWNER, order_of(shop, "a"))
    with pytest.raises(NotFound):
        import_tried(BEN, run)
    with pytest.raises(NotFound):
        import_tried(OWNER, import_tried(OWNER, run))


def test_o7_the_report_is_a_file_without_formulas(small_shop: TestShop) -> None:
    run = tried(OWNER, order_of(small_shop, "=1+1", number_at_source="=1+1"))
    with Session(db.engine()) as session:
        head, row = list(results_file(session, run, OWNER))
    assert head == ["Order", "Result", "Reason", "Error number", "Row in the file"]
    assert (row[0], row[4]) == ("=1+1", "1")
