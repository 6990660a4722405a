"""Questions of customers come in once, are answered once, and what colleagues note stays in the house (T-6, API-4, M-1,
S67 to S69).
"""

import random
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from killing import killed_at
from marks_in_rows import marks_of
from sqlmodel import Session, col, func, select

from backoffice_app import db
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import Done, perform
from backoffice_app.domain.core.errors import Invalid, Overtaken, Refused
from backoffice_app.domain.core.rights import WORKER, Actor, ActorKind, Right
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import history_of
from backoffice_app.domain.listing import OrderFilter
from backoffice_app.domain.listing.queries import list_orders
from backoffice_app.domain.listing.rows import NUMBER
from backoffice_app.domain.mail import MAIL, delivery, hold_back, release, send_again
from backoffice_app.domain.mail.message import message_of
from backoffice_app.domain.mail.write import stamp_of
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.tickets.queries import NUMBER as TICKET_NUMBER
from backoffice_app.domain.tickets.queries import tickets_file, tickets_page, unanswered
from backoffice_app.domain.tickets.rest import thread_view
from backoffice_app.domain.tickets.subject import id_of_number
from backoffice_app.domain.tickets.take_in import NewTicket, TakenTicket, take_in_ticket
from backoffice_app.domain.tickets.view import ticket_view
from backoffice_app.domain.window import order_window
from backoffice_app.models import OutboxMail, Ticket, TicketMessage
from backoffice_app.settings import settings

SHOP = Actor(ActorKind.API_KEY, "Web shop", frozenset({Right.TICKETS_WRITE}), id=7)
OTHER_SHOP = Actor(ActorKind.API_KEY, "Other shop", frozenset({Right.TICKETS_WRITE}), id=8)
ASKED = "Guten Tag,\nwann kommt mein Paket?"


@pytest.fixture(autouse=True)
def mail_server_is_set(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somewhere to send to; nothing is sent here."""
    monkeypatch.setenv("KONTOR_SMTP_URL", "smtp://127.0.0.1:9")
    settings.cache_clear()
    yield
    settings.cache_clear()


def ask(actor: Actor = SHOP, key: str = "", **changes: Any) -> TakenTicket:
    given = {
        "subject": "Mein Paket",
        "message": ASKED,
        "customer": {"email": "ada.kovac@example.com", "name": "Ada Kovač"},
    }
    return take_in_ticket(actor, NewTicket.model_validate(given | {"language": "de"} | changes), key)


def id_of(number: str) -> int:
    with db.reading() as session:
        return id_of_number(session, number)


def do(key: str, number: str, actor: Actor = BEN, seen: int | None = None, **values: object) -> Done:
    return perform(actor, key, id_of(number), values, seen=seen)


def load(number: str) -> Ticket:
    with Session(db.engine(), expire_on_commit=False) as session:
        return session.exec(select(Ticket).where(Ticket.number == number)).one()


def mails(kind: str = "ticket-reply") -> list[OutboxMail]:
    with Session(db.engine(), expire_on_commit=False) as session:
        return list(
            session.exec(select(OutboxMail).where(OutboxMail.kind == kind).order_by(col(OutboxMail.id))).all()
        )


def test_api4_s67_a_question_is_a_ticket_of_its_order_and_gets_a_receipt_at_once(shop: TestShop) -> None:
    order = shop.order()
    taken = ask(order=order.number)
    ticket = load(taken.number)

    assert (taken.created, taken.said, ticket.order_id, ticket.customer_id) == (
        True,
        (),
        order.id,
        order.customer_id,
    )
    assert (ticket.state, ticket.number[:2], ticket.language) == ("open", "T-", "de")
    [receipt] = mails("ticket-received")
    assert (receipt.recipient, receipt.language, receipt.subject) == (
        "ada.kovac@example.com",
        "de",
        f"Mein Paket ({ticket.number})",
    )
    assert "> wann kommt mein Paket?" in receipt.body
    assert "zu Ihrer Bestellung SHOP-1 erhalten" in receipt.body
    with db.reading() as session:
        told = history_of(session, (ORDER, order.id or 0), OWNER, "en", "Europe/Berlin")
    assert f"The customer asked “Mein Paket”: ticket {ticket.number}." in [one.sentence for one in told]


def test_api4_an_unknown_order_is_taken_and_said(small_shop: TestShop) -> None:
    taken = ask(order="99999")
    assert [one.in_language("en") for one in taken.said] == [
        "There is no order “99999”, so the ticket belongs to none."
    ]
    assert (load(taken.number).order_id, load(taken.number).order_given) == (None, "99999")
    assert mails("ticket-received")[0].order_id is None


def test_api4_the_customer_may_name_the_number_of_the_shop_but_reaches_no_order_of_others_by_it(
    small_shop: TestShop,
) -> None:
    mine = small_shop.order(number_at_source="#1001")
    other = small_shop.order(number_at_source="#1001", customer={"email": "other@example.com"})
    assert mine.customer_id != other.customer_id
    assert load(ask(order="1001").number).order_id == mine.id
    assert load(ask(order="#1001").number).order_id == mine.id
    assert load(ask(order="#1001", customer={"email": "nobody@example.com"}).number).order_id is None
    assert load(ask(order=other.number, customer={}).number).email == "other@example.com"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"customer": {"email": "no address"}}, "customer.email"),
        ({"customer": {"email": "a@example.com, b@example.com"}}, "customer.email"),
        ({"customer": {}}, "customer.email"),
    ],
)
def test_api4_a_question_whose_answer_could_go_nowhere_is_refused(
    small_shop: TestShop, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        ask(**change)
    assert refused.value.field == field


def test_api4_the_same_key_or_reference_is_one_ticket(shop: TestShop) -> None:
    first = ask(key="k-1", source="my-shop", external_reference="q-1")
    assert ask(key="k-1", source="my-shop", external_reference="q-1") == TakenTicket(
        first.number, created=False
    )
    assert ask(source="my-shop", external_reference="q-1") == TakenTicket(first.number, created=False)
    other_words = ask(source="my-shop", external_reference="q-1", message="Noch etwas.")
    assert (other_words.number, other_words.created, len(other_words.said)) == (first.number, False, 1)
    with pytest.raises(Invalid):
        ask(key="k-1", message="Noch etwas.")
    with pytest.raises(Refused):
        ask(OTHER_SHOP, source="my-shop", external_reference="q-1")
    assert ask(OTHER_SHOP, key="k-1").created
    assert len(mails("ticket-received")) == 2


def test_t6_m1_the_answer_goes_out_once_in_the_thread_of_the_question(shop: TestShop) -> None:
    order = shop.order()
    number = ask(order=order.number, message_id="<q-1@shop.example>").number
    do("add-memo", number, memo="Lager fragen, der Kunde ist schwierig")
    document = order.documents[0].number
    wish = {"message": "Es kommt morgen.", "once": "dialog-0001", "attachments": {document: "on"}}
    answers = [do("reply", number, **wish) for _press in range(3)]

    assert [done.changed for done in answers] == [True, False, False]
    [mail] = mails()
    [receipt] = mails("ticket-received")
    assert mail.subject == f"Re: Mein Paket ({number})"
    assert "Es kommt morgen." in mail.body
    assert "> wann kommt mein Paket?" in mail.body
    assert "Lager" not in mail.body
    assert load(number).state == "answered"
    sent = message_from_bytes(message_of(mail, []), policy=policy.default)
    assert sent["In-Reply-To"] == receipt.message_id
    assert str(sent["References"]).split() == ["<q-1@shop.example>", receipt.message_id]
    assert sent["Auto-Submitted"] is None
    again = do("reply", number, message="Und die Rechnung auch.", once="dialog-0002")
    assert again.changed
    assert mails()[1].in_reply_to == mail.message_id
    assert mails()[1].refers_to.split()[-1] == mail.message_id


def test_m1_a_long_thread_keeps_its_beginning_and_its_headers_whole(small_shop: TestShop) -> None:
    first = f"<{'x' * 150}@{'y' * 150}.example>"
    number = ask(message_id=first).number
    for n in range(25):
        do("receive-reply", number, SHOP, message="Hallo?", message_id=f"<m-{n}@shop.example>")
    do("reply", number, message="Ja.")
    sent = message_from_bytes(message_of(mails()[0], []), policy=policy.default)
    ids = str(sent["References"]).split()
    assert (ids[0], ids[-1], len(ids)) == (first, "<m-24@shop.example>", 20)
    assert all(len(line) < 998 for line in message_of(mails()[0], []).splitlines())


def test_m1_no_id_of_a_sender_can_write_a_header(small_shop: TestShop) -> None:
    number = ask(message_id="<a@b>\r\nBcc: <evil@example.com>").number
    do("reply", number, message="Ja.")
    assert "evil" not in mails()[0].refers_to
    assert b"Bcc" not in message_of(mails()[0], [])


def test_w21_s68_an_answer_that_is_held_back_answers_nothing_until_it_is_released(shop: TestShop) -> None:
    number = ask().number
    done = do("reply", number, message="Morgen.", then="closed")
    assert done.undo is not None
    assert (load(number).state, thread_view(number, None).messages[1:]) == ("closed", [])
    perform(BEN, done.undo.key, id_of(number), done.undo.values)
    assert (load(number).state, mails()[0].state) == ("open", "withheld")
    assert len(thread_view(number, None).messages) == 1
    with work(BEN) as w:
        release(w, w.lock(MAIL, mails()[0].id or 0))
    assert load(number).state == "answered"
    with clock.at(clock.now() + timedelta(seconds=11)):
        assert [one.text for one in thread_view(number, None).messages] == [ASKED, "Morgen."]
    with work(BEN) as w:
        hold_back(w, w.lock(MAIL, mails()[0].id or 0))
    assert load(number).state == "open"
    with pytest.raises(Refused):
        perform(BEN, done.undo.key, id_of(number), done.undo.values)


def test_s68_an_answer_that_the_mail_server_refused_leaves_the_ticket_unanswered(shop: TestShop) -> None:
    number = ask().number
    do("reply", number, message="Morgen.", then="closed")
    [mail] = mails()
    delivery.mark_failed(mail.id or 0, stamp_of(mail), "550 no")
    assert load(number).state == "open"
    with work(OWNER) as w:
        send_again(w, w.lock(MAIL, mail.id or 0))
    assert load(number).state == "answered"


def test_m3_sent_again_an_answer_goes_where_it_was_asked_and_not_to_the_address_of_the_order(
    small_shop: TestShop,
) -> None:
    order = small_shop.order()
    number = ask(order=order.number, customer={"email": "work@example.com"}).number
    with db.reading() as session:
        assert "another e-mail address" in ticket_view(session, number, OWNER).warning
    do("reply", number, message="Morgen.")
    [mail] = mails()
    delivery.mark_failed(mail.id or 0, stamp_of(mail), "550 no")
    with work(OWNER) as w:
        assert send_again(w, w.lock(MAIL, mail.id or 0)).recipient == "work@example.com"


@pytest.mark.parametrize("mark", ["", "closed", "to do"])
def test_t6_what_the_customer_writes_next_opens_the_ticket_again_and_comes_once(
    shop: TestShop, mark: str
) -> None:
    number = ask().number
    do("reply", number, message="Morgen.", then=mark or "answered")
    assert load(number).state == (mark or "answered")
    said = [do("receive-reply", number, SHOP, message="Danke!", message_id="m-2") for _time in range(2)]
    assert ([done.changed for done in said], load(number).state) == ([True, False], "open")
    other = ask().number
    with pytest.raises(Invalid) as twice:
        do("receive-reply", other, SHOP, message="Danke!", message_id="m-2")
    assert twice.value.field == "message_id"
    assert do("receive-reply", other, OTHER_SHOP, message="Danke!", message_id="m-2").changed


def test_t6_the_ticket_says_how_its_order_stands_and_where_the_parcel_is(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    number = ask(order=order.number).number

    def facts() -> dict[str, str]:
        with db.reading() as session:
            return dict(ticket_view(session, number, OWNER).facts)

    before = facts()
    assert before["Order"] == f"{order.number} · Awaiting shipment"
    assert before.keys().isdisjoint({"Shipping", "Tracking number"})
    perform(BEN, "ship", order.id or 0, {"tracking": "00340434161094042557"})
    after = facts()
    assert (after["Order"], after["Shipping"], after["Tracking number"]) == (
        f"{order.number} · Completed",
        "Shipped",
        "00340434161094042557",
    )


def test_t6_what_is_closed_is_reopened_before_it_is_answered(small_shop: TestShop) -> None:
    number = ask().number
    done = do("close-ticket", number)
    assert not do("close-ticket", number).changed
    with pytest.raises(Refused, match="Reopen it first"):
        do("reply", number, message="Morgen.")
    assert done.undo is not None
    perform(BEN, done.undo.key, id_of(number))
    assert load(number).state == "open"
    do("ticket-to-do", number)
    assert load(number).state == "to do"
    do("reopen-ticket", number)
    with pytest.raises(Refused):
        do("reopen-ticket", number)


def test_w16_who_has_not_seen_what_the_customer_wrote_meanwhile_sends_nothing(small_shop: TestShop) -> None:
    number = ask().number
    seen = load(number).version
    do("receive-reply", number, SHOP, message="Hat sich erledigt.")
    with pytest.raises(Overtaken):
        do("reply", number, seen=seen, message="Morgen.")
    with pytest.raises(Overtaken):
        do("close-ticket", number, seen=seen)
    assert do("add-memo", number, seen=seen, memo="Lager?").changed
    assert mails() == []


def test_w11_a_memo_stays_in_the_house(small_shop: TestShop) -> None:
    order = small_shop.order()
    number = ask(order=order.number).number
    do("add-memo", number, memo="GEHEIM", once="dialog-0001")
    assert not do("add-memo", number, memo="GEHEIM", once="dialog-0001").changed
    do("reply", number, message="Morgen.")
    told = [one.body + one.subject for one in [*mails(), *mails("ticket-received")]]
    assert not any("GEHEIM" in text for text in told)
    assert "GEHEIM" not in thread_view(number, None).model_dump_json()
    with db.reading() as session:
        seen = ticket_view(session, number, OWNER)
    assert [(one.kind, one.text) for one in seen.messages] == [
        ("in", ASKED),
        ("memo", "GEHEIM"),
        ("out", "Morgen."),
    ]
    assert [one.what for one in seen.messages] == ["Customer", "Memo", "Answer"]
    assert load(number).state == "answered"


def test_sec2_who_may_only_read_answers_nobody_and_the_warehouse_reads_none(small_shop: TestShop) -> None:
    order = small_shop.order()
    number = ask(order=order.number).number
    for key, values in (
        ("reply", {"message": "Ja."}),
        ("add-memo", {"memo": "Ja."}),
        ("close-ticket", {}),
        ("receive-reply", {}),
    ):
        with pytest.raises(Refused):
            do(key, number, READER, **values)
    with db.reading() as session:
        assert ticket_view(session, number, READER).may == dict.fromkeys(
            ticket_view(session, number, OWNER).may, False
        )
        for read in (tickets_page, lambda *given: next(tickets_file(*given))):
            with pytest.raises(Refused):
                read(session, {}, WAREHOUSE)
        with pytest.raises(Refused):
            ticket_view(session, number, WAREHOUSE)
        assert "tickets" not in [tab[0] for tab in order_window(session, order.number, WAREHOUSE, "en").tabs]
    with pytest.raises(Refused):
        ask(BEN)


def test_t6_s67_s68_s69_the_tab_of_the_order_lists_subject_state_and_the_magnifier(
    small_shop: TestShop,
) -> None:
    order = small_shop.order()
    first, second = ask(order=order.number).number, ask(order=order.number, subject="Rechnung?").number
    do("reply", first, message="Morgen.")
    with db.reading() as session:
        window = order_window(session, order.number, OWNER, "de", tab="tickets")
    [block] = [one for place in window.declared for one in place]
    entries = block.parts[0].listed
    assert {tab[0]: [tab[2], *tab[4:]] for tab in window.tabs}["tickets"] == ["2", "waits"]
    assert {(one.title, one.state, one.tone) for one in entries} == {
        ("Mein Paket", "Beantwortet", "good"),
        ("Rechnung?", "Unbeantwortet", "look"),
    }
    assert {(one.buttons[0].icon, one.buttons[0].label, one.buttons[0].href) for one in entries} == {
        ("search", f"Ticket {number} lesen", f"/tickets/{number}") for number in (first, second)
    }


def test_o1_o3_the_order_list_marks_and_finds_what_has_an_open_ticket(shop: TestShop) -> None:
    with_ticket, without = shop.order(), shop.order()
    number = ask(order=with_ticket.number).number

    def listed(actor: Actor = OWNER, **filters: str) -> dict[str, str]:
        with db.reading() as session:
            rows = list_orders(session, OrderFilter(**filters), actor, "en").rows
        return {row[NUMBER]: marks_of(row) for row in rows}

    assert listed() == {with_ticket.number: "Ticket", without.number: ""}
    assert listed(WAREHOUSE) == {with_ticket.number: "", without.number: ""}
    assert list(listed(has_ticket="yes")) == [with_ticket.number]
    assert list(listed(has_ticket="no")) == [without.number]
    do("close-ticket", number)
    assert list(listed(has_ticket="yes")) == []
    assert listed()[with_ticket.number] == ""


def test_t6_the_list_knows_mine_the_unanswered_and_the_closed_and_finds_by_words(shop: TestShop) -> None:
    order = shop.order()
    first, second, third = (
        ask(order=order.number, subject=subject).number for subject in ("Päckchen", "Rechnung", "Farbe")
    )
    do("close-ticket", second)
    do("reply", third, message="Blau.")

    def listed(**parameters: str) -> list[str]:
        with db.reading() as session:
            return [row[TICKET_NUMBER] for row in tickets_page(session, parameters, BEN).rows]

    assert set(listed()) == {first, second, third}
    assert (listed(view="unanswered"), listed(view="closed"), listed(view="answered")) == (
        [first],
        [second],
        [third],
    )
    assert (listed(view="mine"), listed(q="packchen"), listed(q=f"{order.number} farbe")) == (
        [],
        [first],
        [third],
    )
    assert listed(q=third.lower()) == [third]
    assert (listed(**{"from": "2030-01-01"}), len(listed(to="2099-01-01"))) == ([], 3)
    with db.reading() as session:
        assert unanswered(session) == 1
        assert [row[0] for row in tickets_file(session, {"view": "closed"}, BEN)] == ["Ticket", second]


def test_t6_a_ticket_is_found_by_the_numbers_that_the_shop_and_its_customers_know(
    small_shop: TestShop,
) -> None:
    ask(order=small_shop.order().number)
    number = ask(order=small_shop.order().number, external_reference="q-4711").number
    for words in ("SHOP-2", "q-4711"):
        with db.reading() as session:
            assert [row[TICKET_NUMBER] for row in tickets_page(session, {"q": words}, BEN).rows] == [number]


def test_t6_a_ticket_is_given_to_a_colleague(small_shop: TestShop) -> None:
    from backoffice_app.domain import people
    from backoffice_app.domain.core.rights import Role

    cleo = people.add_user(
        OWNER, email="cleo@example.com", name="Cleo", role=Role.STAFF, password="long enough for all of us"
    )
    number = ask().number
    assert do("assign-ticket", number, to=str(cleo)).changed
    assert not do("assign-ticket", number, to=str(cleo)).changed
    with pytest.raises(Invalid):
        do("assign-ticket", number, to="4711")
    with db.reading() as session:
        mine = tickets_page(session, {"view": "mine"}, Actor(ActorKind.USER, "Cleo", BEN.rights, id=cleo))
        assert [row[TICKET_NUMBER] for row in mine.rows] == [number]
        assert ticket_view(session, number, OWNER).assignee == "Cleo"
    assert do("assign-ticket", number, to="").changed


def test_t6_a_ticket_is_given_only_to_who_may_answer_it(small_shop: TestShop) -> None:
    from backoffice_app.domain import people
    from backoffice_app.domain.core.rights import Role

    wanda, cleo = (
        people.add_user(
            OWNER, email=f"{name}@example.com", name=name, role=role, password="long enough for all of us"
        )
        for name, role in (("Wanda", Role.WAREHOUSE), ("Cleo", Role.STAFF))
    )
    number = ask().number
    with pytest.raises(Invalid) as no:
        do("assign-ticket", number, to=str(wanda))
    assert (no.value.field, no.value.reason.in_language("en")) == ("to", "Wanda may not answer tickets.")
    with db.reading() as session:
        choices = ticket_view(session, number, OWNER).colleagues
    assert [str(cleo), "Cleo"] in choices
    assert "Wanda" not in str(choices)
    do("assign-ticket", number, to=str(cleo))
    people.change_role(OWNER, cleo, Role.WAREHOUSE)
    with db.reading() as session:
        assert [str(cleo), "Cleo"] in ticket_view(session, number, OWNER).colleagues


STEPS = (
    "reply",
    "receive-reply",
    "add-memo",
    "close-ticket",
    "reopen-ticket",
    "ticket-to-do",
    "undo",
    "failed",
    "again",
)


@pytest.mark.parametrize("seed", range(6))
def test_t6_after_any_steps_the_state_says_whether_the_last_word_is_ours(
    small_shop: TestShop, seed: int
) -> None:
    """A walk over what colleagues, customers and the mail server do; the stored state is worked out anew from the rows
    each time.
    """
    dice, number, undo = random.Random(seed), ask().number, None
    for _step in range(25):
        step = dice.choice(STEPS)
        try:
            if step == "reply":
                undo = do(
                    "reply", number, message="Ja.", then=dice.choice(("answered", "to do", "closed"))
                ).undo
            elif step == "receive-reply":
                do("receive-reply", number, SHOP, message="Und?")
            elif step == "add-memo":
                do("add-memo", number, memo="Lager?")
            elif step == "undo" and undo is not None:
                perform(BEN, undo.key, id_of(number), undo.values)
            elif step in {"failed", "again"} and mails():
                mail = dice.choice(mails())
                if step == "failed":
                    delivery.mark_failed(mail.id or 0, stamp_of(mail), "550 no")
                else:
                    with work(WORKER) as w:
                        send_again(w, w.lock(MAIL, mail.id or 0))
            elif step in {"close-ticket", "reopen-ticket", "ticket-to-do"}:
                do(step, number)
        except Refused:
            pass
        ticket = load(number)
        with Session(db.engine()) as session:
            rows = session.exec(
                select(TicketMessage, OutboxMail)
                .outerjoin(OutboxMail, col(OutboxMail.id) == col(TicketMessage.mail_id))
                .where(TicketMessage.ticket_id == ticket.id)
                .order_by(col(TicketMessage.id))
            ).all()
        words = [
            one.kind
            for one, mail in rows
            if one.kind != "memo" and (mail is None or mail.state not in {"withheld", "failed"})
        ]
        assert ticket.state == (ticket.mark or ("answered" if words[-1] == "out" else "open"))
        assert (
            len({mail.key for mail in mails()})
            == len(mails())
            == len([one for one, _mail in rows if one.kind == "out"])
        )


def run_until(statement: int, number: str) -> int:
    """How many statements an answer took in a process of its own; 0 if it was killed."""
    return killed_at(
        statement, lambda: do("reply", number, message="Morgen.", once="dialog-0001", then="closed")
    )


def test_t6_killed_between_any_two_statements_an_answer_is_there_with_its_mail_or_not_at_all(
    shop: TestShop,
) -> None:
    order = shop.order()
    twin, number = ask(order=order.number).number, ask(order=order.number).number
    statements = run_until(0, twin)
    assert statements > 10
    for statement in sorted(random.Random(2).sample(range(2, statements), 4)):
        assert run_until(statement, number) == 0
        with Session(db.engine()) as session:
            ticket = session.exec(select(Ticket).where(Ticket.number == number)).one()
            answers = session.exec(
                select(func.count()).select_from(TicketMessage).where(TicketMessage.kind == "out")
            ).one()
            is_done = ticket.state == "closed"
        assert (answers, len(mails())) == ((2, 2) if is_done else (1, 1))
    do("reply", number, message="Morgen.", once="dialog-0001", then="closed")
    assert (load(number).state, len(mails())) == ("closed", 2)
