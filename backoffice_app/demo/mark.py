"""The mark of a demo in its database: only what bears it, or is empty, is ever filled with made-up orders (SEC-3)."""

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backoffice_app.db import hold
from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.domain.core.work import work
from backoffice_app.domain.people import TOPIC
from backoffice_app.models import ApiKey, Customer, History, Order, Product, Setting, User
from backoffice_app.plugins.tables import STEPS

SECTION = "demo"


class NoDemo(Exception):  # noqa: N818
    """Something is in the database that no demo has made."""


def is_demo(engine: Engine) -> bool:
    """Whether this database is a demo's. It must have its tables, of any version."""
    with Session(engine.execution_options(reading=True)) as session:
        return _is_marked(session)


def is_untouched(engine: Engine) -> bool:
    """Whether nothing was ever put into the tables of this database. It must have them, of any version."""
    with Session(engine.execution_options(reading=True)) as session:
        return _is_untouched(session)


def may_be_filled(engine: Engine) -> bool:
    """Whether made-up orders may be added: a demo, or a database without orders.

    It must have its tables, of any version.
    """
    with Session(engine.execution_options(reading=True)) as session:
        return _is_marked(session) or session.exec(select(col(Order.id)).limit(1)).first() is None


def claim() -> None:
    """This process's database is a demo's from now on.

    Raises NoDemo, having changed nothing, if it is somebody's already.
    """
    with work(COMMAND) as w:
        hold(w.session, TOPIC)  # who makes the first owner holds it too
        if _is_marked(w.session):
            return
        if not _is_untouched(w.session):
            raise NoDemo
        w.session.add(Setting(section=SECTION, value="{}"))


def _is_marked(session: Session) -> bool:
    return session.exec(select(Setting.section).where(Setting.section == SECTION)).first() is not None


def _is_untouched(session: Session) -> bool:
    anything = (User.id, ApiKey.id, Order.id, Customer.id, Product.id, History.sequence)
    sections = session.exec(select(Setting.section)).all()
    chosen = [
        section for section in sections if not section.startswith(STEPS)
    ]  # a start notes the tables that plug-ins bring
    return not chosen and all(session.exec(select(col(key)).limit(1)).first() is None for key in anything)
