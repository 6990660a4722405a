"""`kontor verify`: proves that history, documents, archive and payments are as they were written (AUD-1)."""

import hashlib
import json
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TaskID
from sqlmodel import col, func, select

from backoffice_app import archive
from backoffice_app.cli.migrate import require_shop
from backoffice_app.db import reading
from backoffice_app.domain.history import (
    Break,
    document_versions,
    verify_chain,
    verify_documents,
    verify_payments,
)
from backoffice_app.models import ArchivedFile, Document, DocumentVersion, History

MOST_NAMED = 20
"""Documents without a file that are named one by one."""
_UNDRAWN = select(DocumentVersion.id).where(
    ~select(ArchivedFile.id)
    .where(ArchivedFile.version_id == DocumentVersion.id, ArchivedFile.form == "pdf")
    .exists()
)


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("verify")(verify)


def verify(
    make_files: Annotated[
        bool,
        typer.Option("--make-files", help="Draw the documents that have no file, or whose file is gone."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what is broken as a JSON array.")] = False,
) -> None:
    """Check every fact, document, archived file and sum of payments; name what was changed. Exit code 1 if anything
    was.
    """
    require_shop()
    console = Console(stderr=as_json)
    if make_files:
        _make_files(console)
    breaks = list(find_breaks(None if as_json else console))
    if as_json:
        typer.echo(
            json.dumps(
                [{"what": found.what, "why": found.why} for found in breaks], ensure_ascii=False, indent=2
            )
        )
        raise typer.Exit(1 if breaks else 0)
    for found in breaks:
        console.print(f"[red]Broken:[/red] {found.what}: {found.why}.")
    count, first = without_file()
    if count:
        named = ", ".join(first) + (", ..." if count > len(first) else "")
        console.print(
            f"{count} documents have no file yet: {named}. It is drawn when it is first opened; --make-files "
            f"draws all now."
        )
    if breaks:
        raise typer.Exit(1)
    console.print("[green]All is as it was written.[/green]")


def without_file() -> tuple[int, list[str]]:
    """How many versions of documents were never drawn, and the first of them by name."""
    with reading() as session:
        count = session.exec(select(func.count()).select_from(_UNDRAWN.subquery())).one()
        first = session.exec(_UNDRAWN.order_by(col(DocumentVersion.id)).limit(MOST_NAMED)).all()
    return count, [_name(version_id or 0) for version_id in first]


def _make_files(console: Console) -> None:
    """Every version has its file; what can't be drawn or written is said, and the rest is done."""
    with reading() as session:
        versions = list(session.exec(_UNDRAWN).all())
        archived = session.exec(select(ArchivedFile.version_id, ArchivedFile.sha256)).all()
    versions += [version_id for version_id, sha256 in archived if archive.is_lost(sha256)]
    with Progress(console=console) as progress:
        for version_id in progress.track(versions, description="Files"):
            try:
                archive.file_of(version_id or 0)
            except Exception as error:  # whatever is wrong with one, the others get theirs
                console.print(
                    f"[red]Not drawn:[/red] {_name(version_id or 0)}: {error or type(error).__name__}"
                )


def find_breaks(console: Console | None = None) -> Iterator[Break]:
    """The first break of the chain, every document and file that is not as it was written, and every order whose
    payments are not what was paid.
    """
    with (
        reading() as session,
        Progress(console=console, disable=not (console and console.is_terminal)) as progress,
    ):
        facts = session.exec(select(func.count()).select_from(History)).one()
        task = _bar(progress, "History", facts)
        for step in verify_chain(session):
            if isinstance(step, Break):
                yield step
            else:
                progress.update(task, completed=step)
        versions = session.exec(select(func.count()).select_from(DocumentVersion)).one()
        task = _bar(progress, "Documents", versions)
        for id_, snapshot, sha256 in document_versions(session):
            progress.advance(task)
            if hashlib.sha256(snapshot.encode()).hexdigest() != sha256:
                yield Break(_name(id_), "its snapshot is not what its checksum says")
        for step in verify_documents(session):
            if isinstance(step, Break):
                yield step
        yield from verify_payments(session)
        files = session.exec(
            select(ArchivedFile.version_id, ArchivedFile.sha256).order_by(col(ArchivedFile.id))
        ).all()
        task = _bar(progress, "Archive", len(files))
        for version_id, sha256 in files:
            progress.advance(task)
            try:
                archive.read_archived(sha256)
            except archive.DamagedArchive as damaged:
                yield Break(_name(version_id), str(damaged))


def _bar(progress: Progress, name: str, total: int) -> TaskID:
    """A bar of `total` steps; one without any is complete from the start."""
    return progress.add_task(name, total=total or 1, completed=0 if total else 1)


def _name(version_id: int) -> str:
    with reading() as session:
        statement = (
            select(Document.kind, Document.number, DocumentVersion.version)
            .join(DocumentVersion)
            .where(DocumentVersion.id == version_id)
        )
        row = session.exec(statement).first()
    return f"{row[0]} {row[1]} version {row[2]}" if row else f"document version {version_id}"
