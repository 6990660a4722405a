"""Files that colleagues attach to an order: kept beside the archived documents, under their checksums, never shown
inline (W-21).
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, ClassVar

from pydantic import Field, field_validator
from sqlmodel import Session, col, func, select

from backoffice_app.domain.core.actions import Done, Input, Undo, action
from backoffice_app.domain.core.errors import Invalid, NotFound
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.visible import visible
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER, order_id
from backoffice_app.i18n import LazyNumber, LazyText, _
from backoffice_app.models import Order, OrderFile
from backoffice_app.private_files import write_whole
from backoffice_app.settings import settings

ATTACH, REMOVE, RESTORE = "attach-file", "remove-file", "restore-file"
LARGEST = 15 * 2**20
MOST = 50
LONGEST_NAME = 120
KINDS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": (b"RIFF",),
    "heic": (),
    "txt": (),
    "csv": (),
    "eml": (),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "odt": (b"PK\x03\x04",),
    "ods": (b"PK\x03\x04",),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
}
"""The endings that are taken, each with what such a file begins with; without any, only that it holds text is asked, or
nothing.
"""
TEXTS = frozenset({"txt", "csv", "eml"})
ACCEPTED = ",".join(f".{kind}" for kind in KINDS)


@fact
class FileAttached(Fact):
    """A file was attached. `sha256`: its checksum."""

    about: ClassVar[About] = About.ORDER
    personal: ClassVar[frozenset[str]] = frozenset({"name"})
    name: str
    sha256: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} attached the file {name}.").format(name=self.name)


@fact
class FileRemoved(Fact):
    """A file was removed from the order."""

    about: ClassVar[About] = About.ORDER
    personal: ClassVar[frozenset[str]] = frozenset({"name"})
    name: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} removed the file {name}.").format(name=self.name)


@fact
class FileRestored(Fact):
    """A file that was removed is there again."""

    about: ClassVar[About] = About.ORDER
    personal: ClassVar[frozenset[str]] = frozenset({"name"})
    name: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} brought the file {name} back.").format(name=self.name)


class AttachFile(Input):
    """`name`: with its ending; `content`: the bytes in Base64."""

    verbatim: ClassVar[frozenset[str]] = frozenset({"content"})
    name: Annotated[str, Asked(_("File"))] = Field(min_length=1, max_length=1_000)
    content: Annotated[bytes, Asked(_("Content"))] = Field(json_schema_extra={"format": "base64"})

    @field_validator("content", mode="before")
    @classmethod
    def _as_bytes(cls, value: object) -> object:
        if not isinstance(value, str | bytes):
            return value
        try:
            return base64.b64decode(value, validate=True)
        except ValueError:
            raise Invalid("content", _("Is no Base64.")) from None


class OneFile(Input):
    """`file`: the id that stands in the address of the file."""

    file: Annotated[str, Asked(_("File"))] = Field(max_length=40)


def why_not_attach(order: Order) -> LazyText | None:  # noqa: ARG001
    """W-17: a file may be kept with any order."""
    return None


@action(
    subject=ORDER,
    key=ATTACH,
    label=_("Attach file"),
    right=Right.TASKS,
    why_not=why_not_attach,
    input=AttachFile,
    even_if_changed=True,
)
def attach_file(w: Work, order: Order, data: AttachFile) -> Done:
    """Keep a file with the order, for colleagues; the customer never gets it (W-21)."""
    name, kind = checked(data.name, data.content)
    if order.file_count >= MOST:
        raise Invalid("name", _("The order has {most} files, and no more are taken.").format(most=MOST))
    sha256 = _keep(data.content) if w.keeps else hashlib.sha256(data.content).hexdigest()
    if _same(w, order, name, sha256) is not None:
        return Done(_("The order has this file already."), changed=False)
    file = OrderFile(
        public_id=secrets.token_urlsafe(16),
        order_id=order_id(order),
        name=name,
        kind=kind,
        size=len(data.content),
        sha256=sha256,
        added_at=w.at,
        added_by=w.actor.name,
    )
    w.session.add(file)
    _recount(w, order)
    w.record(order, FileAttached(name=name, sha256=sha256))
    w.made("files", file.public_id)
    return Done(_("File {name} attached.").format(name=name), undo=Undo(REMOVE, {"file": file.public_id}))


@action(
    subject=ORDER,
    key=REMOVE,
    label=_("Remove file"),
    right=Right.TASKS,
    why_not=why_not_attach,
    input=OneFile,
    even_if_changed=True,
)
def remove_file(w: Work, order: Order, data: OneFile) -> Done:
    """Take a file off the order; its address leads nowhere any more (W-21)."""
    file = _file(w, order, data.file)
    if file.removed_at is not None:
        return Done(_("The file was removed already."), changed=False)
    file.removed_at = w.at
    w.session.add(file)
    _recount(w, order)
    w.record(order, FileRemoved(name=file.name))
    return Done(_("File removed."), undo=Undo(RESTORE, {"file": data.file}))


@action(
    subject=ORDER,
    key=RESTORE,
    label=_("Bring file back"),
    right=Right.TASKS,
    why_not=why_not_attach,
    input=OneFile,
    offered=False,
    even_if_changed=True,
)
def restore_file(w: Work, order: Order, data: OneFile) -> Done:
    """Bring a file back that was removed (W-21)."""
    file = _file(w, order, data.file)
    if file.removed_at is None:
        return Done(_("The file is there."), changed=False)
    file.removed_at = None
    w.session.add(file)
    _recount(w, order)
    w.record(order, FileRestored(name=file.name))
    return Done(_("The file is there again."))


@dataclass(frozen=True)
class Download:
    """A file to hand out: its name and bytes."""

    name: str
    content: bytes


def files_of(session: Session, order_id_: int) -> list[OrderFile]:
    """The files of an order that were not removed, the oldest first; one statement."""
    mine = (
        select(OrderFile)
        .where(OrderFile.order_id == order_id_, col(OrderFile.removed_at).is_(None))
        .order_by(col(OrderFile.id))
    )
    return list(session.exec(mine).all())


def read_file(session: Session, number: str, public_id: str) -> Download:
    """A file of the order `number`.

    Raises NotFound for one that is not there, was removed, or belongs to another order.

    Raises OSError where the archive is away.
    """
    wanted = (
        select(OrderFile)
        .join(Order, col(Order.id) == col(OrderFile.order_id))
        .where(OrderFile.public_id == public_id, Order.number == number, col(OrderFile.removed_at).is_(None))
    )
    found = None if "\0" in public_id + number else session.exec(wanted).first()
    if found is None:
        raise NotFound(public_id)
    return Download(found.name, path_of(found.sha256).read_bytes())


def path_of(sha256: str) -> Path:
    """Where the file with this checksum lies: in the archive, so that whatever saves that saves them; equal files are
    one.
    """
    return settings().archive_dir / "files" / sha256[:2] / sha256


def checked(name: str, content: bytes) -> tuple[str, str]:
    """The name as it is shown, and the kind of the file.

    Raises Invalid for a kind that is not taken or that the content is not of.
    """
    shown = file_name(name)
    kind = shown.rpartition(".")[2].lower() if "." in shown else ""
    if kind not in KINDS:
        raise Invalid(
            "name", _("Files of this kind are not taken. Taken are: {kinds}.").format(kinds=", ".join(KINDS))
        )
    if not content:
        raise Invalid("content", _("The file is empty."))
    if len(content) > LARGEST:
        raise Invalid(
            "content",
            _("The file is too large: at most {size} MB are taken.").format(
                size=LazyNumber(Decimal(LARGEST // 2**20))
            ),
        )
    begins = KINDS[kind]
    if (begins and not content.startswith(begins)) or (kind in TEXTS and b"\0" in content):
        raise Invalid("content", _("The content is not what the ending .{kind} says.").format(kind=kind))
    return shown, kind


def file_name(name: str) -> str:
    """The name without folders, without what nobody sees and without what has a meaning for systems; shortened before
    its ending.
    """
    last = PureWindowsPath(PurePosixPath(visible(name).replace("\0", "")).name).name
    clean = "".join(
        "_" if letter in '<>:"/\\|?*' or not letter.isprintable() else letter
        for letter in " ".join(last.split())
    ).strip()
    stem, _dot, ending = clean.rpartition(".")
    ending = ending.strip()[:10]
    return f"{stem.strip('. ')[: LONGEST_NAME - len(ending) - 1] or 'file'}.{ending}" if ending else "file"


def _keep(content: bytes) -> str:
    """The bytes are in the archive, whole or not at all; their checksum.

    A transaction that fails leaves a file that nothing names.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    write_whole(path_of(sha256), content)
    return sha256


def _same(w: Work, order: Order, name: str, sha256: str) -> OrderFile | None:
    """A file of the order with this name and content: what a second press of the button would attach once more."""
    mine = select(OrderFile).where(
        OrderFile.order_id == order.id, OrderFile.name == name, OrderFile.sha256 == sha256
    )
    return w.session.exec(mine.where(col(OrderFile.removed_at).is_(None))).first()


def _file(w: Work, order: Order, public_id: str) -> OrderFile:
    found = w.session.exec(
        select(OrderFile).where(OrderFile.public_id == public_id, OrderFile.order_id == order.id)
    ).first()
    if found is None:
        raise Invalid("file", _("The order has no such file."))
    return found


def _recount(w: Work, order: Order) -> None:
    w.session.flush()
    mine = (OrderFile.order_id == order.id, col(OrderFile.removed_at).is_(None))
    order.file_count = w.session.exec(select(func.count()).select_from(OrderFile).where(*mine)).one()
