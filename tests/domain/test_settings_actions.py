"""The settings are changed by actions, as everything else is: right, rule, one transaction, history (AUD-1,
SEC-2, PAY-0, INV-2).
"""

import json
from collections.abc import Iterator

import pytest
from databases import BEN, OWNER, TestShop
from pydantic import BaseModel
from sqlmodel import Session, col, select

from backoffice_app import db
from backoffice_app.domain import settings
from backoffice_app.domain.core.actions import ACTIONS, perform, preview
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.meanwhile import Meanwhile
from backoffice_app.domain.core.resources import RESOURCES
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shop import SETTINGS, Company
from backoffice_app.domain.methods import payment as methods
from backoffice_app.domain.settings import COMPANY, SECTIONS, load_section, section
from backoffice_app.i18n import LazyText
from backoffice_app.kept_secrets import Secret, read
from backoffice_app.models import History
from backoffice_app.registry import forget, registering
from backoffice_app.state.settings_plugins import _sections


class Gifts(BaseModel):
    """A section of each kind of field."""

    wraps: bool = False
    price: int = 3
    papers: tuple[str, ...] = ()


LABELS = {"wraps": LazyText("Wraps"), "price": LazyText("Price"), "papers": LazyText("Papers")}


@pytest.fixture
def gifts() -> Iterator[settings.Section]:
    """A section that a plug-in brings."""
    with registering("gifts"):
        made = section("gifts", LazyText("Gifts"), Gifts, labels=LABELS, checks={"papers": str})
    yield made
    forget("gifts")


def stored(wanted: settings.Section) -> BaseModel:
    with Session(db.engine()) as session:
        found: BaseModel = load_section(session, wanted)
        return found


def told() -> list[tuple[str, str, str]]:
    """Subject, kind and changed field of what the history tells of the settings, oldest first."""
    kinds = {"SettingsChanged", "PaymentMethodChanged"}
    with Session(db.engine()) as session:
        rows = session.exec(
            select(History).where(col(History.kind).in_(kinds)).order_by(col(History.sequence))
        ).all()
        return [(row.subject, row.kind, json.loads(row.data)["field"]) for row in rows]


OTHERS = (
    "save-payment-method",
    "add-payment-method",
    "save-shipping-method",
    "add-shipping-method",
    "move-shipping-method",
    "retire-shipping-method",
    "add-shop-file",
    "retire-shop-file",
    "send-test-mail",
)


def test_ext1_every_section_has_its_action_and_the_methods_have_theirs() -> None:
    keys = {key for key, known in ACTIONS.items() if known.subject is SETTINGS}
    assert keys == {*(f"save-{key}" for key in SECTIONS), *OTHERS}
    assert {ACTIONS[key].right for key in keys} == {Right.SETTINGS}
    for one in SECTIONS.values():
        if one.model:
            assert list(ACTIONS[one.action].input.model_fields) == ["seen", *one.model.model_fields]


def test_sec2_no_api_key_reaches_the_settings() -> None:
    assert SETTINGS not in [known.subject for known in RESOURCES.values()]


def test_aud1_what_is_left_out_stays_and_each_changed_field_has_its_line(small_shop: TestShop) -> None:
    before = stored(COMPANY).model_dump()
    done = perform(OWNER, "save-company", 0, {"city": " Kiel ", "phone": before["phone"]})
    assert (done.changed, done.message.in_language("en")) == (True, "Saved.")
    assert stored(COMPANY) == Company(**before | {"city": "Kiel"})
    assert told()[-1] == ("setting", "SettingsChanged", "city")
    count = len(told())
    assert not perform(OWNER, "save-company", 0, {"city": "Kiel"}).changed
    assert len(told()) == count


def test_sec2_the_right_and_the_checks_hold_whoever_calls(small_shop: TestShop) -> None:
    before = stored(COMPANY)
    with pytest.raises(Refused):
        perform(BEN, "save-company", 0, {"city": "Kiel"})
    for values, field in (
        ({"iban": "DE00"}, "iban"),
        ({"town": "Kiel"}, "town"),
        ({}, ""),
        ({"seen": {"city": "x"}}, ""),
    ):
        with pytest.raises(Invalid) as wrong:
            perform(OWNER, "save-company", 0, values)
        assert wrong.value.field == field
    assert stored(COMPANY) == before


def test_w16_what_a_colleague_saved_since_it_was_seen_is_not_overwritten(small_shop: TestShop) -> None:
    perform(OWNER, "save-company", 0, {"city": "Kiel"})
    with pytest.raises(Meanwhile) as told_so:
        perform(OWNER, "save-company", 0, {"city": "Bonn", "seen": {"city": "Berlin"}})
    assert (told_so.value.field, told_so.value.stored) == ("city", "Kiel")
    perform(
        OWNER, "save-company", 0, {"city": "Berlin", "phone": "1", "seen": {"city": "Berlin"}}
    )  # left alone in the form
    assert (stored(COMPANY).city, stored(COMPANY).phone) == ("Kiel", "1")  # type: ignore[attr-defined]
    perform(OWNER, "save-company", 0, {"city": "Bonn"})  # nothing was seen
    assert stored(COMPANY).city == "Bonn"  # type: ignore[attr-defined]


def test_ext1_values_are_taken_as_texts_or_as_json_has_them(
    small_shop: TestShop, gifts: settings.Section
) -> None:
    perform(OWNER, "save-gifts", 0, {"wraps": True, "price": 7, "papers": ["gold", "red"]})
    assert stored(gifts) == Gifts(wraps=True, price=7, papers=("gold", "red"))
    perform(OWNER, "save-gifts", 0, {"wraps": "no", "price": "08", "papers": "red"})
    assert stored(gifts) == Gifts(wraps=False, price=8, papers=("red",))
    with pytest.raises(Invalid):
        perform(OWNER, "save-gifts", 0, {"price": 1.5})


def test_st3_a_preview_saves_nothing(small_shop: TestShop, gifts: settings.Section) -> None:
    assert preview(OWNER, "save-gifts", 0, {"price": 9}).changed
    assert stored(gifts) == Gifts()


def test_ext1_without_its_plug_in_a_section_has_no_action(gifts: settings.Section) -> None:
    assert "save-gifts" in ACTIONS
    forget("gifts")
    assert ("save-gifts" in ACTIONS, "gifts" in SECTIONS) == (False, False)


def test_ext1_a_section_can_t_have_the_field_that_says_what_was_seen() -> None:
    class Seen(BaseModel):
        seen: str = ""

    with pytest.raises(ValueError, match="can't have a field 'seen'"):
        section("gifts", LazyText("Gifts"), Seen, labels={"seen": LazyText("Seen")})
    assert "gifts" not in SECTIONS


class Keys(BaseModel):
    """A section with a secret."""

    url: str = ""
    token: Secret = ""


def test_ext1_a_section_of_a_plug_in_can_hold_a_secret(small_shop: TestShop) -> None:
    labels = {"url": LazyText("Address"), "token": LazyText("Token")}
    with registering("keys"):
        made = section("keys", LazyText("Keys"), Keys, labels=labels)
    try:
        assert [one.kind for one in made.fields()] == ["text", "secret"]
        settings.save(OWNER, made, {"url": "https://x.test", "token": " t0ken "}, {})
        assert read(stored(made).token) == " t0ken "  # type: ignore[attr-defined]
        page = settings.settings_page(OWNER)
        assert (page.forms["keys"], page.secrets) == ({"url": "https://x.test"}, {"keys/token": "kept"})
        settings.save(OWNER, made, {"url": "https://y.test", "token": ""}, {"url": "https://x.test"})
        assert (stored(made).url, read(stored(made).token)) == ("https://y.test", " t0ken ")  # type: ignore[attr-defined]
        [drawn] = [
            one
            for view in _sections(OWNER)[0]
            if view.key == "keys"
            for one in view.fields
            if one.name == "keys/token"
        ]
        assert (drawn.kind, drawn.value) == ("password", "")
    finally:
        forget("keys")


def test_pay0_payment_methods_are_set_by_actions(small_shop: TestShop) -> None:
    perform(
        OWNER,
        "add-payment-method",
        0,
        {"code": "coins", "values": {"collects": "debit", "name-de": "Münzen"}},
    )
    with pytest.raises(Invalid) as there:
        perform(OWNER, "add-payment-method", 0, {"code": "coins"})
    assert there.value.field == "code"
    assert perform(
        OWNER, "save-payment-method", 0, {"code": "coins", "values": {"collects": "courier"}}
    ).changed
    assert not perform(
        OWNER, "save-payment-method", 0, {"code": "coins", "values": {"collects": "courier"}}
    ).changed
    assert [one for one in told() if one[1] == "PaymentMethodChanged"] == [
        ("setting", "PaymentMethodChanged", "collects"),
        ("setting", "PaymentMethodChanged", "de"),
        ("setting", "PaymentMethodChanged", "collects"),
    ]
    with pytest.raises(Meanwhile):
        perform(
            OWNER,
            "save-payment-method",
            0,
            {"code": "coins", "values": {"collects": "debit"}, "seen": {"collects": "transfer"}},
        )
    for key in ("add-payment-method", "save-payment-method"):
        with pytest.raises(Refused):
            perform(BEN, key, 0, {"code": "more", "values": {"collects": "debit"}})
    assert [row.id for row in methods.methods_page(OWNER, "en")] == ["coins"]


def test_inv2_number_series_are_set_by_an_action(small_shop: TestShop) -> None:
    kind = "credit note"
    assert perform(OWNER, "save-series", 0, {"starts": {kind: "G-2000"}}).changed
    assert settings.settings_page(OWNER).forms[settings.SERIES][kind] == "G-2000"
    assert not perform(OWNER, "save-series", 0, {"starts": {kind: "G-2000"}}).changed
    with pytest.raises(Meanwhile):
        perform(OWNER, "save-series", 0, {"starts": {kind: "G-1"}, "seen": {kind: "G-1000"}})
    with pytest.raises(Invalid) as unknown:
        perform(OWNER, "save-series", 0, {"starts": {"cheques": "1"}})
    assert unknown.value.field == "starts"
    with pytest.raises(Refused):
        perform(BEN, "save-series", 0, {"starts": {kind: "G-3000"}})
