"""The shops that are measured: made once, kept until the schema or the generator changes."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from backoffice_app import db
from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.domain.core.shop import Company, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.generate import generate
from backoffice_app.migrate import migrate
from backoffice_app.settings import settings

CODE = Path(__file__).parent.parent
SERVER = os.environ.get("KONTOR_TEST_POSTGRES", "postgresql+psycopg://root@127.0.0.1:5432/postgres")
COMPANY = Company(
    name="Bench GmbH",
    owner="Ada Bench",
    street="Am Hafen 1",
    postcode="20457",
    city="Hamburg",
    vat_id="DE136695976",
    iban="DE89370400440532013000",
    bic="COBADEFFXXX",
    email="shop@mail.example",
)


@dataclass(frozen=True)
class BenchShop:
    """A shop of `orders` orders on one database; settings and engines point to it while it is in use."""

    database: str
    orders: int
    url: str
    folder: Path


def postgres_answers() -> bool:
    """Whether there is a PostgreSQL server to measure on."""
    try:
        with create_engine(SERVER, connect_args={"connect_timeout": 2}).connect():
            return True
    except SQLAlchemyError:
        return False


@contextmanager
def shop(database: str, orders: int, folder: Path, progress: Callable[[int], None]) -> Iterator[BenchShop]:
    """The shop, made if it is not there as this code would make it; this process works on it until the block ends."""
    home = folder / f"{database}-{orders}"
    home.mkdir(parents=True, exist_ok=True)
    url = (
        f"sqlite:///{home / 'kontor.sqlite3'}"
        if database == "sqlite"
        else SERVER.rsplit("/", 1)[0] + f"/kontor_bench_{orders}"
    )
    mark = home / "made-by"
    before = {name: os.environ.get(name) for name in ("KONTOR_DATABASE_URL", "KONTOR_DATA_DIR")}
    made = mark.exists() and mark.read_text() == _fingerprint()
    if not made:
        mark.unlink(missing_ok=True)
        _empty(database, url, home)
    os.environ |= {"KONTOR_DATABASE_URL": url, "KONTOR_DATA_DIR": str(home)}
    settings.cache_clear()
    db.forget_engines()
    try:
        if not made:
            migrate(db.engine())
            with work(COMMAND) as w:
                save_section(w.session, "company", COMPANY)
            generate(db.engine(), orders, 1, progress)
            mark.write_text(_fingerprint())
        yield BenchShop(database, orders, url, home)
    finally:
        db.forget_engines()
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
        settings.cache_clear()


def _fingerprint() -> str:
    """What makes a shop stale: the tables, the migrations, the generator."""
    digest = hashlib.sha256()
    for file in sorted(
        [CODE / "models.py", *(CODE / "migrations/versions").glob("*.py"), *(CODE / "generate").glob("*.py")]
    ):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _empty(database: str, url: str, home: Path) -> None:
    if database == "sqlite":
        shutil.rmtree(home)
        home.mkdir()
        return
    name = url.rsplit("/", 1)[1]
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    server.dispose()


def one(session: Session, statement: str) -> str:
    """The single value of a query, as text."""
    return str(session.execute(text(statement)).scalar_one())
