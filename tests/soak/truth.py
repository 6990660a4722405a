"""Whether Kontor told the truth: what it answered, beside what is in its database, at the mail server and in its own
check.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from soak.feeder import Feeder
from soak.ledger import Ledger, Press
from soak.premises import Premises
from sqlalchemy import Connection, create_engine, text

ACTION_OF = {
    "ShipmentSplit": "part-shipment",
    "ShipmentsMerged": "merge-shipments",
    "ShippingUndone": "undo-ship",
    "OrderShipped": "ship",
    "PaymentBooked": "pay",
    "PaymentReversed": "not-paid",
    "OrderHeld": "hold",
    "OrderResumed": "resume",
    "AddressChanged": "edit-address",
    "UserRoleChanged": "change-role",
    "SettingsChanged": "save-setting",
    "MailHeldBack": "hold-back",
    "MailReleased": "release",
    "MailWritten": "customer-mail",
}
"""The fact that names a transaction of a colleague, most telling first, and what was pressed for it."""
SAME = {
    "hold-back-customer-mail": "hold-back",
    "hold-back-invoice": "hold-back",
    "hold-back-tracking": "hold-back",
    "not-shipped": "undo-ship",
}
"""Actions that leave the same fact as another one."""
AT_REST = 90.0
"""Seconds within which every mail has found its end after the last disturbance."""


@dataclass(frozen=True)
class Effect:
    """One transaction of one colleague: what was done to what, and all that its facts say."""

    who: str
    subject: tuple[str, str]
    action: str
    said: str

    def __str__(self) -> str:
        return f"{self.action} on {' '.join(self.subject)} by {self.who}"


def untrue(shop: Premises, ledger: Ledger, feeder: Feeder, *, mails_rest: bool = True) -> list[str]:
    """Everything that was answered, told or stored and is not so, as sentences; empty where all is true.

    `mails_rest`: each mail must find its end; not so in a shop that holds them back for long.
    """
    found = list(ledger.wrong)
    engine = create_engine(shop.database)
    try:
        found += wait_for_mails(engine.connect) if mails_rest else []
        with engine.connect() as connection:
            effects = list(effects_of(connection))
            found += judge(ledger.presses, effects)
            found += _money(connection, effects)
            found += _mails(connection, shop)
            found += _shipments(connection, effects)
            found += _invoices(connection)
            found += _fed(connection, feeder)
    finally:
        engine.dispose()
    return found + list(_own_checks(shop))


def effects_now(shop: Premises) -> list[Effect]:
    """All that colleagues did so far."""
    engine = create_engine(shop.database)
    try:
        with engine.connect() as connection:
            return list(effects_of(connection))
    finally:
        engine.dispose()


def judge(presses: list[Press], effects: list[Effect]) -> list[str]:
    """Each press beside what was done: done as answered, once, on what was shown, and nothing besides."""
    found = [
        f"both done and not done was said: {press}"
        for press in presses
        if press.must and "nothing" in press.claims()
    ]
    must: Counter[tuple[str, tuple[str, str], str]] = Counter()
    may: Counter[tuple[str, tuple[str, str], str]] = Counter()
    for press in presses:
        key = (press.who, press.subject, SAME.get(press.action, press.action))
        must[key] += press.must
        may[key] += press.may
        if press.token:
            same = [other for other in presses if other.token == press.token]
            found += _of_token(press, same, [effect for effect in effects if press.token in effect.said])
    done = Counter((effect.who, effect.subject, effect.action) for effect in effects)
    for key in must.keys() | done.keys():
        who, subject, action = key
        if not must[key] <= done[key] <= may[key]:
            answers = "; ".join(
                str(p) for p in presses if (p.who, p.subject, SAME.get(p.action, p.action)) == key
            )
            found.append(
                f"{who}: {action} on {' '.join(subject)} is in the history {done[key]} times, "
                f"answered as done {must[key]}, at most possible {may[key]}: {answers}"
            )
    return found


def _of_token(press: Press, same: list[Press], effects: list[Effect]) -> Iterator[str]:
    """What was done with the text of a press.

    A later action on the same order may name it again, such as the shipment's number.

    `same`: all presses of this text; a dialog that was not saved is saved again with it.
    """
    action = SAME.get(press.action, press.action)
    for effect in effects:
        if effect.subject != press.subject or (effect.action == action and effect.who != press.who):
            yield f"{press}, and what happened was: {effect}"
    happened = sum(effect.action == action for effect in effects)
    if press is same[0] and not sum(one.must for one in same) <= happened <= sum(one.may for one in same):
        yield f"{'; '.join(map(str, same))}, and it happened {happened} times"


def effects_of(connection: Connection) -> Iterator[Effect]:
    """What colleagues did, one for each of their transactions on one subject, oldest first."""
    numbers = dict(connection.execute(text("SELECT id, number FROM orders")).tuples().all())
    mails = {row.id: row for row in connection.execute(text("SELECT id, kind, subject FROM outbox_mail"))}
    rows = connection.execute(
        text(
            "SELECT h.actor_name, h.subject, h.subject_id, h.at, h.kind, h.data, p.data AS personal FROM history h "
            "LEFT JOIN history_personal p ON p.sequence = h.sequence "
            "WHERE h.actor_kind = 'user' AND h.actor_name LIKE 'Colleague %' ORDER BY h.sequence"
        )
    ).mappings()
    together: dict[tuple[object, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        together[row["actor_name"], row["subject"], row["subject_id"], str(row["at"])].append(row)
    for (who, _subject_kind, _id, _at), facts in together.items():
        kinds = {fact["kind"] for fact in facts}
        action = next(
            (action for kind, action in ACTION_OF.items() if kind in kinds), "+".join(sorted(kinds))
        )
        if kinds <= {"OwnerCreated", "UserSettingChanged"}:
            continue
        if action == "pay" and any(json.loads(fact["data"] or "{}").get("again") for fact in facts):
            action = "restore-payments"
        said = " ".join(_said(fact, mails) for fact in facts)
        yield Effect(str(who), _subject(action, facts[0], numbers, mails), action, said)


def _subject(
    action: str, fact: Mapping[str, Any], numbers: Mapping[int, str], mails: Mapping[int, Any]
) -> tuple[str, str]:
    """What a person was shown who did this: an order, a mail of the outbox, a colleague, a section of the settings."""
    data = json.loads(fact["data"] or "{}")
    if action in {"hold-back", "release"} and mails[data["mail"]].kind != "customer-mail":
        return "mail", str(data["mail"])
    if action == "save-setting":
        return "setting", str(data["section"])
    if fact["subject"] == "order":
        return "order", numbers.get(fact["subject_id"], "?")
    return str(fact["subject"]), str(fact["subject_id"])


def _said(fact: Mapping[str, Any], mails: Mapping[int, Any]) -> str:
    """What a fact says, without what was there before it; of a written mail its subject."""
    data = json.loads(fact["data"] or "{}") | json.loads(fact["personal"] or "{}")
    if fact["kind"] == "MailWritten":
        return str(mails[data["mail"]].subject) if data["kind"] == "customer-mail" else ""
    return json.dumps({name: value for name, value in data.items() if name != "old"}, ensure_ascii=False)


def wait_for_mails(connect: Any) -> list[str]:
    """Waits until each mail has found its end; names those that have not."""
    end = time.monotonic() + AT_REST
    left: list[Any] = []
    while time.monotonic() < end:
        with connect() as connection:
            left = connection.execute(
                text(
                    "SELECT id, state, error FROM outbox_mail WHERE state IN ('waiting', 'sending', 'retrying')"
                )
            ).all()
        if not left:
            return []
        time.sleep(0.2)
    return [f"mail {id_} is still {state} {AT_REST} s after the end ({error})" for id_, state, error in left]


def _money(connection: Connection, effects: list[Effect]) -> Iterator[str]:
    """Payments by hand are those in the history, and nobody paid too much."""
    booked = Counter(effect.subject[1] for effect in effects if effect.action == "pay")
    for effect in effects:
        if effect.action == "restore-payments":  # one press books all of them again
            booked[effect.subject[1]] += effect.said.count('"again": true')
    rows = connection.execute(
        text(
            "SELECT o.number, count(*) FROM payment p JOIN orders o ON o.id = p.order_id WHERE p.by_hand AND "
            "p.amount > 0 GROUP BY o.number"
        )
    )
    there = Counter(dict(rows.tuples().all()))
    for number in booked.keys() | there.keys():
        if booked[number] != there[number]:
            yield f"order {number} has {there[number]} payments by hand, its history {booked[number]}"
    for number, paid, total in connection.execute(
        text("SELECT number, paid, total FROM orders WHERE paid > total")
    ):
        yield f"order {number} is overpaid: {paid} of {total}"


def _mails(connection: Connection, shop: Premises) -> Iterator[str]:
    """Each sent mail arrived exactly once, an unclear one at most once, no other at all."""
    arrived = Counter(str(mail["Message-ID"]).strip() for mail in shop.mails.mails())
    rows = connection.execute(text("SELECT id, message_id, state, subject FROM outbox_mail")).all()
    for id_, message_id, state, subject in rows:
        least, most = {"sent": (1, 1), "unclear": (0, 1)}.get(state, (0, 0))
        if not least <= arrived[message_id] <= most:
            yield f"mail {id_} ({subject}) is {state} and arrived {arrived[message_id]} times"
    for unknown in arrived.keys() - {row.message_id for row in rows}:
        yield f"a mail that nobody wrote arrived: {unknown}"


def _shipments(connection: Connection, effects: list[Effect]) -> Iterator[str]:
    """Each shipment that left is told of by exactly one mail, and an open one by none; a mail that an undo held back
    tells nothing.

    A mail that a colleague held back in the outbox may still be the one that tells, and one they released tells
    whatever became of it.
    """
    by_hand = {effect.subject[1] for effect in effects if effect.subject[0] == "mail"}
    least: Counter[str] = Counter()
    most: Counter[str] = Counter()
    for id_, key, state in connection.execute(
        text("SELECT id, key, state FROM outbox_mail WHERE kind IN ('shipped', 'tracking')")
    ):
        shipments = str(key).rsplit("/", 1)[1].split("-")[1].split("+")
        least.update(shipments if state != "withheld" and str(id_) not in by_hand else [])
        most.update(shipments if state != "withheld" or str(id_) in by_hand else [])
    for id_, number, state in connection.execute(text("SELECT id, number, state FROM shipment")):
        wanted = int(state == "shipped")
        if not least[str(id_)] <= wanted or most[str(id_)] < wanted:
            yield f"shipment {number} is {state} and told of in {least[str(id_)]} mails"


def _invoices(connection: Connection) -> Iterator[str]:
    """Numbers run from one to n, and an order has one invoice."""
    rows = connection.execute(text("SELECT number, order_id FROM document WHERE kind = 'invoice'")).all()
    counters = sorted(int(number.rsplit("-", 1)[1]) for number, _order in rows)
    if counters != list(range(1, len(counters) + 1)):
        yield f"invoice numbers have gaps or doubles: {counters}"
    for order, count in Counter(order for _number, order in rows).items():
        if count > 1:
            yield f"order id {order} has {count} invoices"


def _fed(connection: Connection, feeder: Feeder) -> Iterator[str]:
    """Each order that was fed is there once, under the number that was answered."""
    there: dict[str, list[str]] = defaultdict(list)
    for reference, number in connection.execute(text("SELECT external_reference, number FROM orders")):
        there[reference].append(number)
    for reference, number in feeder.fed.items():
        if there[reference] != [number]:
            yield f"{reference} was answered as order {number}, there is {there[reference]}"
    for reference in there.keys() - feeder.fed.keys():
        yield f"nobody fed {reference}"


def _own_checks(shop: Premises) -> Iterator[str]:
    """Kontor's own check, and all its rows counted anew."""
    verified = shop.python("-m", "backoffice_app.cli.main", "verify")
    if verified.returncode:
        yield f"kontor verify says: {verified.stdout[-2000:]} {verified.stderr[-500:]}"
    code = "from wholeness import wrongs; print(*wrongs(), sep='\\n')"
    whole = shop.python("-c", code)
    if whole.returncode:
        yield f"the recount failed: {whole.stderr[-1000:]}"
    yield from (line for line in whole.stdout.splitlines() if line)
