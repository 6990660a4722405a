"""docs/plugins.md says what is so: each code block works, and each name of the plug-in API stands in it (EXT-1)."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import ACTIONS
from backoffice_app.domain.settings.section import SECTIONS, load_section
from backoffice_app.plugins import api
from backoffice_app.plugins.testing import READER, small_shop

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.+?)```", PAGE, re.DOTALL)
HEAD = f"""
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from sqlalchemy import Connection

from backoffice_app.plugins.api import ({", ".join(api.__all__)})
from backoffice_app.plugins.testing import small_shop

"""


def test_ext1_the_code_of_the_page_is_a_plug_in_that_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "from_the_page.py"
    file.write_text(HEAD + "\n\n".join(BLOCKS), "utf-8")
    with small_shop(tmp_path, file) as shop:
        order = shop.order()
        shop.do("write-gift-card", order, words="Get well soon")
        assert "Get well soon" in shop.shown("gift-card", order)
        shop.do("print-gift-card", order)
        shop.run_job("print-card", order.id)
        assert capsys.readouterr().out == "Get well soon\n"
        assert shop.cells("gift_card", view="gift-cards") == {order.number: "Get well soon"}
        assert shop.form("write-gift-card", order) == {"Words on the card": "Get well soon"}
        assert not shop.may("remove-gift-card", order, actor=READER)
        assert shop.slip(order) == ("Get well soon",)
        assert shop.page("gift-cards").split("\n") == [
            "Gift cards",
            "Order",
            "Gift card",
            order.number,
            "Get well soon",
        ]
        assert load_section_of("gifts").printed is True
        shop.do("ship", order)
        assert "card-on-its-way" in [mail.kind for mail in shop.mails(order)]
        shop.each_minute()
        assert "Get well soon" in shop.shown("gift-card", order)
        with api.clock.at(api.clock.now() + timedelta(days=31)):
            shop.each_minute()
        assert shop.shown("gift-card", order).split("\n")[0] == "No gift card."
    assert "write-gift-card" not in ACTIONS


def load_section_of(key: str) -> Any:
    with reading() as session:
        return load_section(session, SECTIONS[key])


def test_ext1_the_test_on_the_page_passes(tmp_path: Path) -> None:
    [example] = [block for block in BLOCKS if "def test_" in block]
    names: dict[str, object] = {
        "small_shop": small_shop,
        "Path": lambda name: Path(__file__).parents[2] / name,
    }
    exec(example, names)
    names["test_a_card_is_kept"](tmp_path)  # type: ignore[operator]


def test_ext1_every_name_of_the_api_is_on_the_page_and_no_other() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE.partition("## All names of the API")[2]))
    assert named == set(api.__all__)
