"""No sentence a person reads stands untranslated, and no translation loses a named place (L-2)."""

import ast
import re
import string
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from backoffice_app import i18n
from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.i18n import LOCALES, UI_LANGUAGES, _, catalog, key_of

PACKAGE = LOCALES.parent
UI = [language for language in UI_LANGUAGES if language != "en"]
PAPER = [language for language in LANGUAGES if language != "en"]


def calls(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Each call with a literal first argument below `folder`: its function's last name, the key of what it marks, the
    file.
    """
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                context = (
                    node.args[1].value
                    if name == "_" and len(node.args) > 1 and isinstance(node.args[1], ast.Constant)
                    else ""
                )
                yield name, key_of(node.args[0].value, str(context)), file


def ui_sentences() -> dict[str, Path]:
    """Each sentence marked by `_` or `ngettext`, with a file that holds it."""
    return {sentence: file for name, sentence, file in calls(PACKAGE) if name in {"_", "ngettext"}}


def paper_sentences() -> dict[str, Path]:
    """Each sentence that a document says."""
    return {sentence: file for name, sentence, file in calls(PACKAGE / "documents") if name == "say"}


def untranslated(sentences: dict[str, Path], language: str, domain: str) -> list[str]:
    """The sentences that `language` lacks, each with its file."""
    known = catalog(language, domain)
    return [
        f"{file.relative_to(PACKAGE)}: {sentence}"
        for sentence, file in sentences.items()
        if not known.get(sentence)
    ]


def places(sentence: str) -> set[str]:
    """The named places of a sentence: "{actor}" and the like."""
    return {name for _text, name, _format, _conversion in string.Formatter().parse(sentence) if name}


def test_l2_no_sentence_is_marked_under_another_name() -> None:
    """The check below finds sentences by the name `_`."""
    assert not [str(file) for file in PACKAGE.rglob("*.py") if "import _ as" in file.read_text("utf-8")]


@pytest.mark.parametrize("language", UI)
def test_l2_every_sentence_of_the_ui_is_translated(language: str) -> None:
    missing = untranslated(ui_sentences(), language, "kontor")

    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", PAPER)
def test_l2_every_sentence_of_a_document_is_translated(language: str) -> None:
    missing = untranslated(paper_sentences(), language, "documents")

    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(
    ("language", "domain"), [(lang, "kontor") for lang in UI] + [(lang, "documents") for lang in PAPER]
)
def test_l2_a_translation_keeps_the_named_places(language: str, domain: str) -> None:
    translated = {
        key: (text if isinstance(text, str) else text[-1]) for key, text in catalog(language, domain).items()
    }
    broken = [key for key, text in translated.items() if not places(text) <= places(key) | {"count"}]

    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("domain", ["kontor", "documents"])
def test_l1_french_signs_stay_beside_their_word(domain: str) -> None:
    broken = re.compile(r"\S [:;?!»](?!\w)|« ")
    texts = [
        one
        for known in catalog("fr", domain).values()
        for one in ([known] if isinstance(known, str) else known)
    ]
    assert [one for one in texts if broken.search(one)] == []


@pytest.mark.parametrize("language", UI)
def test_l2_no_catalog_of_the_ui_keeps_a_sentence_that_is_gone(language: str) -> None:
    assert sorted(catalog(language, "kontor").keys() - ui_sentences().keys()) == []


@pytest.mark.parametrize("language", PAPER)
def test_l2_no_catalog_of_documents_keeps_a_sentence_that_is_gone(language: str) -> None:
    assert sorted(catalog(language, "documents").keys() - paper_sentences().keys()) == []


def tool() -> ModuleType:
    """tools/make_texts.py as a module."""
    spec = spec_from_file_location("make_texts", PACKAGE.parent / "tools" / "make_texts.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_l2_make_texts_finds_what_the_code_marks_and_takes_out_what_is_gone() -> None:
    texts = tool()
    header = b'# German.\nmsgid ""\nmsgstr ""\n"Language: de\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    old = header + b'msgid "Paid"\nmsgstr "Bezahlt"\n\nmsgid "Gone"\nmsgstr "Weg"\n'
    wanted = texts.template("kontor")

    new = texts.updated(old, "de", wanted)

    assert new.startswith(header)
    assert b'msgid "Paid"\nmsgstr "Bezahlt"\n' in new
    assert b"Weg" not in new
    assert b'msgctxt "button"\nmsgid "On hold"\nmsgstr ""\n' in new
    assert texts.updated(new, "de", wanted) == new
    assert not re.search(rb"^#[^ ]|/work|/home|\.py", new, re.MULTILINE)
    missing = set(texts.untranslated(new, "de"))
    assert "On hold" in missing
    assert "Paid" not in missing
    assert {
        key_of(m.id if isinstance(m.id, str) else m.id[0], m.context or "") for m in wanted if m.id
    } == ui_sentences().keys()


def plug_in(folder: Path, german: str) -> Path:
    """A folder of catalogs with these German sentences."""
    file = folder / "locales" / "de" / "LC_MESSAGES" / "kontor.po"
    file.parent.mkdir(parents=True)
    file.write_text(f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n{german}', "utf-8")
    return folder / "locales"


@pytest.fixture
def catalogs() -> Iterator[None]:
    """What a test adds is taken away again."""
    kept = list(i18n.CATALOGS)
    yield
    i18n.CATALOGS[:] = kept
    catalog.cache_clear()


def test_ext1_a_plug_in_brings_catalogs_of_its_own(tmp_path: Path, catalogs: None) -> None:
    folder = plug_in(
        tmp_path, 'msgid "Gift note"\nmsgstr "Geschenknotiz"\n\nmsgid "Paid"\nmsgstr "Bezahlt"\n'
    )

    i18n.add_catalogs(folder)

    assert _("Gift note").in_language("de") == "Geschenknotiz"
    assert _("Paid").in_language("de") == "Bezahlt"
    with pytest.raises(ValueError, match="are added twice"):
        i18n.add_catalogs(folder)


def test_ext1_a_word_with_another_meaning_needs_a_context(tmp_path: Path, catalogs: None) -> None:
    with pytest.raises(
        ValueError, match="translates 'Paid' into 'Verguetet', not 'Bezahlt': give it a context"
    ):
        i18n.add_catalogs(plug_in(tmp_path, 'msgid "Paid"\nmsgstr "Verguetet"\n'))

    assert _("Paid").in_language("de") == "Bezahlt"
    with pytest.raises(ValueError, match="There is no catalog in 'empty'"):
        i18n.add_catalogs(tmp_path / "empty")


def test_l2_the_sentences_are_found() -> None:
    assert len(ui_sentences()) > 20
    assert len(paper_sentences()) > 20


def test_l1_one_english_word_may_be_two_in_another_language() -> None:
    assert [_("On hold", "button").in_language(language) for language in ("en", "de")] == [
        "On hold",
        "Anhalten",
    ]
    assert [_("On hold").in_language(language) for language in ("en", "de")] == ["On hold", "Angehalten"]
