"""The archive of issued documents: each version's file, drawn once and kept by its digest (INV-3)."""

import hashlib
from pathlib import Path

import structlog
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from backoffice_app.db import reading
from backoffice_app.documents.fonts import renderer
from backoffice_app.domain.core.document_kinds import snapshot_from
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.rights import WORKER
from backoffice_app.domain.core.work import work
from backoffice_app.drawing import drawn
from backoffice_app.models import ArchivedFile, DocumentVersion
from backoffice_app.private_files import write_whole
from backoffice_app.settings import settings

log = structlog.get_logger(__name__)


class DamagedArchive(Exception):  # noqa: N818
    """A file in the archive is not what its checksum says. `sha256` names it."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"the archived file {sha256} is damaged or missing")
        self.sha256 = sha256


def archive_path(sha256: str) -> Path:
    """Where a file is in the archive: under its checksum, so equal files are one."""
    return settings().archive_dir / sha256[:2] / f"{sha256}.pdf"


def file_of(version_id: int) -> bytes:
    """The PDF of a document's version: the archived bytes, rendered and archived now if a crash left them out or the
    file was lost.

    Raises NotFound, DamagedArchive.
    """
    with reading() as session:
        archived = session.exec(
            select(ArchivedFile).where(ArchivedFile.version_id == version_id, ArchivedFile.form == "pdf")
        ).first()
        version = session.get(DocumentVersion, version_id)
        if version is None:
            raise NotFound(str(version_id))
        snapshot = version.snapshot
    if archived and not is_lost(archived.sha256):
        return read_archived(archived.sha256)
    data = drawn(snapshot_from(snapshot))
    if archived is None:
        _archive(version_id, data)
    elif hashlib.sha256(data).hexdigest() == archived.sha256:
        _write(data)
    else:  # other fonts or libraries drew it then: it says the same, but it is not the file that was archived
        log.warning(
            "a lost file was drawn anew with other bytes",
            version=version_id,
            archived=archived.sha256,
            by=archived.renderer,
        )
    return data


def is_lost(sha256: str) -> bool:
    """Whether a file is gone from an archive that is there; a whole archive that is gone may only be away, as an
    unmounted share is.
    """
    return not archive_path(sha256).exists() and settings().archive_dir.is_dir()


def read_archived(sha256: str) -> bytes:
    """The bytes of an archived file, checked against its checksum. DamagedArchive otherwise."""
    try:
        data = archive_path(sha256).read_bytes()
    except FileNotFoundError as missing:  # kept as the cause: a share may not be mounted just now
        raise DamagedArchive(sha256) from missing
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DamagedArchive(sha256)
    return data


def _archive(version_id: int, data: bytes) -> None:
    """Writes the file first, whole or not at all, then its row; of two that archive at once both find the
    same bytes.
    """
    sha256 = _write(data)
    try:
        with work(WORKER) as w:
            w.session.add(
                ArchivedFile(
                    version_id=version_id,
                    form="pdf",
                    sha256=sha256,
                    size=len(data),
                    renderer=renderer(),
                    created_at=w.at,
                )
            )
    except IntegrityError:
        return  # another process archived this version a moment ago


def _write(data: bytes) -> str:
    """The file is in the archive, whole or not at all; its checksum."""
    sha256 = hashlib.sha256(data).hexdigest()
    write_whole(archive_path(sha256), data)
    return sha256
