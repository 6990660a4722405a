"""The settings of plug-ins: two people with the form open lose nothing of each other (W-16)."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from databases import OWNER, TestShop
from pydantic import BaseModel
from sqlmodel import Session
from substates import substate

from backoffice_app import db
from backoffice_app.domain import settings as domain
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.settings import Section, load_section, section
from backoffice_app.i18n import LazyText
from backoffice_app.plugins.about import Plugin
from backoffice_app.plugins.load import LOADED, Found
from backoffice_app.registry import forget, registering
from backoffice_app.state.base import RUNNING
from backoffice_app.state.settings_plugins import PAGE, PluginsState
from backoffice_app.state.settings_shop import SETTINGS


class Toys(BaseModel):
    """A section of a plug-in."""

    colour: str = "red"
    maker: str = ""
    loud: bool = False


@pytest.fixture
def toys() -> Iterator[Section]:
    with registering("toys"):
        made = section(
            "toys", LazyText("Toys"), Toys, labels={name: LazyText(name) for name in Toys.model_fields}
        )
    yield made
    forget("toys")
    RUNNING.set(None)


def test_ext1_the_owner_reads_what_a_plug_in_is_for_and_what_it_brings(
    small_shop: TestShop, toys: Section, monkeypatch: pytest.MonkeyPatch
) -> None:
    del small_shop, toys
    about = Plugin(name="Toys", version="1", api=">=1,<2", description="Toys for the parcel.")
    monkeypatch.setitem(LOADED, "toys", Found("toys", "toys.py", about))
    monkeypatch.setitem(LOADED, "broken", Found("broken", "broken.py", None, "RuntimeError: no toys left"))

    shown, broken = Tab().state.found[-2:]

    assert (shown.description, shown.adds) == ("Toys for the parcel.", ["Settings: Toys"])
    assert (broken.adds, broken.error) == ([], "It is not loaded. RuntimeError: no toys left")


class Tab:
    """The page as somebody has it open: its fields say what they said when they were drawn, and what is typed."""

    def __init__(self) -> None:
        self.state: Any = substate(rx.State(), PluginsState)
        self.do("load")
        self.form = {
            asked.name: asked.value for one in self.state.sections for asked in one.fields
        } | self.state.typed

    def do(self, handler: str, *arguments: object) -> Any:
        RUNNING.set(OWNER)
        return asyncio.run(getattr(self.state, handler)(*arguments))

    def type(self, field: str, text: str) -> None:
        self.form[field] = text
        self.do("keep", Shown(SETTINGS, PAGE).text, self.state.fresh, field, text)

    def save(self) -> None:
        self.do(
            "save",
            "",
            dict(self.state.seen),
            {name: text for name, text in self.form.items() if text or name != "toys/loud"},
        )


def stored(wanted: Section) -> Toys:
    with Session(db.engine()) as session:
        found: Toys = load_section(session, wanted)
        return found


def test_w16_what_a_colleague_saved_in_another_field_survives_two_saves(
    small_shop: TestShop, toys: Section
) -> None:
    """The fields are not drawn anew after a save, so they still say what they said before."""
    tab = Tab()
    domain.save(OWNER, toys, {"colour": "blue"}, {})  # a colleague does
    tab.type("toys/maker", "Ada")
    tab.save()
    tab.do("refresh")  # another language was chosen
    tab.type("toys/maker", "Grace")
    tab.save()
    assert stored(toys) == Toys(colour="blue", maker="Grace")


def test_w16_a_draft_tells_what_a_colleague_saved_since_also_here(
    small_shop: TestShop, toys: Section
) -> None:
    tab = Tab()
    tab.type("toys/colour", "green")
    tab.type("toys/loud", "on")
    domain.save(OWNER, toys, {"colour": "blue"}, {})  # a colleague does

    later = Tab()
    assert (list(later.state.errors), "blue" in later.state.wrong) == (["toys/colour"], True)
    later.save()
    assert stored(toys) == Toys(colour="green", loud=True)
