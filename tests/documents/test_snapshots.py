"""Snapshots are the whole input of rendering, and can't be wrong in their sums (INV-3)."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from pydantic import ValidationError

from backoffice_app.domain.core.snapshot import DocumentSnapshot, PackingSlipSnapshot

Invoice = Callable[..., DocumentSnapshot]


def test_INV3_a_snapshot_reads_back_exactly(
    invoice: Invoice, slip: Callable[..., PackingSlipSnapshot]
) -> None:
    document = invoice(remarks=("Zeile 1\nZeile 2",))
    text = document.model_dump_json()
    assert DocumentSnapshot.model_validate_json(text) == document
    assert DocumentSnapshot.model_validate_json(text).model_dump_json() == text
    assert '"quantity":"1.5"' in text
    shipment = slip()
    assert PackingSlipSnapshot.model_validate_json(shipment.model_dump_json()) == shipment


def test_INV3_an_issued_snapshot_never_changes(invoice: Invoice) -> None:
    with pytest.raises(ValidationError):
        invoice().total = 1


@pytest.mark.parametrize("field", ["net", "tax", "total", "paid"])
def test_INV4_sums_that_disagree_are_refused(invoice: Invoice, field: str) -> None:
    values = invoice().model_dump()
    with pytest.raises(ValidationError, match="disagree"):
        DocumentSnapshot.model_validate(values | {field: values[field] + 1})


def test_INV4_a_line_that_misses_its_rate_is_refused(invoice: Invoice) -> None:
    values = invoice().model_dump()
    values["lines"][0]["net"] += 1
    with pytest.raises(ValidationError, match="net S 19"):
        DocumentSnapshot.model_validate(values)


def test_INV4_floats_touch_neither_money_nor_quantities(invoice: Invoice) -> None:
    values = invoice().model_dump()
    for field, wrong in (("quantity", 2.0), ("gross", 3990.0)):
        line = values["lines"][0] | {field: wrong}
        with pytest.raises(ValidationError):
            DocumentSnapshot.model_validate(values | {"lines": [line, *values["lines"][1:]]})


def test_INV4_equal_rates_are_one_rate(invoice: Invoice) -> None:
    values = invoice().model_dump()
    values["lines"][0]["vat_rate"] = Decimal("19.00")
    assert DocumentSnapshot.model_validate(values).rates == invoice().rates
