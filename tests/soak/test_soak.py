"""A shop at work while its processes are killed: what was answered is true (RUN-2). `make soak` plays it for longer."""

from pathlib import Path

import pytest
from databases import postgres_answers
from soak.premises import premises
from soak.run import SET_UPS, soak

SECONDS = 20
"""For how long each set-up is played; the truth is looked for afterwards."""


@pytest.mark.parametrize("set_up", [pytest.param("sqlite", marks=pytest.mark.slow), "postgres"])
def test_run2_what_a_shop_was_told_is_true_though_its_processes_are_killed(
    set_up: str, tmp_path: Path
) -> None:
    if set_up == "postgres" and not postgres_answers():
        pytest.skip("no PostgreSQL answers: two web processes are not played")
    with premises(tmp_path, colleagues=5, **SET_UPS[set_up]) as shop:  # type: ignore[arg-type]
        outcome = soak(shop, SECONDS, orders=12, every=(2, 6))
    assert outcome.untrue == [], outcome.table()
    answered = outcome.ledger.answered()
    assert answered["done"] > 0, outcome.table()
    assert sum(outcome.kills.values()) > 0, outcome.table()
