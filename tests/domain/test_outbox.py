"""The outbox to look at: pages, filters, one mail as it was sent (M-4, M-5)."""

import pytest
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from sqlalchemy import event
from sqlmodel import Session, select

from backoffice_app import db
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import NotFound, Refused
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.core.work import work
from backoffice_app.domain.listing.found import orders_of
from backoffice_app.domain.mail import MAIL, MailState, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail.queries import (
    FILTERS,
    PAGE,
    MailView,
    OutboxAddress,
    mail_view,
    needs_a_person,
    outbox_page,
    outbox_tabs,
)
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.tickets.take_in import NewTicket, take_in_ticket
from backoffice_app.models import OutboxMail

SHOP = Actor(ActorKind.API_KEY, "Web shop", frozenset({Right.TICKETS_WRITE}), id=7)

ID, TONE, MARK, STATE, RECIPIENT, SUBJECT, NUMBER, TIME, URL = range(9)


def fill(shop: TestShop, number: int, **wishes: object) -> str:
    """`number` mails about one order; its number."""
    order = shop.order(**wishes)
    with work(OWNER) as w:
        locked = w.lock(ORDER, order.id or 0)
        for n in range(number):
            write(w, mail_kinds.SHIPPED, locked, about=f"test-{n}")
    return order.number


def put(state: MailState, *ids: int) -> None:
    with work(OWNER) as w:
        for id_ in ids:
            w.session.get_one(OutboxMail, id_).state = state.value


def page(**address: object) -> list[list[str]]:
    with db.reading() as session:
        asked = OutboxAddress(**address)  # type: ignore[arg-type]
        about = orders_of(session, asked.text, OWNER)[0] if asked.text else []
        return outbox_page(session, asked, OWNER, "en", about).rows


def view(id_: int) -> MailView:
    with db.reading() as session:
        return mail_view(session, id_, OWNER, "en")


def all_pages(address: OutboxAddress) -> list[int]:
    seen: list[int] = []
    while True:
        with db.reading() as session:
            found = outbox_page(session, address, OWNER, "en")
        seen += [int(row[ID]) for row in found.rows]
        if not found.older:
            return seen
        assert found.older == address.url(before=seen[-1], mail=0)
        address = OutboxAddress(state=address.state, text=address.text, before=seen[-1])


def test_m5_every_mail_is_on_exactly_one_page_newest_first(shop: TestShop) -> None:
    fill(shop, PAGE + 20)
    fill(shop, PAGE + 20)
    with Session(db.reading_engine()) as session:
        ids = sorted(session.exec(select(OutboxMail.id)).all(), reverse=True)  # type: ignore[type-var]
    assert all_pages(OutboxAddress()) == ids
    put(MailState.SENT, *(id_ for id_ in ids if id_ and id_ % 2))
    assert all_pages(OutboxAddress(state="sent")) == [id_ for id_ in ids if id_ and id_ % 2]


def test_m4_rows_say_who_what_when_and_how_far(shop: TestShop) -> None:
    number = fill(shop, 1, language="fr")
    [row, *_rest] = page()
    assert row[STATE] == "Not sent, no mail server"
    assert (row[RECIPIENT], row[NUMBER]) == ("ada.kovac@example.com", number)
    assert row[SUBJECT] == "Votre commande SHOP-1 est en route"
    assert row[URL] == f"/outbox?mail={row[ID]}"
    with db.reading() as session:
        german = outbox_page(session, OutboxAddress(), OWNER, "de").rows[0]
    assert german[TIME] != row[TIME]


def test_m5_a_mail_is_found_by_order_number_and_by_address(shop: TestShop) -> None:
    first, second = fill(shop, 1), fill(shop, 1, customer={"email": "ben@example.com", "last_name": "Beier"})
    assert {row[NUMBER] for row in page(text=first)} == {first}
    assert {row[NUMBER] for row in page(text=f"#{second}")} == {second}
    assert {row[NUMBER] for row in page(text="Ben@Example.com")} == {second}
    assert page(text="nobody@example.com") == []
    assert {row[NUMBER] for row in page(text="ben@exa")} == {second}
    assert {row[NUMBER] for row in page(text="SHOP-2")} == {second}


def test_m5_a_mail_about_no_order_is_found_by_its_address(small_shop: TestShop) -> None:
    fill(small_shop, 1)
    asked = {"subject": "Paket", "message": "Wann?", "customer": {"email": "Carla@example.com"}}
    take_in_ticket(SHOP, NewTicket.model_validate(asked))
    for text in ("carla@example.com", "Carla@exa"):
        assert [row[RECIPIENT] for row in page(text=text)] == ["Carla@example.com"]
    assert page(text="%") == []


def test_m5_filters_count_what_waits_for_a_person(shop: TestShop) -> None:
    fill(shop, 6)
    ids = [int(row[ID]) for row in page()]
    put(MailState.FAILED, *ids[:2])
    put(MailState.UNCLEAR, ids[2])
    with db.reading() as session:
        tabs = {tab[0]: tab for tab in outbox_tabs(session, OutboxAddress(text="x"), "en")}
        assert needs_a_person(session) == 3
    assert [tabs[key][2] for key in ("failed", "unclear", "sent")] == ["2", "1", ""]
    assert tabs["failed"][3] == "/outbox?state=failed&q=x"
    assert set(tabs) == {"", *FILTERS}
    assert [int(row[ID]) for row in page(state="failed")] == ids[:2]


@pytest.mark.parametrize("address", [{}, {"state": "sent"}, {"text": "10001"}])
def test_o7_a_page_takes_few_statements_and_reads_no_text(address: dict[str, str], shop: TestShop) -> None:
    fill(shop, PAGE)
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    page(**address)
    event.remove(db.engine(), "before_cursor_execute", note)
    asked = [statement for statement in statements if not statement.startswith("BEGIN")]
    assert len(asked) <= 4
    assert not any("outbox_mail.body" in statement for statement in asked)


def test_m5_a_mail_opens_as_it_was_sent(shop: TestShop) -> None:
    fill(shop, 1)
    [row, *_rest] = page()
    opened = view(int(row[ID]))
    assert ["Kind", "Order shipped"] in opened.facts
    assert ["Recipient", "ada.kovac@example.com"] in opened.facts
    assert ["Sender", "Kontor Probe GmbH <shop@example.com>"] in opened.facts
    assert opened.language == "de"
    assert "Mit freundlichen Grüßen" in opened.body
    with pytest.raises(NotFound):
        view(999_999)


def test_m3_buttons_are_there_where_they_mean_something(shop: TestShop) -> None:
    fill(shop, 1)
    id_ = int(page()[0][ID])
    offered = {}
    for state in MailState:
        put(state, id_)
        opened = view(id_)
        flags = (opened.can_hold_back, opened.can_release, opened.can_send_again, opened.can_confirm)
        offered[state] = "".join(letter for letter, there in zip("hrsc", flags, strict=True) if there)
    assert offered == {
        MailState.WAITING: "h",
        MailState.SENDING: "",
        MailState.SENT: "s",
        MailState.RETRYING: "hs",
        MailState.FAILED: "s",
        MailState.UNCLEAR: "sc",
        MailState.WITHHELD: "r",
        MailState.NO_SERVER: "hs",
    }


def test_m3_a_state_says_what_it_means_and_names_one_next_step_at_most(shop: TestShop) -> None:
    """The mail server's own words say nothing to a clerk; what was never to be sent is no exception."""
    fill(shop, 1)
    id_ = int(page()[0][ID])
    views = {}
    for state in MailState:
        put(state, id_)
        views[state] = view(id_)
    assert {state for state, opened in views.items() if not opened.why} == {MailState.SENT}
    assert views[MailState.WITHHELD].why == "Somebody held it back. It leaves when it is released."
    steps = {state: opened.next_step for state, opened in views.items() if opened.next_step}
    assert steps == {MailState.FAILED: "send-again", MailState.WITHHELD: "release"}
    loud = {state for state, opened in views.items() if opened.tone in {"look", "act"}}
    assert loud == {MailState.RETRYING, MailState.FAILED, MailState.UNCLEAR}


def test_m3_who_may_do_it_is_told_what_was_done(shop: TestShop) -> None:
    fill(shop, 1)
    id_ = int(page()[0][ID])
    assert perform(BEN, "hold-back", id_, subject=MAIL).message.in_language("en") == "The mail is held back."
    assert perform(BEN, "release", id_, subject=MAIL).message.in_language("en") == "The mail is released."
    assert "no mail server" in perform(BEN, "send-again", id_, subject=MAIL).message.in_language("en")
    with pytest.raises(Refused):
        perform(BEN, "was-sent", id_, subject=MAIL)
    with pytest.raises(NotFound):
        perform(BEN, "burn", id_, subject=MAIL)


@pytest.mark.parametrize("actor", [WAREHOUSE, READER])
def test_sec2_without_the_right_nothing_is_shown_or_done(actor: object, shop: TestShop) -> None:
    fill(shop, 1)
    id_ = int(page()[0][ID])
    with pytest.raises(Refused):
        perform(actor, "hold-back", id_, subject=MAIL)  # type: ignore[arg-type]
    with db.reading() as session:
        with pytest.raises(Refused):
            outbox_page(session, OutboxAddress(), actor, "en")  # type: ignore[arg-type]
        with pytest.raises(Refused):
            mail_view(session, id_, actor, "en")  # type: ignore[arg-type]
