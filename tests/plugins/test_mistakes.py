"""What an author of a plug-in gets wrong is said when it is loaded, with what to write instead (EXT-1)."""

from pathlib import Path

import pytest

from backoffice_app import load as loading
from backoffice_app import registry
from backoffice_app.domain.core.facts import Fact, require_fact
from backoffice_app.plugins import api, load
from backoffice_app.settings import Settings

HEAD = f"""
from typing import Annotated
from backoffice_app.plugins.api import ({", ".join(api.__all__)})

PLUGIN = Plugin(name="Mistakes", version="1", api=">=1.0,<2")
"""
BLOCK = """
@block(key="mistake", tab="order", column=3, title=_("Mistake"))
def mistake(look: Look) -> Declared:
    return declare(text("x"))
"""
ACTION = """
class Mistake(Input):
    words: Annotated[str, Asked(_("Words"))]


@action(subject=ORDER, key="mistake", label=_("Mistake"), right=Right.EDIT, why_not=lambda order: None, input=Mistake)
def do(w: Work, order: Order, data: Mistake) -> Done:
    return Done(_("Done."))
"""
OWN_NAME = 'mail_kind("m", _("M"), texts={"en": "Hi\\n\\n{{ mine }}\\n"}, values=lambda order, language: {"mine": ""})'
MAIL = 'mail_kind("mistake", _("Mistake"), texts={"en": "Hello\\n\\nOrder {{ order.number }}\\n"})'


def why_not_loaded(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> str:
    """The reason why a plug-in with this text is not loaded, "" if it is; afterwards it is gone."""
    loading.domain()
    file = folder / "mistake.py"
    file.write_text(HEAD + text, "utf-8")
    file.chmod(0o644)
    monkeypatch.setattr(load, "settings", lambda: Settings(data_dir=folder / "data", plugins=str(file)))
    monkeypatch.setattr(load, "entry_points", lambda group: [])
    monkeypatch.setattr(load, "LOADED", {})
    try:
        return load.load_plugins()["mistake"].error
    finally:
        registry.forget("mistake")


@pytest.mark.parametrize("text", [BLOCK, ACTION, MAIL, OWN_NAME])
def test_ext1_without_its_mistake_each_of_them_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    assert why_not_loaded(tmp_path, monkeypatch, text) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            BLOCK.replace('"order"', '"oder"'),
            "The block mistake is on the tab oder, which is not registered. There are: ",
        ),
        (BLOCK.replace("column=3", "column=4"), "is in column 4; there are the columns 1, 2, 3, and 0"),
        (BLOCK.replace('_("Mistake")', '"Mistake"'), "'mistake' is plain text. Write it as _("),
        (BLOCK.replace("-> Declared", ""), "write `-> Declared`"),
        (BLOCK.replace('"))', '"), buttons=["ship"])'), "are written as Button('ship')"),
        (
            BLOCK.replace('"))', '"), buttons=[Button("shp")])'),
            "places the action shp, which is not registered",
        ),
        (BLOCK.replace('"))', '"), right="mistakes")'), "asks for the right 'mistakes'"),
        (ACTION.replace('_("Mistake")', '"Mistake"'), "The label of the action 'mistake' is plain text"),
        (ACTION.replace(', Asked(_("Words"))', ", None"), "must be told something and can't ask"),
        (ACTION.replace("Right.EDIT", '"edit"'), "The action 'mistake' asks for the right 'edit'"),
        (
            ACTION + 'add_dialog(Dialog("mistake", "mistake", fill=lambda look: Filled()))',
            "`fill` of the dialog 'mistake' calls <lambda>(look, which); it takes (look).",
        ),
        (
            'add_dialog(Dialog("mistake", "mistaken"))',
            "asks for the action mistaken, which is not registered",
        ),
        ('ways("mistaken")(lambda look: [])', "Ways to do mistaken are registered, but no action mistaken"),
        (MAIL.replace("order.number", "ordr.number"), "it names ordr; there are order, company"),
        (MAIL.replace("order.number", "order.numbr"), "it names order.numbr; of the order there are"),
        (MAIL.replace("}}", ""), "'mistake' in 'en' can't be used"),
        ("@fact\nclass Mistaken(Fact):\n    words: str\n", "The fact Mistaken needs `def sentence"),
        ('on("OrderShipped")', "`on` takes the class of a fact"),
        (
            "@plugin_table\nclass Mistake(SQLModel): ...",
            "Write @plugin_table() above Mistake, with the brackets.",
        ),
        ('column("mistake", "Mistake", read=lambda session, ids: {})', "is plain text"),
        ('right("Wrong", _("Mistake"))', "needs a key of small letters"),
        (
            OWN_NAME.replace("order, language:", "session, order, language:"),
            "calls <lambda>(order, language); it takes (session, order, language)",
        ),
        (
            BLOCK.replace("mistake(look: Look)", "mistake(look: Look, which: str)"),
            "The block 'mistake' calls mistake(look)",
        ),
        (
            ACTION.replace("lambda order: None", "lambda w, order: None"),
            "The action 'mistake' calls <lambda>(row); it takes (w, order)",
        ),
        (
            ACTION.replace("(w: Work, order: Order, data: Mistake)", "(w: Work, order: Order)"),
            "calls do(w, row, data); it takes (w, order)",
        ),
        (
            'page("mistake", _("Mistake"))(lambda: declare())',
            "The page 'mistake' calls <lambda>(look); it takes ()",
        ),
        (
            "on(OrderShipped)(lambda w, order: None)",
            "`on(OrderShipped)` calls <lambda>(w, subject, fact); it takes (w, order)",
        ),
        (
            'column("mistake", _("Mistake"), read=lambda ids: {})',
            "calls <lambda>(session, ids); it takes (ids)",
        ),
        (
            'list_filter("mistake", _("Mistake"), condition=lambda value: None)',
            "calls <lambda>(value, regional); it takes (value)",
        ),
        (
            'slip_remark("mistake")(lambda order: "")',
            "calls <lambda>(session, order, language); it takes (order)",
        ),
        ('each_minute("Mistake")(lambda w: None)', "`each_minute('Mistake')` calls <lambda>(); it takes (w)"),
    ],
)
def test_ext1_a_mistake_is_said_with_what_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    assert reason in why_not_loaded(tmp_path, monkeypatch, text)


def test_ext1_a_fact_that_is_not_registered_can_t_be_recorded() -> None:
    class Happened(Fact):
        """The decorator is forgotten."""

    with pytest.raises(ValueError, match="write @fact above the class"):
        require_fact(Happened())
