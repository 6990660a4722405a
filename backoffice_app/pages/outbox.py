"""Service > Outbox: every mail ever sent or waiting, with its state, and each as it was sent, beside the list (M-3 to
M-5).
"""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.rights import Right
from backoffice_app.pages.frame import held, page
from backoffice_app.state.outbox import OutboxState
from backoffice_app.state.outbox_count import OUTBOX
from backoffice_app.state.pages import SERVICE, page_at
from backoffice_app.ui.badge import badge
from backoffice_app.ui.browser import focus as focus_now
from backoffice_app.ui.browser import follow
from backoffice_app.ui.button import button, icon_button, icon_link, link_button
from backoffice_app.ui.empty import empty
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import Event, Text, joined
from backoffice_app.ui.layout import figure, live_facts, new_tab, push, quiet, row, stack, steps, toolbar
from backoffice_app.ui.letter import letter
from backoffice_app.ui.popover import exports
from backoffice_app.ui.search import Searching, live_search, stay
from backoffice_app.ui.shortcuts import STEP_KEYS, focus, step_and_show
from backoffice_app.ui.side_panel import BACK, side_panel
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import Column, Row, table
from backoffice_app.ui.tabs import live_tabs
from backoffice_app.ui.texts import _

S = OutboxState
M = OutboxState.mail
ID, TONE, MARK, STATE, RECIPIENT, SUBJECT, ORDER, TIME, URL = range(9)
LINKS = "a[id^=mail-]"
MAIL = "mail"
"""The parameter of the address that names the open mail."""


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
    """The page: filters by state, the list, and the open mail in a panel beside it."""
    how = Searching(S.text, S.box, S.find, S.all_of_it, on_typed=S.typed, on_left=S.left)
    search = live_search(_("Search mails"), how)
    mails = rx.fragment(
        toolbar(live_tabs(_("State"), S.tabs, S.state), push(exports(_("Export"), S.csv, S.xlsx))),
        rx.cond(S.ready, rx.cond(S.rows.length() > 0, _list(), _nothing()), skeleton_rows()),
    )
    not_mine = empty(
        "lock",
        _("Your role does not show the mails to customers."),
        _("Ask the owner of the shop to change your role."),
    )
    return page(
        rx.cond(held(Right.MAIL), mails, not_mine),
        header=page_header(_("Outbox"), rx.cond(held(Right.MAIL), search)),
        here="/outbox",
        refresh=S.refresh,
        on_menu_press=[stay(), S.left(False)],
        flush=True,
        panel=rx.cond(M.id != 0, _open_mail()),
        keys={"/": focus("search"), "j": step_and_show(LINKS, 1, MAIL), "k": step_and_show(LINKS, -1, MAIL)},
        listed=[
            ("/", _("Search")),
            (STEP_KEYS, _("Next and previous row")),
            ("Enter", _("Open the mail")),
            ("Esc", _("Close the mail")),
        ],
    )


def _list() -> rx.Component:
    mails = table(
        _("Mails"),
        [
            Column(_("Time"), lambda r: quiet(figure(r[TIME])), place=3, extra_class="one-line"),
            Column(_("Subject"), _subject, place=1, extra_class="fill"),
            Column(_("Recipient"), _recipient, place=4, extra_class="short spare"),
            Column(_("Order"), _order, place=5),
            Column(_("State"), lambda r: badge(r[TONE], r[MARK], r[STATE]), place=2),
        ],
        S.rows,
        cards=True,
        sticky=True,
        known_by=ID,
        on_row_press=[stay(), S.left(False)],
        on_row_click=lambda r: follow(joined("mail-", r[ID])),
    )
    newest = rx.cond(S.first != "", link_button(_("Newest"), S.first, id="newest"))
    older = rx.cond(S.older != "", link_button(_("Older"), S.older, id="older"))
    return rx.fragment(mails, toolbar(newest, older))


def _recipient(r: Row) -> rx.Component:
    return rx.el.span(r[RECIPIENT], class_name="quiet-text", title=r[RECIPIENT])


def _subject(mail: Row) -> rx.Component:
    """The link that opens the mail.

    While one is open the next takes its place in the history of the browser: Back leads to the list.
    """
    is_open = M.id != 0
    return rx.el.a(
        mail[SUBJECT],
        href=mail[URL],
        id=joined("mail-", mail[ID]),
        aria_current=rx.cond(is_open & (mail[ID] == S.opened), "true", "false"),
        replace=is_open,
        prevent_scroll_reset=True,
        on_click=rx.stop_propagation,  # a press on it is not one on the row around it
    )


def _order(mail: Row) -> rx.Component:
    return rx.cond(
        mail[ORDER] != "",
        rx.el.a(figure(mail[ORDER]), href=joined("/orders/", mail[ORDER]), on_click=rx.stop_propagation),
    )


def _nothing() -> rx.Component:
    filtered = (S.state != "") | (S.text != "")
    all_mails = link_button(_("Show all mails"), "/outbox")
    none_like_this = empty("inbox", _("No such mail."), _("Another filter or search shows more."), all_mails)
    none_yet = empty(
        "inbox",
        _("No mail yet."),
        _("Mails to customers stand here as soon as an order came in, was paid or shipped."),
    )
    return rx.cond(filtered, none_like_this, none_yet)


def _open_mail() -> rx.Component:
    """The mail as it was sent, with what can be done about it."""
    order = rx.cond(
        M.order_number != "",
        rx.el.a(_("Order") + " " + M.order_number, href=joined("/orders/", M.order_number)),
    )
    files = rx.foreach(M.files, lambda file: new_tab(file.name, file.url))
    state = rx.el.div(
        row(badge(M.tone, M.mark, M.state), order, middle=True),
        rx.cond(M.why != "", rx.el.p(M.why)),
        rx.cond(M.cause != "", rx.el.p(M.cause)),
        rx.cond(M.error != "", rx.cond(M.cause != "", quiet(M.error, small=True), rx.el.p(M.error))),
        class_name="stack",
        role="status",
    )
    return side_panel(
        M.subject,
        state,
        live_facts(M.facts),
        rx.cond(M.files.length() > 0, stack(quiet(_("Attached"), small=True), files)),
        letter(M.body, M.language, _("Text of the mail")),
        rx.cond(M.page != "", rx.el.div(new_tab(_("Show as the customer sees it"), M.page))),
        steps=steps(
            _other(S.newer_mail, _("Previous mail"), "up"), _other(S.older_mail, _("Next mail"), "down")
        ),
        foot=_buttons(),
        known_by=S.opened,
        closed=S.closed,
        opener=joined("mail-", S.opened),
    )


def _buttons() -> rx.Component:
    again = rx.cond(M.was_tried, _("Send again"), _("Send now"))
    return rx.fragment(
        rx.cond(M.can_confirm, button(_("Was sent"), on_click=_does("was-sent"), key="was-sent")),
        rx.cond(M.can_hold_back, button(_("Hold back"), on_click=_does("hold-back"), key="hold-back")),
        rx.cond(
            M.can_release,
            button(_("Release"), on_click=_does("release"), key="release", look=_look("release")),
        ),
        rx.cond(
            M.can_send_again,
            button(again, on_click=_does("send-again"), key="send-again", look=_look("send-again")),
        ),
    )


def _does(verb: str) -> list[Event]:
    """The button is gone when its work is done: the focus goes to the row of the mail, or to the way back where that is
    covered.
    """
    return [S.act(verb, M.about), focus_now(joined("mail-", S.opened)), focus_now(BACK)]


def _look(verb: str) -> rx.Var[str]:
    return rx.cond(M.next_step == verb, "solid", "soft").to(str)


def _other(address: rx.Var[str], name: Text, way: str) -> rx.Component:
    picture = f"chevron-{way}"
    there = icon_link(picture, name, address, replace=True, prevent_scroll_reset=True)
    return rx.cond(address != "", there, icon_button(picture, name, aria_disabled=True))
