"""What customers of the demo ask about their orders, and what becomes of it."""

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.tickets.subject import id_of_number
from backoffice_app.domain.tickets.take_in import NewTicket, take_in_ticket
from backoffice_app.models import Order

ASKED = 0.12
"""About so many orders something is asked."""
WEB_SHOP = Actor(ActorKind.API_KEY, "Webshop", frozenset({Right.TICKETS_WRITE}))
QUESTIONS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "de": (
        (
            "Wann kommt mein Paket?",
            "Guten Tag,\n\nich habe letzte Woche bestellt und noch keine Sendungsnummer. Wann kommt das Paket?",
            (
                "Ihr Paket ist unterwegs und sollte in zwei Tagen da sein. Die Sendungsnummer steht in unserer "
                "Versandmail."
            ),
            "Vielen Dank! Kann ich es auch in der Filiale abholen?",
        ),
        (
            "Rechnung auf die Firma",
            "Hallo, können Sie die Rechnung bitte auf unsere Firma ausstellen? Die Anschrift ist dieselbe.",
            "Gern. Bitte schicken Sie uns noch die genaue Firmierung, dann stellen wir die Rechnung neu aus.",
            "Es ist die Küstenlicht Immobilien GmbH. Danke!",
        ),
        (
            "Farbe der Kissen",
            "Passt das Kissen in Petrol zu der Decke aus derselben Reihe? Auf den Bildern wirkt es heller.",
            "Beide sind aus demselben Garn. Bei Tageslicht sehen sie gleich aus.",
            "Prima, dann bleibt es bei der Bestellung.",
        ),
    ),
    "en": (
        (
            "Can I still change the address?",
            "Hi, I am moving next week. Could you send the parcel to my new address instead?",
            "Of course. We have changed the address; the parcel has not left yet.",
            "Great, thank you so much.",
        ),
        (
            "One piece arrived damaged",
            "Hello,\n\none of the mugs has a crack. What should I do?",
            "We are sorry about that. Please keep the mug; a new one is on its way to you.",
            "It arrived today. Thanks!",
        ),
    ),
    "nl": (
        (
            "Waar blijft mijn pakket?",
            "Volgens de track & trace ligt het pakket al drie dagen in het sorteercentrum. Kunnen jullie dat nakijken?",
            "We hebben het nagevraagd: het pakket wordt morgen bezorgd.",
            "Fijn, bedankt!",
        ),
    ),
    "fr": (
        (
            "Facture manquante",
            "Bonjour, je n’ai pas reçu la facture de ma commande. Pourriez-vous me la renvoyer ?",
            "Vous trouverez votre facture ci-jointe.",
            "Merci beaucoup.",
        ),
    ),
}
MEMO = "Lager fragen: liegt noch ein Ersatz im Regal 4?"
Plan = Callable[[datetime, Callable[[], None]], None]


def plan_question(plan: Plan, dice: random.Random, order_id: int, moment: datetime, clerk: Actor) -> None:
    """Now and then something is asked about an order; most is answered within a day, some waits."""
    day, chance, fate = timedelta(days=1), dice.random(), dice.random()
    pause, choice = dice.uniform(0.2, 4), dice.random()
    if chance > ASKED:
        return
    found: list[str] = []
    asked = moment + day * pause

    def ask() -> None:
        with reading() as session:
            order = session.get_one(Order, order_id)
            number, language, email = order.number, order.language, order.email
        known = QUESTIONS.get(language, QUESTIONS["en"])
        subject, question, *_rest = known[int(choice * len(known))]
        new = NewTicket(
            subject=subject, message=question, order=number, language=language, customer={"email": email}
        )
        found.append(take_in_ticket(WEB_SHOP, new).number)

    def do(
        actor: Actor, key: str, values: Callable[[tuple[str, str, str, str]], Mapping[str, object]]
    ) -> Callable[[], None]:
        def step() -> None:
            if not found:
                return
            with reading() as session:
                id_ = id_of_number(session, found[0])
                language = session.get_one(Order, order_id).language
            known = QUESTIONS.get(language, QUESTIONS["en"])
            try:
                perform(actor, key, id_, values(known[int(choice * len(known))]))
            except (Invalid, Refused):
                return

        return step

    plan(asked, ask)
    if fate < 0.25:
        return
    if fate < 0.4:
        plan(asked + day / 8, do(clerk, "add-memo", lambda _told: {"memo": MEMO}))
        plan(
            asked + day / 7,
            do(clerk, "assign-ticket", lambda _told: {"to": str(clerk.id) if clerk.id else ""}),
        )
        plan(asked + day / 6, do(clerk, "ticket-to-do", lambda _told: {}))
        return
    plan(asked + day / 4, do(clerk, "reply", lambda told: {"message": told[2]}))
    if fate < 0.6:
        return
    plan(asked + day, do(WEB_SHOP, "receive-reply", lambda told: {"message": told[3]}))
    if fate > 0.7:
        plan(asked + day * 1.5, do(clerk, "close-ticket", lambda _told: {}))
