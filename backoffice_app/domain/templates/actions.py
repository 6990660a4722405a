"""The subject "mail-template", one a kind of mail, and what the owner does to it: change, reset, switch on and off
(M-1).
"""

import json
from typing import ClassVar
from zlib import crc32

from pydantic import Field
from sqlmodel import Session, col, select

from backoffice_app.db import hold
from backoffice_app.domain.core.actions import Done, Input, Undo, action
from backoffice_app.domain.core.errors import Invalid, NotFound
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.subjects import Subject, register
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail.kinds import MAIL_KINDS, MailKind, kind_name
from backoffice_app.domain.mail.shop_files import ATTACHMENT
from backoffice_app.domain.mail.templates import WHOLE, built_in
from backoffice_app.domain.templates.check import check_text
from backoffice_app.i18n import LazyLanguage, LazyText, _
from backoffice_app.models import MailTemplate, ShopFile

_FILES = select(ShopFile).where(ShopFile.use == ATTACHMENT, col(ShopFile.retired_at).is_(None))


def id_of(key: str) -> int:
    """The id under which the history knows a kind of mail: it follows from its key, so it never changes."""
    return crc32(key.encode()) + 1


def kind_of(id_: int) -> MailKind:
    """The kind of mail with this id. Raises NotFound."""
    found = next((kind for kind in MAIL_KINDS.values() if id_of(kind.key) == id_), None)
    if found is None:
        raise NotFound(str(id_))
    return found


def _lock(w: Work, id_: int) -> MailTemplate:
    """The row of the kind as a whole, made where there isn't one yet; nobody else changes the kind's texts
    meanwhile.
    """
    kind = kind_of(id_)
    hold(w.session, f"{TEMPLATE.key}-{kind.key}")
    row = w.session.get(MailTemplate, (kind.key, WHOLE), populate_existing=True)
    if row is None:
        row = MailTemplate(kind=kind.key, language=WHOLE, subject="", body="", version=0)
        w.session.add(row)
        w.session.flush()
    return row


def _find(_session: Session, key: str) -> int:
    """The id of the kind with this key. Raises NotFound."""
    if key not in MAIL_KINDS:
        raise NotFound(key)
    return id_of(key)


TEMPLATE: Subject[MailTemplate] = register(
    Subject(
        key="mail-template",
        row=MailTemplate,
        lock=_lock,
        find=_find,
        id_of=lambda row: id_of(row.kind),
        version=lambda row: row.version,
        topic=lambda id_: f"mail-template-{id_}",
    )
)


@fact
class MailTemplateChanged(Fact):
    """The text of a kind of mail was changed in one language."""

    about: ClassVar[About] = About.SETTINGS
    kind: str
    language: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("{actor} changed the text of the mail “{kind}” ({language}).")
        return text.format(kind=kind_name(self.kind), language=LazyLanguage(self.language))


@fact
class MailTemplateReset(Fact):
    """The text of a kind of mail is the one again that Kontor brings."""

    about: ClassVar[About] = About.SETTINGS
    kind: str
    language: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("{actor} reset the text of the mail “{kind}” ({language}).")
        return text.format(kind=kind_name(self.kind), language=LazyLanguage(self.language))


@fact
class MailTemplateSwitched(Fact):
    """Mails of a kind are sent from now on, or no more."""

    about: ClassVar[About] = About.SETTINGS
    kind: str
    on: bool

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = (
            _("{actor} switched the mail “{kind}” on.")
            if self.on
            else _("{actor} switched the mail “{kind}” off.")
        )
        return text.format(kind=kind_name(self.kind))


@fact
class MailAttachmentsChanged(Fact):
    """Other files go along with mails of a kind. `files`: their names, with commas."""

    about: ClassVar[About] = About.SETTINGS
    kind: str
    documents: bool
    files: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("{actor} changed what goes along with the mail “{kind}”: {files}.")
        return text.format(kind=kind_name(self.kind), files=self.files or "–")


class SaveTemplate(Input):
    """`subject`, `body`: the text in `language`. `documents`: whether the documents that the mail tells of go along.

    `files`: the ids of the shop's files that go along. What is left out stays.
    """

    long_texts: ClassVar[frozenset[str]] = frozenset({"body"})
    language: str = Field(max_length=10)
    subject: str | None = None
    body: str | None = None
    documents: bool | None = None
    files: tuple[int, ...] | None = Field(default=None, max_length=20)


class OfLanguage(Input):
    """`language`: of the text."""

    language: str = Field(max_length=10)


class Switch(Input):
    """`on`: whether mails of this kind are sent."""

    on: bool


@action(
    subject=TEMPLATE,
    key="save-mail-template",
    label=_("Save template"),
    right=Right.SETTINGS,
    why_not=lambda _row: None,
    input=SaveTemplate,
    overwrites=True,
)
def save_template(w: Work, whole: MailTemplate, data: SaveTemplate) -> Done:
    """The text and the attachments are these from now on; a text that can't be filled in is refused.

    The outbox stays as it is.
    """
    kind = kind_of(id_of(whole.kind))
    if data.language not in kind.texts:
        raise Invalid("language", _("There is no text in this language."))
    changed = _save_text(w, kind, data) if data.subject is not None or data.body is not None else False
    changed = _save_attachments(w, whole, data) or changed
    if changed:
        whole.version += 1
    return Done(_("Saved."), changed=changed)


def _save_text(w: Work, kind: MailKind, data: SaveTemplate) -> bool:
    """Whether it differs from what was there."""
    row = w.session.get(MailTemplate, (kind.key, data.language), populate_existing=True)
    before = (
        (row.subject, row.body)
        if row
        else (built_in(kind, data.language).subject, built_in(kind, data.language).body.strip())
    )
    subject = " ".join((data.subject if data.subject is not None else before[0]).split())
    body = (data.body if data.body is not None else before[1]).replace("\r\n", "\n").strip()
    check_text(kind, subject, body)
    if (subject, body) == (before[0], before[1].strip()):
        return False
    if row is None:
        row = MailTemplate(kind=kind.key, language=data.language, subject=subject, body=body)
        w.session.add(row)
    row.subject, row.body = subject, body
    w.record((TEMPLATE, id_of(kind.key)), MailTemplateChanged(kind=kind.key, language=data.language))
    return True


def _save_attachments(w: Work, whole: MailTemplate, data: SaveTemplate) -> bool:
    documents = whole.documents if data.documents is None else data.documents
    before = json.loads(whole.files) if whole.files else []
    wanted = before if data.files is None else sorted(set(data.files))
    if (documents, wanted) == (whole.documents, sorted(before)):
        return False
    known = {one.id: one.name for one in w.session.exec(_FILES).all()}
    if missing := [one for one in wanted if one not in known]:
        raise Invalid("files", _("The file {number} is not there any more.").format(number=missing[0]))
    whole.documents, whole.files = documents, json.dumps(wanted) if wanted else ""
    names = ", ".join(known[one] for one in wanted)
    w.record(whole, MailAttachmentsChanged(kind=whole.kind, documents=documents, files=names))
    return True


@action(
    subject=TEMPLATE,
    key="reset-mail-template",
    label=_("Reset to the original text"),
    right=Right.SETTINGS,
    why_not=lambda _row: None,
    input=OfLanguage,
)
def reset_template(w: Work, whole: MailTemplate, data: OfLanguage) -> Done:
    """The text that Kontor brings stands again; the shop's own can be saved again by `Undo` (W-21)."""
    row = (
        w.session.get(MailTemplate, (whole.kind, data.language), populate_existing=True)
        if data.language
        else None
    )
    if row is None:
        return Done(_("This is the original text already."), changed=False)
    own = {"language": row.language, "subject": row.subject, "body": row.body}
    w.session.delete(row)
    whole.version += 1
    w.record(whole, MailTemplateReset(kind=whole.kind, language=data.language))
    return Done(_("The original text is back."), undo=Undo("save-mail-template", own))


@action(
    subject=TEMPLATE,
    key="switch-mail-template",
    label=_("Switch on or off"),
    right=Right.SETTINGS,
    why_not=lambda _row: None,
    input=Switch,
    even_if_changed=True,
)
def switch_template(w: Work, whole: MailTemplate, data: Switch) -> Done:
    """Mails of this kind are sent from now on, or no more. Those in the outbox go as they are."""
    said = _("This mail is sent from now on.") if data.on else _("This mail is not sent any more.")
    if whole.active == data.on:
        return Done(said, changed=False)
    whole.active = data.on
    whole.version += 1
    w.record(whole, MailTemplateSwitched(kind=whole.kind, on=data.on))
    return Done(said)
