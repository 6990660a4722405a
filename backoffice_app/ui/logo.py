"""The logo as an address that holds the picture itself: page head and menu show it without a request of their own (P-8)."""

from urllib.parse import quote

from backoffice_app.web import ROOT

LOGO = "data:image/svg+xml," + quote((ROOT / "assets" / "logo.svg").read_text("utf-8").strip(), safe="/ =:")
