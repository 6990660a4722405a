"""Snapshot in, bytes out."""

from backoffice_app.documents import invoice, packing_slip, return_slip  # register how their kinds are drawn
from backoffice_app.documents.fonts import missing_characters, renderer
from backoffice_app.documents.kinds import render_pdf
from backoffice_app.documents.merge import render_in_order, render_together

RENDERER = renderer()

__all__ = [
    "RENDERER",
    "invoice",
    "missing_characters",
    "packing_slip",
    "render_in_order",
    "render_pdf",
    "render_together",
    "return_slip",
]
