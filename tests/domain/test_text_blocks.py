"""Text blocks: kept in order and by language, checked, and put into mails with their names filled in (W-8, T-6)."""

import json

import pytest
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from sqlmodel import Session, col, select

from backoffice_app import db
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.facts import sentence_of
from backoffice_app.domain.core.meanwhile import Meanwhile
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.core.shop import Regional, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.templates.blocks import LIST, TITLE, blocks_page, names_known
from backoffice_app.domain.templates.insertion import offered, put_at_end, text_for_order, text_for_ticket
from backoffice_app.domain.tickets.take_in import NewTicket, take_in_ticket
from backoffice_app.models import History

SHOP = Actor(ActorKind.API_KEY, "Web shop", frozenset({Right.TICKETS_WRITE}), id=7)


def add(title: str, **texts: str) -> str:
    """A new text block; its id. `texts`: language -> text."""
    LIST.add(OWNER, {TITLE: title, **{f"text-{language}": text for language, text in texts.items()}})
    return blocks_page(OWNER, "en")[-1].id


def titles() -> list[str]:
    return [f"({row.name})" if row.is_retired else row.name for row in blocks_page(OWNER, "en")]


def told() -> list[str]:
    with Session(db.engine()) as session:
        rows = session.exec(
            select(History).where(History.kind == "TextBlockChanged").order_by(col(History.sequence))
        ).all()
        return [
            sentence_of(row.kind, json.loads(row.data)).format(actor=row.actor_name).in_language("en")
            for row in rows
        ]


def ticket(**more: object) -> str:
    new = NewTicket.model_validate(
        {
            "subject": "Frage",
            "message": "Wann?",
            "customer": {"email": "ada@example.com", "name": "Ada K."},
            **more,
        }
    )
    return take_in_ticket(SHOP, new).number


def test_w8_blocks_are_added_ordered_renamed_and_retired(shop: TestShop) -> None:
    first, second = add("Opening hours", en="9 to 5"), add("Returns", de="Bitte senden", en="Please send")
    LIST.move(OWNER, second, -1)
    assert titles() == ["Returns", "Opening hours"]
    row = blocks_page(OWNER, "en")[0]
    assert (row.languages, row.texts["text-de"], row.is_first, row.is_last) == (
        "English, German",
        "Bitte senden",
        True,
        False,
    )

    LIST.save(OWNER, second, {**row.texts, TITLE: "Sending back", "text-en": "Please send it"}, row.texts)
    LIST.retire(OWNER, first, retired=True)
    assert (titles(), offered(BEN)) == (["Sending back", "(Opening hours)"], [[second, "Sending back"]])
    LIST.retire(OWNER, first, retired=False)
    assert told() == [
        "Olga Owner added the text block “Opening hours”.",
        "Olga Owner added the text block “Returns”.",
        "Olga Owner renamed the text block “Returns” to “Sending back”.",
        "Olga Owner changed the text block “Returns” (English).",
        "Olga Owner retired the text block “Opening hours”.",
        "Olga Owner takes the text block “Opening hours” into use again.",
    ]


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({TITLE: " ", "text-de": "x"}, TITLE, "Write a title."),
        ({TITLE: "returns", "text-de": "x"}, TITLE, "There is one with this name already."),
        ({TITLE: "x" * 101, "text-de": "x"}, TITLE, "Has 101 characters"),
        ({TITLE: "New", "text-de": "\n"}, "text-en", "Write a text in one language at least."),
        ({TITLE: "New", "text-en": "x" * 5_001}, "text-en", "Has 5001 characters"),
        (
            {TITLE: "New", "text-en": "Dear {{ order.name }},\n{{ order.nmae }}"},
            "text-en",
            "Line 2: there is no order.nmae.",
        ),
        ({TITLE: "New", "text-fr": "{{ customer }}"}, "text-fr", "Line 1: there is no customer."),
        ({TITLE: "New", "text-fr": "{{ message }}"}, "text-fr", "Line 1: there is no message."),
        ({TITLE: "New", "text-de": "Hallo\n{{ order.name }"}, "text-de", "Line 2: a bracket is missing"),
        ({TITLE: "New", "text-de": "{% for a in order.lines %}x"}, "text-de", "can't be read"),
        ({TITLE: "New", "text-de": "{{ order.__class__ }}"}, "text-de", "Line 1"),
        ({TITLE: "New", "text-de": "{{ 'x' * 99999999 }}"}, "text-de", "Line 1"),
    ],
)
def test_w8_what_is_wrong_stands_at_its_field(
    small_shop: TestShop, values: dict[str, str], field: str, said: str
) -> None:
    add("Returns", en="Please send")
    with pytest.raises(Invalid) as no:
        LIST.add(OWNER, values)
    assert no.value.field == field
    assert said in no.value.reason.in_language("en")
    assert titles() == ["Returns"]


def test_w16_what_a_colleague_saved_meanwhile_is_not_overwritten_unseen(small_shop: TestShop) -> None:
    block = add("Returns", en="Please send")
    seen = blocks_page(OWNER, "en")[0].texts
    LIST.save(OWNER, block, {"text-en": "Send it"}, seen)
    with pytest.raises(Meanwhile):
        LIST.save(OWNER, block, {**seen, "text-en": "Please do send"}, seen)
    assert blocks_page(OWNER, "en")[0].texts["text-en"] == "Send it"


@pytest.mark.parametrize("actor", [BEN, WAREHOUSE, READER])
def test_sec2_only_the_owner_keeps_them_and_who_writes_mails_uses_them(
    small_shop: TestShop, actor: Actor
) -> None:
    block, order = add("Returns", en="Please send"), small_shop.order()
    for do in (
        lambda: LIST.add(actor, {TITLE: "Mine", "text-en": "x"}),
        lambda: LIST.save(actor, block, {TITLE: "Mine"}, {}),
        lambda: LIST.move(actor, block, 1),
        lambda: LIST.retire(actor, block, retired=True),
        lambda: blocks_page(actor, "en"),
    ):
        with pytest.raises(Refused):
            do()  # type: ignore[no-untyped-call]
    if actor is READER:
        with pytest.raises(Refused):
            text_for_order(actor, block, order.number, "en")
    assert titles() == ["Returns"]


def test_w8_a_block_is_in_the_language_of_the_mail_else_of_the_shop_else_any(shop: TestShop) -> None:
    number = shop.order().number
    whole, some, one = (
        add("A", de="deutsch", en="english"),
        add("B", nl="nederlands", de="deutsch"),
        add("C", fr="français"),
    )
    with work(OWNER) as w:
        save_section(w.session, "regional", Regional(language="nl"))
    assert [text_for_order(BEN, block, number, "en") for block in (whole, some, one)] == [
        "english",
        "nederlands",
        "français",
    ]
    assert text_for_order(BEN, some, number, "de") == "deutsch"


def test_w8_names_are_filled_in_with_those_of_the_order_in_the_language_of_the_mail(shop: TestShop) -> None:
    order = shop.order(billing_address={"name": "{{ order.total }}", "country": "DE"})
    block = add(
        "A",
        de="Hallo {{ order.name }},\n\n{{ order.known }}: {{ order.total }}\n{{ company.name }}",
        en="{{ order.total }}",
    )
    known = order.number_at_source or order.external_reference
    filled = text_for_order(BEN, block, order.number, "de")
    assert filled == f"Hallo {{{{ order.total }}}},\n\n{known}: 44,80\u00a0€\nKontor Probe GmbH"
    assert text_for_order(BEN, block, order.number, "en") == "€44.80"


def test_w8_every_name_that_is_offered_can_be_used(small_shop: TestShop) -> None:
    number, asked = small_shop.order().number, ticket()
    for at, (_word, what) in enumerate(names_known()):
        block = add(f"Block {at}", en=f"x {what}")
        assert text_for_order(OWNER, block, number, "en").startswith("x")
        assert text_for_ticket(OWNER, block, asked, "en").startswith("x")


def test_t6_an_answer_names_the_order_of_its_ticket_or_only_who_asked(shop: TestShop) -> None:
    order = shop.order()
    block = add("A", en="Dear {{ order.name }}, {{ order.total }}")
    assert text_for_ticket(BEN, block, ticket(order=order.number), "en") == "Dear Ada Kovač, €44.80"
    assert text_for_ticket(BEN, block, ticket(), "en") == "Dear Ada K.,"
    first = add("First", en="{{ order.lines[0].name }}")
    with pytest.raises(Refused, match="can't be filled in"):
        text_for_ticket(BEN, first, ticket(), "en")


def test_w8_one_that_is_retired_or_gone_is_put_into_nothing(small_shop: TestShop) -> None:
    number, block = small_shop.order().number, add("A", en="x")
    LIST.retire(OWNER, block, retired=True)
    for id_ in (block, "0", "999", "x", "9" * 30, "١"):
        with pytest.raises(NotFound):
            text_for_order(BEN, id_, number, "en")
        with pytest.raises(NotFound):
            LIST.move(OWNER, "x" + id_, 1)


def test_w8_a_block_stands_under_what_was_typed() -> None:
    assert [put_at_end(typed, "x") for typed in ("", " \n", "Dear Ada,", "Dear Ada,\n\n\n")] == [
        "x",
        "x",
        "Dear Ada,\n\nx",
        "Dear Ada,\n\nx",
    ]
