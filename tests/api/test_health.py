"""What those who watch the process are told of its disks and its clock (R-11, R-13)."""

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from databases import TestShop
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from backoffice_app.api import health
from backoffice_app.api.rest import create_api
from backoffice_app.domain.core import clock
from backoffice_app.settings import settings

FRIDAY = datetime(2026, 11, 27, 12, tzinfo=UTC)
MONDAY = "2026-11-23T12:00:00Z"


@pytest.fixture
def watcher() -> Iterator[TestClient]:
    """Somebody who watches the process."""
    app = FastAPI(openapi_url=None)
    app.include_router(health.router)
    with TestClient(app) as client:
        yield client


def figures(watcher: TestClient) -> dict[str, float]:
    """All figures by name and labels, as Prometheus reads them."""
    families = text_string_to_metric_families(watcher.get("/metrics").text)
    return {one.name + as_labels(one.labels): one.value for family in families for one in family.samples}


def as_labels(labels: dict[str, str]) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}" if labels else ""


def clock_seen(watcher: TestClient) -> tuple[bool, float]:
    """What `/ready` and `/metrics` say of the clock."""
    return watcher.get("/ready").json()["clock"], figures(watcher)["kontor_clock_right"]


def test_r11_a_full_archive_is_not_ready(
    sqlite: str, watcher: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive is a mount of its own: the data folder has room, the archive has none."""
    archive = settings().archive_dir
    assert watcher.get("/ready").json()["database_writable"] is True
    assert 'kontor_free_bytes{folder="archive"}' not in figures(watcher), "there is no archive yet"
    archive.mkdir()
    real = shutil.disk_usage

    def usage(folder: Path) -> object:
        return SimpleNamespace(free=1000) if Path(folder) == archive else real(folder)

    monkeypatch.setattr(shutil, "disk_usage", usage)

    assert watcher.get("/ready").json()["database_writable"] is False
    seen = figures(watcher)
    assert seen['kontor_free_bytes{folder="archive"}'] == 1000
    assert seen['kontor_free_bytes{folder="data"}'] > health.LEAST_ROOM
    assert seen["kontor_database_writable"] == 0


def test_r11_an_archive_in_the_data_folder_is_looked_at_as_well(sqlite: str) -> None:
    settings().archive_dir.mkdir()
    assert health.free_bytes().keys() == {"data", "archive", "database"}


def test_r13_a_clock_that_jumps_forward_is_not_ready(
    sqlite: str, watcher: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert clock_seen(watcher) == (True, 1)
    real = time.time

    with monkeypatch.context() as jumped:
        jumped.setattr(time, "time", lambda: real() + 3 * 86_400)
        assert clock_seen(watcher) == (False, 0)
        assert watcher.get("/ready").status_code == 503

    assert clock_seen(watcher) == (True, 1)


def test_r13_a_clock_days_before_the_last_invoice_is_not_ready(
    shop: TestShop, watcher: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process asks in threads of its own, so the environment sets the time."""
    with clock.at(FRIDAY):
        shop.order()
    monkeypatch.setenv("KONTOR_NOW", FRIDAY.isoformat())
    assert clock_seen(watcher) == (True, 1)

    monkeypatch.setenv("KONTOR_NOW", MONDAY)

    assert clock_seen(watcher) == (False, 0)
    assert watcher.get("/ready").status_code == 503


def test_run4_how_long_requests_of_the_api_take_is_measured_by_status(
    sqlite: str, watcher: TestClient
) -> None:
    def count(status: int) -> float:
        return figures(watcher).get(f'kontor_api_seconds_count{{method="GET",status="{status}"}}', 0)

    before = count(200), count(401)
    with TestClient(create_api()) as caller:
        assert caller.get("/v1/openapi.json").status_code == 200
        assert caller.get("/v1/orders").status_code == 401

    assert (count(200), count(401)) == (before[0] + 1, before[1] + 1)
