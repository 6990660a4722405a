"""Tables of plug-ins: made where they are missing, changed step by step, on both databases (EXT-1)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, inspect, text
from sqlmodel import Field, Session, SQLModel

from backoffice_app import db
from backoffice_app.demo.mark import is_untouched
from backoffice_app.plugins.load import LEFT_OUT, LOADED
from backoffice_app.plugins.tables import TABLES, make_tables, table
from backoffice_app.registry import forget, registering


def add_colour(connection: Connection) -> None:
    """The second version has a colour."""
    connection.execute(text("ALTER TABLE test_ribbon ADD COLUMN colour VARCHAR(20) NOT NULL DEFAULT 'red'"))


@pytest.fixture
def clean(database: str) -> Iterator[None]:
    def drop() -> None:
        forget("ribbons")
        with db.engine().begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS test_ribbon"))

    drop()
    yield
    drop()


def first_version() -> None:
    with registering("ribbons"):

        @table()
        class Ribbon1(SQLModel, table=True):
            __tablename__ = "test_ribbon"
            id: int | None = Field(default=None, primary_key=True)


def second_version() -> None:
    with registering("ribbons"):

        @table(steps=[add_colour])
        class Ribbon2(SQLModel, table=True):
            __tablename__ = "test_ribbon"
            id: int | None = Field(default=None, primary_key=True)
            colour: str = Field(default="red", max_length=20)


def columns() -> list[str]:
    with db.engine().connect() as connection:
        return sorted(column["name"] for column in inspect(connection).get_columns("test_ribbon"))


def test_ext1_a_table_is_made_once_and_its_rows_stay(clean: None) -> None:
    first_version()
    make_tables(db.engine())
    with Session(db.engine()) as session:
        session.execute(text("INSERT INTO test_ribbon (id) VALUES (7)"))
        session.commit()
    make_tables(db.engine())
    with Session(db.engine()) as session:
        assert session.execute(text("SELECT id FROM test_ribbon")).all() == [(7,)]


def test_ext1_a_step_is_run_once_and_not_on_a_new_table(clean: None) -> None:
    first_version()
    make_tables(db.engine())
    forget("ribbons")
    second_version()
    make_tables(db.engine())
    make_tables(db.engine())
    assert columns() == ["colour", "id"]
    with db.engine().begin() as connection:
        connection.execute(text("DROP TABLE test_ribbon"))
    make_tables(db.engine())
    assert columns() == ["colour", "id"]


def test_ext1_a_step_that_fails_leaves_table_and_shop_as_they_were_and_is_tried_again(
    clean: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LEFT_OUT, "{}")
    first_version()
    make_tables(db.engine())
    forget("ribbons")

    def breaks(_connection: Connection) -> None:
        raise RuntimeError("no")

    with registering("ribbons"):

        @table(steps=[add_colour, breaks])
        class Ribbon3(SQLModel, table=True):
            __tablename__ = "test_ribbon"
            id: int | None = Field(default=None, primary_key=True)

    make_tables(db.engine())
    assert (LOADED["ribbons"].error, "test_ribbon" in TABLES) == ("RuntimeError: no", False)
    assert columns() == ["id"]
    del LOADED["ribbons"]
    second_version()
    make_tables(db.engine())
    assert columns() == ["colour", "id"]


def test_ext1_a_class_with_a_new_column_and_no_step_is_named_and_left_out(
    clean: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LEFT_OUT, "{}")
    first_version()
    make_tables(db.engine())
    forget("ribbons")

    with registering("ribbons"):

        @table()
        class Ribbon4(SQLModel, table=True):
            __tablename__ = "test_ribbon"
            id: int | None = Field(default=None, primary_key=True)
            colour: str = "red"

    make_tables(db.engine())
    assert (
        "The table test_ribbon in the database has no column colour. Write @plugin_table(steps=[...])"
        in LOADED["ribbons"].error
    )
    assert "test_ribbon" not in TABLES
    del LOADED["ribbons"]


def test_ext1_what_is_no_table_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="Plain is no table"):

        @table()
        class Plain(SQLModel):
            id: int

    assert "plain" not in TABLES


def test_sec3_a_new_database_is_untouched_though_a_plug_in_made_its_table(
    tmp_path: object, clean: None
) -> None:
    with Session(db.engine()) as session:
        session.execute(text("DELETE FROM setting"))
        session.commit()
    first_version()
    make_tables(db.engine())
    assert is_untouched(db.engine())
