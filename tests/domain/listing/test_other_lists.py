"""Lists of invoices, shipments and products: filters, paging, search, export; the plans say that they are index walks
(P-1 to P-4).
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from big_shop import BigShop
from databases import OWNER, READER, WAREHOUSE, TestShop
from sqlalchemy import event, text
from sqlmodel import Session

from backoffice_app import db
from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.csv_text import as_csv
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.keyset import PAGE, ListView
from backoffice_app.domain.core.rights import COMMAND, Actor
from backoffice_app.domain.listing.invoices import (
    DUE,
    INVOICES,
    NUMBER,
    OPEN,
    STATE,
    TOTAL,
    invoices_file,
    invoices_page,
)
from backoffice_app.domain.listing.products import PRICE, PRODUCTS, products_file, products_page
from backoffice_app.domain.listing.products import SKU as PRODUCT_SKU
from backoffice_app.domain.listing.shipments import NUMBER as SHIPMENT
from backoffice_app.domain.listing.shipments import (
    SHIPMENTS,
    numbers_of_page,
    shipments_file,
    shipments_page,
)
from backoffice_app.domain.window import order_window
from backoffice_app.formats import format_day
from backoffice_app.generate import generate

PREPAID = {"method": "bank_transfer", "state": "open"}
Read = Callable[[Session, Mapping[str, object], Actor], ListView]
MOST = 20 * PAGE
STEPS_PER_ROW = 40
"""See test_plans.py."""
SCANS = {"Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan"}


def view(read: Read, address: str = "", actor: Actor = OWNER) -> ListView:
    with Session(db.engine()) as session:
        return read(session, dict(parse_qsl(urlsplit(address).query)), actor)


def shown(read: Read, address: str = "", at: int = 1) -> list[str]:
    return [row[at] for row in view(read, address).rows]


def test_the_newest_document_stands_on_top_and_filters_combine(small_shop: TestShop) -> None:
    open_one, paid = small_shop.order(), small_shop.order(paid=True)
    first, second = open_one.documents[0].number, paid.documents[0].number

    assert shown(invoices_page) == [second, first]
    assert shown(invoices_page, "?state=open") == [first]
    due = open_one.documents[0].due_on
    assert due
    assert shown(invoices_page, at=DUE) == ["", format_day(due, "en")], "what is paid is due no more"
    assert shown(invoices_page, "?state=paid&kind=invoice") == [second]
    assert shown(invoices_page, "?kind=credit+note") == []
    assert shown(invoices_page, "?from=2030-01-01") == []
    assert len(shown(invoices_page, "?from=2026-01-01&to=2099-01-01&state=unsent")) == 2
    found = view(invoices_page, "?state=open&kind=invoice")
    assert [chip[0] for chip in found.chips] == ["Kind: Invoice"]
    assert found.cleared == "/invoices"
    assert [tab[0] for tab in found.tabs] == ["", "open", "overdue", "paid", "taken-back", "unsent"]
    assert {tab[0]: tab[2] for tab in found.tabs}["open"] == "1"


def test_w4_the_list_says_of_a_document_what_the_order_says(small_shop: TestShop) -> None:
    """What was credited is not paid, what was cancelled neither: in the list, in its file, and in the order alike."""
    part, whole, cancelled, paid_back = (
        small_shop.order(),
        small_shop.order(),
        small_shop.order(),
        small_shop.order(paid=True),
    )
    perform(OWNER, "credit-note", part.id or 0, {"invoice": part.documents[0].number, "amount": "1.00"})
    perform(
        OWNER,
        "credit-note",
        whole.id or 0,
        {"invoice": whole.documents[0].number, "amount": str(Decimal(whole.total) / 100)},
    )
    perform(OWNER, "cancel", cancelled.id or 0, {})
    perform(
        OWNER, "credit-note", paid_back.id or 0, {"invoice": paid_back.documents[0].number, "amount": "1.00"}
    )
    perform(OWNER, "refund", paid_back.id or 0, {"amount": "1.00"})

    states = {row[NUMBER]: row[STATE] for row in view(invoices_page).rows}
    with Session(db.engine()) as session:
        heads, *rows = invoices_file(session, {}, OWNER)
        assert {str(row[0]): row[heads.index("State")] for row in rows} == states
        for order in (part, whole, cancelled, paid_back):
            shown = order_window(session, order.number, OWNER, "en").blocks["invoices"].documents  # type: ignore[attr-defined]
            assert {one.number: one.state.label for one in shown} == {
                one.number: states[one.number] for one in shown
            }
    first = [states[one.documents[0].number] for one in (part, whole, cancelled, paid_back)]
    assert first == ["Open", "Credited", "Cancelled", "Paid"]
    assert "Refunded" in states.values()


def test_inv6_each_invoice_is_in_the_tab_of_its_state_and_what_is_open_adds_up(small_shop: TestShop) -> None:
    """A cancelled or credited invoice is not among those that were paid; what the shop owes is negative in list and
    file.
    """
    paid, whole, cancelled, owed = (
        small_shop.order(paid=True),
        small_shop.order(),
        small_shop.order(),
        small_shop.order(paid=True),
    )
    still_open = small_shop.order()
    perform(
        OWNER,
        "credit-note",
        whole.id or 0,
        {"invoice": whole.documents[0].number, "amount": str(Decimal(whole.total) / 100)},
    )
    perform(OWNER, "cancel", cancelled.id or 0, {})
    perform(OWNER, "credit-note", owed.id or 0, {"invoice": owed.documents[0].number, "amount": "1.00"})

    tabs = {state: set(shown(invoices_page, f"?state={state}")) for state in ("open", "paid", "taken-back")}
    assert tabs["paid"] == {paid.documents[0].number, owed.documents[0].number}
    assert tabs["taken-back"] == {whole.documents[0].number, cancelled.documents[0].number}
    assert tabs["open"] == {still_open.documents[0].number, "GS-2026-0002"}
    assert {row[NUMBER]: row[OPEN] for row in view(invoices_page, "?state=open").rows}[
        "GS-2026-0002"
    ] == "−€1.00"
    with Session(db.engine()) as session:
        heads, *rows = invoices_file(session, {}, OWNER)
    assert sum(row[heads.index("Open")] for row in rows) == Decimal(still_open.total) / 100 - 1  # type: ignore[misc]


def test_o2_documents_and_shipments_are_found_by_their_numbers_order_and_customer(
    small_shop: TestShop,
) -> None:
    order = small_shop.order()
    small_shop.order(
        billing_address={
            "name": "Bo Berg",
            "street": "Weg 1",
            "postcode": "10827",
            "city": "Berlin",
            "country": "DE",
        }
    )

    for text_ in (order.documents[0].number, order.number, "kovac", order.shipments[0].number, "ADA"):
        assert order.documents[0].number in shown(invoices_page, f"?q={text_}")
    assert len(shown(invoices_page, "?q=Bo+Berg")) == 1
    assert shown(shipments_page, f"?q={order.shipments[0].number}", SHIPMENT) == [order.shipments[0].number]
    assert shown(invoices_page, "?q=nobody") == []


def test_sec4_who_may_not_see_prices_sees_no_invoices_and_no_prices_of_products(small_shop: TestShop) -> None:
    small_shop.order()
    perform(OWNER, "new-product", 0, {"sku": "MUG-9", "name": "Becher", "price": "19.95"})
    with pytest.raises(Refused):
        view(invoices_page, actor=WAREHOUSE)
    with pytest.raises(Refused), Session(db.engine()) as session:
        list(invoices_file(session, {}, WAREHOUSE))
    assert view(products_page, actor=WAREHOUSE).rows[0][PRICE] == ""
    assert view(products_page, actor=READER).rows[0][PRICE] == "€19.95"
    with Session(db.engine()) as session:
        told = list(products_file(session, {}, WAREHOUSE))
    assert "19.95" not in str(told)
    assert view(shipments_page, actor=WAREHOUSE).rows


@pytest.mark.parametrize(
    "address",
    [
        "?page=oNONSENSE",
        "?page=o~",
        "?page=n2026-13-99~x",
        "?sort=evil&direction=sideways",
        "?state=x&from=y",
    ],
)
def test_what_no_page_sends_leads_to_the_list_itself(small_shop: TestShop, address: str) -> None:
    small_shop.order()

    assert len(view(invoices_page, address).rows) == 1
    assert INVOICES.parse(dict(parse_qsl(address[1:]))).url() == "/invoices"
    assert view(shipments_page, "?page=o" + "9" * 30).rows
    assert view(invoices_page, "?q=%00&page=last").query == ""


def test_w6_shipments_are_filtered_by_state_and_sorted_by_the_day_they_left(small_shop: TestShop) -> None:
    orders = [small_shop.order(paid=True) for _n in range(3)]
    for order in orders[:2]:
        perform(COMMAND, "ship", order.id or 0, {"tracking": f"0034{order.number}"})
    numbers = [order.shipments[0].number for order in orders]

    assert shown(shipments_page, "", SHIPMENT) == numbers[::-1]
    assert shown(shipments_page, "?state=open", SHIPMENT) == numbers[2:]
    assert shown(shipments_page, "?state=shipped&sort=shipped", SHIPMENT) == [numbers[1], numbers[0]]
    found = view(shipments_page, "?state=open&q=kovac")
    assert found.prints == "/shipments.pdf?state=open&q=kovac"
    assert found.sorts["shipped"][0] == "/shipments?state=shipped&q=kovac&sort=shipped", (
        "what has not left has no such day"
    )
    assert view(shipments_page, "?state=shipped&sort=shipped").tabs[1][3] == "/shipments?state=open"


def test_w6_what_is_to_ship_holds_nothing_that_waits_for_its_money_or_is_on_hold(
    small_shop: TestShop,
) -> None:
    leaves, unpaid, held = small_shop.order(), small_shop.order(payment=PREPAID), small_shop.order(paid=True)
    perform(COMMAND, "hold", held.id or 0, {})
    waits = [unpaid.shipments[0].number, held.shipments[0].number]

    assert shown(shipments_page, "?state=open", SHIPMENT) == [leaves.shipments[0].number]
    assert shown(shipments_page, "?state=not-ready", SHIPMENT) == waits[::-1]
    tabs = {tab[0]: tab[2] for tab in view(shipments_page, "").tabs}
    assert (tabs["open"], tabs["not-ready"]) == ("1", "")
    with reading() as session:
        assert numbers_of_page(session, {"state": "open"}, WAREHOUSE) == [leaves.shipments[0].number]


def test_stk1_products_are_found_by_parts_and_shown_by_how_their_stock_stands(shop: TestShop) -> None:
    for sku, name, on_hand in (
        ("TEA-1", "Grüner Tee", "3"),
        ("TEA-2", "Früchtetee", "0"),
        ("MUG-1", "Becher 100%", "50"),
        ("X", "Anderes", ""),
    ):
        perform(
            OWNER,
            "new-product",
            0,
            {"sku": sku, "name": name, "on_hand": on_hand, "low_at": "5", "price": "1"},
        )

    assert shown(products_page, "", PRODUCT_SKU) == ["MUG-1", "TEA-1", "TEA-2", "X"]
    assert shown(products_page, "?q=gruner+TEE", PRODUCT_SKU) == ["TEA-1"]
    assert shown(products_page, "?q=ea-", PRODUCT_SKU) == ["TEA-1", "TEA-2"]
    assert shown(products_page, "?q=x", PRODUCT_SKU) == ["X"]
    assert shown(products_page, "?q=100%25", PRODUCT_SKU) == ["MUG-1"]
    assert shown(products_page, '?q="', PRODUCT_SKU) == []
    assert shown(products_page, "?stock=low", PRODUCT_SKU) == ["TEA-1", "TEA-2"]
    assert shown(products_page, "?stock=out", PRODUCT_SKU) == ["TEA-2"]
    assert shown(products_page, "?sort=on_hand", PRODUCT_SKU) == ["TEA-2", "TEA-1", "MUG-1"]
    assert shown(products_page, "?sort=name", PRODUCT_SKU)[0] == "X"
    perform(OWNER, "retire-product", 1)
    assert shown(products_page, "?stock=retired", PRODUCT_SKU) == ["TEA-1"]
    assert "TEA-1" not in shown(products_page, "", PRODUCT_SKU)


def test_e7_an_export_has_the_rows_of_the_list_and_no_formula(small_shop: TestShop) -> None:
    address = {
        "name": "=HYPERLINK(1)",
        "street": "Weg 1",
        "postcode": "10827",
        "city": "Berlin",
        "country": "DE",
    }
    small_shop.order(billing_address=address)
    small_shop.order(paid=True)
    with Session(db.engine()) as session:
        listed = view(invoices_page, "?state=open")
        rows = list(invoices_file(session, {"state": "open"}, OWNER))
        lines = "".join(as_csv(rows, "Europe/Berlin")).split("\r\n")
        parcels = list(shipments_file(session, {}, OWNER))

    assert [row[0] for row in rows[1:]] == [row[NUMBER] for row in listed.rows]
    assert lines[0].startswith("\ufeffNumber,Kind,Date,Due on,Customer")
    assert "'=HYPERLINK(1)" in lines[1]
    assert ",44.80,44.80,Open," in lines[1]
    assert len(parcels) == 3


def test_e7_cells_that_spreadsheets_would_run_are_texts_and_numbers_stay_numbers() -> None:
    evil = [
        "=1",
        "+1",
        "-1",
        "@x",
        "\tx",
        "\rx",
        "fine",
        Decimal("-12.50"),
        None,
        3,
        date(2026, 1, 2),
        datetime(2026, 1, 2, 23, 30, tzinfo=UTC),
    ]
    [line] = list(as_csv([evil], "Europe/Berlin"))

    assert line == "\ufeff'=1,'+1,'-1,'@x,'\tx,\"'\rx\",fine,-12.50,,3,2026-01-02,2026-01-03 00:30:00\r\n"


def test_e7_a_file_opens_in_the_spreadsheets_of_its_readers_language() -> None:
    cells = ["1.5; x", Decimal("-1234.50"), 3, date(2026, 1, 2), "=1", None]
    german, english, dutch = ("".join(as_csv([cells], "UTC", code)) for code in ("de", "en", "nl"))

    assert german == '\ufeff"1.5; x";-1234,50;3;2026-01-02;\'=1;\r\n'
    assert english == "\ufeff1.5; x,-1234.50,3,2026-01-02,'=1,\r\n"
    assert dutch == german


LISTS: dict[str, tuple[Read, Any, list[str]]] = {
    "invoices": (
        invoices_page,
        INVOICES,
        [
            "",
            "?state=open",
            "?state=overdue",
            "?state=unsent",
            "?state=paid",
            "?state=taken-back",
            "?kind=credit+note",
        ],
    ),
    "shipments": (
        shipments_page,
        SHIPMENTS,
        ["", "?state=open", "?state=not-ready", "?state=shipped", "?state=cancelled"],
    ),
    "products": (products_page, PRODUCTS, ["", "?stock=low", "?stock=out", "?stock=retired"]),
}
ADDRESSES = [(name, address) for name, (_read, _of, addresses) in LISTS.items() for address in addresses]


def read_in(shop: BigShop, name: str, address: str) -> tuple[ListView, int]:
    """A page of a big shop, and how many rows were read for it, by the plans of all its statements."""
    read, _of, _addresses = LISTS[name]
    parameters = dict(parse_qsl(urlsplit(address).query))
    counted = [0]
    with Session(shop.engine) as session:
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            raw: Any = connection.connection.driver_connection

            def count() -> int:
                counted[0] += 10
                return 0

            raw.set_progress_handler(count, 10)
            try:
                return read(session, parameters, COMMAND), counted[0] // STEPS_PER_ROW
            finally:
                raw.set_progress_handler(None, 0)
        asked: list[tuple[str, Any]] = []
        event.listen(
            connection,
            "before_cursor_execute",
            lambda _c, _k, statement, values, _x, _m: asked.append((statement, values)),
        )
        found = read(session, parameters, COMMAND)
        for statement, values in [one for one in asked if one[0].lstrip().startswith("SELECT")]:
            plan = connection.exec_driver_sql(
                f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}", values
            ).scalar_one()
            counted[0] += _rows_read((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
        return found, counted[0]


def _rows_read(node: dict[str, Any]) -> int:
    read = 0
    if node["Node Type"] in SCANS and node.get("Relation Name") != "setting":
        thrown_away = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        read = int((node["Actual Rows"] + thrown_away) * node["Actual Loops"])
    return read + sum(_rows_read(child) for child in node.get("Plans", []))


@pytest.mark.parametrize(("name", "address"), ADDRESSES)
def test_p3_a_page_of_another_list_reads_few_rows_in_each_order(
    big_shop: BigShop, name: str, address: str
) -> None:
    _read, of, _addresses = LISTS[name]
    for sort in of.sorts:
        for direction in ("up", "down"):
            for page in ("", "last"):
                parts = {"sort": sort, "direction": direction, "page": page} | dict(parse_qsl(address[1:]))
                asked = of.parse(parts)
                _view, rows = read_in(big_shop, name, asked.url())
                # Counts of tabs are read to 1,001 along their own index, at most three of them.
                assert rows <= 2 * MOST + 3 * 1_001, (asked.url(), rows)


@pytest.mark.parametrize(("table", "column"), [("document", "credits_id"), ("payment", "of_id")])
def test_p3_what_hardly_any_row_names_is_looked_up_where_no_row_does_yet(
    small_shop: TestShop, table: str, column: str
) -> None:
    """SQLite keeps count of how many rows share a value: of a column that is always empty it says all."""
    del small_shop
    generate(db.engine(), 400, 7, lambda _done: None)
    with db.engine().connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        look = f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE {column} IN (1, 2, 3)"
        [(*_ids, plan)] = connection.exec_driver_sql(look).all()
    assert plan.startswith(f"SEARCH {table} USING INDEX ix_{table}_{column}")


@pytest.mark.parametrize("name", ["invoices", "shipments"])
def test_p2_pages_follow_each_other_without_a_gap_both_ways(big_shop: BigShop, name: str) -> None:
    for sort in LISTS[name][1].sorts:
        pages, address = [], f"?sort={sort}&state={'shipped' if sort == 'shipped' else ''}"
        for _page in range(4):
            found, _rows = read_in(big_shop, name, address)
            pages.append([row[1 if name == "invoices" else 0] for row in found.rows])
            address = found.older
        back, _rows = read_in(big_shop, name, found.newer)
        assert [row[1 if name == "invoices" else 0] for row in back.rows] == pages[2]
        assert len({number for page in pages for number in page}) == 4 * PAGE
        assert found.first.startswith(f"/{name}")


def test_p2_the_last_page_is_full_and_has_nothing_after_it(big_shop: BigShop) -> None:
    found, _rows = read_in(big_shop, "invoices", "?page=last&sort=total&direction=down")

    assert len(found.rows) == PAGE
    assert found.older == ""
    assert found.newer != ""
    with Session(big_shop.engine) as session:
        least = session.execute(text("SELECT min(total) FROM document")).scalar_one()
    assert str(least // 100) in found.rows[-1][TOTAL]


def test_p4_a_search_reads_few_rows_and_says_where_it_ends(big_shop: BigShop) -> None:
    found, _rows = read_in(big_shop, "invoices", "?q=berlin")

    assert len(found.rows) == PAGE
    assert found.note == "Only what belongs to the newest 500 orders with these words is listed."
