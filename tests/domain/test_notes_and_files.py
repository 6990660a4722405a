"""Notes that never reach the customer, tags, and files of an order (W-11, W-21)."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from callers import client, colleague
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from hypothesis import given
from hypothesis import strategies as st
from marks_in_rows import marks_of
from saying_yes import say_yes
from sqlmodel import select

from backoffice_app import printing
from backoffice_app.db import reading
from backoffice_app.domain.attached import KINDS, LARGEST, LONGEST_NAME, checked, file_name, path_of
from backoffice_app.domain.bulk.views import ask
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor, ActorKind, Right, Role
from backoffice_app.domain.core.work import work
from backoffice_app.domain.dashboard.read import read_dashboard
from backoffice_app.domain.history import history_of
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.domain.listing import OrderFilter, list_orders
from backoffice_app.domain.listing.rows import NUMBER
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.rest_view import order_view
from backoffice_app.domain.tags import suggestions
from backoffice_app.domain.window import order_window
from backoffice_app.domain.window.declared import Declared
from backoffice_app.models import DocumentVersion, MailPaper, Order, OrderNote, OutboxMail
from backoffice_app.state.note_count import NOTES

SECRET = "Kunde ist schwierig – Zaunkönig"
PDF = b"%PDF-1.7\n%%EOF\n"


def block(order: Order, key: str, actor: Actor = OWNER, language: str = "en") -> Declared:
    with reading() as session:
        window = order_window(session, order.number, actor, language)
    return next(one for place in window.declared for one in place if one.key == key)


def note(order: Order, actor: Actor = BEN, **values: Any) -> str:
    return perform(actor, "add-note", order.id or 0, {"note": SECRET, **values}).made["notes"][0]


def facts(order: Order) -> list[str]:
    with reading() as session:
        return [
            entry.sentence
            for entry in history_of(session, (ORDER, order.id or 0), OWNER, "en", "Europe/Berlin")
        ]


def listed(**filters: str) -> dict[str, str]:
    with reading() as session:
        return {
            row[NUMBER]: marks_of(row)
            for row in list_orders(session, OrderFilter(**filters), OWNER, "en").rows
        }


# --- notes
# --------------------------------------------------------------------------------------------------


def test_w11_o1_o3_a_note_shows_text_author_time_and_whom_it_is_for(shop: TestShop) -> None:
    order, other = shop.order(), shop.order()
    perform(OWNER, "add-note", order.id or 0, {"note": "First line\nsecond line"})
    note(order, **{"for": "me"})
    newest, oldest = block(order, "notes").parts[0].listed
    assert newest.title == SECRET
    assert newest.small.startswith("Ben Beier · ")
    assert newest.small.endswith(" · for Ben Beier")
    assert (oldest.title, oldest.text) == ("First line", "second line")
    assert [one.label for one in oldest.buttons] == [
        "Edit note First line second line",
        "Remove note First line second line",
    ]
    assert newest.buttons == []
    assert listed() == {order.number: "Note", other.number: ""}
    assert list(listed(has_note="yes")) == [order.number]
    assert list(listed(has_note="no")) == [other.number]


def test_w11_a_note_is_changed_and_removed_by_its_author_alone(small_shop: TestShop) -> None:
    order = small_shop.order()
    which = note(order)
    for key, values in (("edit-note", {"note": "mine now"}), ("remove-note", {})):
        with pytest.raises(Refused, match="Only who wrote a note"):
            perform(OWNER, key, order.id or 0, {"which": which, **values})
    perform(BEN, "edit-note", order.id or 0, {"which": which, "note": "Anders"})
    assert facts(order)[0] == f"Ben Beier changed a note from “{SECRET}” to “Anders”."
    assert not perform(BEN, "edit-note", order.id or 0, {"which": which}).changed
    gone = perform(BEN, "remove-note", order.id or 0, {"which": which})
    assert not perform(OWNER, "remove-note", order.id or 0, {"which": which}).changed
    assert (block(order, "notes").parts, small_shop.load(order.id or 0).note_count) == ([], 0)
    assert gone.undo is not None
    perform(BEN, gone.undo.key, order.id or 0, gone.undo.values)
    assert [one.title for one in block(order, "notes").parts[0].listed] == ["Anders"]
    with pytest.raises(Refused):
        perform(READER, "add-note", order.id or 0, {"note": "x"})
    with pytest.raises(Invalid):
        perform(BEN, "add-note", order.id or 0, {"note": " "})


def test_w11_a_note_stands_on_nothing_that_reaches_the_customer(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    note(order)
    perform(OWNER, "add-task", order.id or 0, {"title": "Zaunkönig-Aufgabe"})
    for key, values in (
        ("ship", {"tracking": "0034"}),
        ("customer-mail", {"subject": "Hallo", "message": "Guten Tag"}),
        ("create-return", {"quantities": {"1": "1"}}),
        ("credit-note", {"invoice": order.documents[0].number, "amount": "5"}),
    ):
        say_yes(OWNER, key, order.id or 0, values)
    with reading() as session:
        mails = session.exec(select(OutboxMail)).all()
        said = [mail.subject + mail.body for mail in mails]
        said += [version.snapshot for version in session.exec(select(DocumentVersion)).all()]
        said += [paper.snapshot for paper in session.exec(select(MailPaper)).all()]
    assert len(mails) >= 3
    said.append(order_view(order.number).model_dump_json())
    said.append(
        json.dumps(client("orders:read").get(f"/api/v1/orders/{order.number}").json(), ensure_ascii=False)
    )
    said.append(printing.find_packing_slip(OWNER, order.shipments[0].number, "de").draw.__repr__())
    assert [text for text in said if "Zaunkönig" in text] == []


def waiting(actor: Actor) -> tuple[str, str]:
    """How many notes the dashboard says wait for this colleague, and the count in the menu."""
    with reading() as session:
        rows = {row.key: row for group in read_dashboard(session, actor).groups for row in group.rows}
    NOTES.kept.clear()
    return rows["notes"].count, str(NOTES.now(actor))


def test_w11_the_history_says_for_whom_a_program_marked_a_note_as_read(shop: TestShop) -> None:
    order = shop.order()
    which = note(order)
    with work(BEN) as w:
        told = w.session.get_one(OrderNote, int(which))
        told.for_id, told.for_name = 77, "Olga"
    chat = Actor(ActorKind.API_KEY, "Chat", frozenset({Right.TASKS}), id=7)

    assert perform(chat, "note-read", order.id or 0, {"which": which}).changed
    assert facts(order)[0] == f"Chat marked the note “{SECRET}” as read for Olga."


def test_w11_the_colleague_a_note_is_for_sees_that_it_waits_until_it_is_read(shop: TestShop) -> None:
    order, other = shop.order(), shop.order()
    olga = Actor(OWNER.kind, "Olga", OWNER.rights, id=77)
    mine = note(order, **{"for": "me"})
    which = note(order, BEN)
    with work(BEN) as w:
        told = w.session.get_one(OrderNote, int(which))
        told.for_id, told.for_name = olga.id, olga.name
    note(other, **{"for": "me"})

    assert (waiting(olga), waiting(BEN)) == (("1", "1"), ("0", "0")), (
        "what one writes to oneself waits for nobody"
    )
    with reading() as session:
        assert [row[NUMBER] for row in list_orders(session, OrderFilter(note_for="me"), olga, "en").rows] == [
            order.number
        ]
    [shown] = [one for one in block(order, "notes", olga).parts[0].listed if one.state == "For you"]
    assert [one.action for one in shown.first] == ["note-read"]
    for actor, whose in ((BEN, which), (olga, mine)):
        with pytest.raises(Refused, match="Only the colleague whom a note is for"):
            perform(actor, "note-read", order.id or 0, {"which": whose})

    assert perform(olga, "note-read", order.id or 0, {"which": which}).changed
    assert not perform(olga, "note-read", order.id or 0, {"which": which}).changed
    assert waiting(olga) == ("0", "0")
    assert facts(order)[0] == f"Olga has read the note “{SECRET}”."
    listed_now = block(order, "notes", BEN).parts[0].listed
    assert [" read " in one.small for one in listed_now] == [True, False]
    assert [one.first for one in block(order, "notes", olga).parts[0].listed] == [[], []]

    perform(BEN, "edit-note", order.id or 0, {"which": which, "note": "Anders"})
    assert waiting(olga) == ("1", "1"), "what was changed is read anew"
    perform(BEN, "remove-note", order.id or 0, {"which": which})
    assert waiting(olga) == ("0", "0")


def test_w11_a_note_is_no_task(small_shop: TestShop) -> None:
    order = small_shop.order()
    note(order)
    assert (small_shop.load(order.id or 0).task_count, block(order, "tasks").parts) == (0, [])


# --- tags
# --------------------------------------------------------------------------------------------------


def test_w21_tags_are_put_on_and_taken_off_and_found_in_the_list(shop: TestShop) -> None:
    order, other = shop.order(), shop.order(tags=["gift", "VIP"])
    done = perform(WAREHOUSE, "tag", order.id or 0, {"tag": " #call   first "})
    assert not perform(OWNER, "tag", order.id or 0, {"tag": "Call First"}).changed
    perform(OWNER, "tag", order.id or 0, {"tag": "gift"})
    assert shop.load(order.id or 0).tags == "call first\ngift"
    assert set(listed(tags="gift")) == {order.number, other.number}
    assert facts(order)[1] == "Wanda Werk tagged the order “call first”."
    [part] = block(order, "tags").parts
    assert [(one.title, one.buttons[0].label) for one in part.listed] == [
        ("call first", "Remove tag call first"),
        ("gift", "Remove tag gift"),
    ]
    assert [one.buttons for one in block(order, "tags", READER).parts[0].listed] == [[], []]
    with reading() as session:
        assert suggestions(session, "en")[0] == ("gift", "gift")
        assert {value for value, _word in suggestions(session, "en")} == {"gift", "VIP", "call first"}
    assert done.undo is not None
    perform(WAREHOUSE, done.undo.key, order.id or 0, done.undo.values)
    assert shop.load(order.id or 0).tags == "gift"
    assert not perform(OWNER, "untag", order.id or 0, {"tag": "never"}).changed
    with pytest.raises(Invalid):
        perform(OWNER, "tag", order.id or 0, {"tag": "# "})


def test_w21_o5_the_dialog_for_many_orders_offers_tags_in_use_and_colleagues(small_shop: TestShop) -> None:
    order = small_shop.order(tags=["gift"])
    with reading() as session:
        fields = {
            one.name: one
            for key in ("tag", "add-task")
            for one in ask(session, OWNER, key, [order.number]).fields
        }
    assert (fields["tag"].kind, fields["tag"].options) == ("suggested", [["gift", "gift"]])
    assert fields["assignee"].options[:2] == [["me", "Me"], ["", "Nobody in particular"]]
    assert (fields["date"].kind, fields["time"].kind, fields["title"].value) == ("date", "time", "")


def test_w21_api1_a_tag_of_a_colleague_is_no_difference_of_the_shop(small_shop: TestShop) -> None:
    data = small_shop.new_order(tags=["gift"]).as_json()
    first = take_in(OWNER, parse_order(data))
    perform(OWNER, "tag", first.order_id, {"tag": "seen"})
    assert [one.field for one in take_in(OWNER, parse_order(data)).again.differs] == []
    again = take_in(OWNER, parse_order(data | {"tags": ["gift", "late"]})).again.differs
    assert [(one.field, one.sent) for one in again] == [("tags", "gift, late")]


# --- files
# --------------------------------------------------------------------------------------------------


def attach(order: Order, name: str = "Foto.pdf", content: bytes = PDF, actor: Actor = BEN) -> Any:
    return perform(
        actor, "attach-file", order.id or 0, {"name": name, "content": base64.b64encode(content).decode()}
    )


def test_w21_a_file_is_attached_listed_and_removed(shop: TestShop) -> None:
    order = shop.order()
    done = attach(order)
    assert not attach(order).changed  # the second press of a double click
    [public_id] = done.made["files"]
    [entries, upload] = block(order, "files").parts
    [entry] = entries.listed
    assert (entry.title, entry.buttons[0].href) == ("Foto.pdf", f"/orders/{order.number}/files/{public_id}")
    assert entry.small.startswith("Ben Beier · ")
    assert upload.words[1] == f"/orders/{order.number}/files"
    assert [part.kind for part in block(order, "files", READER).parts] == ["entries"]
    assert [button.action for button in block(order, "files", READER).parts[0].listed[0].buttons] == [""]
    gone = perform(BEN, "remove-file", order.id or 0, {"file": public_id})
    assert shop.load(order.id or 0).file_count == 0
    assert facts(order)[:2] == [
        "Ben Beier removed the file Foto.pdf.",
        "Ben Beier attached the file Foto.pdf.",
    ]
    assert gone.undo is not None
    perform(BEN, gone.undo.key, order.id or 0, gone.undo.values)
    assert shop.load(order.id or 0).file_count == 1


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [
        ("evil.html", b"<script>", "name"),
        ("evil.svg", b"<svg>", "name"),
        ("evil", PDF, "name"),
        ("evil.exe", b"MZ", "name"),
        ("page.pdf", b"<html>", "content"),
        ("photo.png", PDF, "content"),
        ("text.txt", b"a\0b", "content"),
        ("empty.pdf", b"", "content"),
        ("large.txt", b"x" * (LARGEST + 1), "content"),
    ],
)
def test_w21_what_is_not_taken_says_why_and_leaves_nothing(name: str, content: bytes, field: str) -> None:
    with pytest.raises(Invalid) as no:
        checked(name, content)
    assert no.value.field == field


@given(st.text(max_size=400), st.sampled_from(sorted(KINDS)))
def test_w21_a_name_is_safe_whatever_was_sent(stem: str, kind: str) -> None:
    name = file_name(f"{stem}.{kind}")
    assert name.endswith(f".{kind}")
    assert 0 < len(name) <= LONGEST_NAME
    assert not set(name) & set('<>:"/\\|?*\n\r\0')
    assert name.isprintable()
    assert not name.startswith(".")
    assert Path(name).name == name


def test_w21_sec2_a_file_is_posted_by_a_form_and_only_ever_saved(small_shop: TestShop) -> None:
    order, other = small_shop.order(), small_shop.order()
    staff = colleague(Role.STAFF)
    at = f"/orders/{order.number}/files"
    answer = staff.post(
        at,
        files={"file": ("Größe & Co.txt", b"<script>alert(1)</script>", "text/html")},
        follow_redirects=False,
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/orders/{order.number}")
    [link] = [one.buttons[0].href for one in block(order, "files").parts[0].listed]
    found = staff.get(link)
    assert found.content == b"<script>alert(1)</script>"
    assert found.headers["content-type"] == "application/octet-stream"
    assert (
        found.headers["content-disposition"] == "attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%26%20Co.txt"
    )
    assert (found.headers["x-content-type-options"], found.headers["content-security-policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )
    assert colleague(Role.READ_ONLY).get(link).status_code == 200
    assert colleague(Role.WAREHOUSE).get(link.replace(order.number, other.number)).status_code == 404
    assert client("").get(link).status_code == 401
    public_id = link.rpartition("/")[2]
    perform(OWNER, "remove-file", order.id or 0, {"file": public_id})
    assert staff.get(link).status_code == 404


def test_w21_sec2_a_form_of_another_site_or_without_the_right_attaches_nothing(small_shop: TestShop) -> None:
    order = small_shop.order()
    staff, reader = colleague(Role.STAFF), colleague(Role.READ_ONLY)
    at, file = f"/orders/{order.number}/files", {"file": ("a.txt", b"text")}
    assert (
        staff.post(
            at, files=file, headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        ).status_code
        == 403
    )
    assert reader.post(at, files=file).status_code == 403
    assert client("").post(at, files=file).status_code == 401
    assert staff.post("/orders/99999/files", files=file).status_code == 404
    assert staff.post(at, data={"file": "text"}).status_code == 422
    assert staff.post(at, files={"file": ("a.html", b"<p>")}).status_code == 422
    large = staff.post(
        at, files={"file": ("a.txt", b"x" * (LARGEST + 100_000))}, headers={"Accept": "text/html"}
    )
    assert large.status_code == 422
    assert "15 MB" in large.text
    assert small_shop.load(order.id or 0).file_count == 0


def test_w21_run3_files_lie_in_the_archive_that_is_saved_and_equal_ones_are_one(small_shop: TestShop) -> None:
    first, second = small_shop.order(), small_shop.order()
    attach(first)
    attach(second, "other.pdf")
    files = [path for path in (path_of("00").parents[1]).rglob("*") if path.is_file()]
    assert len(files) == 1
    assert files[0].read_bytes() == PDF
    assert "archive" in files[0].parts
