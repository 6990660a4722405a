"""Payloads with any one thing dropped, emptied, turned into another type, moved or doubled: taken or refused by a
sentence (API-2, A-6).
"""

import copy
import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from databases import OWNER, TestShop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from payloads import HERE, full_kontor, full_shopify, full_woo
from wholeness import wrongs

from backoffice_app.db import reading
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.intake.files import read_file
from backoffice_app.domain.intake.take_in import ImportedRow, Outcome, import_files
from backoffice_app.domain.rest_view import order_view
from backoffice_app.domain.window import order_window

EXAMPLES = int(os.environ.get("KONTOR_MUTATIONS", "300"))
"""In all, over the three shops; `make nightly` asks for 5,000."""
NUMBERS = itertools.count()
PAYLOADS = {"kontor": full_kontor(), "woocommerce": full_woo(), "shopify": full_shopify()}
Path_ = tuple[str | int, ...]
OTHER_TYPES: list[Any] = [
    *(
        "",
        " ",
        "x",
        "0",
        "-1",
        "1e3",
        "12.345678901234567",
        "true",
        "2026-02-30T10:00:00",
        "2026-10-05T10:00:00",
        "\ud83d",
        "\0",
        "x" * 11_000,
    ),
    *(
        0,
        -1,
        7,
        1.5,
        -0.0,
        1e300,
        10**30,
        True,
        False,
        [],
        {},
        [[]],
        [None],
        ["x"],
        [{}],
        {"": {}},
        {"x": 1},
        [1, "2"],
        [{"id": {}}],
    ),
]


def paths(value: object, here: Path_ = ()) -> Iterator[Path_]:
    """Each place in a payload."""
    inner: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, one in inner:
        yield (*here, key)
        yield from paths(one, (*here, key))


def mutated(payload: Any, path: Path_, how: str, other: Any) -> Any:
    """A copy of the payload with one thing changed."""
    whole = copy.deepcopy(payload)
    holder = whole
    for step in path[:-1]:
        holder = holder[step]
    key = path[-1]
    if how == "drop":
        del holder[key]
    elif how == "null":
        holder[key] = None
    elif how == "retype":
        holder[key] = other
    elif how == "as text":
        holder[key] = json.dumps(holder[key])
    elif how == "in a list":
        holder[key] = [holder[key]]
    elif how == "twice" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    elif how == "reorder" and isinstance(holder, list):
        holder.reverse()
    elif how == "reorder":
        changed = dict(reversed(holder.items()))
        holder.clear()
        holder.update(changed)
    return whole


WAYS = ("drop", "null", "retype", "as text", "in a list", "twice", "reorder")
changes = st.lists(
    st.tuples(st.randoms(use_true_random=False), st.sampled_from(WAYS), st.sampled_from(OTHER_TYPES)),
    min_size=1,
    max_size=3,
)


@pytest.fixture
def whole_shop(small_shop: TestShop) -> Iterator[TestShop]:
    """A shop whose database is as it must be after all examples."""
    yield small_shop
    assert wrongs() == []


@pytest.mark.parametrize("shop_of", PAYLOADS)
@settings(max_examples=max(EXAMPLES // 3, 1), deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=changes)
def test_intake_any_change_of_a_payload_is_taken_or_refused_by_a_sentence(
    whole_shop: TestShop, tmp_path: Path, shop_of: str, drawn: list[tuple[Any, str, Any]]
) -> None:
    payload = PAYLOADS[shop_of]
    for dice, how, other in drawn:
        places = list(paths(payload))
        if places:
            payload = mutated(payload, dice.choice(places), how, other)
    file, source = tmp_path / "orders.json", f"shop-{next(NUMBERS)}"
    file.write_text(json.dumps([payload]))
    dry = list(import_files(OWNER, [file], source=source, dry_run=True))
    file.write_text(json.dumps([payload, whole_shop.new_order().as_json()]))
    rows = list(import_files(OWNER, [file], source=source))
    assert [row.outcome.value.removeprefix("would be ") for row in dry] == [
        row.outcome.value for row in rows[:-1]
    ]
    assert rows[-1].outcome is Outcome.IMPORTED
    check(rows[:-1])
    if rows[0].outcome is Outcome.IMPORTED and rows[0].name:
        file.write_text(json.dumps([payload, PAYLOADS[shop_of]]))
        again = list(import_files(OWNER, [file], source=source))
        assert again[0].outcome is Outcome.SKIPPED or not order_view(rows[0].number).external_reference
        check(again)


def check(rows: list[ImportedRow]) -> None:
    """Each is there and can be shown, or is refused by a sentence; its invoice is of its sum."""
    for row in rows:
        said = [*(p.reason for p in row.problems), *row.remarks]
        assert all(sentence.in_language("de").encode() for sentence in said)
        assert not any("log it has the number" in sentence.in_language("en") for sentence in said), said
        assert (row.outcome is Outcome.REFUSED) == bool(row.problems)
        if row.number:
            seen = order_view(row.number)
            sums = {d.total for d in seen.documents}
            assert sums in (set(), {seen.total}) or row.outcome in {Outcome.UPDATED, Outcome.SKIPPED}
            with reading() as session:
                assert order_window(session, row.number, OWNER, "de").order.number == row.number


@pytest.mark.parametrize("shop_of", PAYLOADS)
def test_intake_a_field_that_stands_twice_is_refused_by_its_name(shop_of: str) -> None:
    text = json.dumps(PAYLOADS[shop_of])
    with pytest.raises(Invalid) as refused:
        list(read_file(f'{{"currency": "USD", {text[1:]}'.encode(), None, HERE))
    assert refused.value.field == "currency"


@pytest.mark.parametrize("shop_of", PAYLOADS)
def test_intake_the_payloads_themselves_are_taken(small_shop: TestShop, tmp_path: Path, shop_of: str) -> None:
    file = tmp_path / "orders.json"
    file.write_text(json.dumps(PAYLOADS[shop_of]))
    [row] = import_files(OWNER, [file])
    assert row.outcome is Outcome.IMPORTED, [str(p) for p in row.problems]
