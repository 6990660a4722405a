"""What Kontor stores things in fails while colleagues press: nothing is done to what they were not shown, and nothing
untrue is said.

Also no live session is led to its end, and no text that was typed into a dialog is lost (W-16). `make soak-doors` plays
longer, and on one process with PostgreSQL too.
"""

import random
from pathlib import Path

import pytest
from databases import postgres_answers
from soak.doors import play, shop_behind_doors

TIMES = (0.2, 0.6, 1.5)
"""For how many seconds a door stays shut."""
ROUNDS, SECONDS = 10, 15
"""Most rounds of each set-up, and the seconds in which they begin: a busy machine plays fewer."""


@pytest.mark.parametrize("set_up", ["sqlite", pytest.param("postgres-two", marks=pytest.mark.slow)])
def test_run2_what_is_shown_is_what_is_done_while_doors_fail(set_up: str, tmp_path: Path) -> None:
    if set_up != "sqlite" and not postgres_answers():
        pytest.skip("no PostgreSQL server answers: it can't fail")
    with shop_behind_doors(set_up, tmp_path) as (shop, doors):
        outcome = play(shop, doors, ROUNDS, TIMES, seed=random.randrange(10**6), seconds=SECONDS)
    assert outcome.untrue == [], outcome.table()
    assert outcome.silent == [], outcome.table()
    assert outcome.rounds > 0
    assert outcome.ledger.presses, outcome.table()
