"""Service > Tickets: what customers ask, with a page for each that shows its thread and answers it (T-6)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.mail import LANGUAGES
from backoffice_app.domain.tickets.actions import THEN_NAMES
from backoffice_app.domain.tickets.queries import (
    ASSIGNEE,
    CUSTOMER,
    EMAIL,
    ID,
    LAST,
    MARK,
    NUMBER,
    ORDER,
    STATE,
    SUBJECT,
    TICKETS,
    TONE,
)
from backoffice_app.domain.tickets.view import MessageView
from backoffice_app.pages import keyset
from backoffice_app.pages.frame import held, page
from backoffice_app.pages.text_blocks import block_menu
from backoffice_app.state.pages import SERVICE, page_at
from backoffice_app.state.tickets import COUNT, TicketsState, TicketState
from backoffice_app.ui.badge import badge
from backoffice_app.ui.browser import by_id, call
from backoffice_app.ui.button import Look, button, icon_link, link_button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import check, checks, field, hidden_field, select_field
from backoffice_app.ui.frame import banner, page_header
from backoffice_app.ui.kinds import Child, Text, joined
from backoffice_app.ui.layout import (
    BAR_MORE,
    block,
    bottom_bar,
    figure,
    live_facts,
    moment,
    quiet,
    row,
    side_by_side,
    stack,
    strong,
    timeline,
)
from backoffice_app.ui.letter import letter
from backoffice_app.ui.search import stay
from backoffice_app.ui.shortcuts import press
from backoffice_app.ui.skeleton import skeleton_block
from backoffice_app.ui.table import Column, Row, or_dash, table
from backoffice_app.ui.texts import _, language_name, text_of
from backoffice_app.ui.thread import message, thread, with_side
from backoffice_app.ui.wrong import Wrong

S = TicketsState
T = TicketState
W = Wrong(T.wrong, T.wrong_field)
V = TicketState.view
LINKS = "a[id^=ticket-]"


@page_at(
    "/tickets",
    i18n._("Tickets"),
    group=SERVICE,
    rank=10,
    icon="messages-square",
    right=Right.TICKETS,
    key="k",
    count=COUNT.vars,
    on_load=[TicketsState.load],
)
def tickets() -> rx.Component:
    """The page: mine and by state, search, the rows."""
    listed = rx.fragment(keyset.tools(TICKETS, S, on_apply=S.apply), keyset.listing(S, _list(), _nothing()))
    return page(
        rx.cond(held(Right.TICKETS), listed, _not_mine()),
        header=page_header(
            _("Tickets"), rx.cond(held(Right.TICKETS), keyset.search_box(_("Search tickets"), S))
        ),
        here="/tickets",
        refresh=S.refresh,
        on_menu_press=keyset.leaves(S),
        flush=True,
        keys=keyset.keys(LINKS, has_filter=True),
        listed=keyset.listed_keys(_("Read the ticket"), has_filter=True),
    )


def _list() -> rx.Component:
    return table(
        _("Tickets"),
        [
            Column(
                _("Number"),
                lambda r: quiet(figure(r[NUMBER])),
                place=5,
                extra_class="w-paper",
                sort=keyset.sorted_by(S, "number"),
            ),
            Column(_("Subject"), _subject, place=1, extra_class="fill"),
            Column(
                _("State"), lambda r: badge(r[TONE], r[MARK], r[STATE]), place=2, extra_class="w-shipping"
            ),
            Column(_("Customer"), _customer, place=3, extra_class="w-name"),
            Column(_("Order"), _order, extra_class="w-order"),
            Column(
                _("Assigned to"),
                lambda r: quiet(or_dash(r[ASSIGNEE])),
                extra_class="w-date wide-only",
            ),
            Column(
                _("Last message"),
                lambda r: quiet(figure(r[LAST])),
                place=4,
                extra_class="w-moment",
                sort=keyset.sorted_by(S, "last"),
            ),
            Column(_("Read ticket"), _read, hide_head=True, extra_class="w-icon"),
        ],
        S.view.rows,
        cards=True,
        fixed=True,
        sticky=True,
        known_by=ID,
        on_row_press=stay(),
    )


def _subject(r: Row) -> rx.Component:
    return rx.el.a(
        r[SUBJECT], href=joined("/tickets/", r[NUMBER]), id=joined("ticket-", r[NUMBER]), dir="auto"
    )


def _customer(r: Row) -> rx.Component:
    """The name, and its address as a tip: two lines in each row would make the list half as long again."""
    return rx.el.span(rx.cond(r[CUSTOMER] != "", r[CUSTOMER], r[EMAIL]), title=r[EMAIL], dir="auto")


def _order(r: Row) -> rx.Component:
    return rx.cond(
        r[ORDER] != "", rx.el.a(figure(r[ORDER]), href=joined("/orders/", r[ORDER], "/tickets")), quiet("–")
    )


def _read(r: Row) -> rx.Component:
    return icon_link("search", _("Read ticket") + " " + r[NUMBER], joined("/tickets/", r[NUMBER]))


def _nothing() -> rx.Component:
    none_yet = (
        _("No tickets yet."),
        _(
            "Questions that customers ask in their shop account stand here as soon as the shop hands them over."
        ),
    )
    return keyset.nothing(S, "messages-square", none_yet, _("No ticket matches."))


def _not_mine() -> rx.Component:
    return empty(
        "lock", _("Your role does not show tickets."), _("Ask the owner of the shop to change your role.")
    )


@page_at(
    "/tickets/[ticket]", i18n._("Ticket"), title=_("Ticket") + " " + V.number, on_load=[TicketState.load]
)
def ticket() -> rx.Component:
    """One ticket: its thread, what is known of it, and what can be done about it."""
    missing = empty(
        "search-x",
        _("There is no such ticket."),
        _("It may be mistyped."),
        link_button(_("All tickets"), "/tickets", look="solid"),
    )
    shown = rx.cond(T.is_read, rx.cond(T.is_missing, missing, _content()), skeleton_block())
    title = rx.cond(V.subject != "", V.subject, _("Ticket"))
    return page(
        rx.cond(held(Right.TICKETS), shown, _not_mine()),
        _replying(),
        _noting(),
        _assigning(),
        header=page_header(
            rx.el.span(title, dir="auto"),
            rx.cond(V.id != 0, badge(V.tone, V.mark, V.state)),
            link_button(_("All tickets"), "/tickets", look="text"),
        ),
        here="/tickets",
        footer=rx.cond(V.id != 0, _bar()),
        refresh=T.refresh,
        flush=True,
        keys={"r": press("reply"), "m": press("add-memo")},
        listed=[("r", _("Reply")), ("m", _("Add memo"))],
    )


def _content() -> rx.Component:
    to_order = link_button(_("Order") + " " + V.order, joined("/orders/", V.order))
    to_customer = link_button(_("Customer") + " " + V.customer, joined("/customers/", V.customer))
    about = row(rx.cond(V.order != "", to_order), rx.cond(V.customer != "", to_customer))
    known = rx.fragment(
        block(_("Ticket"), stack(live_facts(V.facts), about, wide=True), key="facts"),
        block(
            _("History"),
            timeline(rx.foreach(V.happened, lambda one: moment(one[0], one[1], one[2])), name=_("History")),
            key="history",
        ),
    )
    messages = block(
        _("Messages"), thread(rx.foreach(V.messages, _message), name=_("Messages")), key="messages"
    )
    return rx.fragment(rx.cond(V.warning != "", banner(V.warning)), with_side(messages, known))


def _message(one: rx.Var[MessageView]) -> rx.Component:
    state = rx.cond(one.state != "", badge(one.tone, one.mark, one.state))
    foot = rx.fragment(
        rx.cond(one.files != "", quiet(_("Attached"), ": ", one.files, small=True)),
        rx.cond(
            one.state != "",
            row(state, rx.cond(one.mail != "", rx.el.a(_("Show the mail"), href=one.mail)), middle=True),
        ),
    )
    inside = rx.cond(
        one.kind == "memo",
        badge("look", "circle-dot", _("Memo, only for colleagues")),
        quiet(one.what, small=True),
    )
    return message(
        one.kind,
        strong(rx.el.span(one.who, dir="auto")),
        inside,
        quiet(figure(one.at), small=True),
        text=one.text,
        language=one.language,
        foot=foot,
    )


def _bar() -> rx.Component:
    """What is done about the ticket; not there for who may do none of it.

    On a phone the answer stays in it, and all others are in the menu `More`.
    """
    more = rx.fragment(
        _opens("add-memo", _("Add memo")),
        _does("ticket-to-do", _("To do")),
        _does("close-ticket", text_of(i18n._("Close", "ticket"))),
        _does("reopen-ticket", _("Reopen")),
        _opens("assign-ticket", _("Assign")),
    )
    reply = _opens("reply", _("Reply"), look="solid", why_not=V.why_not_reply)
    return rx.cond(_may("reply"), bottom_bar(reply, more=more, name=_("Actions")))


def _may(key: str) -> rx.Var[bool]:
    return V.may[key].to(bool)


def _opens(key: str, word: Text, *, look: Look = "soft", why_not: Text = "") -> rx.Component:
    return rx.cond(_may(key), button(word, look=look, key=key, why_not=why_not, on_click=T.open(key)))


def _does(key: str, word: Text) -> rx.Component:
    does = [T.act(key, V.about), call(by_id(BAR_MORE), "hidePopover")]
    return rx.cond(_may(key), button(word, key=key, waits=True, on_click=does))


def _replying() -> rx.Component:
    """To whom, what they asked, the answer, its language, files, and how the ticket stands then."""
    form = dialog_form(
        hidden_field("once", T.once),
        quiet(_("To"), " ", V.email),
        rx.cond(V.warning != "", rx.el.p(V.warning)),
        stack(quiet(_("Question"), small=True), letter(V.question, V.language, _("Question"))),
        rx.el.div(
            field(
                _("Message"),
                "message",
                value=T.drafted,
                lines=8,
                error=W.at("message"),
                dir="auto",
                key="reply-message",
            ),
            key=T.fresh.to_string(),
        ),
        block_menu(T.blocks, lambda block: T.insert(T.asked, block)),
        side_by_side(
            select_field(
                _("Language"),
                "language",
                [(code, language_name(code)) for code in LANGUAGES],
                value=V.language,
                error=W.at("language"),
                key="reply-language",
            ),
            select_field(
                _("Afterwards"),
                "then",
                [(key, text_of(word)) for key, word in THEN_NAMES.items()],
                value="answered",
                key="reply-then",
            ),
        ),
        rx.cond(V.documents.length() > 0, checks(_("Attachments"), rx.foreach(V.documents, _attach))),
        on_submit=T.send(T.asked),
        on_typed=_keep,
        submit=_("Send"),
        error=W.beside("message", "language"),
    )
    return _dialog("reply", _("Reply"), form, wide=True)


def _attach(number: rx.Var[str]) -> rx.Component:
    """Whether this document of the order goes along."""
    return check(number, joined("attachments.", number))


def _noting() -> rx.Component:
    form = dialog_form(
        hidden_field("once", T.once),
        field(
            _("Memo"),
            "memo",
            value=T.drafted,
            lines=5,
            hint=_("Only colleagues read it."),
            error=W.at("memo"),
            dir="auto",
            key="memo-text",
        ),
        on_submit=T.send(T.asked),
        on_typed=_keep,
        submit=_("Save"),
        error=W.beside("memo"),
    )
    return _dialog("add-memo", _("Add memo"), form)


def _assigning() -> rx.Component:
    form = dialog_form(
        select_field(
            _("Assigned to"), "to", V.colleagues, value=V.assignee_id, error=W.at("to"), key="assign-to"
        ),
        on_submit=T.send(T.asked),
        submit=_("Save"),
        error=W.beside("to"),
    )
    return _dialog("assign-ticket", _("Assign"), form)


def _keep(name: rx.Var[str], text: rx.Var[str], kind: rx.Var[str]) -> object:
    return T.keep(T.asked, name, text, kind, T.fresh)


def _dialog(form: str, title: Text, *children: Child, wide: bool = False) -> rx.Component:
    return dialog(
        title,
        *children,
        shown=T.form == form,
        on_open_change=T.close,
        opener=form,
        description=V.subject,
        wide=wide,
    )
