"""Documents drawn with the logo that was the shop's when they were issued (INV-7)."""

from collections.abc import Sequence

import structlog

from backoffice_app.documents import render_in_order, render_together
from backoffice_app.domain.core.document_kinds import Snapshot
from backoffice_app.domain.mail.shop_files import logo_of

log = structlog.get_logger(__name__)


def drawn(snapshot: Snapshot, language: str | None = None) -> bytes:
    """The PDF of one document, in its own language unless told otherwise."""
    return drawn_in_order([snapshot], language)


def drawn_together(snapshots: Sequence[Snapshot], language: str | None = None) -> bytes:
    """One PDF of an order's documents, oldest first."""
    found, logos = _with_logos(snapshots)
    return render_together(found, language, logos=logos)


def drawn_in_order(snapshots: Sequence[Snapshot], language: str | None = None) -> bytes:
    """One PDF of these documents in this order, each in its own language unless told otherwise; a single one is as it
    is alone.
    """
    found, logos = _with_logos(snapshots)
    return render_in_order(found, language, logos=logos)


def _with_logos(snapshots: Sequence[Snapshot]) -> tuple[list[Snapshot], dict[str, bytes]]:
    """The documents, and their logos by checksum. One whose logo is lost says the shop's name in its place: what is
    issued can always be drawn.
    """
    logos = {}
    for sha256 in {snapshot.seller.logo for snapshot in snapshots} - {""}:
        if picture := logo_of(sha256):
            logos[sha256] = picture
        else:
            log.error("a logo is lost; documents are drawn without it", sha256=sha256)
    return [_without_lost_logo(snapshot, logos) for snapshot in snapshots], logos


def _without_lost_logo(snapshot: Snapshot, logos: dict[str, bytes]) -> Snapshot:
    if snapshot.seller.logo in ("", *logos):
        return snapshot
    return snapshot.model_copy(update={"seller": snapshot.seller.model_copy(update={"logo": ""})})
