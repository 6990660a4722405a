"""The shop's logo stands on each document as it was the shop's when that was issued (INV-7)."""

import json

import pypdfium2 as pdfium
import pytest
from databases import OWNER, TestShop
from pictures import RED, picture
from sqlmodel import select

from backoffice_app import archive, db, printing
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.shop import SETTINGS, MailLook, load_shop, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail.shop_files import keep_file, path_of
from backoffice_app.models import Document, DocumentVersion, Order, OrderReturn, Shipment, ShopFile

MM = 72 / 25.4
HEAD = (27, 15)
"""A place in mm that every logo covers, wide or high."""


def pixel(pdf: bytes, at: tuple[float, float] = HEAD) -> str:
    """The colour of a place of the first page, in mm from its top left."""
    page = pdfium.PdfDocument(pdf)[0].render(scale=4).to_pil().convert("RGB")
    found = page.getpixel((round(at[0] * MM * 4), round(at[1] * MM * 4)))
    assert isinstance(found, tuple)
    return "#" + "".join(f"{part:02x}" for part in found)


def drawn(order: Order, kind: str) -> bytes:
    """The file of the newest document of this kind."""
    with db.reading() as session:
        of_kind = select(Document.id).where(Document.order_id == order.id, Document.kind == kind)
        version = select(DocumentVersion.id).where(DocumentVersion.document_id == session.exec(of_kind).one())
        version_id = session.exec(version).one()
    return archive.file_of(version_id or 0)


def lose_logo(order: Order) -> None:
    """The file of the logo that an invoice names is gone from the archive."""
    [document] = order.documents
    with db.reading() as session:
        kept = session.exec(select(DocumentVersion).where(DocumentVersion.document_id == document.id)).one()
        sha256 = str(json.loads(kept.snapshot)["seller"]["logo"])
    path_of(sha256, "image/png").unlink()


def test_inv7_each_document_shows_the_logo(shop: TestShop) -> None:
    keep_file(OWNER, "logo", "logo.png", picture())
    order = shop.order()
    id_ = order.id or 0
    assert pixel(drawn(order, "invoice")) == RED
    perform(OWNER, "ship", id_)
    perform(OWNER, "create-return", id_, {"quantities": {str(order.lines[0].id): "1"}})
    perform(OWNER, "credit-note", id_, {"invoice": order.documents[0].number, "amount": "5"})
    assert pixel(drawn(order, "credit note")) == RED
    with db.reading() as session:
        shipment = session.exec(select(Shipment.number).where(Shipment.order_id == id_)).first()
        back = session.exec(select(OrderReturn.number).where(OrderReturn.order_id == id_)).first()
    assert shipment
    assert back
    assert pixel(printing.find_packing_slip(OWNER, shipment).draw()) == RED
    assert pixel(printing.find_return_slip(back).draw()) == RED
    assert pixel(printing.find_invoices(OWNER, order.number).draw()) == RED


def test_inv3_a_document_keeps_the_logo_of_its_day(shop: TestShop) -> None:
    keep_file(OWNER, "logo", "old.png", picture())
    before = shop.order()
    keep_file(OWNER, "logo", "new.png", picture("#204080"))
    after = shop.order()
    with db.reading() as session:
        file = session.exec(select(ShopFile.id).where(ShopFile.name == "new.png")).one()
    perform(OWNER, "retire-shop-file", 0, {"file": file}, subject=SETTINGS)
    without = shop.order()
    colors = [pixel(drawn(order, "invoice")) for order in (before, after, without)]
    assert colors[:2] == [RED, "#204080"]
    assert colors[2] not in colors[:2]


def test_inv7_a_document_whose_logo_is_lost_is_drawn_with_the_name(shop: TestShop) -> None:
    keep_file(OWNER, "logo", "logo.png", picture())
    order = shop.order()
    lose_logo(order)
    data = drawn(order, "invoice")
    assert pixel(data) != RED
    assert name_of_shop() in pdfium.PdfDocument(data)[0].get_textpage().get_text_bounded()
    assert pixel(printing.find_invoices(OWNER, order.number, "fr").draw()) != RED


def name_of_shop() -> str:
    """What the shop is called."""
    with db.reading() as session:
        return load_shop(session).company.name


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x89PNG\r\n\x1a\n no picture", id="not a picture"),
        pytest.param(picture(size=(60, 20))[:-30], id="cut off"),
        pytest.param(picture(mode="CMYK", kind="JPEG"), id="colours of a press"),
        pytest.param(picture(size=(4000, 2000)), id="more pixels than a page shows"),
    ],
)
def test_inv7_what_no_document_can_show_is_no_logo(data: bytes, shop: TestShop) -> None:
    with pytest.raises(Invalid, match="This picture can't be read") as refused:
        keep_file(OWNER, "logo", "logo.png", data)
    assert refused.value.field == "file"
    assert pixel(drawn(shop.order(), "invoice")) != RED


@pytest.mark.parametrize(
    ("mode", "kind"), [("L", "PNG"), ("P", "PNG"), ("RGBA", "PNG"), ("1", "PNG"), ("L", "JPEG")]
)
def test_inv7_each_kind_of_picture_is_drawn(mode: str, kind: str, small_shop: TestShop) -> None:
    keep_file(OWNER, "logo", "logo.png", picture("#000000", mode=mode, kind=kind))
    assert pixel(drawn(small_shop.order(), "invoice")) == "#000000"


@pytest.mark.parametrize(
    ("size", "right", "below"), [((60, 20), 25 + 66, 35), ((20, 60), 25 + 22 / 3, 35), ((90, 9), 95, 20)]
)
def test_inv7_a_logo_stands_at_the_edge_of_the_text_as_large_as_its_box_takes_it(
    size: tuple[int, int], right: float, below: float, small_shop: TestShop
) -> None:
    keep_file(OWNER, "logo", "logo.png", picture(size=size))
    data = drawn(small_shop.order(), "invoice")
    inside = [(25.5, 13.5), (right - 0.5, 13.5), (25.5, below - 0.5), (right - 0.5, below - 0.5)]
    outside = [(24.5, 14), (right + 0.5, 14), (26, below + 0.5)]
    assert [pixel(data, at) for at in inside] == [RED] * 4
    assert RED not in [pixel(data, at) for at in outside]


def test_inv7_a_logo_of_former_times_stands_on_documents_once_it_is_added_again(shop: TestShop) -> None:
    keep_file(OWNER, "logo", "logo.png", picture())
    with work(OWNER) as w:
        save_section(w.session, "mail_look", MailLook(logo=w.shop.mail_look.logo))
    assert pixel(drawn(shop.order(), "invoice")) != RED
    assert keep_file(OWNER, "logo", "logo.png", picture()).changed
    assert pixel(drawn(shop.order(), "invoice")) == RED
    assert not keep_file(OWNER, "logo", "logo.png", picture()).changed
