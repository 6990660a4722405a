"""Updates the catalogs in backoffice_app/locales: sentences that the code gained come in empty, those it lost go.

Use: python tools/make_texts.py [--check] (or `make texts`). It says what still needs a translation and ends with 1 if
anything does, with `--check` also if a catalog is not as it would write it. Order and header are the same on every
machine; no file names stand in it.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parents[1] / "backoffice_app"
MARKED = {
    "kontor": (".", parse_keywords(["_:1,1t", "_:1,2c,2t", "_:1,2c,3t", "ngettext:1,2"])),
    "documents": ("documents", parse_keywords(["say:1"])),
}
"""Name of a catalog -> where its sentences stand, and the functions that mark them; the second argument of `_` is the
context, and a comma behind that counts as a third.
"""


def template(domain: str, package: Path = PACKAGE) -> Catalog:
    """The sentences that the code marks for one catalog."""
    folder, keywords = MARKED[domain]
    found = Catalog()
    marked = extract_from_dir(package / folder, [("**.py", "python")], keywords=keywords)
    for _file, _line, message, _comments, context in marked:
        found.add(message, context=context)
    return found


def updated(text: bytes, language: str, wanted: Catalog) -> bytes:
    """A catalog with exactly the wanted sentences, in order of their English; what it translates stays as it is."""
    header, _blank, _rest = text.decode().partition("\n\n")
    catalog = read_po(BytesIO(text), locale=language)
    catalog.update(wanted, no_fuzzy_matching=True)
    ordered = Catalog(locale=language)
    for message in sorted((message for message in catalog if message.id), key=_place):
        ordered.add(message.id, message.string, context=message.context).flags.clear()
    written = BytesIO()
    write_po(written, ordered, width=0, no_location=True, omit_header=True)
    return f"{header}\n\n{written.getvalue().decode().strip()}\n".encode()


def _place(message: Message) -> tuple[str, str]:
    """By the English sentence, then by context."""
    english = message.id if isinstance(message.id, str) else message.id[0]
    return english, message.context or ""


def untranslated(text: bytes, language: str) -> Iterator[str]:
    """The sentences of a catalog that have no translation."""
    for message in read_po(BytesIO(text), locale=language):
        texts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if message.id and not all(texts):
            yield message.id if isinstance(message.id, str) else message.id[0]


def main(*, check: bool) -> int:
    """Writes all catalogs, or with `check` none; 0 if nothing is left to do."""
    left = 0
    for domain in MARKED:
        wanted = template(domain)
        for file in sorted(PACKAGE.glob(f"locales/*/LC_MESSAGES/{domain}.po")):
            language, before = file.parts[-3], file.read_bytes()
            after = updated(before, language, wanted)
            name = file.relative_to(PACKAGE)
            if after != before:
                print(f"{name} is not up to date." if check else f"{name} was updated.")  # noqa: T201
                left += check
            if not check:
                file.write_bytes(after)
            for sentence in untranslated(after, language):
                left += 1
                print(f"{name} needs a translation of: {sentence}")  # noqa: T201
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
