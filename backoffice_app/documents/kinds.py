"""How each kind of document is drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from backoffice_app.documents import fast_fonts
from backoffice_app.documents.sheet import Sheet
from backoffice_app.documents.texts import Texts, document_language
from backoffice_app.domain.core.document_kinds import DOCUMENT_KINDS, DocumentKind, Snapshot
from backoffice_app.domain.core.snapshot import Seller
from backoffice_app.registry import Registry, requirement

Draw = TypeVar("Draw", bound=Callable[..., None])


@dataclass(frozen=True)
class Drawing:
    """`draw(sheet, snapshot, texts, logo)` adds the pages to a sheet; `heading(snapshot, texts)` is the title of the
    file.
    """

    draw: Callable[[Sheet, Any, Texts, bytes | None], None]
    heading: Callable[[Any, Texts], str]


DRAWINGS: Registry[Drawing] = Registry("drawing of the document kind")
"""Key of a kind -> how it is drawn."""


def draws(*kinds: DocumentKind, heading: Callable[[Any, Texts], str]) -> Callable[[Draw], Draw]:
    """Registers the function below it as the one that draws documents of these kinds.

    Raises ValueError for a kind that is not registered or is drawn already.
    """

    def register(draw: Draw) -> Draw:
        for kind in kinds:
            if DOCUMENT_KINDS.get(kind.key) is not kind:
                raise ValueError(
                    f"{draw.__qualname__} draws {kind.key!r}, which is no registered document kind."
                )
            DRAWINGS.add(kind.key, Drawing(draw, heading))
        return draw

    return register


def render_pdf(
    snapshot: Snapshot,
    language: str | None = None,
    *,
    logo: bytes | None = None,
    fast: bool = fast_fonts.FAST,
) -> bytes:
    """The PDF of one document of any kind; the same snapshot gives the same bytes, in any process (INV-3).

    In another `language` than that of issue it is marked as a translation, with the same figures (INV-12). `logo`: the
    picture whose checksum the snapshot names, ValueError for another. A character that no font has is drawn as a box
    with its code.
    """
    drawing, texts = DRAWINGS[snapshot.kind], Texts(document_language(language or snapshot.language))
    sheet = Sheet(
        made_at=snapshot.issued_at,
        title=drawing.heading(snapshot, texts),
        author=sender(snapshot.seller),
        language=texts.language,
        texts=[snapshot.model_dump_json(), texts.vocabulary()],
        fast=fast,
    )
    drawing.draw(sheet, snapshot, texts, logo)
    return sheet.finish()


def sender(seller: Seller) -> str:
    """What the seller is called."""
    return seller.company or seller.name


@requirement
def require_drawings() -> None:
    """Raises ValueError for kinds of documents that nothing draws."""
    if missing := sorted(DOCUMENT_KINDS.keys() - DRAWINGS.keys()):
        raise ValueError(
            f"Nothing draws the document kinds {', '.join(map(repr, missing))}: use `@draws(...)`."
        )
