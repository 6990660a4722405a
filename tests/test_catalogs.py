"""No sentence a person reads stands untranslated, and no translation loses a named place (L-2)."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.i18n import LOCALES, UI_LANGUAGES, _, catalog, key_of

PACKAGE = LOCALES.parent
UI = [language for language in UI_LANGUAGES if language != "en"]
PAPER = [language for language in LANGUAGES if language != "en"]


def calls(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Each call with a literal first argument below `folder`: its function's last name, the key of what it marks, the file."""
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                context = node.args[1].value if name == "_" and len(node.args) > 1 and isinstance(node.args[1], ast.Constant) else ""
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
    return [f"{file.relative_to(PACKAGE)}: {sentence}" for sentence, file in sentences.items() if not known.get(sentence)]


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


@pytest.mark.parametrize(("language", "domain"), [(lang, "kontor") for lang in UI] + [(lang, "documents") for lang in PAPER])
def test_l2_a_translation_keeps_the_named_places(language: str, domain: str) -> None:
    translated = {key: (text if isinstance(text, str) else text[-1]) for key, text in catalog(language, domain).items()}
    broken = [key for key, text in translated.items() if not places(text) <= places(key) | {"count"}]

    assert not broken, "\n".join(broken)


def test_l2_the_sentences_are_found() -> None:
    assert len(ui_sentences()) > 20
    assert len(paper_sentences()) > 20


def test_l1_one_english_word_may_be_two_in_another_language() -> None:
    assert [_("On hold", "button").in_language(language) for language in UI_LANGUAGES] == ["On hold", "Anhalten"]
    assert [_("On hold").in_language(language) for language in UI_LANGUAGES] == ["On hold", "Angehalten"]
