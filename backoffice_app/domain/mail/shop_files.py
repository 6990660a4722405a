"""Files of the shop that go along with mails: terms and the like as PDF, and the logo; kept in the archive under their
checksums (M-1).
"""

import hashlib
import json
import re
from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import ClassVar, Literal

from PIL import Image
from pydantic import Field
from sqlmodel import Session, col, select

from backoffice_app.domain.core.actions import Done, Input, action, perform
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import SETTINGS, MailLook, Shop, save_section
from backoffice_app.domain.core.work import Work
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import MailTemplate, ShopFile
from backoffice_app.private_files import write_whole
from backoffice_app.settings import settings

LOGO, ATTACHMENT = "logo", "attachment"
MOST_BYTES = {LOGO: 36 * 1024, ATTACHMENT: 3 * 2**20}
"""How large a file may be, by its use. The logo is in each mail, which stays below 60 KB."""
MOST_FILES = 20
BEGINNINGS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""How the bytes of a file begin -> its kind; what a browser says of it is not asked."""
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
KINDS = {LOGO: {"image/png", "image/jpeg"}, ATTACHMENT: {"application/pdf"}}
MOST_PIXELS = 4_000_000
MODES = {"1", "L", "LA", "P", "RGB", "RGBA"}
"""Black and white, greys, and RGB, as Pillow names them."""
WRONG_KIND = {LOGO: _("Choose a picture: PNG or JPEG."), ATTACHMENT: _("Choose a PDF file.")}


LOGO_IN_MAIL = 'src="cid:logo"'
"""How the HTML of a mail names its logo."""


class LostFile(Exception):  # noqa: N818
    """A file of the shop is not in the archive any more, or damaged. It says which."""


@fact
class ShopFileAdded(Fact):
    """A file was added. `use`: logo or attachment."""

    about: ClassVar[About] = About.SETTINGS
    use: str
    name: str
    sha256: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.use == LOGO:
            return _("{actor} added the logo of mails and documents: {name}.").format(name=self.name)
        return _("{actor} added the file {name} for mails.").format(name=self.name)


@fact
class ShopFileRetired(Fact):
    """A file goes along with no mail any more."""

    about: ClassVar[About] = About.SETTINGS
    use: str
    name: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.use == LOGO:
            return _("{actor} removed the logo of mails and documents.")
        return _("{actor} removed the file {name} from the mails.").format(name=self.name)


@dataclass(frozen=True)
class ShopFileView:
    """A file as a page shows it."""

    id: str = ""
    name: str = ""
    size: str = ""
    url: str = ""


def media_type_of(data: bytes) -> str:
    """What a file is, by its first bytes; "" for what may not go along."""
    return next((kind for beginning, kind in BEGINNINGS.items() if data.startswith(beginning)), "")


def path_of(sha256: str, media_type: str) -> Path:
    """Where it is in the archive."""
    return settings().archive_dir / sha256[:2] / f"{sha256}.{ENDINGS[media_type]}"


def content_of(file: ShopFile) -> bytes:
    """The bytes of a file. Raises LostFile."""
    try:
        data = path_of(file.sha256, file.media_type).read_bytes()
    except FileNotFoundError as missing:
        raise LostFile(file.name) from missing
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise LostFile(file.name)
    return data


def can_be_drawn(picture: bytes) -> bool:
    """Whether mails and documents can show a picture: it is whole, of a sensible size, and its colours are those of a
    screen; those of a press look different in each program.
    """
    try:
        with Image.open(BytesIO(picture), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > MOST_PIXELS or opened.mode not in MODES:
                return False
            opened.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


def logo_of(sha256: str) -> bytes | None:
    """The picture with this checksum; None where the archive has none, or a damaged one."""
    for kind in KINDS[LOGO]:
        try:
            data = path_of(sha256, kind).read_bytes()
        except FileNotFoundError:
            continue
        if hashlib.sha256(data).hexdigest() == sha256:
            return data
    return None


class AddShopFile(Input):
    """A file whose bytes are in the archive already."""

    use: Literal["logo", "attachment"]
    name: str = Field(min_length=1, max_length=120)
    media_type: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class RetireShopFile(Input):
    """`file`: its id."""

    file: int


@action(
    subject=SETTINGS,
    key="add-shop-file",
    label=_("Add file"),
    right=Right.SETTINGS,
    why_not=lambda _shop: None,
    input=AddShopFile,
)
def add_shop_file(w: Work, _shop: Shop, data: AddShopFile) -> Done:
    """Keep a file for mails. A new logo takes the place of the one before; the same file once more changes nothing."""
    if data.media_type not in KINDS[data.use]:
        raise Invalid("file", WRONG_KIND[data.use])
    if not path_of(data.sha256, data.media_type).exists():
        raise Invalid("file", _("The file did not arrive. Choose it again."))
    there = _in_use(w.session, data.use)
    same = any(one.sha256 == data.sha256 and one.name == data.name for one in there)
    if same and (data.use != LOGO or w.shop.mail_look.logo_sha256):  # one of former times is in mails alone
        return Done(_("This file is here already."), changed=False)
    if data.use == LOGO:
        for one in there:
            one.retired_at = w.at
    elif len(there) >= MOST_FILES:
        raise Refused(_("There are {count} files already. Remove one first.").format(count=MOST_FILES))
    elif any(one.name.casefold() == data.name.casefold() for one in there):
        raise Refused(_("There is a file {name} already. Remove it first.").format(name=data.name))
    size = path_of(data.sha256, data.media_type).stat().st_size
    file = ShopFile(**data.model_dump(), size=size, added_at=w.at)
    w.session.add(file)
    w.session.flush()
    if data.use == LOGO:
        save_section(w.session, "mail_look", MailLook(logo=file.id or 0, logo_sha256=file.sha256))
    w.record((SETTINGS, 0), ShopFileAdded(use=data.use, name=data.name, sha256=data.sha256))
    return Done(_("The file is added."))


@action(
    subject=SETTINGS,
    key="retire-shop-file",
    label=_("Remove file"),
    right=Right.SETTINGS,
    why_not=lambda _shop: None,
    input=RetireShopFile,
)
def retire_shop_file(w: Work, _shop: Shop, data: RetireShopFile) -> Done:
    """The file goes along with no mail from now on; mails that have it keep it."""
    file = w.session.get(ShopFile, data.file) if 0 < data.file < 2**62 else None
    if file is None:
        raise NotFound(str(data.file))
    if file.retired_at:
        return Done(_("The file is removed."), changed=False)
    file.retired_at = w.at
    if file.use == LOGO:
        save_section(w.session, "mail_look", MailLook())
    for row in w.session.exec(select(MailTemplate).where(MailTemplate.files != "").with_for_update()).all():
        kept = [one for one in json.loads(row.files) if one != file.id]
        row.files = json.dumps(kept) if kept else ""
    w.record((SETTINGS, 0), ShopFileRetired(use=file.use, name=file.name))
    return Done(_("The file is removed."))


def keep_file(actor: Actor, use: str, name: str, data: bytes) -> Done:
    """Puts an uploaded file into the archive and does the action.

    Raises Invalid for what is too large or of another kind, and Refused.
    """
    actor.require(Right.SETTINGS)
    if use not in KINDS:
        raise NotFound(use)
    if len(data) > MOST_BYTES[use]:
        raise Invalid(
            "file",
            _("The file is too large; at most {size} KB are taken.").format(size=MOST_BYTES[use] // 1024),
        )
    media_type = media_type_of(data)
    if media_type not in KINDS[use]:
        raise Invalid("file", WRONG_KIND[use])
    if use == LOGO and not can_be_drawn(data):
        raise Invalid("file", _("This picture can't be read. Save it anew as PNG or JPEG, in RGB."))
    sha256 = hashlib.sha256(data).hexdigest()
    write_whole(path_of(sha256, media_type), data)
    values = {
        "use": use,
        "name": named(name, ENDINGS[media_type]),
        "media_type": media_type,
        "sha256": sha256,
    }
    return perform(actor, "add-shop-file", 0, values, subject=SETTINGS)


def named(name: str, ending: str) -> str:
    """The name of a file as mails can carry it: one line without a path, with the ending of what it is."""
    last = re.split(r"[/\\]", name)[-1]
    stem = re.sub(r"[^\w .,()&+-]", "_", last.rpartition(".")[0] or last).strip(" .")[:100] or "file"
    return f"{stem}.{ending}"


def files_of(session: Session, use: str = ATTACHMENT) -> list[ShopFileView]:
    """The files in use, by name."""
    return [
        ShopFileView(
            str(one.id), one.name, f"{max(one.size // 1024, 1)} KB", f"/shop-files/{one.id}/{one.name}"
        )
        for one in sorted(_in_use(session, use), key=lambda one: one.name.casefold())
    ]


def with_logo(session: Session, html: str, file_id: int) -> str:
    """A mail as a browser can show it by itself: the logo, the file `file_id`, stands in it as data; it is left out
    where it is lost.
    """
    if LOGO_IN_MAIL not in html:
        return html
    file = session.get(ShopFile, file_id) if file_id else None
    return html.replace(LOGO_IN_MAIL, f'src="{_as_data(file) if file else ""}"')


def _as_data(file: ShopFile) -> str:
    try:
        return f"data:{file.media_type};base64,{b64encode(content_of(file)).decode()}"
    except LostFile:
        return ""


def find_file(session: Session, id_: int) -> ShopFile:
    """A file, also one that is out of use. Raises NotFound."""
    file = session.get(ShopFile, id_) if 0 < id_ < 2**62 else None
    if file is None:
        raise NotFound(str(id_))
    return file


def _in_use(session: Session, use: str) -> list[ShopFile]:
    return list(
        session.exec(select(ShopFile).where(ShopFile.use == use, col(ShopFile.retired_at).is_(None))).all()
    )
