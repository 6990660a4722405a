"""The password of the mail server, looked for from outside: in what tabs, pages, API, exports, logs and database hold
(M-4, SEC-2).
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from attacker import ROOT, Socket
from serving import Server, running, until

from backoffice_app.domain.core.shown import Shown
from backoffice_app.state.settings_shop import SETTINGS

SHOP = f"{ROOT}.backoffice_app___state___settings_shop____shop_state"
MAILS = f"{ROOT}.backoffice_app___state___settings_mail____mail_settings_state"
PASSWORD = "Xq7-wiesel-Xq7"
ABOUT = Shown(SETTINGS, "mailserver").text
FORM = {"host": "127.0.0.1", "port": "1", "tls": "none", "user": "shop@example.com", "password": PASSWORD}
PAGES = (
    "/settings/mail",
    "/settings/plugins",
    "/outbox",
    "/orders",
    "/health",
    "/ready",
    "/metrics",
    "/openapi.json",
)
EXPORTS = (
    "/invoices.csv",
    "/invoices-vat.csv",
    "/payments.csv",
    "/shipments.csv",
    "/customers.csv",
    "/products.csv",
    "/tasks.csv",
    "/tickets.csv",
    "/returns.csv",
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo shop of its own: its mail server is chosen here."""
    with running(
        tmp_path_factory.mktemp("password"), "demo", "--orders", "3", KONTOR_UNDO_SECONDS="0"
    ) as found:
        yield found


def on_the_page(shop: Server, email: str = "owner@demo.test") -> Socket:
    return Socket(shop, shop.cookie(email), path="/settings/mail")


async def opened(tab: Socket) -> dict[str, str]:
    """What the form of the server starts with."""
    await tab.send(f"{SHOP}.load")
    await tab.until(lambda: bool(tab.value(SHOP, "ready_rx_state_")))
    shown = tab.value(SHOP, "seen_rx_state_")
    assert isinstance(shown, dict)
    return dict(shown["mailserver"])


async def save(tab: Socket, seen: object, **typed: object) -> None:
    await tab.send(f"{SHOP}.save_mailserver", about=ABOUT, seen=seen, values={**FORM, **typed})
    await tab.settle()


def wrong(tab: Socket) -> list[str]:
    """The fields that something is said to be wrong with."""
    said = tab.value(SHOP, "errors_rx_state_")
    return sorted(said) if isinstance(said, dict) else []


def left_in(shop: Server) -> list[str]:
    """The files of the shop that hold the password, but the one that is made for it."""
    return [str(file) for file in holding(shop, PASSWORD) if file.parent.name != "passwords"]


def holding(shop: Server, text: str) -> list[Path]:
    """The files of the shop that hold `text`. One that is being written may get its name while it is looked at."""
    found = []
    for file in shop.data_dir.rglob("*"):
        with suppress(FileNotFoundError):
            if file.is_file() and text.encode() in file.read_bytes():
                found.append(file)
    return found


def test_sec2_the_password_goes_to_the_server_and_never_comes_back(shop: Server) -> None:
    async def work() -> None:
        async with on_the_page(shop) as owner:
            seen = await opened(owner)
            await save(owner, seen, host="mail example.com")
            await owner.until(lambda: wrong(owner) == ["host"])
            await save(owner, seen)
            await owner.until(
                lambda: owner.value(SHOP, "secrets_rx_state_") == {"mailserver/password": "kept"}
            )
            await save(owner, {**FORM, "password": ""}, host="evil.example.net", password="")
            await owner.until(lambda: wrong(owner) == ["password"])
            await owner.send(f"{MAILS}.try_it", about=ABOUT, values={"recipient": "olga@example.com"})
            await owner.until(lambda: "refused" in str(owner.value(MAILS, "sent_rx_state_")), 30)
            assert PASSWORD not in owner.said()
        async with on_the_page(shop) as again:
            await opened(again)
            assert PASSWORD not in again.said()

    asyncio.run(work())
    [kept] = (shop.data_dir / "passwords").iterdir()
    assert kept.read_text() == PASSWORD
    assert left_in(shop) == []


def test_sec2_what_is_typed_and_not_saved_is_counted_and_kept_nowhere(shop: Server) -> None:
    typed, about = PASSWORD + "-typed", Shown(SETTINGS, "mail").text

    async def work() -> None:
        async with on_the_page(shop) as owner:
            await opened(owner)
            drawn = owner.value(SHOP, "fresh_rx_state_")
            await owner.send(f"{SHOP}.keep", about=about, drawn=drawn, field="password", text=typed)
            await owner.until(lambda: owner.value(SHOP, "unsaved_rx_state_") == "1 change not saved")
            await owner.send(f"{SHOP}.keep", about=about, drawn=drawn, field="host", text="mail.example.com")
            await owner.until(lambda: owner.value(SHOP, "unsaved_rx_state_") == "2 changes not saved")
            await owner.send(f"{SHOP}.discard", about=about)
            await owner.until(lambda: owner.value(SHOP, "unsaved_rx_state_") == "")
            assert typed not in owner.said()

    asyncio.run(work())
    assert holding(shop, typed) == []


def test_sec2_nobody_else_reads_or_changes_it(shop: Server) -> None:
    async def attack() -> None:
        for email in ("staff@demo.test", "reader@demo.test", "warehouse@demo.test"):
            async with on_the_page(shop, email) as other:
                await other.send(f"{SHOP}.load")
                await save(other, {}, host="evil.example.net")
                await other.send(f"{MAILS}.send_unsent", about=ABOUT)
                await other.settle()
                assert PASSWORD not in other.said()
                assert "127.0.0.1" not in str(other.value(SHOP, "shown_rx_state_"))

    asyncio.run(attack())
    assert [file.read_text() for file in (shop.data_dir / "passwords").iterdir()] == [PASSWORD]


def test_sec2_what_can_t_be_read_as_a_form_is_not_logged(shop: Server) -> None:
    async def attack() -> None:
        async with on_the_page(shop) as owner:
            for values in (
                [PASSWORD],
                PASSWORD,
                {"password": {"in": PASSWORD}},
                {"password": [PASSWORD]},
                {PASSWORD: "x"},
            ):
                await owner.send(f"{SHOP}.save_mailserver", about=ABOUT, seen={}, values=values)
            await owner.send(
                f"{SHOP}.save_mailserver",
                about=ABOUT,
                seen={"password": PASSWORD},
                values={**FORM, "port": "70000"},
            )
            await owner.send(f"{SHOP}.save_mailservers", about=ABOUT, values=FORM)
            await owner.until(lambda: wrong(owner) == ["port"])

    asyncio.run(attack())
    until((shop.data_dir / "logs").exists)
    assert left_in(shop) == []
    assert PASSWORD not in shop.log.read_text()


def test_sec2_no_page_export_or_api_holds_it(shop: Server) -> None:
    key = shop.kontor_says(
        "api-key", "create", "All", "--scope", "orders:read", "--scope", "orders:write"
    ).strip()
    asked = [(path, {"cookie": shop.cookie("owner@demo.test")}) for path in (*PAGES, *EXPORTS)]
    asked += [
        (path, {"authorization": f"Bearer {key}"})
        for path in ("/api/v1/orders", "/api/v1/settings", "/api/v1/mails", "/api/v1")
    ]
    for path, headers in asked:
        answer = httpx.get(shop.url + path, headers=headers, follow_redirects=True, timeout=60)
        assert PASSWORD not in answer.text, path
    for command in (("doctor",), ("verify",), ("user", "list")):
        assert PASSWORD not in shop.kontor(*command).stdout
