"""The job that renders an issued document and puts it into the archive (INV-3)."""

from backoffice_app import archive
from backoffice_app.domain.core.jobs import job
from backoffice_app.domain.invoicing.issue import RENDER


@job(RENDER)
def render_document(version_id: int) -> None:
    """The version is in the archive.

    Run twice, it is rendered once: the archive is asked first, and equal bytes are one file.
    """
    archive.file_of(version_id)
