"""`kontor demo` never touches what is not a demo's, and `kontor run` serves no demo (SEC-3)."""

import os
import subprocess
from pathlib import Path

import httpx
import pytest
from databases import TestShop
from serving import ROOT, Server, free_port, running
from sqlmodel import SQLModel
from starting import outcome

from backoffice_app import db
from backoffice_app.settings import settings


def kontor(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The outcome of a command in an environment without settings; one that serves instead of ending fails the test."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("KONTOR_")} | {
        "PYTHONPATH": str(ROOT)
    }
    return outcome(*arguments, env=env | more, timeout=60)


def all_rows() -> dict[str, list[str]]:
    """Every row of every table."""
    with db.engine().connect() as connection:
        return {
            name: sorted(map(str, connection.execute(table.select())))
            for name, table in SQLModel.metadata.tables.items()
        }


def all_files(folder: Path) -> dict[str, bytes]:
    """Every file, but for those in which SQLite notes who reads."""
    found = (
        file
        for file in folder.rglob("*")
        if file.is_file() and file.suffix not in {".sqlite3-wal", ".sqlite3-shm"}
    )
    return {str(file.relative_to(folder)): file.read_bytes() for file in found}


def test_a9_a_demo_leaves_the_shop_of_somebody_else_as_it_is(shop: TestShop, database: str) -> None:
    shop.order()
    folder = settings().data_dir
    (folder / "secret").write_bytes(b"x" * 32)
    rows, files = all_rows(), all_files(folder)
    named = ["--database-url", database] if "postgresql" in database else []

    told = kontor("demo", "--port", str(free_port()), "--data-dir", str(folder), *named)

    assert told.returncode == 1
    assert "belongs to a shop" in told.stdout
    assert "nothing was changed" in told.stdout
    assert all_rows() == rows
    assert all_files(folder) == files


def test_a9_a_demo_leaves_a_shop_without_orders_as_it_is(database: str, tmp_path: Path) -> None:
    """Its owner has only filled in the company; folder and database are not the same."""
    rows = all_rows()
    where = ["--database-url", database, "--data-dir", str(tmp_path / "other")]

    told = kontor("demo", "--port", str(free_port()), *where)

    assert told.returncode == 1
    assert "The database belongs to a shop." in told.stdout
    assert all_rows() == rows


@pytest.mark.parametrize("left", ["archive", "secret", "setup-key"])
def test_a9_a_demo_does_not_move_into_the_folder_of_a_shop_whose_database_is_elsewhere(
    tmp_path: Path, left: str
) -> None:
    (tmp_path / left).write_text("ours")

    told = kontor("demo", "--port", str(free_port()), "--data-dir", str(tmp_path))

    assert told.returncode == 1
    assert [file.name for file in tmp_path.iterdir()] == [left]


def test_a9_a_demo_does_not_go_where_the_service_goes(shop: TestShop, database: str, tmp_path: Path) -> None:
    shop.order()
    rows = all_rows()

    with running(tmp_path / "demo", "demo", "--orders", "2", KONTOR_DATABASE_URL=database) as server:
        assert "KONTOR_DATABASE_URL is set but not used" in server.log.read_text()
        assert (server.data_dir / "kontor.sqlite3").exists()
        assert server.cookie("owner@demo.test")

    assert all_rows() == rows


def test_a9_a_demo_is_not_served_as_a_shop(server: Server) -> None:
    told = server.kontor("run", "--port", str(free_port()))

    assert told.returncode == 1
    assert "the data of a demo" in told.stdout


def test_a9_the_demos_passwords_are_of_no_use_to_kontor_run_whatever_the_environment_says(
    tmp_path: Path,
) -> None:
    with running(tmp_path, "run", KONTOR_DEMO="1") as server:
        server.kontor_says("user", "add", "olga@example.com", typed="correct horse battery")
        assert "demo" not in httpx.get(f"{server.url}/login").text
