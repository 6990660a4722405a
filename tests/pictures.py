"""Pictures as shops have them for a logo."""

from io import BytesIO

from PIL import Image

RED = "#c02040"


def picture(
    color: str = RED, size: tuple[int, int] = (60, 20), mode: str = "RGB", kind: str = "PNG"
) -> bytes:
    """A picture of one colour."""
    file = BytesIO()
    Image.new("RGB", size, color).convert(mode).save(file, kind)
    return file.getvalue()
