"""All of the dashboard in one reading, ready to show: at most twelve statements, whatever the shop holds."""

from dataclasses import dataclass, field

from sqlmodel import Session

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.dashboard import CAP, GROUPS, ROWS, Reading, Row
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.dashboard.sales import SalesView, read_sales
from backoffice_app.domain.invoicing.ready import what_seller_lacks
from backoffice_app.domain.listing.queries import read_numbers
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.formats import format_day, format_money, format_number

LOUD, SOME, NONE = "act", "some", "none"


@dataclass(frozen=True)
class RowView:
    """A row: `look` is "act" where it is urgent, "some" where something waits, "none" where nothing does."""

    key: str = ""
    label: str = ""
    href: str = ""
    icon: str = ""
    look: str = NONE
    count: str = "0"
    amount: str = ""
    note: str = ""


@dataclass(frozen=True)
class GroupView:
    """Rows that belong together, under a title."""

    key: str = ""
    title: str = ""
    rows: list[RowView] = field(default_factory=list)


@dataclass(frozen=True)
class DashboardView:
    """What the page shows. `sales`: empty for who may not see prices (SEC-4).

    `lacking`: what the company's data lack for an invoice, for who may enter it; else "".
    """

    today: str = ""
    groups: list[GroupView] = field(default_factory=list)
    sales: SalesView = field(default_factory=SalesView)
    lacking: str = ""


def read_dashboard(session: Session, actor: Actor) -> DashboardView:
    """The rows that `actor` may see, always the same ones at the same places.

    Raises Refused without the right to read.
    """
    actor.require(Right.READ)
    shop, language = load_shop(session), actor.language
    regional = shop.regional
    today = clock.today(regional.zone)
    seen = Reading(session, actor, regional, today, read_numbers(Reader(session), regional))
    groups = [
        GroupView(
            key,
            title.in_language(language),
            [_row(row, seen) for row in ROWS if row.group == key and actor.may(row.right)],
        )
        for key, title in GROUPS.items()
    ]
    sales = read_sales(session, regional, today, language) if seen.sees_prices else SalesView()
    lacking = what_seller_lacks(shop.company) if actor.may(Right.SETTINGS) else None
    return DashboardView(
        format_day(today, language, "full"),
        [group for group in groups if group.rows],
        sales,
        lacking.in_language(language) if lacking else "",
    )


def _row(row: Row, seen: Reading) -> RowView:
    found, language = row.read(seen), seen.actor.language
    shown = found.amount is not None and seen.sees_prices
    return RowView(
        row.key,
        row.label.in_language(language),
        found.href or row.href,
        row.icon,
        (LOUD if row.is_urgent else SOME) if found.count else NONE,
        f"{format_number(CAP, language)}+"
        if _is_capped(row, found.count, seen)
        else format_number(found.count, language),
        format_money(found.amount or 0, seen.regional.currency, language) if shown else "",
        found.note.in_language(language) if found.note else "",
    )


def _is_capped(row: Row, count: int, seen: Reading) -> bool:
    """Whether counting ended at the cap; kept counts are exact."""
    return count == CAP + 1 and seen.counts.get(row.key) != count
