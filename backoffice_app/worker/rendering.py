"""The job that renders an issued document and puts it into the archive (INV-3)."""

from dbos import DBOS

from backoffice_app import printing


@DBOS.workflow(name="render_document")
def render_document(version_id: int) -> None:
    """The version is in the archive. Run twice, it is rendered once: the archive is asked first, and equal bytes are one file."""
    printing.file_of(version_id)
