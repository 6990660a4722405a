"""Service > Automatic e-mails: all kinds of mail, and the editor of one: text at the left, the mail as it goes at the
right (M-1).
"""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.templates.view import BLOCKS
from backoffice_app.pages.frame import held, page
from backoffice_app.pages.text_blocks import add_block, text_blocks
from backoffice_app.state.mail_templates import FILE, TemplatesState, TemplateState
from backoffice_app.state.pages import SERVICE, page_at
from backoffice_app.state.text_blocks import TextBlocksState
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import button, icon_link, link_button
from backoffice_app.ui.empty import empty, empty_line
from backoffice_app.ui.field import check, checks, field, select_field
from backoffice_app.ui.frame import banner, page_header
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import item, items, push, quiet, row, stack, strong, toolbar
from backoffice_app.ui.letter import letter, mail_frame
from backoffice_app.ui.shortcuts import STEP_KEYS, step
from backoffice_app.ui.skeleton import skeleton_block, skeleton_rows
from backoffice_app.ui.table import Column, Row, or_dash, table
from backoffice_app.ui.tabs import live_tabs, tab_panel
from backoffice_app.ui.texts import _
from backoffice_app.ui.wrong import Wrong

L = TemplatesState
S = TemplateState
W = Wrong(S.wrong, S.wrong_field)
V = TemplateState.view
FORM = "template-form"
WAIT = 400
"""Milliseconds after the last key before the preview follows."""
LINKS = "a[id^=template-]"


@page_at(
    "/mail-templates",
    i18n._("Automatic e-mails"),
    group=SERVICE,
    rank=30,
    icon="mail",
    right=Right.SETTINGS,
    key="m",
    on_load=[TemplatesState.load, TextBlocksState.load],
)
def mail_templates() -> rx.Component:
    """The list: what goes by itself, what a colleague sends, and the text blocks for it."""
    is_blocks = L.tab == BLOCKS
    tabs = toolbar(live_tabs(_("Automatic e-mails"), L.tabs, L.tab), rx.cond(is_blocks, push(add_block())))
    shown = rx.fragment(tabs, tab_panel(_("Automatic e-mails"), rx.cond(is_blocks, text_blocks(), _list())))
    return page(
        rx.cond(held(Right.SETTINGS), rx.cond(L.ready, shown, skeleton_rows()), _not_mine()),
        header=page_header(_("Automatic e-mails")),
        here="/mail-templates",
        refresh=L.refresh,
        flush=True,
        keys={"j": step(LINKS, 1), "k": step(LINKS, -1)},
        listed=[(STEP_KEYS, _("Next and previous row")), ("Enter", _("Open the template"))],
    )


def _list() -> rx.Component:
    return table(
        _("Mails"),
        [
            Column(_("Mail"), _name, place=1),
            Column(_("State"), lambda one: _state(one.on), place=2),
            Column(_("Changed texts"), lambda one: or_dash(one.changed), place=3),
            Column(_("Files that go along"), lambda one: or_dash(one.files), place=4),
        ],
        L.rows,
        cards=True,
        sticky=True,
    )


def _name(one: Row) -> rx.Component:
    return rx.el.a(strong(one.label), href=one.url, id=joined("template-", one.key))


def _state(on: rx.Var[bool]) -> rx.Component:
    return rx.cond(on, badge("neutral", "check", _("Is sent")), badge("ended", "ban", _("Switched off")))


def _not_mine() -> rx.Component:
    return empty(
        "lock", _("This page is for the owner of the shop."), _("Ask the owner to change the texts of mails.")
    )


@page_at(
    "/mail-templates/[template]",
    i18n._("Template"),
    right=Right.SETTINGS,
    on_load=[TemplateState.load],
    title=V.label,
)
def mail_template() -> rx.Component:
    """The editor of one kind."""
    none = empty(
        "search-x",
        _("There is no such mail."),
        _("It may have come with a plug-in that is not installed any more."),
        link_button(_("Go to the list"), "/mail-templates"),
    )
    shown = rx.cond(S.ready, _editor(), rx.cond(S.missing, none, skeleton_block(12)))
    return page(
        rx.cond(held(Right.SETTINGS), shown, _not_mine()),
        header=_header(),
        here="/mail-templates",
        refresh=S.refresh,
        flush=True,
    )


def _header() -> rx.Component:
    title = rx.cond(S.ready, V.label, _("Template"))
    switch = button(
        rx.cond(V.on, _("Switch off"), _("Switch on")),
        look="text",
        key="switch",
        on_click=S.switch(V.about, ~V.on),
        waits=True,
    )
    reset = button(
        _("Reset"), look="text", key="reset", on_click=S.reset_text(V.about, V.language), waits=True
    )
    save = button(_("Save"), look="solid", key="save", submit=True, form=FORM)
    tools = push(rx.cond(V.is_own, reset), switch, save)
    return rx.el.header(
        icon_link("chevron-left", _("Back to the list"), V.back),
        rx.el.h1(title),
        rx.cond(S.ready, _state(V.on)),
        rx.cond(S.ready & held(Right.SETTINGS), tools),
        class_name="page-head",
    )


def _typed(field: str, text: rx.Var[str]) -> rx.event.EventSpec:
    return S.typed(V.about, V.language, field, text)  # type: ignore[no-any-return]


def _kept() -> rx.Component:
    """What was typed before and not saved stands in the fields, and can be thrown away."""
    discard = button(_("Discard"), look="text", key="discard", on_click=S.discard(V.about), waits=True)
    return banner(row(_("What you typed here and did not save is kept."), discard, middle=True))


def _editor() -> rx.Component:
    language = toolbar(live_tabs(_("Languages"), V.tabs, V.language))
    return rx.fragment(
        language, rx.cond(S.kept, _kept()), rx.el.div(_form(), _preview(), class_name="editor")
    )


def _form() -> rx.Component:
    """Subject, text, what can be put in, and the files."""
    typed = {"spell_check": True, "lang": V.language}
    fields = rx.el.div(
        field(
            _("Subject"),
            "subject",
            value=S.subject,
            error=W.at("subject"),
            on_change=lambda text: _typed("subject", text).debounce(WAIT),
            on_blur=lambda text: _typed("subject", text),  # takes the place of what still waits
            **typed,
        ),
        field(
            _("Text"),
            "body",
            value=S.body,
            lines=20,
            error=W.at("body"),
            on_change=lambda text: _typed("body", text).debounce(WAIT),
            on_blur=lambda text: _typed("body", text),
            **typed,
        ),
        key=S.fresh.to_string(),
        class_name="form",
    )
    pills = rx.el.div(
        rx.foreach(
            V.inserts,
            lambda one: rx.el.button(
                one[0],
                type="button",
                on_click=S.insert(V.about, one[1]),
                aria_label=_("Insert") + " " + one[0],
            ),
        ),
        class_name="pills",
        role="group",
        aria_label=_("Insert"),
    )
    rest = rx.cond(S.wrong_field == "", rx.el.p(S.wrong, class_name="errors"))
    inside = stack(
        rx.el.div(rx.cond(S.wrong != "", rest), role="alert"),
        fields,
        stack(rx.el.span(_("Insert"), class_name="label"), pills),
        _files(),
        _history(),
        wide=True,
    )
    return rx.el.form(inside, id=FORM, on_submit=S.save(S.asked, V.language), no_validate=True)


def _files() -> rx.Component:
    """What goes along with all mails of this kind, in whatever language."""
    documents = check(_("The documents it is about (PDF)"), "documents", checked=V.documents)
    ticks = rx.foreach(V.files, lambda one: check(one.name, joined(FILE, one.id), checked=one.ticked))
    none = quiet(_("Files such as your terms are added under Settings > Mail."), small=True)
    boxes = rx.el.div(documents, ticks, key=S.asked)
    return stack(checks(_("Attachments, in all languages"), boxes), rx.cond(V.files.length() == 0, none))


def _history() -> rx.Component:
    lines = items(
        rx.foreach(V.history, lambda one: item(quiet(one[0], small=True), rx.el.span(one[1]))),
        name=_("Changes"),
    )
    return rx.cond(V.history.length() > 0, rx.el.details(rx.el.summary(_("Changes")), lines))


def _preview() -> rx.Component:
    """The mail for a real order: in a window, on a phone, as plain text."""
    looks = [("wide", _("Window")), ("phone", _("Phone")), ("text", _("Text only"))]
    which = select_field(
        _("Preview with"), "preview-order", V.orders, value=S.order, on_change=S.choose_order
    )
    how = rx.el.div(
        *(
            rx.el.button(
                word,
                type="button",
                on_click=S.show_as(key),
                aria_pressed=S.shown_as == key,
                class_name="btn btn-soft",
            )
            for key, word in looks
        ),
        class_name="row",
        role="group",
        aria_label=_("Preview"),
    )
    frame = mail_frame(S.preview.html, _("Preview"), narrow=S.shown_as == "phone")
    text = letter(S.preview.body, V.language, _("Preview"))
    mail = stack(
        strong(S.preview.subject),
        rx.cond(S.shown_as == "text", text, frame),
    )
    wrong = rx.el.p(S.preview.wrong, class_name="errors")
    shown = rx.cond(S.preview.wrong != "", wrong, mail)
    none = empty_line(_("There is no order yet that could be shown."))
    return rx.el.div(
        row(which, how, end=True),
        rx.cond(V.orders.length() > 0, rx.el.div(shown, role="status"), none),
        class_name="stack preview",
    )
