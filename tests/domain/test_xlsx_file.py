"""Lists as spreadsheets, read back by another library."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from backoffice_app.domain.core.csv_text import FORMULA
from backoffice_app.domain.core.xlsx_file import LONGEST, write_xlsx

HEADS = ["What"]


def sheets(rows: list[list[object]], **how: int) -> list[list[list[object]]]:
    """The rows of each sheet, as another program reads them."""
    file = BytesIO()
    write_xlsx(rows, file, "Europe/Berlin", **how)
    book = CalamineWorkbook.from_filelike(BytesIO(file.getvalue()))
    return [list(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]


def cell(value: object) -> object:
    """One value, written and read."""
    return sheets([HEADS, [value]])[0][1][0]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (Decimal("44.80"), 44.8),
        (Decimal("-17.47"), -17.47),
        (Decimal(1200), 1200),
        (7, 7),
        (date(2026, 11, 29), date(2026, 11, 29)),
        (datetime(2026, 11, 30, 23, 30, tzinfo=UTC), datetime(2026, 12, 1, 0, 30)),  # noqa: DTZ001
        ("00340434161091186105", "00340434161091186105"),
        ("+49 40 5550100", "+49 40 5550100"),
        ("https://example.com", "https://example.com"),
        (Decimal("12345678901234.56"), "12345678901234.56"),
        (date(1875, 5, 1), "1875-05-01"),
    ],
)
def test_e7_numbers_and_days_are_such_and_texts_stay_texts(value: object, read: object) -> None:
    assert cell(value) == read


@pytest.mark.parametrize("sign", FORMULA)
def test_e7_no_text_is_run_as_a_formula(sign: str) -> None:
    file = BytesIO()
    write_xlsx([HEADS, [f"{sign}HYPERLINK(1)"]], file, "UTC")
    assert cell(f"{sign}1+1").__class__ is str
    assert b"<f>" not in file.getvalue()
    assert cell(f"{sign}1+1") == f"{sign}1+1"


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False, allow_infinity=False))
def test_e7_amounts_are_exact_to_the_cent(amount: Decimal) -> None:
    read = cell(amount)
    assert round(Decimal(read) * 100) == amount * 100  # type: ignore[arg-type]  # a number, as the test above says


def test_e7_what_is_too_long_for_a_cell_is_cut_and_says_so() -> None:
    read = cell("a" * (LONGEST + 1))
    assert read == "a" * (LONGEST - 1) + "…"


def test_e7_more_rows_than_a_sheet_holds_go_on_in_the_next_with_their_heads() -> None:
    rows: list[list[object]] = [HEADS, *[[f"row {n}"] for n in range(5)]]
    assert sheets(rows, most=3) == [
        [["What"], ["row 0"], ["row 1"]],
        [["What"], ["row 2"], ["row 3"]],
        [["What"], ["row 4"]],
    ]


def test_e7_a_list_without_rows_has_its_heads() -> None:
    assert sheets([["Number", "Total"]]) == [[["Number", "Total"]]]
