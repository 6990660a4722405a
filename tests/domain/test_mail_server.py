"""The mail server that the owner chooses, and what becomes of its password (M-4, SEC-2, AUD-1)."""

import json
import stat
from pathlib import Path

import pytest
from databases import BEN, OWNER, TestShop
from sqlmodel import Session, col, select

from backoffice_app import db, kept_secrets
from backoffice_app.domain import settings as shop_settings
from backoffice_app.domain.core.actions import perform, preview
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.facts import sentence_of
from backoffice_app.domain.core.meanwhile import Meanwhile
from backoffice_app.domain.core.shop import MailServer, load_shop
from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail import write
from backoffice_app.domain.mail.server import PasswordLost, chosen_server
from backoffice_app.domain.order import ORDER
from backoffice_app.models import History, HistoryPersonal, Setting
from backoffice_app.settings import settings

PASSWORD = "s3hr geheim & länger"
CHOSEN = {"host": "mail.example.com", "port": "", "tls": "STARTTLS", "user": "shop", "password": PASSWORD}


def choose(**typed: str) -> None:
    """Saves the form of the mail server as it is shown now, with some fields typed over."""
    seen = shop_settings.settings_page(OWNER).forms["mailserver"]
    shop_settings.save(OWNER, shop_settings.MAILSERVER, {**seen, "password": "", **typed}, seen)


def stored() -> MailServer:
    with db.reading() as session:
        return load_shop(session).mailserver


def files(folder: Path) -> list[Path]:
    """What is kept in the data folder."""
    return sorted((folder / kept_secrets.FOLDER).glob("*"))


def told() -> list[str]:
    """What the history tells of the settings, in English."""
    with Session(db.engine()) as session:
        rows = session.exec(
            select(History).where(History.subject == "setting").order_by(col(History.sequence))
        ).all()
        return [
            sentence_of(row.kind, json.loads(row.data)).format(actor=row.actor_name).in_language("en")
            for row in rows
        ]


def test_m4_the_server_is_kept_and_the_password_lies_in_a_file_for_its_owner_alone(
    shop: TestShop, tmp_path: Path
) -> None:
    choose(**CHOSEN)

    assert chosen_server() == (stored(), PASSWORD)
    assert (stored().host, stored().at, stored().tls, stored().user) == (
        "mail.example.com",
        587,
        "STARTTLS",
        "shop",
    )
    [file] = files(tmp_path)
    assert (file.name, file.read_text()) == (stored().password, PASSWORD)
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)


def test_sec2_the_password_is_in_no_row_no_history_and_no_page(shop: TestShop, tmp_path: Path) -> None:
    choose(**CHOSEN)
    choose(password=PASSWORD + "2")

    page = shop_settings.settings_page(OWNER)
    assert page.forms["mailserver"] == {
        "host": "mail.example.com",
        "port": "",
        "tls": "STARTTLS",
        "user": "shop",
    }
    assert page.secrets == {"mailserver/password": "kept"}
    assert told()[-2:] == ["Olga Owner entered Password (Mail server)."] * 2
    with Session(db.engine()) as session:
        rows = [
            *session.exec(select(History)),
            *session.exec(select(HistoryPersonal)),
            *session.exec(select(Setting)),
        ]
        assert not [row for row in rows if "geheim" in str(row.model_dump())]
    if settings().database.startswith("sqlite"):
        assert not [file for file in tmp_path.glob("kontor.sqlite3*") if b"geheim" in file.read_bytes()]
    assert stored().password not in repr(page), "not even what its file is called"


def test_m4_what_is_left_empty_stays_and_a_new_password_takes_the_place_of_the_old_one(
    shop: TestShop, tmp_path: Path
) -> None:
    choose(**CHOSEN)
    before = stored()

    choose()
    assert stored() == before
    choose(password="another one")

    assert chosen_server()[1] == "another one"
    assert [file.name for file in files(tmp_path)] == [stored().password]


@pytest.mark.parametrize(
    "elsewhere",
    [{"host": "evil.example.net"}, {"port": "2525"}, {"tls": "none"}, {"tls": "TLS"}, {"user": "admin"}],
    ids=["host", "port", "no encryption", "TLS", "user"],
)
def test_sec2_a_kept_password_goes_only_where_it_was_meant_for(
    shop: TestShop, elsewhere: dict[str, str]
) -> None:
    choose(**CHOSEN)
    before = stored()

    with pytest.raises(Invalid) as no:
        choose(**elsewhere)
    assert (no.value.field, stored(), chosen_server()[1]) == ("password", before, PASSWORD)
    with pytest.raises(Invalid) as no:
        perform(OWNER, "save-mailserver", 0, elsewhere)
    assert no.value.field == "password"
    choose(**elsewhere, password="for the other one")

    assert chosen_server()[1] == "for the other one"


def test_m4_the_usual_port_written_out_is_the_same_server(shop: TestShop) -> None:
    choose(**CHOSEN)
    choose(port="587")
    assert (stored().port, chosen_server()[1]) == ("587", PASSWORD)


def test_w16_a_password_is_never_kept_for_a_server_that_a_colleague_chose_meanwhile(
    shop: TestShop, tmp_path: Path
) -> None:
    choose(**CHOSEN)
    seen = shop_settings.settings_page(OWNER).forms["mailserver"]
    choose(host="other.example.com", password="for the other one")

    with pytest.raises(Meanwhile) as no:
        shop_settings.save(OWNER, shop_settings.MAILSERVER, {**seen, "password": "for the first one"}, seen)

    assert (no.value.field, no.value.stored, chosen_server()[1]) == (
        "host",
        "other.example.com",
        "for the other one",
    )
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize(("name", "typed"), [("user", ""), ("host", "")])
def test_m4_without_user_or_server_the_password_is_forgotten(
    shop: TestShop, tmp_path: Path, name: str, typed: str
) -> None:
    choose(**CHOSEN)
    choose(**{name: typed})

    assert (stored().password, files(tmp_path)) == ("", [])
    assert told()[-1] == "Olga Owner removed Password (Mail server)."
    with pytest.raises(Invalid) as no:
        choose(host="mail.example.com", user="shop")
    assert no.value.field == "password"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"host": ""}, "host"),
        ({"user": ""}, "user"),
        ({"password": ""}, "password"),
        ({"password": "a\nb"}, "password"),
    ],
)
def test_m4_what_belongs_together_is_asked_for(
    small_shop: TestShop, tmp_path: Path, typed: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as no:
        choose(**CHOSEN | typed)
    assert no.value.field == field
    assert (stored(), files(tmp_path)) == (MailServer(), [])


WRONG_HOSTS = [
    "mail example.com",
    "mail.example.com:25",
    "smtp://mail.example.com",
    "user@mail.example.com",
    "mail.example.com/x",
    "mail.example.com\r\nRCPT TO:<a@b.test>",
    "mail\x00.example.com",
    "mail\x1b[31m.example.com",
    "-mail.example.com",
    "mail..example.com",
    "[::1",
    "fe80::1%eth0",
    "2130706433",
    "127.1",
    "0x7f.0.0.1",
    "0177.0.0.0x1",
    "a" * 64 + ".example.com",
    "a." * 130 + "com",
    "<mail.example.com>",
    "file:///etc/passwd",
    ".",
    "[",
]


@pytest.mark.parametrize("typed", WRONG_HOSTS)
def test_sec2_what_is_no_name_of_a_server_is_refused_at_its_field(small_shop: TestShop, typed: str) -> None:
    with pytest.raises(Invalid) as no:
        choose(host=typed)
    assert (no.value.field, stored()) == ("host", MailServer())
    assert no.value.reason.in_language("en")


@pytest.mark.parametrize("typed", ["0", "65536", "99999", "-25", "25.0", "٢٥", "1e3", "abc", "25 26"])
def test_sec2_what_is_no_port_is_refused_at_its_field(small_shop: TestShop, typed: str) -> None:
    with pytest.raises(Invalid) as no:
        choose(host="mail.example.com", port=typed)
    assert (no.value.field, stored()) == ("port", MailServer())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Mail.Example.com", "mail.example.com"),
        ("mail.example.com.", "mail.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("localhost", "localhost"),
        ("mail_1", "mail_1"),
        ("192.0.2.7", "192.0.2.7"),
        ("[2001:DB8::1]", "2001:db8::1"),
    ],
)
def test_m4_a_server_is_kept_as_the_network_knows_it(small_shop: TestShop, typed: str, kept: str) -> None:
    choose(host=typed)
    assert stored().host == kept


def test_m4_the_server_of_the_environment_goes_first_and_is_not_changed_here(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONTOR_SMTP_URL", "smtp://127.0.0.1:9")
    settings.cache_clear()
    with pytest.raises(Refused, match="KONTOR_SMTP_URL"):
        choose(host="mail.example.com")
    shop_settings.save(OWNER, shop_settings.MAILING, {"bcc": "a@example.com"}, {})
    with db.reading() as session:
        assert load_shop(session).mailing.bcc == "a@example.com"


def test_sec2_only_the_owner_chooses_the_server(small_shop: TestShop, tmp_path: Path) -> None:
    for do in (perform, preview):
        with pytest.raises(Refused):
            do(BEN, "save-mailserver", 0, CHOSEN)
    assert (stored(), files(tmp_path)) == (MailServer(), [])


def test_st3_a_preview_writes_no_secret_to_the_disk(small_shop: TestShop, tmp_path: Path) -> None:
    assert preview(OWNER, "save-mailserver", 0, CHOSEN).changed
    assert (stored(), files(tmp_path)) == (MailServer(), [])


def test_m4_a_password_that_is_lost_is_named_and_can_be_written_again(shop: TestShop, tmp_path: Path) -> None:
    choose(**CHOSEN)
    [file] = files(tmp_path)
    file.unlink()

    assert shop_settings.settings_page(OWNER).secrets == {"mailserver/password": "lost"}
    with pytest.raises(PasswordLost):
        chosen_server()
    choose(password=PASSWORD)
    assert chosen_server()[1] == PASSWORD


def test_sec2_a_name_that_was_put_into_the_database_reads_no_other_file(
    small_shop: TestShop, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("the key of the tabs")
    assert [kept_secrets.read(name) for name in ("../secret", "/etc/passwd", "", "0" * 31, "A" * 32)] == [
        None
    ] * 5
    kept_secrets.forget("../secret")
    assert (tmp_path / "secret").exists()


def test_m4_mails_wait_once_a_server_is_chosen(shop: TestShop) -> None:
    states = []
    for host in ("", "mail.example.com"):
        choose(host=host)
        with work(OWNER) as w:
            mail = write(w, mail_kinds.SHIPPED, w.lock(ORDER, shop.order().id or 0), about="test")
            assert mail is not None
            states.append(mail.state)
    assert states == ["no-server", "waiting"]
