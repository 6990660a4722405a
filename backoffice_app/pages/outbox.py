"""Service > Outbox: every mail ever sent or waiting, with its state, and each as it was sent (M-3 to M-5)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.rights import Right
from backoffice_app.pages.frame import held, page
from backoffice_app.state.outbox import OutboxState
from backoffice_app.state.outbox_count import OUTBOX
from backoffice_app.state.pages import SERVICE, page_at
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import button, link_button
from backoffice_app.ui.dialog import dialog
from backoffice_app.ui.empty import empty
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import figure, live_facts, new_tab, quiet, row, stack, toolbar
from backoffice_app.ui.letter import letter
from backoffice_app.ui.search import Searching, live_search, stay
from backoffice_app.ui.shortcuts import focus, step
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import Column, Row, table
from backoffice_app.ui.tabs import live_tabs
from backoffice_app.ui.texts import _

S = OutboxState
M = OutboxState.mail
ID, TONE, MARK, STATE, RECIPIENT, SUBJECT, ORDER, TIME, URL = range(9)
LINKS = "a[id^=mail-]"


@page_at(
    "/outbox",
    i18n._("Outbox"),
    group=SERVICE,
    rank=40,
    icon="send",
    right=Right.MAIL,
    key="x",
    count=OUTBOX.vars,
    on_load=[OutboxState.load],
)
def outbox() -> rx.Component:
    """The page: filters by state, the list, and the open mail."""
    how = Searching(S.text, S.box, S.find, S.all_of_it, on_typed=S.typed, on_left=S.left)
    search = live_search(_("Search by order number or e-mail address"), how)
    mails = rx.fragment(
        toolbar(live_tabs(_("State"), S.tabs, S.state)),
        rx.cond(S.ready, rx.cond(S.rows.length() > 0, _list(), _nothing()), skeleton_rows()),
        _open_mail(),
    )
    not_mine = empty("lock", _("Your role does not show the mails to customers."), _("Ask the owner of the shop to change your role."))
    return page(
        rx.cond(held(Right.MAIL), mails, not_mine),
        header=page_header(_("Outbox"), rx.cond(held(Right.MAIL), search)),
        here="/outbox",
        refresh=S.refresh,
        on_menu_press=[stay(), S.left(False)],
        flush=True,
        keys={"/": focus("search"), "j": step(LINKS, 1), "k": step(LINKS, -1)},
        listed=[("/", _("Search")), ("j k", _("Next and previous row")), ("Enter", _("Open the mail"))],
    )


def _list() -> rx.Component:
    mails = table(
        _("Mails"),
        [
            Column(_("Time"), lambda r: quiet(figure(r[TIME])), place=3),
            Column(_("State"), lambda r: badge(r[TONE], r[MARK], r[STATE]), place=2),
            Column(_("Recipient"), lambda r: r[RECIPIENT], place=4),
            Column(_("Subject"), _subject, place=1),
            Column(_("Order"), _order, place=5),
        ],
        S.rows,
        cards=True,
        sticky=True,
        known_by=ID,
        on_row_press=[stay(), S.left(False)],
    )
    newest = rx.cond(S.first != "", link_button(_("Newest"), S.first, id="newest"))
    older = rx.cond(S.older != "", link_button(_("Older"), S.older, id="older"))
    return rx.fragment(mails, toolbar(newest, older))


def _subject(mail: Row) -> rx.Component:
    return rx.el.a(mail[SUBJECT], href=mail[URL], id=joined("mail-", mail[ID]))


def _order(mail: Row) -> rx.Component:
    return rx.cond(mail[ORDER] != "", rx.el.a(figure(mail[ORDER]), href=joined("/orders/", mail[ORDER])))


def _nothing() -> rx.Component:
    filtered = (S.state != "") | (S.text != "")
    all_mails = link_button(_("Show all mails"), "/outbox")
    none_like_this = empty("inbox", _("No such mail."), _("Another filter or search shows more."), all_mails)
    none_yet = empty("inbox", _("No mail yet."), _("Mails to customers stand here as soon as an order came in, was paid or shipped."))
    return rx.cond(filtered, none_like_this, none_yet)


def _open_mail() -> rx.Component:
    """The mail as it was sent, with what can be done about it."""
    order = rx.cond(M.order_number != "", rx.el.a(_("Order") + " " + M.order_number, href=joined("/orders/", M.order_number)))
    files = rx.foreach(M.files, lambda file: new_tab(file.name, file.url))
    return dialog(
        M.subject,
        row(badge(M.tone, M.mark, M.state), order, middle=True),
        rx.cond(M.error != "", rx.el.p(M.error)),
        live_facts(M.facts),
        letter(M.body, M.language, _("Text of the mail")),
        rx.cond(M.page != "", rx.el.div(new_tab(_("Show as the customer sees it"), M.page))),
        rx.cond(M.files.length() > 0, stack(quiet(_("Attached"), small=True), files)),
        row(
            rx.cond(M.can_confirm, button(_("Was sent"), on_click=S.act("was-sent", M.about), key="was-sent")),
            rx.cond(M.can_hold_back, button(_("Hold back"), on_click=S.act("hold-back", M.about), key="hold-back")),
            rx.cond(M.can_release, button(_("Release"), on_click=S.act("release", M.about), key="release", look="solid")),
            rx.cond(
                M.can_send_again,
                button(rx.cond(M.was_tried, _("Send again"), _("Send now")), on_click=S.act("send-again", M.about), key="send-again"),
            ),
            end=True,
        ),
        shown=M.id != 0,
        on_open_change=S.close,
        opener=joined("mail-", S.opened),
    )
