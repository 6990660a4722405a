"""Whatever is done to orders in whatever order: what is stored is what follows from the rows (ST-1, P-5)."""

from collections import Counter

from databases import OWNER, TestShop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.derived import write_derived
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.search_text import order_text
from backoffice_app.domain.core.views import read_counts, tallies_of
from backoffice_app.domain.core.work import whole_order
from backoffice_app.models import Order, OrderFacet, OrderSearch

STATES = ("status", "payment_state", "shipping_state", "return_state", "paid", "open_amount", "due_on", "facet")
SHOWN = ("customer_name", "company", "country", "sort_name")
DERIVED = STATES + SHOWN
ADDRESS = {"kind": "shipping", "name": "Zoë Älvarez", "street": "Kai 3", "postcode": "20457", "city": "Hamburg", "country": "DE"}
STEPS: tuple[tuple[str, dict[str, object]], ...] = (
    ("ship", {}),
    ("ship", {"tracking": "00340434161094042557"}),
    ("undo-ship", {}),
    ("pay", {}),
    ("pay", {"amount": "7.50"}),
    ("pay", {"amount": "500.00"}),
    ("not-paid", {}),
    ("hold", {}),
    ("resume", {}),
    ("invoice", {}),
    ("edit-address", ADDRESS),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paid=st.booleans(), lines=st.integers(1, 3), steps=st.lists(st.sampled_from(STEPS), max_size=6))
def test_st1_p5_what_is_stored_is_what_follows_from_the_rows(
    small_shop: TestShop, paid: bool, lines: int, steps: list[tuple[str, dict[str, object]]]
) -> None:
    order = small_shop.order(paid=paid, lines=lines)
    for key, values in steps:
        shipments = [shipment.number for shipment in small_shop.load(order.id or 0).shipments]
        try:
            perform(OWNER, key, order.id or 0, {"shipments": shipments} if key == "undo-ship" else values)
        except Refused:
            continue
    agrees()


def agrees() -> None:
    """All orders have the derived columns, facet and search text that follow from their rows; the counts are those of a recount."""
    counted: Counter[str] = Counter()
    with reading() as session:
        for order in session.exec(select(Order).options(*whole_order())).all():
            stored = {name: getattr(order, name) for name in DERIVED}
            write_derived(order)
            assert {name: getattr(order, name) for name in DERIVED} == stored
            assert session.exec(select(OrderFacet.seq).where(OrderFacet.key == order.facet)).first()
            found = session.get(OrderSearch, order.position)
            assert found is not None
            assert found.doc == order_text(order)
            counted.update(tallies_of(order))
        session.expunge_all()
        assert {view: n for view, n in read_counts(session).items() if n} == {view: n for view, n in counted.items() if n}
