"""What looks wrong in an address is found, and what is right is left alone (W-20, G1 to G5)."""

from collections import Counter

import pytest
from labelled_addresses import COUNTRIES, labelled

from backoffice_app.domain.places import mail_domains, postcodes
from backoffice_app.domain.places.checks import Address, check
from backoffice_app.domain.places.streets import Street, has_number, split
from backoffice_app.domain.places.words import told

BERLIN = Address("Ada Kovač", "", "Hauptstraße 12", "", "10827", "Berlin", "", "DE")


def kinds(address: Address, email: str = "") -> list[str]:
    return [finding.kind for finding in check(address, email)]


def test_w20_g1_of_two_thousand_labelled_addresses_nearly_all_faults_are_found_and_few_right_ones_are_doubted() -> (
    None
):
    found, missed, doubted = Counter[str](), list[str](), list[str]()
    rows = labelled(2_000, seed=7)
    for one in rows:
        said = kinds(one.address, one.email)
        if one.wrong and one.wrong not in said:
            missed.append(f"{one.wrong}: {one.address} {one.email} {said}")
        if any(kind != one.wrong for kind in said):
            doubted.append(f"{one.wrong or 'right'}: {one.address} {one.email} {said}")
        found[one.wrong] += one.wrong in said
    faulty = sum(1 for one in rows if one.wrong)
    assert {one.address.country for one in rows} == {land.code for land in COUNTRIES}
    assert len(found) == 7, found
    assert len(missed) <= 0.05 * faulty, "\n".join(sorted(missed))
    assert len(doubted) <= 0.02 * len(rows), "\n".join(sorted(doubted))


@pytest.mark.parametrize(
    ("line", "country", "street", "number"),
    [
        ("Alter Berg 6", "DE", "Alter Berg", "6"),
        ("Straße des 17. Juni 135", "DE", "Straße des 17. Juni", "135"),
        ("Hauptstr.7", "DE", "Hauptstr.", "7"),
        ("Hauptstraße12", "DE", "Hauptstraße", "12"),
        ("Kurfürstendamm 21, 2. OG", "DE", "Kurfürstendamm", "21, 2. OG"),
        ("Q7, 24", "DE", "Q7", "24"),
        ("Mariahilfer Straße 12/3/5", "AT", "Mariahilfer Straße", "12/3/5"),
        ("1e Jan van der Heijdenstraat 10-II", "NL", "1e Jan van der Heijdenstraat", "10-II"),
        ("12 bis rue Victor Hugo", "FR", "rue Victor Hugo", "12 bis"),
        ("3, place de la République", "FR", "place de la République", "3"),
        ("5 rue du 8 mai 1945", "FR", "rue du 8 mai 1945", "5"),
        ("rue Victor Hugo 12", "FR", "rue Victor Hugo", "12"),
        ("221B Baker Street", "GB", "Baker Street", "221B"),
        ("Flat 2, 14 High Street", "GB", "High Street", "Flat 2, 14"),
        ("Via Roma, 5/A", "IT", "Via Roma", "5/A"),
        ("Via 25 Aprile 7", "IT", "Via 25 Aprile", "7"),
        ("ul. 3 Maja 12", "PL", "ul. 3 Maja", "12"),
        ("Lindenallee", "DE", "Lindenallee", ""),
        ("丸の内1丁目", "JP", "丸の内1丁目", ""),
        ("شارع الشيخ زايد", "AE", "شارع الشيخ زايد", ""),
    ],
)
def test_w20_g4_street_and_number_are_told_apart_by_the_order_of_the_country(
    line: str, country: str, street: str, number: str
) -> None:
    assert split(line, country) == Street(street, number)


def test_w20_figures_of_dates_and_floors_are_no_house_numbers() -> None:
    assert not any(
        map(
            has_number,
            (
                "Straße des 17. Juni",
                "rue du 8 mai 1945",
                "ul. 3 Maja",
                "1e Helmersstraat",
                "Rosenstraße, 2. OG",
            ),
        )
    )


@pytest.mark.parametrize(
    ("country", "typed", "is_right"),
    [
        ("DE", "10115", True), ("DE", "D-10115", True), ("DE", " 10115 ", True), ("DE", "1011", False),
        ("AT", "A-1010", True),
        ("NL", "1012ab", True), ("NL", "1012", False), ("PL", "00950", True), ("GB", "sw1a1aa", True),
        ("GB", "12345", False),
        ("JP", "〒100-0005", True), ("AE", "", True), ("IE", "D02 X285", True), ("US", "10001-1234", True),
    ],
)  # fmt: skip
def test_w20_a_postcode_is_judged_by_the_pattern_of_its_country_however_it_is_typed(
    country: str, typed: str, is_right: bool
) -> None:
    assert postcodes.fits(country, typed) is is_right


@pytest.mark.parametrize("domain", sorted(mail_domains.COMMON | mail_domains.REAL))
def test_w20_no_real_mail_domain_is_taken_for_a_mistyped_one(domain: str) -> None:
    assert mail_domains.meant_by(f"ada@{domain}") == ""


def test_w20_every_finding_says_its_reason_and_keeps_nothing_of_the_address() -> None:
    wrong = [
        BERLIN._replace(street="Lindenallee"), BERLIN._replace(postcode="1082"), BERLIN._replace(postcode=""),
        BERLIN._replace(city=""),
        BERLIN._replace(street="", addition="Hinterhaus"), BERLIN._replace(city="München"),
        BERLIN._replace(city="10827 Berlin"),
        BERLIN._replace(street="Packstation", addition=""), BERLIN._replace(name="Hauptstraße 12", street=""),
    ]  # fmt: skip
    said = {}
    for address in wrong:
        for finding in check(address, "ada@gmial.com"):
            said[finding.text] = told(finding, address, "ada@gmial.com").in_language("en")
    assert said["house-number"] == "House number missing: “Lindenallee”"
    assert said["postcode form"] == "“1082” does not look like a postcode there, such as 26133."
    assert said["postcode-town Berlin"] == "10827 belongs to Berlin, not to München."
    assert said["email-domain gmail.com"] == "E-mail: “gmial.com” may be mistyped for gmail.com."
    assert "Something in this address looks wrong." not in said.values()
    assert not any("Lindenallee" in text or "1082" in text for text in said)


def test_w20_an_address_that_says_no_place_is_not_judged() -> None:
    assert kinds(Address(name="Ada", country="DE")) == []
    assert kinds(Address("田中 蓮", "", "丸の内1丁目", "", "100-0005", "東京", "", "JP")) == []
