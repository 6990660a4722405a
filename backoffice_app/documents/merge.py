"""Several documents in one PDF, each with its own page numbers (W-3, O-5)."""

from collections.abc import Callable, Mapping, Sequence

from backoffice_app.documents.kinds import DRAWINGS, render_pdf, sender
from backoffice_app.documents.sheet import Sheet
from backoffice_app.documents.texts import Texts, document_language
from backoffice_app.domain.core.document_kinds import Snapshot


def render_together(
    snapshots: Sequence[Snapshot], language: str | None = None, *, logos: Mapping[str, bytes] | None = None
) -> bytes:
    """One PDF of an order's documents, oldest first; without `language` each in its own (W-3).

    A single document comes out exactly as it does alone, so byte for byte as archived (INV-12). `logos`: the pictures
    by checksum. Raises ValueError without snapshots.
    """
    return render_in_order(
        sorted(snapshots, key=lambda snapshot: (snapshot.issued_at, snapshot.number)), language, logos=logos
    )


def render_in_order(
    snapshots: Sequence[Snapshot],
    language: str | None = None,
    *,
    logos: Mapping[str, bytes] | None = None,
    progress: Callable[[int], None] | None = None,
) -> bytes:
    """One PDF of these documents in this order, as the pages of a list are printed (O-5).

    `progress` hears how many are drawn.
    """
    if not snapshots:
        raise ValueError("nothing to render")
    logos = logos or {}
    spoken = [(snapshot, Texts(document_language(language or snapshot.language))) for snapshot in snapshots]
    if len(snapshots) == 1:
        snapshot, texts = spoken[0]
        return render_pdf(snapshot, texts.language, logo=logos.get(snapshot.seller.logo))
    first, first_texts = spoken[0]
    vocabularies = {texts.language: texts.vocabulary() for _snapshot, texts in spoken}
    sheet = Sheet(
        made_at=max(snapshot.issued_at for snapshot in snapshots),
        title=", ".join(snapshot.number for snapshot in snapshots[:20]),
        author=sender(first.seller),
        language=first_texts.language,
        texts=[*(snapshot.model_dump_json() for snapshot in snapshots), *vocabularies.values()],
    )
    for i, (snapshot, texts) in enumerate(spoken, 1):
        logo = logos.get(snapshot.seller.logo)
        DRAWINGS[snapshot.kind].draw(sheet, snapshot, texts, logo)
        if progress:
            progress(i)
    return sheet.finish()
