"""Snapshot in, bytes out."""

from backoffice_app.documents.fonts import missing_characters, renderer
from backoffice_app.documents.invoice import render_invoice
from backoffice_app.documents.merge import render_in_order, render_together
from backoffice_app.documents.packing_slip import render_packing_slip

RENDERER = renderer()

__all__ = ["RENDERER", "missing_characters", "render_in_order", "render_invoice", "render_packing_slip", "render_together"]
