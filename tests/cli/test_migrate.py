"""`kontor migrate` drops nothing unasked (RUN-3)."""

import pytest
from click.testing import Result
from databases import TestShop
from sqlmodel import func, select
from typer.testing import CliRunner

from backoffice_app import db
from backoffice_app.cli.main import command_line
from backoffice_app.demo.mark import SECTION
from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.domain.core.work import work
from backoffice_app.migrate import goes_down, is_current, is_empty, migrate, targets
from backoffice_app.models import Order, Setting


def kontor(*arguments: str) -> Result:
    return CliRunner().invoke(command_line("migrate"), ["migrate", *arguments])


def orders() -> int:
    with db.reading() as session:
        return session.exec(select(func.count()).select_from(Order)).one()


@pytest.mark.parametrize("more", [[], ["--lose-data"]])
def test_n3_the_orders_of_a_shop_are_never_dropped(shop: TestShop, more: list[str]) -> None:
    shop.order()

    told = kontor("--to", "base", *more)

    assert told.exit_code == 1
    assert (
        "All orders, documents and the history of this shop would be gone. Nothing was changed."
        in told.output
    )
    assert (orders(), is_current(db.engine())) == (1, True)


def test_n3_a_demo_goes_down_when_it_is_said_twice(database: str) -> None:
    with work(COMMAND) as w:
        w.session.add(Setting(section=SECTION, value="{}"))

    assert kontor("--to", "base").exit_code == 1
    assert is_current(db.engine())

    assert kontor("--to", "base", "--lose-data").exit_code == 0
    assert is_empty(db.engine())
    migrate(db.engine())


def test_n3_an_empty_database_goes_down_when_it_is_said_twice(sqlite: str) -> None:
    migrate(db.engine(), "base")
    migrate(db.engine())

    assert "repeat the command with --lose-data" in kontor("--to", "base").output
    assert is_current(db.engine())

    assert kontor("--to", "base", "--lose-data").exit_code == 0
    assert is_empty(db.engine())


def test_n3_going_down_one_step_is_asked_too(sqlite: str) -> None:
    before = [target for target in targets() if target not in {"base", "head"}][:-1]
    for target in before:
        assert goes_down(db.engine(), target)
        assert kontor("--to", target).exit_code == 1
    assert goes_down(db.engine(), "base")
    assert not goes_down(db.engine(), "head")


def test_run3_a_second_migrate_does_nothing(sqlite: str) -> None:
    for _ in range(2):
        told = kontor()
        assert (told.exit_code, told.output) == (0, "The database is at the newest schema.\n")
