"""The tags of the order as chips, and the files that colleagues attached to it (W-21)."""

from decimal import Decimal
from urllib.parse import quote

from backoffice_app.domain.attached import ACCEPTED, ATTACH, LARGEST, files_of
from backoffice_app.domain.attached import REMOVE as REMOVE_FILE
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.tags import TAG, UNTAG, tags_of
from backoffice_app.domain.window.declared import Declared, Entry, EntryButton, declare, entries, upload
from backoffice_app.domain.window.declared import tags as tag_chips
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import Button, Dialog, Way, add_dialog, block, ways
from backoffice_app.formats import format_number
from backoffice_app.i18n import LazyNumber, _
from backoffice_app.models import OrderFile

KB, MB = 1_000, 1_000_000


@block(
    key="tags",
    tab="order",
    column=3,
    rank=60,
    title=_("Tags"),
    buttons=[Button(TAG, in_head=True), Button(UNTAG, in_part=True)],
)
def tags(look: Look) -> Declared:
    """Each tag with the button that takes it off."""
    chips = [
        (one, EntryButton("x", look.text(_("Remove tag {tag}").format(tag=one)), UNTAG, sends={"tag": one}))
        for one in tags_of(look.order)
    ]
    return declare(*([tag_chips(*chips)] if chips else []), empty=look.text(_("No tag.")))


add_dialog(Dialog(TAG, TAG, title=_("Tag order"), submit=_("Tag", "button")))


@ways(UNTAG)
def ways_to_untag(look: Look) -> list[Way]:
    """One for each tag."""
    return [Way(one, one, values={"tag": one}) for one in tags_of(look.order)]


@block(
    key="files",
    tab="order",
    column=3,
    rank=70,
    title=_("Files"),
    buttons=[Button(ATTACH), Button(REMOVE_FILE, in_part=True)],
)
def files(look: Look) -> Declared:
    """Each file with who attached it and when, and the field for one more."""
    at = f"/orders/{quote(look.order.number)}/files"
    shown = [_entry(file, f"{at}/{file.public_id}", look) for file in _files(look)]
    field = upload(
        ATTACH,
        at,
        label=look.text(_("File")),
        submit=look.text(_("Attach file")),
        hint=look.text(
            _("At most {size} MB. Only for colleagues.").format(size=LazyNumber(Decimal(LARGEST // 2**20)))
        ),
        accept=ACCEPTED,
    )
    return declare(*([entries(*shown)] if shown else []), field, empty=look.text(_("No file.")))


@ways(ATTACH)
def ways_to_attach(_look: Look) -> list[Way]:
    """None by the palette: the field in the page takes the file."""
    return []


@ways(REMOVE_FILE)
def ways_to_remove(look: Look) -> list[Way]:
    """One for each file."""
    found = _files(look) if look.actor.may(Right.TASKS) else []
    return [Way(file.public_id, file.name, values={"file": file.public_id}) for file in found]


def _files(look: Look) -> list[OrderFile]:
    """The files of the order, read once; an order without any is not asked for them."""
    return (
        look.once("files", lambda: files_of(look.session, look.order.id or 0))
        if look.order.file_count
        else []
    )


def _entry(file: OrderFile, url: str, look: Look) -> Entry:
    remove = EntryButton(
        "trash-2",
        look.text(_("Remove file {name}").format(name=file.name)),
        REMOVE_FILE,
        which=file.public_id,
        sends={"file": file.public_id},
    )
    download = EntryButton(
        "download",
        look.text(_("Download file {name}").format(name=file.name)),
        which=file.public_id,
        href=url,
    )
    says = (file.added_by, look.moment(file.added_at), _size(file.size, look.language))
    return Entry(title=file.name, small=" · ".join(says), buttons=[download, remove])


def _size(size: int, language: str) -> str:
    if size < MB:
        return f"{format_number(max(1, round(size / KB)), language)} kB"
    return f"{format_number(round(size / MB), language)} MB"
