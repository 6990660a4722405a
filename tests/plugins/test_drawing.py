"""Components of plug-ins: built into the user interface where that can be, else their data is drawn plainly
(EXT-1, RUN-4).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import reflex as rx

from backoffice_app import db, load, web
from backoffice_app.domain.core.forms import FormView
from backoffice_app.domain.declared_pages import PAGES, page, read_page
from backoffice_app.domain.listing.parts import COLUMNS, column
from backoffice_app.domain.window import order_window
from backoffice_app.domain.window.declared import Declared, declare, text
from backoffice_app.domain.window.registry import BLOCKS, block
from backoffice_app.i18n import LazyText
from backoffice_app.pages.plain import NOT_MADE
from backoffice_app.plugins import load as plugins
from backoffice_app.plugins.testing import STAFF, small_shop
from backoffice_app.registry import forget, registering
from backoffice_app.settings import Settings

STARS = """
from backoffice_app.plugins.api import *

PLUGIN = Plugin(name="Stars", version="1", api=">=1.1,<2")


@block(key="stars", tab="order", column=3, title=_("Stars"), draw=lambda shown, plain: plain)
def stars(look: Look) -> Declared:
    return declare(text("four"), data={"stars": "4"})


@page("stars", _("Stars"), draw=lambda shown, plain: plain)
def all_stars(look: PageLook) -> Declared:
    return declare(text("five"), data={"stars": "5"})
"""
PLAIN = STARS.replace(", draw=lambda shown, plain: plain", "")


@pytest.fixture
def parts() -> Iterator[None]:
    """A block, a page and a column with components, and one of each whose component can't be made."""
    load.everything()

    def meter(shown: Any, plain: Any) -> rx.Component:
        return rx.el.div(rx.el.meter(value=shown.data["stars"]), plain)

    def broken(_shown: Any, _plain: Any) -> rx.Component:
        raise RuntimeError("no stars")

    with registering("stars"):
        for key, draw in (
            ("stars", meter),
            ("broken-stars", broken),
            ("no-stars", lambda _shown, _plain: "text"),
        ):
            block(key=key, tab="order", column=3, title=LazyText("Stars"), draw=draw)(_stars)
            page(key, LazyText("Stars"), draw=draw)(_stars)
        column("stars", LazyText("Stars"), read=lambda _session, _ids: {}, draw=rx.el.mark)
    yield
    forget("stars")
    NOT_MADE.clear()


def _stars(_look: Any) -> Declared:
    return declare(text("four"), data={"stars": "4"})


def test_ext1_what_is_built_draws_the_components_and_plainly_those_that_fail(
    parts: None, caplog: pytest.LogCaptureFixture
) -> None:
    from backoffice_app.pages import declared_page, orders
    from backoffice_app.pages.order_window import declared
    from backoffice_app.state.order import OrderState

    assert "meter" in str(rx.foreach(OrderState.declared[3], declared.any_block).render())
    assert "meter" in str(declared_page.declared_page().render())
    assert "mark" in str(orders._table().render())
    said = [record.getMessage() for record in caplog.records if record.name == "kontor.plugins"]
    assert {line.split()[3] for line in said} == {"broken-stars", "no-stars"}
    assert all(line.endswith(web.DRAWN_PLAINLY) for line in said)


def test_ext1_without_components_nothing_of_them_is_in_the_pages() -> None:
    load.everything()
    from backoffice_app.pages.order_window import declared

    assert "meter" not in str(declared.blocks(3).render())
    assert [one.key for one in (*BLOCKS.values(), *PAGES.values(), *COLUMNS) if one.draw is not None] == []


def test_ext1_the_data_of_the_component_comes_with_the_plain_parts(tmp_path: Path) -> None:
    file = tmp_path / "stars.py"
    file.write_text(STARS, "utf-8")
    with small_shop(tmp_path, file) as shop:
        order = shop.order()
        assert shop.shown("stars", order) == "four"
        with db.reading() as session:
            places = order_window(session, order.number, STAFF, "en").declared
            [shown] = [one for place in places for one in place if one.key == "stars"]
        assert shown.data == {"stars": "4"}
        assert read_page(STAFF, "stars", {}).data == {"stars": "5"}


def test_ext1_a_block_that_draws_declares_plain_data_too() -> None:
    with pytest.raises(ValueError, match="write `-> Declared`"):

        @block(key="stars", tab="order", column=3, draw=lambda _shown, plain: plain)
        def stars(_look: Any) -> FormView:
            raise AssertionError

    assert "stars" not in BLOCKS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for plug-ins, and another for what is built, which is empty."""
    made = tmp_path / "plugins"
    made.mkdir(mode=0o755)
    given = Settings(data_dir=tmp_path / "data", plugins=str(made))
    monkeypatch.setattr(plugins, "settings", lambda: given)
    monkeypatch.setattr(web, "settings", lambda: given)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [])
    monkeypatch.setattr(web, "BUILT", tmp_path / "built")
    monkeypatch.setattr(web, "STAGE", tmp_path / "build" / "ui")
    return made


def write(folder: Path, name: str, content: str, mode: int = 0o644) -> Path:
    file = folder / name
    file.write_text(content, "utf-8")
    file.chmod(mode)
    return file


def test_run4_files_that_draw_are_found_by_their_text(folder: Path) -> None:
    drawn = write(folder, "stars.py", STARS)
    write(folder, "plain.py", PLAIN)
    write(folder, "open_to_all.py", STARS, 0o666)
    assert web.drawing() == (drawn,)


def test_run4_a_changed_component_has_another_key_and_a_plain_plug_in_has_none(folder: Path) -> None:
    without = web.key()
    file = write(folder, "stars.py", STARS)
    first = web.key(web.drawing())
    file.write_text(STARS + "\n", "utf-8")
    second = web.key(web.drawing())
    file.write_text(PLAIN, "utf-8")
    assert len({without, first, second}) == 3
    assert web.key(web.drawing()) == without


def test_run4_the_export_loads_the_plug_ins_that_draw_and_no_others(folder: Path) -> None:
    write(folder, "plain.py", PLAIN)
    assert web._environment(web.drawing())["KONTOR_PLUGINS"] == "none"
    file = write(folder, "stars.py", STARS)
    assert web._environment(web.drawing())["KONTOR_PLUGINS"] == str(file)


@pytest.fixture
def built(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, ...]]:
    """What was exported, plug-ins each; nothing is exported in truth. One that is called broken.py can't be."""
    exported: list[tuple[Path, ...]] = []

    def ensure(_say: Any, drawn: Sequence[Path], *, relock: bool = False) -> Path:
        exported.append(tuple(drawn))
        if any(file.name == "broken.py" for file in drawn):
            raise web.BuildFailed("It could not be built.")
        if any(file.name == "no_node.py" for file in drawn):
            raise web.NoNode("There is no Node.")
        return web.ui_dir(drawn)

    (folder.parent / "build").mkdir()
    monkeypatch.setattr(web, "_ensure", ensure)
    return exported


def test_run4_a_plug_in_that_draws_gets_an_export_of_its_own(
    folder: Path, built: list[tuple[Path, ...]]
) -> None:
    file = write(folder, "stars.py", STARS)
    assert web.ensure_ui([].append) == web.ui_dir([file]) != web.ui_dir()
    assert built == [(file,)]
    assert web.ensure_ui([].append, relock=True) == web.ui_dir()


def test_run4_without_node_the_data_is_drawn_plainly_and_why_is_said(
    folder: Path, built: list[tuple[Path, ...]]
) -> None:
    write(folder, "no_node.py", STARS)
    said: list[str] = []
    assert web.ensure_ui(said.append) == web.ui_dir()
    assert said == [
        "Components of plug-ins (no_node.py) are not built, so their data is drawn plainly: There is no Node."
    ]
    web.ensure_ui(said.append)
    assert len(built) == 4  # it is tried at each start: Node may be there by now


def test_run4_an_export_that_fails_is_not_tried_at_each_start(
    folder: Path, built: list[tuple[Path, ...]]
) -> None:
    file = write(folder, "broken.py", STARS)
    said: list[str] = []
    assert web.ensure_ui(said.append) == web.ui_dir()
    assert said[0].endswith("drawn plainly: It could not be built.")
    assert web.ensure_ui(said.append) == web.ui_dir()
    assert "the last attempt failed" in said[1]
    assert [len(drawn) for drawn in built] == [1, 0, 0]
    file.write_text(STARS + "\n", "utf-8")
    web.ensure_ui(said.append)
    assert len(built[-2]) == 1


def test_run4_a_ready_made_user_interface_draws_plainly(
    folder: Path, built: list[tuple[Path, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "stars.py", STARS)
    monkeypatch.setattr(web, "SHIPPED", folder)
    said: list[str] = []
    assert web.ensure_ui(said.append) == folder
    assert "ready-made" in said[0]
