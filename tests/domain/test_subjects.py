"""Whatever can be acted on goes through the same door: it is locked, settled and recorded by its subject
(EXT-1, ST-3).
"""

from collections.abc import Iterator, Sequence

import pytest
from databases import BEN, OWNER, READER, TestShop
from sqlalchemy import text
from sqlmodel import Field, Session, SQLModel, select

from backoffice_app import db
from backoffice_app.domain.core import work as kernel
from backoffice_app.domain.core.actions import (
    ACTIONS,
    Done,
    Input,
    NoInput,
    action,
    actions_of,
    perform,
    preview,
)
from backoffice_app.domain.core.errors import NotFound, Overtaken, Refused
from backoffice_app.domain.core.facts import Fact, fact
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shop import Administration, save_section
from backoffice_app.domain.core.subjects import Subject, lock_row, register
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.history import history_of
from backoffice_app.domain.mail import MAIL, MailState
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.orders.facts import OrderResumed
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import OutboxMail
from backoffice_app.registry import forget, registering

TOLD = "in the words of a test"


class Gift(SQLModel, table=True):
    """A table of its own, as a plug-in has one."""

    __tablename__ = "test_gift"
    id: int | None = Field(default=None, primary_key=True)
    note: str = ""
    is_wrapped: bool = False
    length: int = 0
    version: int = 0


SQLModel.metadata.remove(Gift.__table__)  # type: ignore[attr-defined]  # no table of the core: migrations know nothing of it


class Wrap(Input):
    """`note`: what stands on it."""

    note: str


def why_not_wrap(gift: Gift) -> LazyText | None:
    """Once is enough."""
    return _("The order is on hold already.") if gift.is_wrapped else None


@pytest.fixture
def gifts(shop: TestShop) -> Iterator[Subject[Gift]]:
    """A subject with an action and a fact, made in one place, as a plug-in makes them; afterwards everything is as
    before.
    """
    with registering("gifts"):

        @fact
        class GiftWrapped(Fact):
            note: str

            def sentence(self) -> LazyText:
                return _("{actor} resumed the order.")

        def settle(w: Work, held: Sequence[tuple[Gift, str | None]]) -> None:
            for gift, was in held:
                gift.length = len(gift.note)
                if was is not None and w.has_facts(gift):
                    gift.version += 1

        gift = register(
            Subject(
                key="gift",
                row=Gift,
                lock=lock_row(Gift),
                before=lambda row: row.note,
                settle=settle,
                topic=lambda id_: f"gift-{id_}",
                version=lambda row: row.version,
            )
        )

        @action(subject=gift, key="wrap", label=_("Edit"), right=Right.SHIP, why_not=why_not_wrap, input=Wrap)
        def wrap(w: Work, row: Gift, data: Wrap) -> Done:
            row.note, row.is_wrapped = data.note, True
            w.record(row, GiftWrapped(note=data.note))
            w.made("gifts", lambda: row.id)
            return Done(_("Saved."))

    with Session(db.engine()) as session:
        session.execute(text("DROP TABLE IF EXISTS test_gift"))
        Gift.__table__.create(session.connection())  # type: ignore[attr-defined]
        session.commit()
    try:
        yield gift
    finally:
        forget("gifts")
        with Session(db.engine()) as session:
            session.execute(text("DROP TABLE test_gift"))
            session.commit()


def a_gift() -> int:
    """The id of a gift that nobody has wrapped yet."""
    with work(OWNER) as w:
        gift = Gift(note="none")
        w.add(gift)
    return gift.id or 0


def gift(id_: int) -> Gift:
    with Session(db.engine()) as session:
        return session.get_one(Gift, id_)


def test_ext1_a_subject_of_a_plug_in_locks_settles_and_records_through_the_same_door(
    gifts: Subject[Gift],
) -> None:
    told: list[frozenset[str]] = []
    id_ = a_gift()
    kernel.AFTER_COMMIT.append(told.append)
    try:
        done = perform(BEN, "wrap", id_, {"note": "For Ada"}, seen=0)
    finally:
        kernel.AFTER_COMMIT.remove(told.append)
    after = gift(id_)
    assert (after.note, after.length, after.version) == ("For Ada", 7, 1), (
        "it was settled once, and a new one begins at 0"
    )
    assert (done.versions, done.made) == ((0, 1), {"gifts": (str(id_),)})
    assert told == [frozenset({f"gift-{id_}"})]
    with db.reading() as session:
        [entry] = history_of(session, (gifts, id_), OWNER, "en", "Europe/Berlin")
        assert history_of(session, (ORDER, id_), OWNER, "en", "Europe/Berlin") == [], (
            "an order with this id has another history"
        )
    assert entry.sentence == "Ben Beier resumed the order."


def test_ext1_right_version_and_rule_are_judged_for_every_subject(gifts: Subject[Gift]) -> None:
    id_ = a_gift()
    with pytest.raises(Refused, match="do not have the right"):
        perform(READER, "wrap", id_, {"note": "x"})
    with pytest.raises(NotFound):
        perform(BEN, "wrap", id_ + 1, {"note": "x"})
    with pytest.raises(Overtaken, match=r"^This was changed meanwhile"):
        perform(BEN, "wrap", id_, {"note": "x"}, seen=7)
    perform(BEN, "wrap", id_, {"note": "x"}, seen=0)
    with pytest.raises(Refused, match="already"):
        perform(BEN, "wrap", id_, {"note": "y"}, seen=0)
    assert gift(id_).note == "x"


def test_ext1_what_a_new_row_was_before_is_none(gifts: Subject[Gift]) -> None:
    assert gift(a_gift()).version == 0
    assert gift(a_gift()).length == len("none"), "a new row is settled like any other"


def test_ext1_actions_of_one_subject_are_not_those_of_another(gifts: Subject[Gift]) -> None:
    assert [one.key for one in actions_of(gifts)] == ["wrap"]
    assert "wrap" not in [one.key for one in actions_of(ORDER)]
    assert {"ship", "pay", "hold"} <= {one.key for one in actions_of(ORDER)}


def test_ext1_a_key_is_taken_once_whatever_the_subject(gifts: Subject[Gift]) -> None:
    with pytest.raises(ValueError, match="registers an action 'ship', which kontor registered before"):
        action(
            subject=gifts, key="ship", label=_("Edit"), right=Right.SHIP, why_not=why_not_wrap, input=NoInput
        )(lambda _w, _row, _data: Done(_("Saved.")))


def test_ext1_an_action_of_an_unknown_subject_is_a_mistake_that_names_itself() -> None:
    unknown = Subject(key="gift", row=Gift, lock=lock_row(Gift))
    with pytest.raises(ValueError, match=r"the action wrap is about 'gift', which is not registered"):
        action(
            subject=unknown,
            key="wrap",
            label=_("Edit"),
            right=Right.SHIP,
            why_not=why_not_wrap,
            input=NoInput,
        )(lambda _w, _row, _data: Done(_("Saved.")))
    assert "wrap" not in ACTIONS


def test_ext1_a_subject_is_registered_once(gifts: Subject[Gift]) -> None:
    class Other:
        id = 1

    with pytest.raises(ValueError, match="registers a subject 'gift', which gifts registered before"):
        register(Subject(key="gift", row=Other, lock=lambda _w, _id: Other()))
    with pytest.raises(ValueError, match="rows of Gift belong to two subjects: gift and present"):
        register(Subject(key="present", row=Gift, lock=lock_row(Gift)))


def test_ext1_what_is_no_subject_is_neither_added_nor_told_of(small_shop: TestShop) -> None:
    with work(OWNER) as w:
        with pytest.raises(ValueError, match="Gift is no subject"):
            w.add(Gift())
        with pytest.raises(ValueError, match="Gift is no subject"):
            w.record(Gift(id=1), OrderResumed())


@pytest.mark.parametrize(
    ("key", "asks"),
    [
        ("resume", "nothing"),
        ("ship", "may"),
        ("hold", "must"),
        ("edit-address", "must"),
        ("customer-mail", "must"),
        ("not-paid", "may"),
    ],
)
def test_ext1_what_an_action_asks_follows_from_its_input_or_is_said(key: str, asks: str) -> None:
    assert ACTIONS[key].asks == asks


def test_ext1_what_only_undo_or_a_bulk_run_does_is_not_offered() -> None:
    undo = {
        "hold-back-customer-mail",
        "hold-back-invoice",
        "hold-back-tracking",
        "restore-payments",
        "restore-status",
        "undo-ship",
    }
    undo |= {"hold-back-notice", "take-back-reminder", "restore-task", "restore-file"}
    # Slips of one order are printed by a link; tracking numbers of many come from a list.
    of_many = {"print-invoices", "print-packing-slips", "add-tracking"}
    assert {one.key for one in actions_of(ORDER) if not one.offered} == undo | of_many


def by_hand() -> None:
    """The shop makes no invoice by itself."""
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration(invoice_policy="by hand"))


TABLES = (
    "number_series",
    "outbox_mail",
    "history",
    "history_personal",
    "document",
    "payment",
    "shipment",
    "view_count",
    "order_search",
)


def everything() -> dict[str, object]:
    """All that an action can leave behind: rows, the chain's head, jobs."""
    with Session(db.engine()) as session:
        rows = {
            table: [tuple(row) for row in session.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2"))]
            for table in TABLES
        }
        rows["orders"] = [tuple(row) for row in session.execute(text("SELECT * FROM orders ORDER BY id"))]
        rows["chain"] = [tuple(row) for row in session.execute(text("SELECT sequence, hash FROM chain_head"))]
        jobs = (
            "dbos.workflow_status" if session.get_bind().dialect.name == "postgresql" else "workflow_status"
        )
        rows["jobs"] = [
            tuple(row) for row in session.execute(text(f"SELECT workflow_uuid FROM {jobs} ORDER BY 1"))
        ]
    return dict(rows)


@pytest.mark.parametrize("key", ["invoice", "pay", "ship", "hold"])
def test_api1_a_preview_tells_the_same_and_leaves_nothing_behind(shop: TestShop, key: str) -> None:
    by_hand()
    order = shop.order()
    before = everything()
    told: list[frozenset[str]] = []
    kernel.AFTER_COMMIT.append(told.append)
    try:
        shown = [preview(BEN, key, order.id or 0, {}, seen=order.version) for _twice in range(2)]
        assert everything() == before
        assert told == []
    finally:
        kernel.AFTER_COMMIT.remove(told.append)
    done = perform(BEN, key, order.id or 0, {}, seen=order.version)
    assert everything() != before
    for one in shown:
        assert one.message.in_language("en") == done.message.in_language("en")
        assert (one.versions, one.undo is None) == (done.versions, done.undo is None)
        assert one.made.keys() == done.made.keys()
        numbers = [
            {kind: named.made.get(kind) for kind in ("documents", "shipments")} for named in (one, done)
        ]
        assert numbers[0] == numbers[1], "a number is told, and still there for the one who does it"


def test_api1_a_preview_refuses_as_the_action_does(small_shop: TestShop) -> None:
    order = small_shop.order()
    with pytest.raises(Refused, match="not on hold"):
        preview(BEN, "resume", order.id or 0)
    with pytest.raises(Refused, match="do not have the right"):
        preview(READER, "hold", order.id or 0)


def test_api1_a_preview_may_be_asked_for_where_nothing_may_be_changed(small_shop: TestShop) -> None:
    order = small_shop.order()
    token = kernel.MAY_WRITE.set(False)
    try:
        assert preview(BEN, "hold", order.id or 0).changed
        with pytest.raises(AssertionError, match="not declared to change"):
            perform(BEN, "hold", order.id or 0)
    finally:
        kernel.MAY_WRITE.reset(token)


@pytest.mark.parametrize(
    ("key", "values", "made"),
    [
        ("invoice", {}, {"documents": ("RE-2026-0001",)}),
        ("pay", {"mail": False}, {"payments": ("1",)}),
        ("pay", {}, {"payments": ("1",), "mails": ("1",)}),
        ("ship", {}, {"shipments": ("L-2026-0001",), "mails": ("1",)}),
        (
            "part-shipment",
            {"shipment": "L-2026-0001", "quantities": {"1": "1"}, "shipped": True},
            {"shipments": ("L-2026-0002",), "mails": ("1",)},
        ),
        ("hold", {}, {}),
    ],
)
def test_api1_an_action_tells_what_came_of_it(
    shop: TestShop, key: str, values: dict[str, object], made: dict[str, object]
) -> None:
    by_hand()
    order = shop.order()
    assert perform(BEN, key, order.id or 0, values).made == made


def test_w21_what_undo_books_and_releases_is_told_too(shop: TestShop) -> None:
    order_id = shop.order().id or 0
    paid = perform(BEN, "pay", order_id)
    [mail] = paid.made["mails"]
    taken_back = perform(BEN, "not-paid", order_id)
    assert taken_back.undo
    again = perform(BEN, taken_back.undo.key, order_id, taken_back.undo.values)
    ids = [str(payment.id) for payment in shop.load(order_id).payments]
    assert (paid.made["payments"], taken_back.made, again.made) == (
        (ids[0],),
        {"payments": (ids[1],)},
        {"payments": (ids[2],), "mails": (mail,)},
    )


def test_sec2_a_door_for_one_subject_finds_no_action_of_another(shop: TestShop) -> None:
    order_id = shop.order().id or 0
    perform(BEN, "pay", order_id)
    with db.reading() as session:
        [mail] = session.exec(select(OutboxMail)).all()
    assert mail.id == order_id, "the same number, another thing"
    with pytest.raises(NotFound, match="hold-back"):
        perform(BEN, "hold-back", order_id, subject=ORDER)
    with pytest.raises(NotFound, match="hold"):
        preview(BEN, "hold", order_id, subject=MAIL)
    assert perform(BEN, "hold-back", order_id, subject=MAIL).changed


def test_m3_a_mail_that_was_sent_since_it_was_shown_is_not_sent_twice(shop: TestShop) -> None:
    order_id = shop.order().id or 0
    [id_] = map(int, perform(BEN, "pay", order_id).made["mails"])
    with work(OWNER) as w:
        w.lock(MAIL, id_).state = MailState.SENT.value
    with pytest.raises(Overtaken, match=r"^Something became of this mail meanwhile"):
        perform(BEN, "send-again", id_, seen="failed")
    assert perform(BEN, "send-again", id_, seen="sent").made["mails"] == (str(id_ + 1),)


def test_m3_a_mail_is_held_back_whatever_became_of_it_since_as_long_as_it_is_here(shop: TestShop) -> None:
    order_id = shop.order().id or 0
    [id_] = map(int, perform(BEN, "pay", order_id).made["mails"])
    with work(OWNER) as w:
        w.lock(MAIL, id_).state = MailState.RETRYING.value
    assert perform(BEN, "hold-back", id_, seen="waiting").versions == ("retrying", "withheld")
    with pytest.raises(Refused, match="held back already"):
        perform(BEN, "hold-back", id_, seen="waiting")
