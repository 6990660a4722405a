"""`kontor generate` adds made-up orders to a demo or an empty database, never to a shop's orders (SEC-3)."""

from click.testing import Result
from databases import TestShop
from sqlmodel import func, select
from typer.testing import CliRunner

from backoffice_app import db
from backoffice_app.cli.main import command_line
from backoffice_app.demo.mark import SECTION
from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.domain.core.work import work
from backoffice_app.migrate import migrate
from backoffice_app.models import Customer, History, Order, Setting


def kontor(*arguments: str) -> Result:
    return CliRunner().invoke(command_line("generate"), ["generate", *arguments])


def counts() -> tuple[int, ...]:
    """How many orders, customers and entries of the history there are."""
    with db.reading() as session:
        return tuple(
            session.exec(select(func.count()).select_from(table)).one()
            for table in (Order, Customer, History)
        )


def test_a9_generate_adds_nothing_to_the_orders_of_a_shop(shop: TestShop) -> None:
    shop.order()
    before = counts()

    told = kontor("3")

    assert told.exit_code == 1
    assert "The database already has orders and is not a demo. Nothing was changed." in told.output
    assert counts() == before


def test_a9_generate_fills_a_shop_without_orders_once(database: str) -> None:
    """Its own orders can't be told from those of a shop, so the second call is refused."""
    assert kontor("3").exit_code == 0
    assert counts()[0] == 3

    assert kontor("3").exit_code == 1
    assert counts()[0] == 3


def test_a9_generate_makes_the_tables_of_a_new_database(sqlite: str) -> None:
    migrate(db.engine(), "base")

    assert kontor("3").exit_code == 0

    assert counts()[0] == 3


def test_a9_generate_adds_to_a_demo_that_has_orders(small_shop: TestShop) -> None:
    small_shop.order()
    with work(COMMAND) as w:
        w.session.add(Setting(section=SECTION, value="{}"))

    told = kontor("3")

    assert told.exit_code == 0
    assert "3 orders were added." in told.output
    assert counts()[0] == 4
