"""What an intake asks is answered by indexes, however large the shop has grown (P-9)."""

import re

from databases import OWNER, TestShop
from sqlalchemy import event, text

from backoffice_app import db
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.generate import generate

LARGE = (
    "orders",
    "customer",
    "payment",
    "document",
    "document_version",
    "shipment",
    "parcel",
    "order_line",
    "order_address",
    "history",
    "outbox_mail",
    "order_search",
)


def test_p9_an_intake_scans_no_table_that_grows(small_shop: TestShop) -> None:
    generate(db.engine(), 300)
    with db.engine().connect() as connection:
        connection.execute(text("ANALYZE"))
    new = small_shop.new_order(paid=True, provider=True, lines=3)
    asked: list[tuple[str, object]] = []

    def note(
        _connection: object,
        _cursor: object,
        statement: str,
        parameters: object,
        _context: object,
        _many: bool,
    ) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        take_in(OWNER, new, "key-1")
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)

    assert any("external_reference" in statement for statement, _parameters in asked)
    with db.engine().connect() as connection:
        for statement, parameters in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()  # type: ignore[arg-type]
            scanned = [
                step.detail for step in plan if re.match(rf"SCAN ({'|'.join(LARGE)})( USING|$)", step.detail)
            ]
            assert not scanned, statement
