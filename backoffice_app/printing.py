"""Documents as files: rendered from their snapshots, archived under their checksums, printed together (INV-3, INV-12, W-3)."""

import hashlib
import os
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload
from sqlmodel import col, select

from backoffice_app.db import reading
from backoffice_app.documents.fonts import renderer
from backoffice_app.documents.invoice import render_invoice
from backoffice_app.documents.merge import render_together
from backoffice_app.documents.packing_slip import render_packing_slip
from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain.core.errors import NotFound, Refused
from backoffice_app.domain.core.rights import WORKER, Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.core.whole import WHOLE
from backoffice_app.domain.core.work import work
from backoffice_app.domain.invoicing.issue import InvoicesPrinted
from backoffice_app.domain.invoicing.snapshot import packing_slip_snapshot
from backoffice_app.i18n import _
from backoffice_app.models import ArchivedFile, Document, DocumentVersion, Order, Shipment
from backoffice_app.settings import settings


class DamagedArchive(Exception):  # noqa: N818
    """A file in the archive is not what its checksum says. `sha256` names it."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"the archived file {sha256} is damaged or missing")
        self.sha256 = sha256


def archive_path(sha256: str) -> Path:
    """Where a file lies in the archive: under its checksum, so equal files are one."""
    return settings().archive_dir / sha256[:2] / f"{sha256}.pdf"


def file_of(version_id: int) -> bytes:
    """The PDF of a document's version: the archived bytes, rendered and archived now if a crash left them out. NotFound, DamagedArchive."""
    with reading() as session:
        archived = session.exec(select(ArchivedFile).where(ArchivedFile.version_id == version_id, ArchivedFile.form == "pdf")).first()
        version = session.get(DocumentVersion, version_id)
        if version is None:
            raise NotFound(str(version_id))
        snapshot = version.snapshot
    if archived:
        return read_archived(archived.sha256)
    data = render_invoice(DocumentSnapshot.model_validate_json(snapshot))
    _archive(version_id, data)
    return data


def read_archived(sha256: str) -> bytes:
    """The bytes of an archived file, checked against its checksum. DamagedArchive otherwise."""
    try:
        data = archive_path(sha256).read_bytes()
    except FileNotFoundError as missing:  # kept as the cause: the archive may only be away, such as a share that is not mounted
        raise DamagedArchive(sha256) from missing
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DamagedArchive(sha256)
    return data


def _archive(version_id: int, data: bytes) -> None:
    """Writes the file first, whole or not at all, then its row; of two that archive at once both find the same bytes."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = archive_path(sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}-{os.urandom(4).hex()}")
        try:
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)  # half a file on a full disk would keep it full
            raise
    try:
        with work(WORKER) as w:
            w.session.add(
                ArchivedFile(version_id=version_id, form="pdf", sha256=sha256, size=len(data), renderer=renderer(), created_at=w.at)
            )
    except IntegrityError:
        return  # another process archived this version a moment ago


def print_invoices(actor: Actor, order_number: str, language: str = "") -> tuple[str, bytes]:
    """One PDF of all the order's documents, oldest first (W-3), and its file name. In another language: copies, noted in the history.

    A language that no document speaks is none: it would only leave its name in the history.
    """
    actor.require(Right.PRICES)
    language = language if language in LANGUAGES else ""
    with reading() as session:
        statement = (
            select(Document)
            .join(Order)
            .where(Order.number == order_number)
            .order_by(col(Document.id))
            .options(selectinload(Document.versions))  # type: ignore[arg-type]
        )
        found = session.exec(statement).all()
        order_id = found[0].order_id if found else 0
        numbers = [d.number for d in found]
        versions = [d.versions[-1] for d in found]
        languages = {d.language for d in found}
        texts = [(version.id or 0, version.snapshot) for version in versions]
    if not texts:
        raise Refused(_("The order has no invoice yet."))
    if language and languages != {language}:
        with work(actor) as w:
            w.record(("order", order_id), InvoicesPrinted(numbers=", ".join(numbers), language=language))
    elif len(texts) == 1:
        data = file_of(texts[0][0])
        _mark_printed(actor, order_id)
        return f"{numbers[0]}.pdf", data
    snapshots = [DocumentSnapshot.model_validate_json(text) for _id, text in texts]
    data = render_together(snapshots, language or snapshots[0].language)
    _mark_printed(actor, order_id)
    return f"{order_number}-invoices.pdf", data


def _mark_printed(actor: Actor, order_id: int) -> None:
    """From its first print on, an order stands among the printed ones (O-3). A colleague who only reads marks nothing."""
    if not (actor.may(Right.SHIP) or actor.may(Right.INVOICE)):
        return
    with reading() as session:
        if session.exec(select(Order.printed_at).where(Order.id == order_id)).one():
            return
    with work(actor) as w:
        order = w.lock(order_id)
        order.printed_at = order.printed_at or w.at
        w.touch("orders")


def print_packing_slip(actor: Actor, shipment_number: str, language: str = "") -> bytes:
    """The packing slip of a shipment as PDF, in the order's language unless told otherwise (W-6). Refused for a cancelled one."""
    actor.require(Right.READ)
    with reading() as session:
        statement = select(Order).join(Shipment).where(Shipment.number == shipment_number).options(*WHOLE)
        order = session.exec(statement).first()
        if order is None:
            raise NotFound(shipment_number)
        shipment = next(s for s in order.shipments if s.number == shipment_number)
        if shipment.state == "cancelled":
            raise Refused(_("Shipment {number} is cancelled.").format(number=shipment_number))
        snapshot = packing_slip_snapshot(load_shop(session), order, shipment)
        order_id = order.id or 0
    data = render_packing_slip(snapshot, language or None)
    _mark_printed(actor, order_id)
    return data
