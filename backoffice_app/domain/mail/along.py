"""What goes along with a mail, fixed when it is written: documents, papers and files of the shop (M-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, inspect
from sqlmodel import col, select

from backoffice_app.domain.core.work import Work
from backoffice_app.models import (
    Document,
    DocumentVersion,
    MailAttachment,
    MailFile,
    MailPaper,
    OutboxMail,
)


@dataclass(frozen=True)
class Paper:
    """A file that is no issued document, such as a return slip.

    `kind`: of a document kind; `snapshot`: what it says, as JSON.
    """

    kind: str
    name: str
    snapshot: str


class Along(NamedTuple):
    """What goes along with a mail; `files`: ids of the shop's files."""

    documents: Sequence[Document]
    papers: Sequence[Paper]
    files: Sequence[int]


def attach(w: Work, mail: OutboxMail, along: Along) -> None:
    """Fixes what goes along, and the logo of the shop with it."""
    logo = w.shop.mail_look.logo
    _attach_documents(w, mail, along.documents)
    _attach_papers(w, mail, along.papers)
    _attach_files(w, mail, [*([logo] if logo else []), *along.files])


def _attach_documents(w: Work, mail: OutboxMail, documents: Sequence[Document]) -> None:
    """Fixes the files that go along: the version that is newest now (M-3)."""
    newest = _newest_versions(w, documents)
    rows = [
        {"mail_id": mail.id, "version_id": newest[d.id or 0], "name": f"{d.number}.pdf"} for d in documents
    ]
    if rows:
        w.connection.execute(MailAttachment.__table__.insert(), rows)  # type: ignore[attr-defined]


def _attach_papers(w: Work, mail: OutboxMail, papers: Sequence[Paper]) -> None:
    """Fixes what the papers say that go along: they are no issued documents and have no versions (M-3)."""
    rows = [
        {"mail_id": mail.id, "kind": one.kind, "name": one.name, "snapshot": one.snapshot} for one in papers
    ]
    if rows:
        w.connection.execute(MailPaper.__table__.insert(), rows)  # type: ignore[attr-defined]


def _attach_files(w: Work, mail: OutboxMail, files: Sequence[int]) -> None:
    """Fixes which of the shop's files go along (M-3)."""
    rows = [{"mail_id": mail.id, "file_id": one} for one in dict.fromkeys(files)]
    if rows:
        w.connection.execute(MailFile.__table__.insert(), rows)  # type: ignore[attr-defined]


def _newest_versions(w: Work, documents: Sequence[Document]) -> dict[int, int]:
    """Document id -> id of its newest version; no query for documents whose versions are at hand."""
    newest: dict[int, int] = {}
    for document in documents:
        if "versions" not in inspect(document).unloaded and document.versions:
            newest[document.id or 0] = max(document.versions, key=lambda v: v.version).id or 0
    rest = [document.id for document in documents if document.id not in newest]
    if rest:
        document_id = col(DocumentVersion.document_id)
        statement = (
            select(document_id, func.max(DocumentVersion.id))
            .where(document_id.in_(rest))
            .group_by(document_id)
        )
        newest |= {document: version or 0 for document, version in w.session.exec(statement).all()}
    return newest
