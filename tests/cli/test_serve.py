"""The server runs with Kontor's own configuration of Reflex, wherever it was started (SEC-2, RUN-2)."""

from pathlib import Path

import httpx
import pytest
from serving import Server

from backoffice_app.cli.serve import configure
from backoffice_app.settings import settings


@pytest.mark.parametrize("path", ["/login", "/kontor.css", "/api/v1/orders"])
def test_sec2_no_answer_is_for_the_scripts_of_another_site(server: Server, path: str) -> None:
    answer = httpx.get(f"{server.url}{path}", headers={"Origin": "https://other.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert "Origin" not in answer.headers.get("vary", "")


def test_run2_state_is_never_kept_on_disk(server: Server) -> None:
    server.sign_in("owner@demo.test")
    assert (server.data_dir / "run" / "rxconfig.py").exists()
    assert [found.name for found in server.data_dir.rglob(".states")] == []


def test_sec2_a_new_data_folder_is_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONTOR_DATA_DIR", "")  # what `configure` sets is taken back afterwards
    configure(None, None, tmp_path / "data")
    settings.cache_clear()
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
