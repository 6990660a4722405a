"""What the colleagues of the demo shop keep with its orders: tasks, notes and tags (W-9, W-11, W-21)."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from backoffice_app.db import reading
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.models import Order

TASKS = (
    (
        "Kundin wegen der Farbe anrufen",
        0,
        "14:30",
        "high",
        "Sie wollte den Becher lieber in Blau. Telefonisch bis 17 Uhr erreichbar.",
    ),
    ("Ersatzteil beim Lieferanten anfragen", 2, "", "normal", ""),
    ("Lieferadresse klären", -1, "", "high", "Die Hausnummer fehlt."),
    ("Geschenkkarte beilegen", 1, "", "normal", ""),
    ("Rückruf zur Retoure", 0, "", "normal", ""),
    (
        "Foto des Schadens an den Paketdienst schicken",
        3,
        "10:00",
        "normal",
        "Schadensnummer steht im Vermerk.",
    ),
    ("Zahlungseingang prüfen", 5, "", "low", ""),
    ("Maße der Vitrine nachmessen", -3, "", "normal", ""),
)
"""Title, days from today, time, priority, description."""
ALONE = (
    ("Versandkartons nachbestellen", 1, "09:00", "normal", "Größe M ist fast aus."),
    ("Inventur vorbereiten", 12, "", "low", ""),
)
NOTES = (
    "Hat angerufen: möchte die Lieferung erst nächste Woche.",
    "Stammkundin, Versand bitte sorgfältig polstern.",
    "Schadensnummer des Paketdienstes: 2026-118734.",
    "Rabatt wurde am Telefon zugesagt.",
    "Abholung durch den Ehemann, Ausweis genügt.",
)
TAGS = ("Geschenk", "VIP", "Messe", "Rückruf", "Fachhandel")


def fill_desk(staff: Sequence[Actor], now: datetime, seed: int) -> None:
    """Some of the newest orders have tasks, notes and tags, as if the colleagues had worked on them this morning."""
    dice = random.Random(seed)  # noqa: S311  # dice, no secret
    clerks = [one for one in staff if one.kind is ActorKind.USER]
    with reading() as session:
        newest = session.exec(
            select(Order.id)
            .where(col(Order.is_draft).is_(False))
            .order_by(col(Order.position).desc())
            .limit(40)
        ).all()
    ids = [id_ for id_ in newest if id_ is not None]
    if not clerks or not ids:
        return
    with clock.at(now - timedelta(hours=3)):
        for at, task in enumerate(TASKS):
            clerk = clerks[at % len(clerks)]
            whose = clerk if at % 3 else clerks[(at + 1) % len(clerks)]
            perform(
                clerk,
                "add-task",
                ids[at * 3 % len(ids)],
                _told(task, now, str(whose.id) if whose is not clerk else "me"),
            )
        for task in ALONE:
            perform(clerks[0], "new-task", 0, _told(task, now, "me"))
        for at, note in enumerate(NOTES):
            clerk, reader = clerks[at % len(clerks)], clerks[(at + 1) % len(clerks)]
            perform(
                clerk,
                "add-note",
                ids[(at * 5 + 3) % len(ids)],
                {"note": note, "for": str(reader.id) if at % 2 else ""},
            )
        for id_ in ids:
            if dice.random() < 0.25:
                perform(dice.choice(clerks), "tag", id_, {"tag": dice.choice(TAGS)})


def _told(task: tuple[str, int, str, str, str], now: datetime, assignee: str) -> dict[str, object]:
    title, days, at, priority, description = task
    day = (now + timedelta(days=days)).date().isoformat()
    return {
        "title": title,
        "assignee": assignee,
        "date": day,
        "time": at,
        "priority": priority,
        "description": description,
    }
