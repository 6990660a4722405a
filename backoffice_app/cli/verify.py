"""`kontor verify`: proves that history, documents and archive are as they were written (AUD-1)."""

import hashlib
from collections.abc import Iterator

import typer
from rich.console import Console
from rich.progress import Progress
from sqlmodel import col, func, select

from backoffice_app import printing
from backoffice_app.db import reading
from backoffice_app.domain.history import Break, document_versions, verify_chain, verify_documents
from backoffice_app.models import ArchivedFile, Document, DocumentVersion, History


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("verify")(verify)


def verify() -> None:
    """Check every fact, document and archived file; name the first that was changed. Exit code 1 if there is one."""
    console = Console()
    breaks = list(find_breaks(console))
    for found in breaks:
        console.print(f"[red]Broken:[/red] {found.what}: {found.why}.")
    if breaks:
        raise typer.Exit(1)
    console.print("[green]All is as it was written.[/green]")


def find_breaks(console: Console | None = None) -> Iterator[Break]:
    """The first break of the chain, and every document and file that is not as it was written."""
    with reading() as session, Progress(console=console, disable=console is None) as progress:
        facts = session.exec(select(func.count()).select_from(History)).one()
        task = progress.add_task("History", total=facts)
        for step in verify_chain(session):
            if isinstance(step, Break):
                yield step
            else:
                progress.update(task, completed=step)
        versions = session.exec(select(func.count()).select_from(DocumentVersion)).one()
        task = progress.add_task("Documents", total=versions)
        for id_, snapshot, sha256 in document_versions(session):
            progress.advance(task)
            if hashlib.sha256(snapshot.encode()).hexdigest() != sha256:
                yield Break(_name(id_), "its snapshot is not what its checksum says")
        for step in verify_documents(session):
            if isinstance(step, Break):
                yield step
        files = session.exec(select(ArchivedFile.version_id, ArchivedFile.sha256).order_by(col(ArchivedFile.id))).all()
        task = progress.add_task("Archive", total=len(files))
        for version_id, sha256 in files:
            progress.advance(task)
            try:
                printing.read_archived(sha256)
            except printing.DamagedArchive as damaged:
                yield Break(_name(version_id), str(damaged))


def _name(version_id: int) -> str:
    with reading() as session:
        statement = (
            select(Document.kind, Document.number, DocumentVersion.version).join(DocumentVersion).where(DocumentVersion.id == version_id)
        )
        row = session.exec(statement).first()
    return f"{row[0]} {row[1]} version {row[2]}" if row else f"document version {version_id}"
