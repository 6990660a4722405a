"""What is written where on the pages of a PDF."""

import pypdfium2 as pdfium

MM = 72 / 25.4


def text_of(data: bytes, page: int | None = None) -> str:
    pdf = pdfium.PdfDocument(data)
    pages = range(len(pdf)) if page is None else [page]
    return (
        "\n".join(pdf[i].get_textpage().get_text_bounded() for i in pages)
        .replace("\r\n", "\n")
        .replace("\xa0", " ")
    )


def place_of(data: bytes, text: str, page: int = 0) -> tuple[float, float]:
    """Left and top of the first occurrence of `text`, in mm from the page's top left."""
    pdf_page = pdfium.PdfDocument(data)[page]
    words = pdf_page.get_textpage()
    found = words.search(text).get_next()
    assert found, f"{text!r} is not on the page"
    left, _bottom, _right, top = words.get_charbox(found[0])
    return left / MM, (pdf_page.get_height() - top) / MM


def boxes(data: bytes, page: int = 0) -> list[tuple[str, float, float, float, float]]:
    """Each letter of a page with its left, top, right and bottom, in mm from the page's top left."""
    found = pdfium.PdfDocument(data)[page]
    words, height = found.get_textpage(), found.get_height()
    letters = []
    for i in range(words.count_chars()):
        left, bottom, right, top = words.get_charbox(i)
        letters.append(
            (words.get_text_range(i, 1), left / MM, (height - top) / MM, right / MM, (height - bottom) / MM)
        )
    return [letter for letter in letters if letter[0].strip()]
