"""What those who watch the process are told of its disks (R-11)."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from backoffice_app.api import health
from backoffice_app.settings import settings


@pytest.fixture
def watcher() -> Iterator[TestClient]:
    """Somebody who watches the process."""
    app = FastAPI(openapi_url=None)
    app.include_router(health.router)
    with TestClient(app) as client:
        yield client


def figures(watcher: TestClient) -> dict[str, str]:
    lines = watcher.get("/metrics").text.splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


def test_r11_a_full_archive_is_not_ready(sqlite: str, watcher: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert seen['kontor_free_bytes{folder="archive"}'] == "1000"
    assert int(seen['kontor_free_bytes{folder="data"}']) > health.LEAST_ROOM
    assert seen["kontor_database_writable"] == "0"


def test_r11_an_archive_in_the_data_folder_is_looked_at_as_well(sqlite: str) -> None:
    settings().archive_dir.mkdir()
    assert health.free_bytes().keys() == {"data", "archive", "database"}
