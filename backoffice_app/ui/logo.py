"""The logo as an address that holds the picture itself: page head and menu show it without a request of their own
(P-8).
"""

from pathlib import Path
from urllib.parse import quote

ASSETS = Path(__file__).parents[2] / "assets"
LOGO = "data:image/svg+xml," + quote((ASSETS / "logo.svg").read_text("utf-8").strip(), safe="/ =:")
