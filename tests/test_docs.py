"""The docs say what is: the page of the rules is current, what they name is there, and they name no machine."""

import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest
from databases import OWNER, READER, TestShop
from sqlmodel import Session, SQLModel

from backoffice_app import db
from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.facts import LISTENING
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import history_of
from backoffice_app.domain.order import ORDER
from backoffice_app.plugins.testing import small_shop as plugin_shop
from backoffice_app.registry import forget, registering
from backoffice_app.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
OURS = re.compile(
    r"(?:backoffice_app|tests|tools|docs|assets|reflex\.lock)/[\w./-]*|Makefile|README\.md|\w+\.toml|requirements\.lock"
)
EXAMPLES = re.compile(r"(?:[\w-]+\.)*example(?:\.com|\.org|\.net)?$|localhost$|127\.0\.0\.1$|host$")
HOST = re.compile(r"(?<![\w/.@%-])(?:[\w-]+\.)+(?:com|org|net|io|dev|app|cloud)\b(?!-)")
ADDRESS = re.compile(r"\b[a-z+]+://(?:[^@/\s`]*@)?([\w.-]+)")
MACHINE = re.compile(r"(?<![\w.])/(?:work|tmp|root|home|Users)\b")
IMPORTS = """
from pydantic import Field
from backoffice_app.domain.core.actions import Done, Input, action
from backoffice_app.domain.core.facts import Fact, fact
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.subjects import Subject, lock_row, register
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order
"""
DECISION = ["Context", "Decision", "Consequences", "Alternatives", "Where it is checked"]


def rules_tool() -> ModuleType:
    """tools/make_rules.py as a module."""
    spec = spec_from_file_location("make_rules", ROOT / "tools" / "make_rules.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = rules_tool()
RULES = [rule for area in TOOL.areas() for rule in area.rules]
TESTS = {test.name for test in TOOL.tests()}


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def test_the_page_of_the_rules_is_current() -> None:
    assert TOOL.PAGE.read_text("utf-8") == TOOL.page(TOOL.areas()), (
        "docs/rules.md is older than docs/rules.toml: run `make docs`"
    )


def test_each_rule_that_is_covered_has_a_proof() -> None:
    unproven = [rule.id for rule in RULES if not rule.is_proven]
    assert unproven == [], "docs/rules.toml calls these covered, and no test is named after them"


def test_rules_are_whole_in_part_or_later() -> None:
    assert {rule.today for rule in RULES} <= TOOL.TODAY.keys()
    assert [rule.id for rule in RULES if (rule.today == "part") != bool(rule.missing)] == []


@pytest.mark.parametrize(
    ("test", "rules"),
    [("test_w5_once", ["W-5"]), ("test_INV12_w3_x", ["INV-12", "W-3"]), ("test_wcag_1_4_3_x", [])],
)
def test_rules_are_read_from_the_names_of_tests(test: str, rules: list[str]) -> None:
    assert TOOL.rules_of(test) == rules


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    links = [
        link
        for link in LINK.findall(page.read_text("utf-8"))
        if "://" not in link and not link.startswith("#")
    ]
    files = [(page.parent / link.partition("#")[0]).resolve() for link in links]
    assert [name_of(file) for file in files if not file.exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_a_page_names_is_in_the_code(page: Path) -> None:
    named = CODE.findall(page.read_text("utf-8"))
    gone = [name for name in named if OURS.fullmatch(name) and not (ROOT / name).exists()]
    gone += [name for name in named if re.fullmatch(r"test_\w+", name) and name not in TESTS]
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_names_no_host_but_those_of_examples_and_no_folder_of_a_machine(page: Path) -> None:
    text = page.read_text("utf-8")
    hosts = [host for host in [*HOST.findall(text), *ADDRESS.findall(text)] if not EXAMPLES.match(host)]
    assert hosts == []
    assert MACHINE.findall(text) == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "decisions").glob("0*.md")), ids=name_of)
def test_a_decision_has_its_five_parts(page: Path) -> None:
    text = page.read_text("utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == DECISION
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert "**" in text.partition("## Decision")[2].partition("## ")[0], (
        "the decision itself is bold, to be quoted"
    )


def test_the_example_of_an_action_works_as_it_stands(small_shop: TestShop) -> None:
    example = re.findall(
        r"```python\n(.+?)```", (ROOT / "docs" / "extending.md").read_text("utf-8"), re.DOTALL
    )[0]
    order = small_shop.order()
    try:
        with registering("an-extension"):
            exec(f"{IMPORTS}\n{example}", {"__name__": "an_extension"})
        done = perform(OWNER, "correct-phone", order.id or 0, {"phone": "+49 30 1"})
        with pytest.raises(Refused):
            perform(READER, "correct-phone", order.id or 0, {"phone": "+49 30 1"})
        with reading() as session:
            told = history_of(session, (ORDER, order.id or 0), OWNER, "en", "Europe/Berlin")[0].sentence
    finally:
        forget("an-extension")
    assert done.message.in_language("en") == "Phone number corrected."
    assert small_shop.load(order.id or 0).phone == "+49 30 1"
    assert told == "Olga Owner corrected the phone number to +49 30 1."


def test_ext1_the_example_of_a_subject_works_as_it_stands(small_shop: TestShop) -> None:
    example = re.findall(
        r"```python\n(.+?)```", (ROOT / "docs" / "extending.md").read_text("utf-8"), re.DOTALL
    )[1]
    here: dict[str, Any] = {"__name__": "an_extension"}
    try:
        with registering("an-extension"):
            exec(f"{IMPORTS}\nfrom sqlmodel import Field, SQLModel\n{example}", here)
        with Session(db.engine()) as session:
            here["Gift"].__table__.create(session.connection())
            session.commit()
        with work(OWNER) as w:
            gift = here["Gift"]()
            w.add(gift)
        done = perform(OWNER, "write-card", gift.id, {"wish": "All the best"})
        with reading() as session:
            wish = session.get_one(here["Gift"], gift.id).wish
    finally:
        forget("an-extension")
        SQLModel.metadata.remove(here["Gift"].__table__)
    assert (done.message.in_language("en"), wish) == ("Saved.", "All the best")


def test_ext1_the_examples_of_a_block_and_of_a_reaction_work_as_they_stand(tmp_path: Path) -> None:
    examples = re.findall(
        r"```python\n(.+?)```", (ROOT / "docs" / "extending.md").read_text("utf-8"), re.DOTALL
    )[2:]
    file = tmp_path / "extension.py"
    head = 'from backoffice_app.plugins.api import *\n\nPLUGIN = Plugin(name="Extension", version="1", api=">=1.0")\n\n'
    file.write_text(head + "\n\n".join(examples), "utf-8")
    with plugin_shop(tmp_path, file) as shop:
        order = shop.order()
        assert shop.shown("gift", order, tab="gifts").split("\n")[0] == "No gift."
        shop.do("tag", order, tag="ribbon")
        assert "ribbon" in shop.shown("gift", order, tab="gifts")
        assert [
            one.reacts.__name__ for name, one in LISTENING.items() if LISTENING.owner_of(name) == "extension"
        ] == ["thank"]


def test_the_readme_lists_every_setting() -> None:
    listed = set(re.findall(r"^\| `KONTOR_(\w+)`", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    assert {name.upper() for name in Settings.model_fields} - listed == set()


def test_the_picture_of_the_click_is_whole_and_needs_nothing_from_elsewhere() -> None:
    picture = (ROOT / "docs" / "one-click.svg").read_text("utf-8")
    assert ElementTree.fromstring(picture).find("{http://www.w3.org/2000/svg}title") is not None
    assert "prefers-color-scheme: dark" in picture
    assert "href" not in picture


def test_each_sentence_of_the_help_page_has_a_row_and_a_test_in_a_browser() -> None:
    rows = re.findall(
        r"^\| S(\d+) \|.*`pytest -k s(\d+)_` \|$",
        (ROOT / "docs" / "seed.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert rows == [(str(number), str(number)) for number in range(1, 71)]
    browsing = "\n".join(file.read_text("utf-8") for file in (ROOT / "tests" / "browser").glob("test_*.py"))
    proven = {
        number
        for name in re.findall(r"^def (test_\w+)\(", browsing, re.MULTILINE)
        for number in re.findall(r"_s(\d+)(?=_)", name)
    }
    assert [number for number, _same in rows if number not in proven] == []
