"""Settings > Mail: the mail server, who mails come from, whether they arrive, what they look like, the files that go
along (M-1, M-4).
"""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.mail.shop_files import ATTACHMENT, LOGO, ShopFileView
from backoffice_app.domain.settings import FOOTERS, MAILSERVER
from backoffice_app.pages.settings_shop import save_of, section_field, section_select, shop_page
from backoffice_app.state.me import Me
from backoffice_app.state.pages import SETTINGS as MENU
from backoffice_app.state.pages import SHOP, page_at
from backoffice_app.state.settings_mail import MailSettingsState
from backoffice_app.state.settings_shop import SETTINGS, ShopState
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import button
from backoffice_app.ui.field import field, hidden_field
from backoffice_app.ui.kinds import Text, joined
from backoffice_app.ui.layout import facts, figure, grow, item, items, new_tab, quiet, row, stack
from backoffice_app.ui.native_form import upload_form
from backoffice_app.ui.settings import setting
from backoffice_app.ui.texts import _

S = ShopState
M = MailSettingsState
ABOUT = Shown(SETTINGS, "mail").text


@page_at(
    "/settings/mail",
    i18n._("Mail"),
    group=MENU,
    rank=40,
    under=SHOP,
    right=Right.SETTINGS,
    on_load=[ShopState.load, MailSettingsState.load],
)
def settings_mail() -> rx.Component:
    """The page."""
    sender = setting(
        _("Sender and answers"),
        _("From whom customers get mails, and where their answers go."),
        section_field(
            "mailing", "sender", hint=_("An address, or a name and the address: My shop <shop@example.com>.")
        ),
        section_field("mailing", "reply_to", type="email", auto_complete="email"),
        section_field("mailing", "bcc", hint=_("Several addresses with commas between.")),
        key="about-sender",
    )
    footers = setting(
        _("Text at the end of invoices"),
        _("By the language of the invoice; it can be changed on each invoice."),
        *(section_field(FOOTERS.key, name, lines=3) for name in FOOTERS.field_labels),
        key="about-footers",
    )
    return shop_page(
        "mail",
        "/settings/mail",
        _("Mail"),
        [rx.cond(S.server == "", _chosen_server(), _fixed_server()), sender, footers],
        on_save=[
            save_of(MAILSERVER.key, S.save_mailserver),
            save_of("mailing", S.save_mailing),
            save_of(FOOTERS.key, S.save_footers),
        ],
        after=[_unsent(), _test(), _logo(), _files()],
    )


def _fixed_server() -> rx.Component:
    """The server of the environment, which can't be changed here."""
    unclear = stack(
        _("The address of the mail server can't be read."),
        quiet(_("It has the form smtps://user:password@host:port.")),
    )
    shown = rx.cond(S.server == "?", unclear, facts((_("Server"), figure(S.server))))
    return setting(
        _("Mail server"), _("It is set by KONTOR_SMTP_URL where Kontor is started."), shown, key="server"
    )


def _chosen_server() -> rx.Component:
    """The fields of the server. The password is written, and never shown."""
    key = MAILSERVER.key
    none = stack(_("No mail server is set."), quiet(_("Mails stay in the outbox, where they can be read.")))
    kept = rx.match(
        S.secrets[f"{key}/password"],
        ("kept", _("It is kept and never shown. Leave this empty to keep it.")),
        ("lost", _("It is not in the data folder any more. Write it again.")),
        "",
    )
    encryption = [("STARTTLS", "STARTTLS"), ("TLS", "TLS"), ("none", _("No encryption"))]
    return setting(
        _("Mail server"),
        _("Where mails are handed over to be sent."),
        rx.cond(S.shown[key]["host"] == "", none),
        section_field(
            key, "host", hint=_("Such as mail.example.com."), auto_complete="off", spell_check=False
        ),
        section_field(
            key,
            "port",
            hint=_("Empty: 587 with STARTTLS, 465 with TLS, else 25."),
            input_mode="numeric",
            auto_complete="off",
        ),
        section_select(
            key,
            "tls",
            encryption,
            hint=_("Without encryption others can read the password and the mails on their way."),
        ),
        section_field(
            key, "user", hint=_("Empty if the server asks for none."), auto_complete="off", spell_check=False
        ),
        section_field(key, "password", value="", hint=kept, type="password", auto_complete="new-password"),
        key="server",
    )


def _unsent() -> rx.Component:
    """How many mails no server took yet, and the button that sends them; nothing where there isn't one, or
    no server.
    """
    has_server = (S.server != "") | (S.shown[MAILSERVER.key]["host"] != "")
    said = rx.el.p(
        _("Mails that did not leave yet:") + " " + M.unsent.to_string(),
        " · ",
        rx.el.a(_("Show the outbox"), href="/outbox"),
    )
    what = _(
        "What was written while there was no mail server does not leave by itself: look whether it is still right."
    )
    send = button(_("Send them now"), key="send-unsent", on_click=M.send_unsent(ABOUT), waits=True)
    return rx.cond(
        has_server & (M.unsent > 0), setting(_("Mails that wait"), what, said, rx.el.div(send), key="unsent")
    )


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
        row(
            badge(M.sent.tone, M.sent.mark, M.sent.state),
            rx.el.a(_("Show in the outbox"), href=M.sent.url),
            middle=True,
        ),
        rx.cond(M.sent.cause != "", rx.el.p(M.sent.cause)),
        rx.cond(M.sent.said != "", quiet(M.sent.said, small=True)),
    )
    came_of_it = rx.el.div(rx.cond(M.sent.id != 0, answer), role="status")
    return setting(_("Test mail"), _("Shows whether mails arrive."), form, came_of_it, key="test-mail")


def _logo() -> rx.Component:
    """The picture at the top of each mail and document."""
    hint = _("PNG or JPEG, at most 36 KB; mails show it 48 pixels high, documents within 70 by 22 mm.")
    upload = _upload(LOGO, _("Choose picture"), "image/png,image/jpeg")
    return setting(_("Logo of mails and documents"), hint, _kept(M.kept.logo), upload, key="logo")


def _files() -> rx.Component:
    """The files that templates can take along."""
    hint = _(
        "PDF, at most 3 MB, such as terms or the withdrawal instruction. Which mails take them along is said "
        "at each template."
    )
    add = _upload(ATTACHMENT, _("Choose PDF"), "application/pdf")
    return setting(_("Files for mails"), hint, _kept(M.kept.files), add, key="mail-files")


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
        rx.el.input(
            type="file",
            name="file",
            accept=accept,
            required=True,
            custom_attrs={"id": own},
            class_name="input",
        ),
        rx.el.div(button(_("Upload"), submit=True, key=f"send-{own}")),
    )
