"""Settings > Mail: who mails come from, whether they arrive, what they look like, and the files that go along (M-1, M-4)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.mail.shop_files import ATTACHMENT, LOGO, ShopFileView
from backoffice_app.domain.settings import FOOTERS
from backoffice_app.pages.settings_shop import section_block, section_field, section_form, shop_page
from backoffice_app.state.me import Me
from backoffice_app.state.pages import SETTINGS as MENU
from backoffice_app.state.pages import page_at
from backoffice_app.state.settings_mail import MailSettingsState
from backoffice_app.state.settings_shop import SETTINGS, ShopState
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import button
from backoffice_app.ui.field import field, hidden_field
from backoffice_app.ui.kinds import Text, joined
from backoffice_app.ui.layout import block, columns, facts, figure, grow, item, items, new_tab, quiet, row, stack
from backoffice_app.ui.native_form import upload_form
from backoffice_app.ui.texts import _

S = ShopState
M = MailSettingsState
ABOUT = Shown(SETTINGS, "mail").text


@page_at(
    "/settings/mail",
    i18n._("Mail"),
    group=MENU,
    rank=90,
    right=Right.SETTINGS,
    on_load=[ShopState.load, MailSettingsState.load],
)
def settings_mail() -> rx.Component:
    """The page."""
    sender = section_block(
        "sender",
        _("Sender and answers"),
        section_field("mailing", "sender", hint=_("An address, or a name and the address: My shop <shop@example.com>.")),
        section_field("mailing", "reply_to", type="email", auto_complete="email"),
        section_field("mailing", "bcc", hint=_("Several addresses with commas between.")),
    )
    none = stack(_("No mail server is set."), quiet(_("Mails stay in the outbox, where they can be read.")))
    unclear = stack(_("The address of the mail server can't be read."), quiet(_("It has the form smtps://user:password@host:port.")))
    server = block(
        _("Mail server"),
        rx.match(S.server, ("", none), ("?", unclear), facts((_("Server"), figure(S.server)))),
        quiet(_("It is set by KONTOR_SMTP_URL where Kontor is started."), small=True),
        key="server",
    )
    footers = section_form(
        FOOTERS.key,
        S.save_footers,
        [
            section_block(
                "footers",
                _("Text at the end of invoices"),
                quiet(_("By the language of the invoice; it can be changed on each invoice.")),
                *(section_field(FOOTERS.key, name) for name in FOOTERS.field_labels),
            )
        ],
    )
    beside = columns([_logo()], [_files()], [_test()])
    return shop_page("mailing", "/settings/mail", section_form("mailing", S.save_mailing, [sender], [server]), beside, footers)


def _test() -> rx.Component:
    """The test mail, and what became of it."""
    form = rx.el.form(
        field(_("Recipient"), "recipient", value=Me.email, error=M.wrong, type="email", key="test-recipient"),
        rx.el.div(button(_("Send test mail"), submit=True, key="send-test-mail", waits=True)),
        on_submit=M.try_it(ABOUT),
        no_validate=True,
        class_name="form",
    )
    answer = stack(
        row(badge(M.sent.tone, M.sent.mark, M.sent.state), rx.el.a(_("Show in the outbox"), href=M.sent.url), middle=True),
        rx.cond(M.sent.said != "", rx.el.p(M.sent.said)),
    )
    return block(_("Test mail"), form, rx.el.div(rx.cond(M.sent.id != 0, answer), role="status"), key="test-mail")


def _logo() -> rx.Component:
    """The picture at the top of each mail."""
    hint = quiet(_("PNG or JPEG, at most 36 KB; it is drawn 48 pixels high."), small=True)
    return block(_("Logo of the mails"), _kept(M.kept.logo), _upload(LOGO, _("Choose picture"), "image/png,image/jpeg"), hint, key="logo")


def _files() -> rx.Component:
    """The files that templates can take along."""
    hint = quiet(_("PDF, at most 3 MB, such as terms or the withdrawal instruction. Which mails take them along is said at each template."))
    add = _upload(ATTACHMENT, _("Choose PDF"), "application/pdf")
    return block(_("Files for mails"), _kept(M.kept.files), add, hint, key="mail-files")


def _kept(files: rx.Var[list[ShopFileView]]) -> rx.Component:
    def one(file: rx.Var[ShopFileView]) -> rx.Component:
        remove = button(
            _("Remove"),
            look="text",
            key=joined("remove-file-", file.id),
            on_click=M.remove(ABOUT, file.id),
            aria_label=_("Remove") + " " + file.name,
        )
        return item(grow(new_tab(file.name, file.url)), quiet(file.size, small=True), remove)

    return rx.cond(files.length() > 0, items(rx.foreach(files, one)))


def _upload(use: str, label: Text, accept: str) -> rx.Component:
    """A form that the browser sends by itself: the file never passes the socket."""
    own = f"upload-{use}"
    return upload_form(
        "/shop-files",
        hidden_field("use", use),
        rx.el.label(label, html_for=own, class_name="label"),
        rx.el.input(type="file", name="file", accept=accept, required=True, custom_attrs={"id": own}, class_name="input"),
        rx.el.div(button(_("Upload"), submit=True, key=f"send-{own}")),
    )
