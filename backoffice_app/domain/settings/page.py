"""All that Settings shows, read at once."""

from dataclasses import dataclass, field

from backoffice_app.db import reading
from backoffice_app.domain.core import clock, number_series, series
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.invoicing.waiting import count_waiting
from backoffice_app.domain.settings.regional import has_orders
from backoffice_app.domain.settings.section import SECTIONS, Texts, as_texts, load_section
from backoffice_app.domain.settings.starts import SERIES, start_of
from backoffice_app.kept_secrets import read


@dataclass(frozen=True)
class SettingsPage:
    """All sections as texts, field by field; of the number series those not begun. `following`: each one's next number.

    `secrets`: section/field -> "kept", or "lost" where the data folder has it no more; those that were never entered
    are not there. `waiting`: how many invoices wait for something that is missing.
    """

    forms: dict[str, Texts]
    following: Texts = field(default_factory=dict)
    has_orders: bool = False
    waiting: int = 0
    secrets: Texts = field(default_factory=dict)


def first_forms() -> dict[str, Texts]:
    """The forms of a shop that chose nothing yet."""
    return {key: as_texts(one.model()) if one.model else {} for key, one in SECTIONS.items()}


def settings_page(actor: Actor) -> SettingsPage:
    """All that Settings shows. Refused for all but the owner."""
    actor.require(Right.SETTINGS)
    with reading() as session:
        today = clock.today(load_shop(session).regional.zone)
        begun = {kind: start_of(session, kind, today) for kind in number_series.SERIES}
        stored = {key: load_section(session, one) for key, one in SECTIONS.items() if one.model}
        forms = {key: as_texts(one) for key, one in stored.items()}
        names = {
            f"{key}/{name}": getattr(one, name)
            for key, one in stored.items()
            for name in SECTIONS[key].secrets
        }
        secrets = {at: "lost" if read(name) is None else "kept" for at, name in names.items() if name}
        starts = {kind: start for kind, start in begun.items() if start}
        following = {kind: series.preview(session, kind, today) for kind in number_series.SERIES}
        return SettingsPage(
            forms | {SERIES: starts}, following, has_orders(session), count_waiting(session), secrets
        )
