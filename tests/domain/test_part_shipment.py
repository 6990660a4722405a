"""`Part shipment`: what is moved is moved exactly, nothing is lost, and one click is one mail (SHIP-1, ST-2, W-5)."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app import settings as environment
from backoffice_app.domain.core.actions import ACTIONS, Done, perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.history import history_of
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.domain.mail.delivery import begin_sending, mark_sent
from backoffice_app.domain.mail.write import stamp_of
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import left_to_ship
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.formats import is_measured
from backoffice_app.models import History, Order, OutboxMail

CLOTH = {
    "sku": "CLOTH-3",
    "name": "Stoff",
    "quantity": "1.5",
    "unit": "m",
    "unit_price": "12.00",
    "discount": "0.00",
    "vat_rate": "19",
}
MUGS = {
    "sku": "MUG-1",
    "name": "Becher",
    "quantity": "5",
    "unit_price": "10.00",
    "discount": "0.00",
    "vat_rate": "19",
}


def placed(shop: TestShop, *lines: dict[str, Any], total: str, **changes: Any) -> Order:
    """An order of these lines."""
    wish = shop.new_order().as_json() | {"lines": list(lines), "total": total} | changes
    return shop.load(take_in(OWNER, parse_order(wish)).order_id)


def mugs_and_cloth(shop: TestShop) -> Order:
    """Five mugs and 1.5 m of cloth, in one open shipment, the shop's first being L-2026-0001."""
    return placed(shop, MUGS, CLOTH, total="72.90")


def part(order: Order, **values: Any) -> Done:
    return perform(BEN, "part-shipment", order.id or 0, {"shipment": order.shipments[0].number, **values})


def packed(order: Order) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Number, state and contents of each shipment."""
    sku = {line.id: line.sku for line in order.lines}
    return [
        (s.number, s.state, [(sku[held.order_line_id], f"{held.quantity:f}") for held in s.lines])
        for s in order.shipments
    ]


def mails(order: Order) -> list[OutboxMail]:
    with Session(db.engine()) as session:
        told = select(OutboxMail).where(
            OutboxMail.order_id == order.id, col(OutboxMail.kind).in_(["tracking", "shipped"])
        )
        return list(session.exec(told.order_by(col(OutboxMail.id))).all())


def sentences(order: Order, language: str = "en") -> list[str]:
    with Session(db.engine()) as session:
        return [
            entry.sentence
            for entry in history_of(session, (ORDER, order.id or 0), OWNER, language, "Europe/Berlin")
        ]


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server is set, so that mails wait in the outbox."""
    monkeypatch.setenv("KONTOR_SMTP_URL", "smtp://127.0.0.1:1")
    environment.settings.cache_clear()


def test_ship1_chosen_quantities_move_to_a_new_open_shipment(shop: TestShop) -> None:
    order = mugs_and_cloth(shop)
    done = part(order, quantities={"1": "2", "2": "0.25"})
    assert done.message.in_language("en") == "Shipment L-2026-0002 created."
    after = shop.load(order.id or 0)
    assert packed(after) == [
        ("L-2026-0001", "open", [("MUG-1", "3"), ("CLOTH-3", "1.25")]),
        ("L-2026-0002", "open", [("MUG-1", "2"), ("CLOTH-3", "0.25")]),
    ]
    assert (after.shipping_state, mails(order)) == ("not_shipped", [])
    assert wrongs() == []


def test_ship1_a_line_may_move_whole(shop: TestShop) -> None:
    order = mugs_and_cloth(shop)
    part(order, quantities={"1": "0", "2": "1.5"})
    assert packed(shop.load(order.id or 0)) == [
        ("L-2026-0001", "open", [("MUG-1", "5")]),
        ("L-2026-0002", "open", [("CLOTH-3", "1.5")]),
    ]
    assert wrongs() == []


def test_ship1_a_part_that_leaves_at_once_is_one_mail_of_what_is_in_it(shop: TestShop) -> None:
    order = mugs_and_cloth(shop)
    done = part(order, quantities={"1": "2"}, tracking="JD0146", shipped="on")
    assert done.message.in_language("en").startswith("Shipment L-2026-0002 shipped. ")
    after = shop.load(order.id or 0)
    assert (after.shipping_state, [s.state for s in after.shipments]) == ("part_shipped", ["open", "shipped"])
    assert [[p.tracking_number for p in s.parcels] for s in after.shipments] == [[], ["JD0146"]]
    [mail] = mails(order)
    assert (mail.kind, mail.subject) == (
        "tracking",
        f"Ein Teil Ihrer Bestellung {order.external_reference} ist unterwegs: So verfolgen Sie Ihr Paket",
    )
    sent, rest = mail.body.split("Der Rest Ihrer Bestellung folgt gesondert:")
    assert "2 × Becher" in sent
    assert "Stoff" not in sent
    assert "3 × Becher" in rest
    assert "1,5 m Stoff" in rest
    assert wrongs() == []


@pytest.mark.parametrize(
    ("quantities", "field", "says"),
    [
        ({"1": "6"}, "quantities.1", "Shipment L-2026-0001 holds no more than 5 pieces of it."),
        ({"2": "1.500001"}, "quantities.2", "Shipment L-2026-0001 holds no more than 1.5 m of it."),
        ({"1": "-1"}, "quantities.1", "The quantity can't be less than 0."),
        ({"1": "two"}, "quantities.1", "“two” is not a quantity such as 1.5."),
        ({"1": "0.0000001"}, "quantities.1", "A quantity has six decimals at most."),
        ({"3": "1"}, "quantities.3", "There is no such line in shipment L-2026-0001."),
        ({"1": "0", "2": ""}, "quantities", "Say of one line at least how much goes into the new shipment."),
        (
            {"1": "5", "2": "1.5"},
            "quantities",
            "Leave something in shipment L-2026-0001: all of it is no part.",
        ),
    ],
)
def test_ship1_never_nothing_never_all_never_more_and_the_field_is_named(
    shop: TestShop, quantities: dict[str, str], field: str, says: str
) -> None:
    order = mugs_and_cloth(shop)
    with pytest.raises(Invalid) as refused:
        part(order, quantities=quantities)
    assert (refused.value.field, refused.value.reason.in_language("en")) == (field, says)
    after = shop.load(order.id or 0)
    assert (after.version, packed(after)) == (order.version, packed(order))
    assert wrongs() == []  # the number that was not needed was given back


def test_c3_pieces_are_whole_and_all_wrong_fields_are_named_at_once(shop: TestShop) -> None:
    order = placed(shop, MUGS, CLOTH, MUGS | {"sku": "PAIR", "unit": "Paar"}, total="122.90")
    with pytest.raises(Invalid) as refused:
        part(order, quantities={"1": "2.5", "2": "0.5", "3": "1.5"})
    said = [(no.field, no.reason.in_language("en")) for no in (refused.value, *refused.value.others)]
    sentence = "Only whole numbers: “Becher” can't be divided."
    assert said == [("quantities.1", sentence), ("quantities.3", sentence)]
    assert len(shop.load(order.id or 0).shipments) == 1


def test_c3_broken_pieces_that_came_in_leave_as_they_are(small_shop: TestShop) -> None:
    order = placed(small_shop, MUGS | {"quantity": "2.5"}, CLOTH, total="47.90")
    part(order, quantities={"1": "2.5"})
    assert packed(small_shop.load(order.id or 0))[1][2] == [("MUG-1", "2.5")]


@pytest.mark.parametrize(
    ("unit", "divides"),
    [("m", True), ("KGM", True), ("Std.", True), ("", False), ("Stk", False), ("Set", False)],
)
def test_st2_only_what_is_measured_can_be_divided(unit: str, divides: bool) -> None:
    assert is_measured(unit) is divides


def test_ship1_a_comma_is_a_decimal_sign_as_people_write_it(small_shop: TestShop) -> None:
    order = mugs_and_cloth(small_shop)
    part(order, quantities={"2": "0,5"})
    assert packed(small_shop.load(order.id or 0))[1][2] == [("CLOTH-3", "0.5")]


def test_ship1_the_rule_says_why_there_is_nothing_to_part(small_shop: TestShop) -> None:
    why_not = ACTIONS["part-shipment"].why_not

    def reason(order: Order) -> str:
        said = why_not(small_shop.load(order.id or 0))
        return said.in_language("en") if said else ""

    order = mugs_and_cloth(small_shop)
    assert reason(order) == ""
    perform(BEN, "hold", order.id or 0)
    assert reason(order) == "The order is on hold. Resume it first, or ask Ben Beier."
    perform(BEN, "resume", order.id or 0)
    perform(BEN, "ship", order.id or 0)
    assert reason(order) == "Everything has been shipped."
    assert (
        reason(placed(small_shop, MUGS | {"quantity": "1"}, total="14.90"))
        == "Only one piece is left: Becher."
    )
    assert reason(placed(small_shop, CLOTH | {"quantity": "1"}, total="16.90")) == ""
    two = placed(small_shop, MUGS | {"quantity": "2"}, total="24.90")
    part(two, quantities={"1": "1"})
    assert reason(two) == "Each open shipment holds one piece only."
    nothing = placed(small_shop, MUGS | {"ships": False}, total="54.90")
    assert reason(nothing) == "Nothing in this order is shipped."
    gone = placed(small_shop, MUGS, total="54.90", cancelled_at="2026-11-20T12:00:00+01:00")
    assert reason(gone) == "The order is cancelled."


def test_ship1_only_what_is_open_can_be_parted(small_shop: TestShop) -> None:
    order = mugs_and_cloth(small_shop)
    done = part(order, quantities={"1": "2"}, shipped=True)
    with pytest.raises(Refused, match="L-2026-0002 has left already"):
        perform(BEN, "part-shipment", order.id or 0, {"shipment": "L-2026-0002", "quantities": {"1": "1"}})
    assert done.undo
    perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    with pytest.raises(Refused, match="L-2026-0002 is cancelled"):
        perform(BEN, "part-shipment", order.id or 0, {"shipment": "L-2026-0002", "quantities": {"1": "1"}})
    with pytest.raises(Refused, match="L-2026-0002 is cancelled"):
        perform(BEN, "edit-shipment", order.id or 0, {"shipment": "L-2026-0002", "tracking": "T-1"})
    with pytest.raises(Invalid, match="no shipment L-7"):
        perform(BEN, "part-shipment", order.id or 0, {"shipment": "L-7", "quantities": {"1": "1"}})
    part(order, quantities={"1": "4"})
    part(order, quantities={"2": "1.5"})
    with pytest.raises(Refused, match="L-2026-0001 holds one piece only"):
        part(order, quantities={"1": "0.5"})


def test_sec2_part_shipment_asks_for_the_right_to_ship(small_shop: TestShop) -> None:
    order = mugs_and_cloth(small_shop)
    with pytest.raises(Refused, match="do not have the right"):
        perform(READER, "part-shipment", order.id or 0, {"shipment": "L-2026-0001", "quantities": {"1": "1"}})
    assert perform(
        WAREHOUSE, "part-shipment", order.id or 0, {"shipment": "L-2026-0001", "quantities": {"1": "1"}}
    ).changed


def test_w5_one_click_on_shipped_sends_one_mail_of_all_that_left(shop: TestShop) -> None:
    order = mugs_and_cloth(shop)
    part(order, quantities={"1": "2"})
    perform(BEN, "ship", order.id or 0, {"tracking": "JD0146"})
    after = shop.load(order.id or 0)
    assert (after.shipping_state, [s.state for s in after.shipments]) == ("shipped", ["shipped", "shipped"])
    [mail] = mails(order)
    assert mail.kind == "tracking"
    assert mail.body.count("DHL: JD0146\n") == 1  # one parcel that holds both
    assert "5 × Becher" in mail.body
    assert "1,5 m Stoff" in mail.body
    assert "Rest" not in mail.body
    with Session(db.engine()) as session:
        assert len(session.exec(select(History).where(History.kind == "OrderShipped")).all()) == 2
    assert wrongs() == []


@pytest.mark.parametrize(
    ("own", "typed", "borne"),
    [
        (["", ""], "T-9", [["T-9"], ["T-9"]]),
        (["T-1", ""], "T-9", [["T-1"], ["T-9"]]),
        (["T-1", "T-2"], "T-9", [["T-1", "T-9"], ["T-2"]]),
        (["T-1", "T-2"], "T-2", [["T-1"], ["T-2"]]),
        (["T-1", ""], "T-1", [["T-1"], ["T-1"]]),
        (["T-1", ""], "", [["T-1"], []]),
    ],
)
def test_w5_the_number_typed_is_the_parcel_of_what_has_none(
    shop: TestShop, own: list[str], typed: str, borne: list[list[str]]
) -> None:
    order = mugs_and_cloth(shop)
    part(order, quantities={"1": "2"}, tracking=own[1])
    perform(BEN, "edit-shipment", order.id or 0, {"shipment": "L-2026-0001", "tracking": own[0]})

    def numbers() -> list[list[str]]:
        return [[p.tracking_number for p in s.parcels] for s in shop.load(order.id or 0).shipments]

    before = numbers()
    done = perform(BEN, "ship", order.id or 0, {"tracking": typed})
    assert numbers() == borne
    [mail] = mails(order)
    assert all(number in mail.body for bears in borne for number in bears)
    assert done.undo
    perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    assert numbers() == before
    assert [s.state for s in shop.load(order.id or 0).shipments] == ["open", "open"]
    assert wrongs() == []


def test_w21_what_one_mail_tells_of_comes_back_together(shop: TestShop, waiting: None) -> None:
    order = mugs_and_cloth(shop)
    part(order, quantities={"1": "2"})
    done = perform(BEN, "ship", order.id or 0)
    with pytest.raises(Refused, match=r"L-2026-0001, L-2026-0002 left with one click and one mail"):
        perform(BEN, "undo-ship", order.id or 0, {"shipments": ["L-2026-0002"]})
    assert [mail.state for mail in mails(order)] == ["waiting"]
    assert done.undo
    perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    assert [mail.state for mail in mails(order)] == ["withheld"]
    perform(BEN, "edit-shipment", order.id or 0, {"shipment": "L-2026-0002", "shipped": True})
    perform(BEN, "undo-ship", order.id or 0, {"shipments": ["L-2026-0002"]})
    assert [mail.state for mail in mails(order)] == ["withheld", "withheld"]
    assert wrongs() == []


def test_w6_the_pop_up_ships_one_and_its_number_stands_in_place_of_the_old(shop: TestShop) -> None:
    order = mugs_and_cloth(shop)
    part(order, quantities={"1": "2"}, tracking="WRONG")
    done = perform(
        BEN, "edit-shipment", order.id or 0, {"shipment": "L-2026-0002", "tracking": "RIGHT", "shipped": True}
    )
    after = shop.load(order.id or 0)
    assert [(s.state, [p.tracking_number for p in s.parcels]) for s in after.shipments] == [
        ("open", []),
        ("shipped", ["RIGHT"]),
    ]
    [mail] = mails(order)
    assert "WRONG" not in mail.body
    assert done.undo
    perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    assert [p.tracking_number for p in shop.load(order.id or 0).shipments[1].parcels] == ["WRONG"]
    perform(BEN, "ship", order.id or 0)
    assert len(mails(order)) == 2
    assert wrongs() == []


def test_w21_undo_of_a_part_puts_everything_back(shop: TestShop, waiting: None) -> None:
    for shipped in (False, True):
        order = mugs_and_cloth(shop)
        done = part(order, quantities={"1": "2", "2": "1.5"}, tracking="T-1", shipped=shipped)
        assert done.undo
        undone = perform(BEN, done.undo.key, order.id or 0, done.undo.values)
        assert "was merged into" in undone.message.in_language("en")
        after = shop.load(order.id or 0)
        source, new = packed(after)
        assert (source[1], sorted(source[2])) == ("open", [("CLOTH-3", "1.5"), ("MUG-1", "5")])
        assert (new[1], after.shipping_state) == ("cancelled", "not_shipped")
        assert [mail.state for mail in mails(order)] == ["withheld"] * shipped
        with pytest.raises(Refused):
            perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    assert wrongs() == []


def test_w21_a_part_whose_mail_has_left_stays_gone(shop: TestShop, waiting: None) -> None:
    order = mugs_and_cloth(shop)
    done = part(order, quantities={"1": "2"}, shipped=True)
    [mail] = mails(order)
    assert begin_sending(mail.id or 0, stamp_of(mail))
    mark_sent(mail.id or 0, stamp_of(mail), "")
    assert done.undo
    with pytest.raises(Refused, match="The mail to the customer is on its way"):
        perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    assert [s.state for s in shop.load(order.id or 0).shipments] == ["open", "shipped"]
    assert wrongs() == []


def test_ship1_two_open_shipments_are_merged_and_the_number_is_not_lost(shop: TestShop) -> None:
    order = mugs_and_cloth(shop)
    with pytest.raises(Refused, match="no two shipments"):
        perform(BEN, "merge-shipments", order.id or 0, {"shipment": "L-2026-0001"})
    part(order, quantities={"1": "2"})
    with pytest.raises(Invalid) as refused:
        perform(BEN, "merge-shipments", order.id or 0, {"shipment": "L-2026-0002", "into": "L-2026-0002"})
    assert refused.value.field == "into"
    done = perform(BEN, "merge-shipments", order.id or 0, {"shipment": "L-2026-0001"})
    assert done.message.in_language("en") == "Shipment L-2026-0001 was merged into L-2026-0002."
    gone, kept = packed(shop.load(order.id or 0))
    assert (gone[1], kept[1], sorted(kept[2])) == ("cancelled", "open", [("CLOTH-3", "1.5"), ("MUG-1", "5")])
    perform(BEN, "ship", order.id or 0)
    assert shop.load(order.id or 0).shipping_state == "shipped"
    assert wrongs() == []


def test_t7_quantities_are_said_with_their_unit_and_never_added_up(shop: TestShop) -> None:
    order = mugs_and_cloth(shop)
    part(order, quantities={"1": "1"})
    perform(BEN, "ship", order.id or 0, {"tracking": "T-1"})
    said = sentences(order)
    assert "Ben Beier moved 1 piece from shipment L-2026-0001 to the new shipment L-2026-0002." in said
    assert (
        "Ben Beier shipped 4 pieces and 1.5 m in shipment L-2026-0001 with the tracking number T-1." in said
    )
    assert (
        "Ben Beier hat 4 Stück und 1,5 m in der Lieferung L-2026-0001 mit der Sendungsnummer T-1 versendet."
        in sentences(order, "de")
    )
    with Session(db.engine()) as session:
        [split] = session.exec(select(History).where(History.kind == "ShipmentSplit")).all()
    assert json.loads(split.data) == {
        "quantities": {"": "1"},
        "shipment": "L-2026-0002",
        "source": "L-2026-0001",
    }


def test_ship1_twenty_who_press_create_make_no_more_than_is_there(shop: TestShop) -> None:
    order = mugs_and_cloth(shop)

    def press(n: int) -> bool:
        clerk = Actor(ActorKind.USER, f"Clerk {n}", BEN.rights, id=n)
        try:
            return perform(
                clerk, "part-shipment", order.id or 0, {"shipment": "L-2026-0001", "quantities": {"1": "2"}}
            ).changed
        except (Invalid, Refused):
            return False

    with ThreadPoolExecutor(20) as threads:
        made = list(threads.map(press, range(20)))
    assert sum(made) == 2
    assert [str(s.lines[0].quantity) for s in shop.load(order.id or 0).shipments] == ["1", "2", "2"]
    assert wrongs() == []


def test_w16_twenty_clicks_in_one_dialog_make_one_shipment(shop: TestShop) -> None:
    order = mugs_and_cloth(shop)
    values = {"shipment": "L-2026-0001", "quantities": {"1": "1"}, "shipped": True}

    def press(n: int) -> bool:
        clerk = Actor(ActorKind.USER, f"Clerk {n}", BEN.rights, id=n)
        try:
            return perform(clerk, "part-shipment", order.id or 0, values, seen=order.version).changed
        except Refused:
            return False

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(press, range(20))) == 1
    assert (len(shop.load(order.id or 0).shipments), len(mails(order))) == (2, 1)
    assert wrongs() == []


steps = st.one_of(
    st.tuples(
        st.just("part"),
        st.integers(0, 4),
        st.dictionaries(st.sampled_from("12"), st.integers(0, 6), max_size=2),
        st.booleans(),
    ),
    st.tuples(st.just("one"), st.integers(0, 4)),
    st.tuples(st.just("merge"), st.integers(0, 4), st.integers(0, 4)),
    st.just(("ship",)),
    st.just(("undo",)),
)


def wish(step: str, told: list[Any], names: list[str], last: Done | None) -> tuple[str, dict[str, Any]]:
    """The action of a step, and its values."""
    match step:
        case "part":
            quantities = {rank: f"{quarters / 4}" for rank, quarters in told[1].items()}
            return "part-shipment", {"shipment": names[0], "quantities": quantities, "shipped": told[2]}
        case "one":
            return "edit-shipment", {"shipment": names[0], "shipped": True}
        case "merge":
            return "merge-shipments", {"shipment": names[0], "into": names[-1]}
        case "undo" if last and last.undo:
            return last.undo.key, dict(last.undo.values)
    return "ship", {}


def test_st2_whatever_is_split_and_shipped_nothing_is_lost(small_shop: TestShop) -> None:
    @given(walk=st.lists(steps, min_size=1, max_size=8))
    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    def walk_on(walk: list[tuple[Any, ...]]) -> None:
        order_id = mugs_and_cloth(small_shop).id or 0
        last: Done | None = None
        for step, *told in walk:
            before = small_shop.load(order_id)
            numbers = [s.number for s in before.shipments]
            names = [
                numbers[min(n, len(numbers) - 1)]
                for n in told
                if isinstance(n, int) and not isinstance(n, bool)
            ]
            key, values = wish(step, told, names, last)
            try:
                last = perform(BEN, key, order_id, values)
            except (Invalid, Refused):
                assert packed(small_shop.load(order_id)) == packed(before)
            after = small_shop.load(order_id)
            for line in after.lines:
                held = [
                    h.quantity
                    for s in after.shipments
                    if s.state != "cancelled"
                    for h in s.lines
                    if h.order_line_id == line.id
                ]
                assert sum(held) == line.ordered - line.cancelled
                assert 0 <= line.shipped <= line.ordered
            sent = any(line.shipped for line in after.lines)
            rest = any(left_to_ship(line) for line in after.lines)
            assert after.shipping_state == (
                "shipped" if not rest else "part_shipped" if sent else "not_shipped"
            )

    walk_on()
    assert wrongs() == []
