"""Kinds of numbers, documents and jobs: each is registered once, and a wrong registration is an error with a sentence
(EXT-1).
"""

import json
from collections.abc import Iterator
from typing import Literal

import pytest
from databases import BEN, OWNER, TestShop
from pydantic import BaseModel
from sqlmodel import select

from backoffice_app import load
from backoffice_app.db import reading
from backoffice_app.documents.kinds import DRAWINGS, draws, require_drawings
from backoffice_app.domain.core import jobs
from backoffice_app.domain.core.actions import ACTIONS
from backoffice_app.domain.core.document_kinds import (
    DOCUMENT_KINDS,
    INVOICE,
    asks_for_money,
    document_kind,
    snapshot_from,
)
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.number_series import SERIES, SHIPMENTS, Series, dated_series, number_series
from backoffice_app.domain.core.snapshot import DocumentSnapshot, PackingSlipSnapshot
from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail import LANGUAGES, MAIL_KINDS, mail_kind, write
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.settings import (
    SECTIONS,
    field_label,
    load_section,
    save,
    section,
    section_label,
    settings_page,
)
from backoffice_app.domain.settings.section import SectionField
from backoffice_app.i18n import DOCUMENT_LANGUAGES, MAIL_LANGUAGES, UI_LANGUAGES, LazyText
from backoffice_app.models import DocumentVersion, History

LABEL = LazyText("Made up")
REGISTRIES: tuple[dict[str, object], ...] = (
    SERIES,
    DOCUMENT_KINDS,
    DRAWINGS,
    jobs.QUEUES,
    jobs.QUEUE_OF,
    jobs.RUNS,
    MAIL_KINDS,
    SECTIONS,
    ACTIONS,
)  # type: ignore[assignment]


@pytest.fixture(autouse=True)
def only_for_this_test() -> Iterator[None]:
    load.jobs()
    kept = [dict(registry) for registry in REGISTRIES]
    yield
    for registry, before in zip(REGISTRIES, kept, strict=True):
        registry.clear()
        registry.update(before)


def test_ext1_every_document_kind_has_a_series_is_drawn_and_says_what_it_owes() -> None:
    assert {key: kind.owes for key, kind in DOCUMENT_KINDS.items()} == {
        "invoice": 1,
        "credit note": -1,
        "cancellation": -1,
        "packing slip": 0,
        "return slip": 0,
    }
    assert set(DRAWINGS) == set(DOCUMENT_KINDS)
    assert {kind.series.key for kind in DOCUMENT_KINDS.values()} <= set(SERIES)
    assert [key for key in DOCUMENT_KINDS if asks_for_money(key)] == ["invoice"]
    require_drawings()


def test_inv2_the_documents_of_money_have_dated_series() -> None:
    assert dated_series() == ["invoice", "credit note", "cancellation"]
    assert [key for key, series in SERIES.items() if series.is_yearly] == [
        "shipment",
        "return",
        "ticket",
        *dated_series(),
    ]


def test_inv3_a_stored_snapshot_is_read_as_the_class_of_its_kind(small_shop: TestShop) -> None:
    small_shop.order()
    with reading() as session:
        [text] = session.exec(select(DocumentVersion.snapshot)).all()

    assert isinstance(snapshot_from(text), DocumentSnapshot)
    assert snapshot_from(text).model_dump_json() == text


def test_ext1_a_made_up_kind_of_document_is_drawn_and_has_its_numbers(small_shop: TestShop) -> None:
    series = number_series("gift list", LABEL, "GL-{year}-", digits=4)
    kind = document_kind("gift list", LABEL, series=series, snapshot=PackingSlipSnapshot)
    with pytest.raises(ValueError, match="Nothing draws the document kinds 'gift list'"):
        require_drawings()
    draws(kind, heading=lambda snapshot, _texts: snapshot.number)(lambda *_given: None)
    require_drawings()

    assert not asks_for_money("gift list")
    assert settings_page(OWNER).following["gift list"].startswith("GL-")


@pytest.mark.parametrize(
    ("key", "more", "sentence"),
    [
        ("invoice", {}, "registers a document kind 'invoice', which kontor"),
        (
            "gift",
            {"series": Series("gift", LABEL, "G-")},
            "needs the number series 'gift', which is not registered",
        ),
        ("gift", {"owes": 2}, "owes 2; only 1, -1 and 0"),
    ],
)
def test_ext1_a_wrong_document_kind_is_an_error(key: str, more: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        document_kind(key, LABEL, **{"series": SHIPMENTS, "snapshot": PackingSlipSnapshot, **more})  # type: ignore[arg-type]


def test_ext1_series_are_registered_once_with_a_prefix_of_their_own() -> None:
    with pytest.raises(ValueError, match="registers a number series 'order', which kontor"):
        number_series("order", LABEL, "X-")
    with pytest.raises(ValueError, match="'gift' has the same prefix 'C-' as 'customer'"):
        number_series("gift", LABEL, "C-")


def test_ext1_a_document_is_drawn_by_one_function() -> None:
    with pytest.raises(ValueError, match="registers a drawing of the document kind 'invoice', which kontor"):
        draws(INVOICE, heading=lambda *_given: "")(lambda *_given: None)


def test_ext1_every_job_has_a_queue_and_a_function() -> None:
    jobs.require_runs()

    assert jobs.QUEUE_OF == {
        "send_mail": "mail",
        "issue_invoice": "invoices",
        "render_document": "documents",
        "follow_method": "methods",
        "follow_shipping_method": "methods",
        "bulk_run": "bulk",
        "check_addresses": "places",
        "derive_states": "states",
        "geocode": "places",
    }
    assert jobs.QUEUES == {
        "mail": 8,
        "documents": 1,
        "invoices": 2,
        "methods": 1,
        "bulk": 2,
        "places": 1,
        "states": 1,
    }
    assert set(jobs.RUNS) == set(jobs.QUEUE_OF)


def test_ext1_a_made_up_job_is_registered_in_one_line() -> None:
    def wrap(order_id: int) -> None:
        """Does nothing."""

    assert jobs.job("wrap", queue="mail")(wrap) is wrap
    assert (jobs.QUEUE_OF["wrap"], jobs.RUNS["wrap"]) == ("mail", wrap)


def test_ext1_a_wrong_job_is_an_error(small_shop: TestShop) -> None:
    def run() -> None:
        """Does nothing."""

    with pytest.raises(ValueError, match="registers a queue 'mail', which kontor"):
        jobs.queue("mail", at_once=1)
    with pytest.raises(ValueError, match="The queue 'idle' would run nothing"):
        jobs.queue("idle", at_once=0)
    with pytest.raises(ValueError, match="needs the queue 'nowhere', which is not registered"):
        jobs.declare_job("wrap", queue="nowhere")
    with pytest.raises(ValueError, match="registers a job 'send_mail', which kontor"):
        jobs.declare_job("send_mail", queue="mail")
    with pytest.raises(ValueError, match="does the job 'wrap', which is not declared"):
        jobs.job("wrap")(run)
    with pytest.raises(ValueError, match="registers a function of a job 'send_mail', which kontor"):
        jobs.job("send_mail")(run)
    jobs.declare_job("wrap", queue="mail")
    with pytest.raises(ValueError, match="No function does the jobs 'wrap'"):
        jobs.require_runs()
    with reading() as session, pytest.raises(ValueError, match="There is no job 'unwrap'"):
        jobs.enqueue(session, "unwrap", (), key="once")


def test_ext1_every_kind_of_mail_has_texts_in_all_languages_of_mails() -> None:
    assert list(MAIL_KINDS) == [
        "order-confirmation",
        "invoice",
        "credit-note",
        "shipped",
        "tracking",
        "ready-for-pickup",
        "payment-received",
        "return-registered",
        "return-changed",
        "refund-made",
        "withdrawal-received",
        "order-cancelled",
        "rest-cancelled",
        "order-status",
        "reminder",
        "customer-mail",
        "status-changed",
        "task-due",
        "ticket-received",
        "ticket-reply",
    ]
    assert {key: set(kind.texts) for key, kind in MAIL_KINDS.items()} == {
        key: set(LANGUAGES) for key in MAIL_KINDS
    }


def test_l1_what_is_on_screen_can_be_mailed_and_printed() -> None:
    assert set(UI_LANGUAGES) <= set(MAIL_LANGUAGES) <= set(DOCUMENT_LANGUAGES)


def test_ext1_a_made_up_mail_with_values_of_its_own_is_written(small_shop: TestShop) -> None:
    texts = {
        "en": "Your gift\n\nIt is {{ gift }}.",
        "de": "Ihr Geschenk\n\nEs ist {{ gift }} zu {{ order.number }}.",
    }
    kind = mail_kind(
        "gift", LABEL, texts=texts, values=lambda _order, language: {"gift": f"a mug ({language})"}
    )
    order = small_shop.order(language="de")

    with work(OWNER) as w:
        mail = write(w, kind, w.lock(ORDER, order.id or 0), about="gift")
        assert mail is not None
        assert (mail.kind, mail.subject, mail.language) == ("gift", "Ihr Geschenk", "de")
        assert mail.body == f"Es ist a mug (de) zu {order.number}.\n"


@pytest.mark.parametrize(
    ("key", "texts", "sentence"),
    [
        ("invoice", {"en": "A\n\nB"}, "registers a mail kind 'invoice', which kontor"),
        ("gift", {"de": "A\n\nB"}, "'gift' needs an English text"),
        ("gift", {"en": "A\n\nB", "de": "A"}, "'gift' in 'de' needs a subject, an empty line, and a body"),
    ],
)
def test_ext1_a_wrong_mail_kind_is_an_error(key: str, texts: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        mail_kind(key, LABEL, texts=texts)


class Gifts(BaseModel):
    """A section as a plug-in has it."""

    wraps: bool = False
    price: int = 3
    paper: Literal["plain", "gold"] = "plain"
    note: str = ""


LABELS = {
    "wraps": LazyText("Wraps"),
    "price": LazyText("Price"),
    "paper": LazyText("Paper"),
    "note": LazyText("Note"),
}


def test_ext1_every_section_of_the_settings_is_registered_with_a_label_for_each_field() -> None:
    assert list(SECTIONS) == [
        "administration",
        "company",
        "footers",
        "mailing",
        "mailserver",
        "regional",
        "series",
    ]
    for one in SECTIONS.values():
        assert one.model is None or list(one.field_labels) == list(one.model.model_fields)
    kinds = ["choice", "number", "yes-no", "number", "yes-no", "number", "text", "choice"]
    assert [one.kind for one in SECTIONS["administration"].fields()] == kinds
    assert SECTIONS["regional"].fields()[-1].kind == "several"


def test_ext1_a_made_up_section_has_a_form_checks_history_and_a_row(small_shop: TestShop) -> None:
    gifts = section("gifts", LazyText("Gifts"), Gifts, labels=LABELS)
    assert gifts.fields() == [
        SectionField("wraps", LABELS["wraps"], "yes-no", ("yes", "no")),
        SectionField("price", LABELS["price"], "number"),
        SectionField("paper", LABELS["paper"], "choice", ("plain", "gold")),
        SectionField("note", LABELS["note"], "text"),
    ]
    seen = settings_page(OWNER).forms["gifts"]
    assert seen == {"wraps": "no", "price": "3", "paper": "plain", "note": ""}

    given = save(OWNER, gifts, seen | {"wraps": "yes", "price": "007", "note": "  for   you "}, seen)

    assert given == {"wraps": "yes", "price": "7", "paper": "plain", "note": "for you"}
    with reading() as session:
        assert load_section(session, gifts) == Gifts(wraps=True, price=7, note="for you")
        told = [
            json.loads(row.data)
            for row in session.exec(select(History).where(History.kind == "SettingsChanged"))
        ]
    assert [(one["field"], one["new"]) for one in told if one["section"] == "gifts"] == [
        ("wraps", "yes"),
        ("price", "7"),
        ("note", "for you"),
    ]
    assert (section_label("gifts"), field_label("gifts", "note")) == (LazyText("Gifts"), LABELS["note"])
    for field, typed in (("paper", "silver"), ("price", "x"), ("wraps", "perhaps")):
        with pytest.raises(Invalid) as no:
            save(OWNER, gifts, {field: typed}, {})
        assert no.value.field == field
    with pytest.raises(Refused):
        save(BEN, gifts, {"note": "mine"}, {})


def test_aud1_the_history_reads_where_a_section_is_gone() -> None:
    assert (section_label("gone"), field_label("gone", "x"), field_label("company", "gone")) == (
        "gone",
        "x",
        "gone",
    )


class Bare(BaseModel):
    """Not every field has a default."""

    note: str


class Many(BaseModel):
    """A field of several values."""

    papers: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("key", "model", "more", "sentence"),
    [
        ("company", Gifts, {"labels": LABELS}, "registers a section of the settings 'company', which kontor"),
        (
            "gifts",
            Gifts,
            {"labels": {}},
            "needs each field with a label, and no other: note, paper, price, wraps",
        ),
        ("gifts", Bare, {"labels": {"note": LABEL}}, "needs a default for note"),
        (
            "gifts",
            Gifts,
            {"labels": LABELS, "checks": {"ribbon": str}},
            "checks fields that it does not have: ribbon",
        ),
        ("gifts", Many, {"labels": {"papers": LABEL}}, "needs a check for papers"),
    ],
)
def test_ext1_a_wrong_section_is_an_error(
    key: str, model: type[BaseModel], more: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        section(key, LABEL, model, **more)  # type: ignore[arg-type]
    assert "gifts" not in SECTIONS
