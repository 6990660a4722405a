"""`kontor import` as a person runs it: what it says and how it ends (API-2, RUN-3)."""

import csv
import io
import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from databases import OWNER, TestShop
from sqlmodel import func, select
from typer.testing import CliRunner, Result

from backoffice_app.cli.main import command_line
from backoffice_app.db import reading
from backoffice_app.db_errors import AWAY
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Away
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shop import Administration, Company, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.intake import take_in
from backoffice_app.domain.orders.new_order import NewOrder
from backoffice_app.models import Document, Order
from backoffice_app.settings import settings


def kontor(*arguments: object) -> Result:
    return CliRunner().invoke(command_line("import"), ["import", *map(str, arguments)])


def orders() -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(Order)).one()


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """The command sends all logs of this process to its own file; afterwards they go where they went."""
    before = logging.root.handlers[:]
    yield
    for handler in set(logging.root.handlers) - set(before):
        handler.close()
    logging.root.handlers[:] = before


@pytest.fixture
def file(small_shop: TestShop, tmp_path: Path) -> Path:
    made = tmp_path / "orders.json"
    made.write_text(json.dumps([small_shop.new_order().as_json() for _ in range(3)]))
    return made


def test_api2_orders_of_a_file_go_in_and_are_reported_one_by_one(file: Path) -> None:
    done = kontor(file)
    assert (done.exit_code, orders()) == (0, 3)
    assert "orders.json 1 (SHOP-1): imported as 10001" in done.output
    assert "3 imported." in done.output


def test_api2_importing_again_changes_nothing_and_says_so(file: Path) -> None:
    kontor(file)
    again = kontor(file)
    assert (again.exit_code, orders()) == (0, 3)
    assert "orders.json 3 (SHOP-3): skipped, is there as 10003" in again.output


def test_api2_a_dry_run_says_what_would_be_and_keeps_nothing(file: Path) -> None:
    done = kontor(file, "--dry-run")
    assert (done.exit_code, orders()) == (0, 0)
    assert "3 would be imported" in done.output


def test_run3_refused_orders_end_it_with_1_and_their_reason(file: Path) -> None:
    good, bad, _third = json.loads(file.read_text())
    file.write_text(json.dumps([good, bad | {"total": "1.00"}]))
    done = kontor(file)
    assert (done.exit_code, orders()) == (1, 1)
    assert "total: The order says 1.00 EUR" in done.output


def mixed(file: Path) -> Path:
    """The file with an order that is there, one that is refused, and one that is new with a name that a spreadsheet
    would run.
    """
    there, bad, new = json.loads(file.read_text())
    file.write_text(json.dumps([there]))
    kontor(file)
    file.write_text(
        json.dumps([there, bad | {"total": "1.00", "lines": []}, new | {"external_reference": "=1+1"}])
    )
    return file


def test_api2_the_report_has_a_row_an_order_that_no_spreadsheet_runs(file: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    said = kontor(mixed(file), "--report", report)

    head, *rows = csv.reader(io.StringIO(report.read_bytes().decode("utf-8-sig")))
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(one["place"], one["order"], one["outcome"], one["number"]) for one in told] == [
        ("1", "SHOP-1", "skipped", "10001"),
        ("2", "SHOP-2", "refused", ""),
        ("3", "'=1+1", "imported", "10002"),
    ]
    assert told[1]["fields"].split("\n")[0] == "lines"
    assert len(told[1]["fields"].split("\n")) == len(told[1]["reasons"].split("\n")) > 0
    assert all(one["reasons"] == "" for one in told if one["outcome"] != "refused")
    assert f"{told[1]['fields']}: {told[1]['reasons']}" in said.output


def test_api2_the_report_as_json_names_fields_warnings_and_invoices(file: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.JSON"
    orders_of_file = json.loads(file.read_text())
    doubtful = orders_of_file[1]
    doubtful["billing_address"]["street"] = "Lindenallee"
    file.write_text(json.dumps([orders_of_file[0] | {"total": "1.00"}, doubtful]))
    said = kontor(file, "--report", report)

    refused, imported = json.loads(report.read_text())
    assert (refused["outcome"], [problem["field"] for problem in refused["problems"]]) == (
        "refused",
        ["total"],
    )
    assert (imported["outcome"], imported["number"], imported["problems"]) == ("imported", "10001", [])
    assert all(warning in said.output for warning in imported["warnings"])
    assert imported["invoice"] in {"issued", "waits", "past"}


def test_api2_a_report_of_no_order_is_whole_too(tmp_path: Path, small_shop: TestShop) -> None:
    nothing, report = tmp_path / "none.json", tmp_path / "report.json"
    nothing.write_text("[]")
    kontor(nothing, "--report", report)
    assert json.loads(report.read_text()) == []


@pytest.mark.parametrize("name", ["report.xlsx", "orders.json", "no-folder/report.csv"])
def test_run3_a_report_that_cannot_be_written_is_a_wrong_call_and_takes_nothing_in(
    name: str, file: Path
) -> None:
    before = file.read_text()
    assert kontor(file, "--report", file.parent / name.replace("orders.json", file.name)).exit_code == 2
    assert (orders(), file.read_text()) == (0, before)


def test_r10_a_database_that_goes_away_ends_it_and_the_orders_behind_are_not_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = take_in._take_in_once

    def goes_away(actor: Actor, new: NewOrder, *rest: str, **how: bool) -> take_in.TakenIn:
        if new.external_reference == "SHOP-2":
            raise Away(AWAY)
        return whole(actor, new, *rest, **how)

    monkeypatch.setattr(take_in, "_take_in_once", goes_away)
    report = file.parent / "report.json"
    done = kontor(file, "--report", report)
    assert [one["order"] for one in json.loads(report.read_text())] == ["SHOP-1"]
    assert (done.exit_code, orders()) == (1, 1)
    assert "The import stopped after 1 orders. Start it again" in done.output
    assert "refused" not in done.output
    assert isinstance(done.exception, Away), "the command line says it and ends"


def test_a6_the_number_of_an_order_that_breaks_kontor_stands_in_the_log_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_arguments: object, **_how: object) -> None:
        raise OverflowError("too large for anything")

    monkeypatch.setattr("backoffice_app.domain.intake.take_in.place_order", breaks)
    done = kontor(file)
    numbers = re.findall("In the log it has the number ([0-9a-f]{8})", done.output)
    assert (done.exit_code, len(numbers), orders()) == (1, 3, 0)
    log = "".join(found.read_text() for found in (settings().data_dir / "logs").iterdir())
    assert all(number in log for number in numbers)
    assert log.count("OverflowError: too large for anything") == 3


@pytest.mark.parametrize("arguments", [["none.json"], [], ["--format", "magento"]])
def test_run3_a_wrong_call_ends_with_2(file: Path, arguments: list[str]) -> None:
    assert kontor(*arguments, *([file] if "--format" in arguments else [])).exit_code == 2


def invoices() -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(Document)).one()


@pytest.fixture
def orders_of_all_days(small_shop: TestShop, tmp_path: Path) -> Path:
    """Six orders: new, not clear, shipped, cancelled, completed, and older than the shop."""
    now = clock.now().isoformat()
    earlier = "2022-03-01T10:00:00+01:00"
    shipped = {"shipped_at": now, "tracking_numbers": ["1"]}
    unclear = [{"name": "Becher", "quantity": "2", "unit_price": "19.95", "vat_rate": "0"}]
    download = [{"name": "Buch", "quantity": "2", "unit_price": "19.95", "vat_rate": "7", "ships": False}]
    paid = {"method": "paypal", "state": "paid", "paid_at": now}
    changes: list[dict[str, object]] = [
        {},
        {"lines": unclear},
        {"shipments": [shipped]},
        {"cancelled_at": now},
        {"lines": download, "payment": paid},
        {"placed_at": earlier},
    ]
    made = tmp_path / "days.json"
    made.write_text(
        json.dumps([small_shop.new_order().as_json() | {"placed_at": now} | change for change in changes])
    )
    return made


def test_d4_the_past_gets_no_invoice_and_a_dry_run_says_how_many_there_will_be(
    orders_of_all_days: Path,
) -> None:
    tried = kontor(orders_of_all_days, "--dry-run")
    assert "Invoices that would be issued: 1." in tried.output
    assert "Invoices that would wait because something is missing: 1" in tried.output
    assert tried.output.count("Lines with 0 % VAT don't say why no VAT is due. Choose the tax case.") == 1
    assert "Orders of the past, which get no invoice: 4." in tried.output
    done = kontor(orders_of_all_days)
    assert (done.exit_code, orders(), invoices()) == (0, 6, 1)
    assert "Invoices issued: 1." in done.output


def test_d4_told_to_issue_the_past_is_invoiced_too_but_for_what_was_cancelled(
    orders_of_all_days: Path,
) -> None:
    done = kontor(orders_of_all_days, "--issue")
    assert (done.exit_code, invoices()) == (0, 4)
    assert "Orders of the past" not in done.output


def test_d4_before_the_company_is_set_up_nothing_is_issued_at_all(orders_of_all_days: Path) -> None:
    with work(OWNER) as w:
        save_section(w.session, "company", Company())
    done = kontor(orders_of_all_days, "--issue")
    assert (done.exit_code, orders(), invoices()) == (0, 6, 0)
    assert "Invoices that wait because something is missing: 5" in done.output
    assert done.output.count("The street of your company is missing (Settings > Company).") == 1


def test_d4_no_later_payment_invoices_an_order_of_the_past(orders_of_all_days: Path) -> None:
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration(invoice_policy="when paid"))
    kontor(orders_of_all_days)
    with reading() as session:
        past = session.exec(select(Order).where(Order.external_reference == "SHOP-6")).one()
    perform(OWNER, "pay", past.id or 0)
    assert invoices() == 0
    perform(OWNER, "invoice", past.id or 0)
    assert invoices() == 1


def test_d4_the_first_day_is_that_of_the_first_fact(small_shop: TestShop) -> None:
    with clock.at(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)):
        small_shop.order(placed_at="2026-03-01T10:00:00Z")
    assert take_in.first_day_of_shop() == datetime(2026, 3, 1, 23, tzinfo=UTC)
