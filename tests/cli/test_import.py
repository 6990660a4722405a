"""`kontor import` as a person runs it: what it says and how it ends (API-2, RUN-3)."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import TestShop
from sqlmodel import func, select
from typer.testing import CliRunner, Result

from backoffice_app.cli.main import command_line
from backoffice_app.db import reading
from backoffice_app.db_errors import AWAY
from backoffice_app.domain.core.errors import Away
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.intake import take_in
from backoffice_app.domain.orders.new_order import NewOrder
from backoffice_app.models import Order
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


def test_r10_a_database_that_goes_away_ends_it_and_the_orders_behind_are_not_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = take_in._take_in_once

    def goes_away(actor: Actor, new: NewOrder, *rest: str, dry_run: bool) -> take_in.TakenIn:
        if new.external_reference == "SHOP-2":
            raise Away(AWAY)
        return whole(actor, new, *rest, dry_run=dry_run)

    monkeypatch.setattr(take_in, "_take_in_once", goes_away)
    done = kontor(file)
    assert (done.exit_code, orders()) == (1, 1)
    assert "The import stopped after 1 orders. Start it again" in done.output
    assert "refused" not in done.output
    assert isinstance(done.exception, Away), "the command line says it and ends"


def test_a6_the_number_of_an_order_that_breaks_kontor_stands_in_the_log_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_arguments: object) -> None:
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
