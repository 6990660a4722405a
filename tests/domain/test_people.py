"""Colleagues, sessions, lock-out and API keys (SEC-1, SEC-2, SEC-3, AUD-1)."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from statistics import median
from threading import Barrier
from time import perf_counter
from typing import Any

import pytest
from databases import OWNER, READER, WAREHOUSE
from pwdlib import PasswordHash
from sqlalchemy import event
from sqlmodel import select

from backoffice_app import db
from backoffice_app.domain import people
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.facts import sentence_of
from backoffice_app.domain.core.rights import COMMAND, RIGHTS_OF, Right, Role
from backoffice_app.domain.core.shop import SETTINGS, Regional, load_shop, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import history_of, verify_chain
from backoffice_app.domain.people import passwords
from backoffice_app.domain.people.accounts import add_hashed, usual_language
from backoffice_app.domain.people.attempts import Guess, SignInPaused
from backoffice_app.domain.people.preferences import CHANGES_A_MINUTE
from backoffice_app.domain.people.views import people_page
from backoffice_app.models import ApiKey, History, HistoryPersonal, SignInAttempt, User, UserSession
from backoffice_app.settings import settings

ADA, PASSWORD = "ada@example.com", "correct horse battery"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@cache
def hash_of(password: str) -> str:
    """Hashed once for all tests: it takes half a second."""
    return passwords.hashed(password)


def person(email: str = ADA, role: Role = Role.STAFF, password: str = PASSWORD) -> int:
    """A colleague with this role."""
    with work(COMMAND) as w:
        return add_hashed(
            w,
            email=email,
            name=email.partition("@")[0].title(),
            role=role,
            password_hash=hash_of(password),
            language="de",
        )


def come_in(email: str = ADA, password: str = PASSWORD, address: str = "192.0.2.7") -> str:
    """A sign-in from somewhere."""
    return people.sign_in(email, password, address, "Firefox")


def facts() -> list[str]:
    """All that the history says, in English."""
    with db.reading() as session:
        rows = session.exec(
            select(History, HistoryPersonal).outerjoin(HistoryPersonal).order_by(History.sequence)
        ).all()
        values = [(row, json.loads(row.data) | (json.loads(own.data) if own else {})) for row, own in rows]
        return [
            sentence_of(row.kind, value).format(actor=row.actor_name).in_language("en")
            for row, value in values
        ]


def at_once(count: int, call: Callable[[], object]) -> list[object]:
    """What each of `count` threads got that call at the same moment, refusals among it."""
    ready = Barrier(count)

    def one() -> object:
        ready.wait()
        try:
            return call()
        except Refused as no:
            return no

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(one) for _n in range(count)]]


def test_sec1_the_right_password_opens_a_session_with_the_rights_of_the_role(database: str) -> None:
    id_ = person(role=Role.WAREHOUSE)

    actor = people.actor_of_session(come_in(" ADA@Example.com "))

    assert actor is not None
    assert (actor.id, actor.name, actor.email, actor.language, actor.role) == (
        id_,
        "Ada",
        ADA,
        "de",
        Role.WAREHOUSE,
    )
    assert actor.rights == RIGHTS_OF[Role.WAREHOUSE]


@pytest.mark.parametrize(
    ("email", "password"),
    [(ADA, "wrong"), ("nobody@example.com", PASSWORD), ("", ""), (ADA, "x" * 100_000), ("a\0b", "\0")],
)
def test_sec1_a_wrong_password_and_an_unknown_e_mail_are_told_the_same(
    database: str, email: str, password: str
) -> None:
    person()

    with pytest.raises(Refused) as no:
        come_in(email, password)

    assert str(no.value) == "The e-mail or the password is wrong."


def test_sec1_the_token_is_nowhere_stored(sqlite: str) -> None:
    person()
    token = come_in()

    with db.reading() as session:
        stored = session.exec(select(UserSession)).one()

    assert token not in stored.model_dump_json()
    assert stored.user_agent == "Firefox"


def test_sec1_an_unknown_e_mail_takes_as_long_as_a_wrong_password(
    sqlite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_ARGON2", PasswordHash.recommended())
    hash_of.cache_clear()
    person()
    hash_of.cache_clear()
    took: dict[str, list[float]] = {ADA: [], "nobody@example.com": []}
    for _round in range(3):
        for email, times in took.items():
            start = perf_counter()
            with pytest.raises(Refused):
                come_in(email, "wrong", address=f"192.0.2.{_round}")
            times.append(perf_counter() - start)

    known, unknown = (median(times) for times in took.values())

    assert 0.4 < unknown / known < 2.5


def test_sec1_the_hash_for_nobody_is_made_like_all_others() -> None:
    assert not PasswordHash.recommended().current_hasher.check_needs_rehash(passwords.NOBODYS)
    assert passwords.check("anything", None) == (False, None)


def test_sec1_five_failures_pause_the_account_longer_and_longer(database: str) -> None:
    person()
    waited = []
    now = MONDAY
    for failure in range(1, 11):
        with clock.at(now):
            with pytest.raises(Refused) as no:
                come_in(password="wrong", address=f"192.0.2.{failure}")
            assert not isinstance(no.value, SignInPaused)
            left = Guess.of(ADA, "198.51.100.1")
            with db.reading() as session:
                waited.append(left.seconds_left(session, now) // 60)
        now += timedelta(minutes=waited[-1], seconds=1)

    assert waited == [0, 0, 0, 0, 1, 2, 4, 8, 15, 15]


def test_sec1_during_the_pause_not_even_the_right_password_is_let_in_and_the_wait_is_said(
    database: str,
) -> None:
    person()
    with work(COMMAND) as w:
        w.session.add_all(
            SignInAttempt(key=f"account:{ADA}", at=MONDAY + timedelta(seconds=n)) for n in range(7)
        )
    with clock.at(MONDAY + timedelta(seconds=30)), pytest.raises(SignInPaused) as no:
        come_in()

    assert no.value.seconds == 6 + 240 - 30
    assert str(no.value) == "Too many wrong passwords. Try again in 4 minutes."
    with clock.at(MONDAY + timedelta(minutes=5)):
        assert people.actor_of_session(come_in())
    with db.reading() as session:
        assert session.exec(select(SignInAttempt).where(SignInAttempt.key == f"account:{ADA}")).all() == []


def test_sec1_the_pause_of_one_account_stops_no_other(database: str) -> None:
    person()
    person("ben@example.com")
    with work(COMMAND) as w:
        w.session.add_all(SignInAttempt(key=f"account:{ADA}", at=clock.now()) for _n in range(9))

    assert come_in("ben@example.com")


@pytest.mark.parametrize(
    ("address", "is_stopped"), [("2001:db8:1:2:ffff::9", True), ("2001:db8:1:3::1", False)]
)
def test_sec1_thirty_failures_pause_an_address_for_all_accounts(
    database: str, address: str, is_stopped: bool
) -> None:
    person()
    with work(COMMAND) as w:
        w.session.add_all(SignInAttempt(key="address:2001:db8:1:2::/64", at=clock.now()) for _n in range(30))

    if is_stopped:
        with pytest.raises(SignInPaused):
            come_in(address=address)
    else:
        assert come_in(address=address)


def test_sec1_of_many_guesses_at_once_five_are_answered(database: str) -> None:
    person()

    answers = at_once(12, lambda: come_in(password="wrong"))

    assert len([a for a in answers if not isinstance(a, SignInPaused)]) == 5


def test_sec1_many_who_know_the_password_come_in_at_once(database: str) -> None:
    person()

    tokens = at_once(8, come_in)

    assert all(people.actor_of_session(str(token)) for token in tokens)


def test_sec1_signing_out_ends_this_session_at_once_and_no_other(database: str) -> None:
    person()
    here, there = come_in(), come_in()

    people.end_session(here)

    assert people.actor_of_session(here) is None
    assert people.actor_of_session(there)


def test_sec1_signing_out_everywhere_ends_all(database: str) -> None:
    id_ = person()
    tokens = [come_in(), come_in()]
    ada = people.actor_of_session(tokens[0])
    assert ada is not None

    assert people.sign_out_everywhere(ada, id_) == 2

    assert [people.actor_of_session(token) for token in tokens] == [None, None]
    assert facts()[-1] == "Ada signed Ada out everywhere."


def test_sec1_only_the_owner_signs_others_out(database: str) -> None:
    id_ = person()

    with pytest.raises(Refused):
        people.sign_out_everywhere(READER, id_)


@pytest.mark.parametrize(("later", "lives"), [(timedelta(hours=11), True), (timedelta(hours=13), False)])
def test_sec1_a_session_ends_when_it_is_idle(sqlite: str, later: timedelta, lives: bool) -> None:
    person()
    with clock.at(MONDAY):
        token = come_in()

    with clock.at(MONDAY + later):
        assert bool(people.actor_of_session(token)) is lives


def test_sec1_a_session_that_is_used_ends_after_thirty_days(sqlite: str) -> None:
    person()
    with clock.at(MONDAY):
        token = come_in()
    for half_day in range(1, 66):
        with clock.at(MONDAY + half_day * timedelta(hours=11)):
            assert people.actor_of_session(token)
    with clock.at(MONDAY + timedelta(days=30, hours=1)):
        assert people.actor_of_session(token) is None


def test_sec2_a_look_up_is_one_query_and_writes_once_a_minute(database: str) -> None:
    person()
    with clock.at(MONDAY):
        token = come_in()
    said: list[str] = []
    event.listen(db.engine(), "before_cursor_execute", lambda *given: said.append(given[2].split()[0]))

    with clock.at(MONDAY + timedelta(seconds=59)):
        people.actor_of_session(token)
    assert [s for s in said if s in {"SELECT", "UPDATE"}] == ["SELECT"]
    with clock.at(MONDAY + timedelta(seconds=61)):
        people.actor_of_session(token)
        people.actor_of_session(token)
    assert [s for s in said if s in {"SELECT", "UPDATE"}] == ["SELECT", "SELECT", "UPDATE", "SELECT"]


def test_sec2_a_look_up_waits_for_no_long_import(sqlite: str) -> None:
    person()
    with clock.at(MONDAY):
        token = come_in()
    with work(COMMAND) as w, clock.at(MONDAY + timedelta(hours=1)):
        w.session.add(SignInAttempt(key="import", at=MONDAY))
        w.session.flush()
        start = perf_counter()
        with ThreadPoolExecutor(1) as other:
            moment = clock.now()

            def look() -> object:
                with clock.at(moment):
                    return people.actor_of_session(token)

            assert other.submit(look).result()
        assert perf_counter() - start < 5


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "ü\0", "' or 1=1"])
def test_sec2_a_made_up_token_is_nobody(database: str, token: str) -> None:
    assert people.actor_of_session(token) is None
    assert people.actor_of_api_key(token) is None


def test_sec1_a_new_role_counts_from_the_next_click_on(database: str) -> None:
    id_ = person()
    token = come_in()

    people.change_role(COMMAND, id_, Role.READ_ONLY)

    actor = people.actor_of_session(token)
    assert actor is not None
    assert actor.rights == RIGHTS_OF[Role.READ_ONLY]
    assert facts()[-1] == "kontor command changed the role of Ada from Staff to Read-only."


def test_sec1_who_is_retired_is_out_at_once_and_can_come_back(database: str) -> None:
    person("olga@example.com", Role.OWNER)
    id_ = person()
    token = come_in()

    people.retire_user(COMMAND, id_)

    assert people.actor_of_session(token) is None
    with pytest.raises(Refused):
        come_in()
    with pytest.raises(NotFound):
        people.change_role(COMMAND, id_, Role.OWNER)
    assert people.add_user(COMMAND, email=ADA, name="Ada", role=Role.STAFF, password=PASSWORD) == id_
    assert come_in()


def test_sec1_the_last_owner_stays(database: str) -> None:
    olga = person("olga@example.com", Role.OWNER)
    ada = person()

    for take_away in (people.retire_user, lambda actor, who: people.change_role(actor, who, Role.STAFF)):
        with pytest.raises(Refused, match="last owner"):
            take_away(COMMAND, olga)
    people.change_role(COMMAND, ada, Role.OWNER)
    people.retire_user(COMMAND, olga)

    assert [user.email for user in people.users()] == [ADA]


def test_sec1_two_owners_who_retire_each_other_leave_one(database: str) -> None:
    ids = [person("olga@example.com", Role.OWNER), person("omar@example.com", Role.OWNER)]

    answers = at_once(2, lambda: people.retire_user(COMMAND, ids.pop()))

    assert len([a for a in answers if isinstance(a, Refused)]) == 1
    assert len(people.users()) == 1


def test_a16_who_changes_the_own_password_takes_another_one(database: str) -> None:
    id_ = person()
    token = come_in()
    ada = people.actor_of_session(token)
    assert ada is not None
    assert ada.id == id_

    with pytest.raises(Invalid, match="already") as refused:
        people.change_own_password(ada, PASSWORD, PASSWORD, token, "")

    assert refused.value.field == "password"
    assert people.actor_of_session(token) == ada, "nothing was done"


def test_sec1_a_new_password_ends_all_sessions(database: str) -> None:
    id_ = person()
    token = come_in()

    people.set_password(COMMAND, id_, "another long password")

    assert people.actor_of_session(token) is None
    assert come_in(password="another long password")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("email", "no mail"),
        ("email", ADA),
        ("name", " \n"),
        ("password", "elevenchars"),
        ("password", "ben@example.com"),
        ("password", "a" * 30),
    ],
)
def test_sec1_what_is_wrong_with_a_new_colleague_is_said(database: str, field: str, wrong: str) -> None:
    person()
    given = {"email": "ben@example.com", "name": "Ben", "password": PASSWORD} | {field: wrong}

    with pytest.raises(Invalid) as no:
        people.add_user(COMMAND, role=Role.STAFF, **given)

    assert no.value.field == field


@pytest.mark.parametrize(
    "change",
    [
        lambda: people.add_user(
            WAREHOUSE, email="x@example.com", name="X", role=Role.OWNER, password=PASSWORD
        ),
        lambda: people.change_role(WAREHOUSE, 1, Role.OWNER),
        lambda: people.retire_user(WAREHOUSE, 1),
        lambda: people.set_password(WAREHOUSE, 1, PASSWORD),
        lambda: people.create_api_key(WAREHOUSE, "mine", ["orders:write"]),
        lambda: people.revoke_api_key(WAREHOUSE, 1),
    ],
)
def test_sec2_people_and_keys_are_changed_by_the_owner_alone(
    sqlite: str, change: Callable[[], object]
) -> None:
    person(role=Role.WAREHOUSE)

    with pytest.raises(Refused, match="do not have the right"):
        change()


def test_sec3_the_first_start_makes_one_owner_however_many_try(database: str) -> None:
    answers = at_once(
        20, lambda: people.create_owner(email=f"{perf_counter()}@example.com", name="Olga", password=PASSWORD)
    )

    assert len([a for a in answers if isinstance(a, int)]) == 1
    assert [str(a) for a in answers if not isinstance(a, int)] == ["Kontor is set up already. Sign in."] * 19
    assert [user.role for user in people.users()] == [Role.OWNER]
    assert facts()[-1] == "Olga set up Kontor as its owner."


def test_sec3_there_are_no_demo_accounts_outside_the_demo(sqlite: str) -> None:
    with pytest.raises(AssertionError):
        people.create_demo_accounts()

    assert not people.has_users()


def test_sec3_the_demo_has_one_account_of_each_role_and_its_password_is_worth_nothing_elsewhere(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONTOR_DEMO", "1")
    settings.cache_clear()
    people.create_demo_accounts()
    people.create_demo_accounts()

    assert {user.role for user in people.users()} == {*Role}
    assert len(people.users()) == 5
    assert come_in("owner@demo.test", people.DEMO_PASSWORD)
    monkeypatch.delenv("KONTOR_DEMO")
    settings.cache_clear()
    with pytest.raises(Refused):
        come_in("owner@demo.test", people.DEMO_PASSWORD)


@pytest.mark.parametrize(
    ("scopes", "rights"),
    [
        (["orders:write"], {Right.ORDERS_WRITE}),
        (["orders:read"], {Right.ORDERS_READ}),
        (["orders:write", "orders:read"], {Right.ORDERS_READ, Right.ORDERS_WRITE}),
    ],
)
def test_sec2_an_api_key_holds_its_scopes_until_it_is_revoked(
    database: str, scopes: list[str], rights: set[Right]
) -> None:
    key = people.create_api_key(COMMAND, "Web shop", scopes)

    actor = people.actor_of_api_key(key)

    assert actor is not None
    assert (actor.name, actor.rights) == ("Web shop", rights)
    assert key.startswith(f"kt_{actor.id}_")
    people.revoke_api_key(COMMAND, actor.id)
    assert people.actor_of_api_key(key) is None
    assert facts()[-2:] == [
        f"kontor command created the API key Web shop with the scopes {' '.join(sorted(scopes))}.",
        "kontor command revoked the API key Web shop.",
    ]


@pytest.mark.parametrize("scopes", [[], ["settings"], ["orders:write", "users"]])
def test_sec2_there_are_no_other_scopes(sqlite: str, scopes: list[str]) -> None:
    with pytest.raises(Invalid) as no:
        people.create_api_key(COMMAND, "Web shop", scopes)

    assert no.value.field == "scopes"


def test_l1_language_and_look_are_kept_for_the_next_sign_in(database: str) -> None:
    person()
    ada = people.actor_of_session(come_in())
    assert ada is not None

    people.set_language(ada, "en")
    people.set_language(ada, "en")
    people.set_theme(ada, "dark")

    again = people.actor_of_session(come_in())
    assert again is not None
    assert again.language == "en"
    assert facts()[-2:] == [
        "Ada changed the language from de to en.",
        "Ada changed the look from system to dark.",
    ]
    with pytest.raises(Invalid):
        people.set_language(ada, "tlh")


def test_wcag_single_keys_are_switched_off_and_it_is_in_the_history(database: str) -> None:
    person()
    ada = people.actor_of_session(come_in())
    assert ada is not None
    assert ada.single_keys

    people.set_single_keys(ada, False)
    people.set_theme(ada, "dark")

    again = people.actor_of_session(come_in())
    assert again is not None
    assert (again.single_keys, again.theme) == (False, "dark")
    people.set_single_keys(ada, True)
    assert facts()[-3:] == [
        "Ada switched single-key shortcuts off.",
        "Ada changed the look from system to dark.",
        "Ada switched single-key shortcuts on.",
    ]


def test_aud1_nobody_floods_the_history_with_changes_of_settings(database: str) -> None:
    with clock.at(MONDAY - timedelta(hours=1)):
        person()
        ada = people.actor_of_session(come_in())
    assert ada is not None
    before = len(facts())

    with clock.at(MONDAY):
        for change in range(CHANGES_A_MINUTE):
            people.set_language(ada, ("en", "de")[change % 2])
        with pytest.raises(Refused) as no:
            people.set_language(ada, "en")

    assert (
        no.value.reason.in_language("en")
        == "You changed your settings very often just now. Try again in a minute."
    )
    assert len(facts()) - before == CHANGES_A_MINUTE
    with clock.at(MONDAY + timedelta(minutes=1)):
        people.set_single_keys(ada, False)
    assert facts()[-1] == "Ada switched single-key shortcuts off."


def test_aud1_no_password_token_or_key_is_in_the_history_and_its_chain_holds(database: str) -> None:
    id_ = people.add_user(COMMAND, email=ADA, name="Ada", role=Role.OWNER, password=PASSWORD)
    token = come_in()
    key = people.create_api_key(COMMAND, "Web shop", ["orders:read"])
    people.set_password(COMMAND, id_, "another long password")

    with db.reading() as session:
        rows = [
            row.model_dump_json()
            for kind in (History, HistoryPersonal)
            for row in session.exec(select(kind)).all()
        ]
        hashes = [session.exec(select(User.password_hash)).one(), session.exec(select(ApiKey.digest)).one()]
        assert [step for step in verify_chain(session) if not isinstance(step, int)] == []
    assert facts()[0] == "kontor command added Ada (ada@example.com) as Owner."
    for secret in (PASSWORD, "another long password", token, key, *hashes):
        assert secret not in "".join(rows)


def test_c17_the_owner_changes_name_e_mail_and_language_of_a_colleague(database: str) -> None:
    id_ = person()
    token = come_in()

    people.change_user(COMMAND, id_, name=" Ada Kovač ", email="Ada.Kovac@Example.com", language="en")

    actor = people.actor_of_session(token)
    assert actor is not None
    assert (actor.name, actor.email, actor.language) == ("Ada Kovač", "ada.kovac@example.com", "en")
    assert facts()[-3:] == [
        "kontor command changed the name of Ada to Ada Kovač.",
        f"kontor command changed the e-mail of Ada Kovač from {ADA} to ada.kovac@example.com.",
        "kontor command changed the language of Ada Kovač from de to en.",
    ]
    told = len(facts())
    people.change_user(COMMAND, id_, language="en")
    assert len(facts()) == told
    with pytest.raises(Refused):
        people.change_user(WAREHOUSE, id_, name="Eve")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("email", "no address"),
        ("email", "olga@example.com"),
        ("language", "xx"),
        ("language", ""),
    ],
)
def test_c17_what_is_wrong_is_named_and_nothing_is_changed(database: str, field: str, value: str) -> None:
    person("olga@example.com", Role.OWNER)
    id_ = person()

    with pytest.raises(Invalid) as wrong:
        people.change_user(COMMAND, id_, **{"name": "Other", field: value})  # type: ignore[arg-type]

    assert wrong.value.field == field
    assert [one.name for one in people.users()].count("Other") == 0


def test_c17_a_new_colleague_begins_in_the_language_of_the_first_owner(database: str) -> None:
    assert usual_language() == "en"
    people.create_owner(email="olga@example.com", name="Olga", password=PASSWORD, language="de")
    person("second@example.com", Role.OWNER)

    assert usual_language() == "de"
    assert people_page(OWNER, "de").language == "de"


def test_sec3_l3_a_shop_writes_in_the_language_in_which_it_was_set_up(database: str) -> None:
    people.create_owner(email="olga@example.com", name="Olga", password=PASSWORD, language="de")
    with db.reading() as session:
        assert load_shop(session).regional == Regional(language="de")
        [told] = [one.sentence for one in history_of(session, (SETTINGS, 0), OWNER, "en", "UTC")]
    assert told == "Olga changed Language of the shop (Languages) from en to de."


def test_sec3_l3_a_language_that_was_chosen_before_the_owner_came_stays(database: str) -> None:
    with work(COMMAND) as w:
        save_section(w.session, "regional", Regional(language="nl"))
    people.create_owner(email="olga@example.com", name="Olga", password=PASSWORD, language="de")
    with db.reading() as session:
        assert load_shop(session).regional.language == "nl"


def test_c17_the_accounts_of_the_demo_speak_the_language_of_the_browser(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "demo", True)
    people.create_demo_accounts()

    def speaks(email: str, language: str) -> str:
        actor = people.actor_of_session(
            people.sign_in(email, people.DEMO_PASSWORD, "127.0.0.1", "", language=language)
        )
        assert actor is not None
        return actor.language

    assert speaks("owner@demo.test", "de") == "de"
    assert speaks("owner@demo.test", "en") == "de"
    assert speaks("staff@demo.test", "ja") == "en"


def test_p1_who_it_is_asks_without_a_transaction_around_it(database: str) -> None:
    """PostgreSQL asks a round trip for beginning and ending one; the connection goes back as it came."""
    if database.startswith("postgresql"):
        with db.reading_plainly() as connection:
            connection.exec_driver_sql("SELECT 1")
            raw: Any = connection.connection.driver_connection
            assert raw.info.transaction_status.name == "IDLE"
    assert people.actor_of_session("nobody's") is None
    with db.reading() as session:
        assert session.connection().get_isolation_level() in {"REPEATABLE READ", "SERIALIZABLE"}
