"""The frame around each page, bound to who is signed in: the menu of this role, the notices of this tab."""

import reflex as rx

from backoffice_app.domain.core.rights import Right
from backoffice_app.state.me import Me
from backoffice_app.state.notices import Notices
from backoffice_app.ui import frame as bricks
from backoffice_app.ui.kinds import Child, Event
from backoffice_app.ui.notice import notices
from backoffice_app.ui.texts import _, shell


def held(right: Right) -> rx.Var[bool]:
    """Whether the colleague holds `right`; for what is drawn, the gate judges by itself."""
    return Me.may[right.value].to(bool)


def menu() -> list[bricks.Group]:
    """The pages there are, in the order of the spec's menu. Add a page here."""
    return [
        bricks.Group(_("Sales"), [bricks.Entry(_("Orders"), "/orders", "inbox")]),
        bricks.Group(_("Service"), [bricks.Entry(_("Outbox"), "/outbox", "send", shown=held(Right.MAIL))]),
        bricks.Group(
            _("Settings"),
            [
                bricks.Entry(_("Company"), "/settings/company", "building-2", shown=held(Right.SETTINGS)),
                bricks.Entry(_("Administration"), "/settings/advanced/administration", "receipt-text", shown=held(Right.SETTINGS)),
                bricks.Entry(_("Languages"), "/settings/languages", "languages", shown=held(Right.SETTINGS)),
                bricks.Entry(_("Mail"), "/settings/mail", "mail", shown=held(Right.SETTINGS)),
                bricks.Entry(_("Users"), "/settings/users", "users", shown=held(Right.USERS)),
            ],
        ),
    ]


def page(
    *children: Child,
    header: Child,
    here: str,
    refresh: Event,
    footer: Child | None = None,
    flush: bool = False,
    banner: Child | None = None,
) -> rx.Component:
    """A page in its frame. `here`: the menu's route it belongs to; `header`: a `page_header`; `footer`: a `bottom_bar`.

    `refresh`: the page's own handler that reads its views anew, for texts the server made, when the language is switched.
    `flush`: the children reach the edges, as blocks and lists do.
    """
    person = bricks.Person(
        name=Me.name,
        role=Me.role,
        email=Me.email,
        language=Me.code,
        single_keys=Me.single_keys,
        on_language=lambda code: [Me.switch(code), refresh],
        on_theme=Me.choose_theme,
        on_single_keys=Me.choose_single_keys,
    )
    around = {"menu": menu(), "here": here, "person": person, "notices": _notices()}
    return shell(bricks.frame(*children, **around, header=header, footer=footer, flush=flush, banner=banner))


def _notices() -> rx.Component:
    return notices(Notices.items, on_close=Notices.close, on_undo=Notices.undo, on_hold=Notices.hold)
