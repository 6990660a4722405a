"""Settings: checked, saved field by field, told to the history; for the owner alone (INV-1, INV-2, L-3, M-4, AUD-1)."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from databases import BEN, OWNER, TestShop
from sqlmodel import col, select

from backoffice_app import db
from backoffice_app.domain import settings
from backoffice_app.domain.core import clock, identifiers, series
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.facts import sentence_of
from backoffice_app.domain.core.meanwhile import Meanwhile
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.work import work
from backoffice_app.domain.settings import Texts
from backoffice_app.models import History


def saving(section: settings.Section) -> Callable[..., Texts]:
    """Saves one section."""
    return lambda actor, values, seen: settings.save(actor, section, values, seen)


SAVES: dict[str, Callable[..., Texts]] = {
    "company": saving(settings.COMPANY),
    "footers": saving(settings.FOOTERS),
    "administration": saving(settings.ADMINISTRATION),
    "regional": saving(settings.REGIONAL),
    "mailing": saving(settings.MAILING),
    settings.SERIES: settings.save_starts,
}


NOVEMBER, NEXT_YEAR = datetime(2026, 11, 24, 12, tzinfo=UTC), datetime(2027, 1, 4, 12, tzinfo=UTC)


def save(section: str, **typed: str) -> Texts:
    """The form of a section as it is shown now, with some fields typed over, is saved by the owner."""
    seen = settings.settings_page(OWNER).forms[section]
    return SAVES[section](OWNER, seen | typed, seen)


def sentences() -> list[str]:
    """What the history tells of settings, in English."""
    with db.reading() as session:
        rows = session.exec(
            select(History).where(History.subject == "setting").order_by(col(History.sequence))
        ).all()
        return [
            sentence_of(row.kind, json.loads(row.data)).format(actor=row.actor_name).in_language("en")
            for row in rows
        ]


def test_inv3_the_company_is_saved_in_the_form_documents_need(shop: TestShop) -> None:
    save(
        "company",
        name="  Hafen   GmbH ",
        vat_id="de 136-695-976",
        iban="de89 3704 0044 0532 0130 00",
        bic="cobadeffxxx",
        country="AT",
        postcode="1011",
    )

    with db.reading() as session:
        company = load_shop(session).company
    assert (company.name, company.vat_id, company.iban) == (
        "Hafen GmbH",
        "DE136695976",
        "DE89370400440532013000",
    )
    assert (company.bic, company.country, company.city) == ("COBADEFFXXX", "AT", "Hamburg")


def test_m1_the_text_at_the_end_of_invoices_has_lines_and_room(shop: TestShop) -> None:
    law = "Die Ware bleibt bis zur Zahlung unser Eigentum. " * 10
    save("footers", de=f"  {law}\r\nEs gelten unsere   AGB.\n\n\n\nVielen Dank! ")
    kept = f"{law.strip()}\nEs gelten unsere AGB.\n\nVielen Dank!"
    with db.reading() as session:
        assert load_shop(session).footers.de == kept
    with pytest.raises(Invalid) as no:
        save("footers", de="x" * 2_001)
    assert no.value.field == "de"


def test_all_that_is_wrong_with_the_company_is_said_at_once(small_shop: TestShop) -> None:
    with pytest.raises(Invalid) as no:
        save("company", postcode="8033", iban="DE89", country="DE")
    assert {one.field for one in (no.value, *no.value.others)} == {"postcode", "iban"}


def test_a_postcode_is_judged_by_the_country_it_is_saved_with(shop: TestShop) -> None:
    with pytest.raises(Invalid) as no:
        save("company", postcode="1011")
    assert no.value.reason.in_language("en") == "“1011” does not look like a postcode there, such as 26133."
    save("company", postcode="1011", country="AT")
    with pytest.raises(Invalid) as no:
        save("company", country="DE")
    assert no.value.field == "postcode"
    save("company", phone="+49 40 1")
    save("company", country="DE", postcode="")


def test_aud1_each_changed_field_is_told_with_old_and_new(shop: TestShop) -> None:
    save("company", name="Hafen GmbH", phone="+49 40 1", email="")
    save("company", name="Hafen GmbH")

    assert sentences() == [
        "Olga Owner changed Company name (Company) from Kontor Probe GmbH to Hafen GmbH.",
        "Olga Owner entered Phone (Company): +49 40 1.",
        "Olga Owner removed E-mail (Company): shop@example.com.",
    ]


@pytest.mark.parametrize("section", SAVES)
def test_sec2_settings_are_for_the_owner(small_shop: TestShop, section: str) -> None:
    with pytest.raises(Refused):
        SAVES[section](BEN, {}, {})
    with pytest.raises(Refused):
        settings.settings_page(BEN)


@pytest.mark.parametrize(
    ("section", "name", "typed"),
    [
        ("company", "vat_id", "DE12"),
        ("company", "vat_id", "136695976"),
        ("company", "iban", "DE89370400440532013001"),
        ("company", "iban", "DE89"),
        ("company", "bic", "COBA"),
        ("company", "country", "XX"),
        ("company", "country", "EU"),
        ("company", "email", "hallo"),
        ("company", "email", "hallo@firma"),
        ("company", "postcode", "1011"),
        ("company", "website", "our shop"),
        ("company", "name", "x" * 201),
        ("company", "city", "a\x00b"),
        ("administration", "invoice_policy", "never"),
        ("administration", "payment_days", "-1"),
        ("administration", "payment_days", "366"),
        ("administration", "payment_days", "٣"),
        ("regional", "language", "xx"),
        ("regional", "currency", "DEM"),
        ("regional", "zone", "Mars/Olympus"),
        ("regional", "document_languages", ""),
        ("mailing", "sender", "My shop"),
        ("mailing", "sender", "My shop <shop@example.com"),
        ("mailing", "sender", "shop@hafen"),
        ("mailing", "sender", "My shop <shop@hafen>"),
        ("mailing", "reply_to", "ask@hafen"),
        ("mailing", "sender", "a@example.com, b <c@example.com>"),
        ("mailing", "reply_to", "a@example.com, b@example.com"),
        ("mailing", "bcc", "a@example.com, b"),
        (settings.SERIES, "invoice", "0"),
        (settings.SERIES, "invoice", "1e"),
        (settings.SERIES, "invoice", "1234567890"),
    ],
)
def test_what_is_wrong_names_its_field_and_nothing_is_saved(
    small_shop: TestShop, section: str, name: str, typed: str
) -> None:
    before = settings.settings_page(OWNER)

    with pytest.raises(Invalid) as wrong:
        save(section, **{name: typed})

    assert wrong.value.field == name
    assert settings.settings_page(OWNER) == before
    assert sentences() == []


@pytest.mark.parametrize(
    "number",
    ["DE89370400440532013000", "NL91ABNA0417164300", "NO9386011117947", "MT84MALT011000012345MTLCAST001S"],
)
def test_an_iban_is_right_when_modulo_97_gives_1(number: str) -> None:
    assert identifiers.iban(number) == number
    with pytest.raises(Invalid):
        identifiers.iban(
            number[:-2] + number[-1] + number[-2] if number[-1] != number[-2] else "XX" + number[2:]
        )


@pytest.mark.parametrize(
    "number",
    [
        "ATU13585627",
        "NL004495445B01",
        "CHE-107.787.577 MWST",
        "CHE107787577",
        "EL094259216",
        "XI925901618",
        "GB925901618",
        "US12",
    ],
)
def test_a_vat_id_has_the_form_and_check_digits_of_its_country(number: str) -> None:
    assert identifiers.vat_id(number).isalnum()


@pytest.mark.parametrize(
    "number",
    ["DE123456789", "ATU00000000", "FR00000000000", "GR094259216", "CHE-123.456.789 MWST", "<NOT A VAT ID>"],
)
def test_a_vat_id_with_wrong_check_digits_is_none(number: str) -> None:
    assert not identifiers.is_vat_id(number)
    with pytest.raises(Invalid):
        identifiers.vat_id(number)


def test_only_vat_ids_of_the_eu_and_northern_ireland_count_for_intra_eu_supplies() -> None:
    numbers = ("ATU13585627", "XI925901618", "GB925901618", "CHE107787577", "")
    assert [identifiers.is_eu_vat_id(number) for number in numbers] == [True, True, False, False, False]


@pytest.mark.parametrize("number", ["DE6437040044053201", "DE89 3704 0044 0532 0130 0", "NL02ABNA0123456788"])
def test_an_iban_has_the_length_and_form_of_its_country(number: str) -> None:
    with pytest.raises(Invalid):
        identifiers.iban(number)


def test_two_owners_lose_nothing_of_each_other(shop: TestShop) -> None:
    seen = settings.settings_page(OWNER).forms["company"]
    settings.save(OWNER, settings.COMPANY, seen | {"phone": "+49 40 1"}, seen)

    settings.save(OWNER, settings.COMPANY, seen | {"city": "Kiel"}, seen)

    with db.reading() as session:
        assert (load_shop(session).company.phone, load_shop(session).company.city) == ("+49 40 1", "Kiel")


def test_the_same_field_changed_by_two_is_told_to_the_second(shop: TestShop) -> None:
    seen = settings.settings_page(OWNER).forms["company"]
    settings.save(OWNER, settings.COMPANY, seen | {"city": "Kiel"}, seen)

    with pytest.raises(Meanwhile) as told:
        settings.save(OWNER, settings.COMPANY, seen | {"city": "Lübeck"}, seen)
    settings.save(OWNER, settings.COMPANY, seen | {"city": "Lübeck"}, seen | {"city": told.value.stored})

    assert (told.value.field, told.value.stored) == ("city", "Kiel")
    assert settings.settings_page(OWNER).forms["company"]["city"] == "Lübeck"


def test_inv1_when_invoices_are_made_and_when_they_are_due(shop: TestShop) -> None:
    save("administration", invoice_policy="by hand", payment_days="030")

    with db.reading() as session:
        chosen = load_shop(session).administration
    assert (chosen.invoice_policy, chosen.payment_days) == ("by hand", 30)


def test_inv2_a_series_begins_where_the_owner_says_until_a_number_is_drawn(shop: TestShop) -> None:
    year = clock.today("Europe/Berlin").year
    save(
        settings.SERIES, **{"invoice": f"RE-{year}-4711", "credit note": f"GS-{year}-0020", "order": "50000"}
    )

    page = settings.settings_page(OWNER)
    assert (page.following["invoice"], page.following["credit note"]) == (
        f"RE-{year}-4711",
        f"GS-{year}-0020",
    )
    with work(OWNER) as w:
        assert series.draw(w.session, "invoice", w.today)[0] == f"RE-{year}-4711"
    assert "invoice" not in settings.settings_page(OWNER).forms[settings.SERIES]
    with pytest.raises(Invalid) as late:
        settings.save_starts(OWNER, {"invoice": f"RE-{year}-0001"}, {"invoice": f"RE-{year}-4711"})
    assert late.value.field == "invoice"
    assert (
        f"Olga Owner changed Invoices (Number series) from RE-{year}-0001 to RE-{year}-4711." in sentences()
    )


def test_inv2_a_series_that_was_begun_meanwhile_does_not_hinder_the_others(shop: TestShop) -> None:
    seen = settings.settings_page(OWNER).forms[settings.SERIES]
    with work(OWNER) as w:
        series.draw(w.session, "order", w.today)

    settings.save_starts(OWNER, seen | {"invoice": "R100"}, seen)

    assert settings.settings_page(OWNER).forms[settings.SERIES]["invoice"] == "R100"


def drawn(kind: str, moment: datetime) -> str:
    with clock.at(moment), work(OWNER) as w:
        return series.draw(w.session, kind, w.today)[0]


@pytest.mark.parametrize(
    ("typed", "second", "next_year"),
    [
        ("2026-04711", "2026-04712", "2027-00001"),
        ("RE-2026-0815", "RE-2026-0816", "RE-2027-0001"),
        ("R-2026/099", "R-2026/100", "R-2027/001"),
        ("RG4711", "RG4712", "RG4713"),
        ("F-099", "F-100", "F-101"),
    ],
)
def test_d22_who_moves_goes_on_with_his_numbers(
    shop: TestShop, typed: str, second: str, next_year: str
) -> None:
    with clock.at(NOVEMBER):
        save(settings.SERIES, invoice=typed)
        assert settings.settings_page(OWNER).following["invoice"] == typed
    assert [drawn("invoice", NOVEMBER), drawn("invoice", NOVEMBER), drawn("invoice", NEXT_YEAR)] == [
        typed,
        second,
        next_year,
    ]
    assert drawn("credit note", NOVEMBER) == "GS-2026-0001"
    with clock.at(NEXT_YEAR):
        assert settings.settings_page(OWNER).following["invoice"] == next_year[:-1] + str(
            int(next_year[-1]) + 1
        )


def test_d22_an_invoice_bears_the_number_of_its_shop(shop: TestShop) -> None:
    with clock.at(NOVEMBER):
        save(settings.SERIES, invoice="2026-04711", shipment="LS0099", order="B5000", customer="K-0100")
        order = shop.order()
    assert (order.documents[0].number, order.shipments[0].number, order.number) == (
        "2026-04711",
        "LS0099",
        "B5000",
    )
    assert [wrong(kind, "X-1").field for kind in ("invoice", "order", "customer")] == [
        "invoice",
        "order",
        "customer",
    ]


def wrong(kind: str, typed: str) -> Invalid:
    with clock.at(NOVEMBER):
        seen = settings.settings_page(OWNER).forms[settings.SERIES]
        with pytest.raises(Invalid) as no:
            settings.save_starts(OWNER, {kind: typed}, seen)
    return no.value


@pytest.mark.parametrize("typed", ["", "RE-2026-", "2026-0000", "x" * 21 + "1", "GS-2026-1", "RE 12.5a"])
def test_d22_a_number_that_can_not_be_one_names_its_series(shop: TestShop, typed: str) -> None:
    assert drawn("credit note", NOVEMBER) == "GS-2026-0001"
    assert wrong("invoice", typed).field == "invoice"
    with clock.at(NOVEMBER):
        assert settings.settings_page(OWNER).following["invoice"] == "RE-2026-0001"


@pytest.mark.parametrize("typed", ["GS-2026-0001", "GS-2027-0001", "C-1", "10001", "L-2026-1"])
def test_inv2_a_number_of_another_series_is_refused_before_that_one_begins(
    shop: TestShop, typed: str
) -> None:
    no = wrong("invoice", typed)
    assert no.field == "invoice"
    assert no.reason.in_language("en").startswith("Numbers of another series begin like this.")


def test_inv2_a_prefix_that_another_series_gave_up_is_free(shop: TestShop) -> None:
    with clock.at(NOVEMBER):
        save(settings.SERIES, **{"credit note": "K-0001"})
        save(settings.SERIES, invoice="GS-2026-0001")
        assert settings.settings_page(OWNER).following["invoice"] == "GS-2026-0001"


def test_d22_ten_at_once_draw_a_shops_own_numbers_without_gap_or_double(shop: TestShop) -> None:
    with clock.at(NOVEMBER):
        save(settings.SERIES, invoice="A-0997")
    with ThreadPoolExecutor(10) as threads:
        numbers = sorted(threads.map(lambda _n: drawn("invoice", NOVEMBER), range(10)))
    assert numbers == sorted(["A-0997", "A-0998", "A-0999", *(f"A-{n}" for n in range(1000, 1007))])


def test_l3_language_zone_and_what_an_invoice_may_be_written_in(shop: TestShop) -> None:
    save("regional", language="nl", zone="Europe/Amsterdam", currency="CHF", document_languages="nl,xx,en")

    with db.reading() as session:
        chosen = load_shop(session).regional
    assert (chosen.language, chosen.zone, chosen.currency, chosen.document_languages) == (
        "nl",
        "Europe/Amsterdam",
        "CHF",
        ("en", "nl"),
    )


def test_l3_the_currency_stays_once_there_are_orders(shop: TestShop) -> None:
    shop.order()

    assert settings.settings_page(OWNER).has_orders
    with pytest.raises(Invalid) as wrong:
        save("regional", currency="CHF")
    assert wrong.value.field == "currency"
    save("regional", language="fr")


def test_m4_who_mails_come_from_and_who_gets_a_copy(shop: TestShop) -> None:
    save(
        "mailing",
        sender="Hafen & Haus <shop@example.com>",
        reply_to="ask@example.com",
        bcc="a@example.com;b@example.com",
    )

    with db.reading() as session:
        chosen = load_shop(session).mailing
    assert (chosen.sender, chosen.reply_to) == ("Hafen & Haus <shop@example.com>", "ask@example.com")
    assert chosen.bcc == "a@example.com, b@example.com"
