"""Settings > Users: colleagues with their roles (SEC-1)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.rights import ROLE_NAMES, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.people.passwords import SHORTEST
from backoffice_app.i18n import UI_LANGUAGES
from backoffice_app.pages.frame import held, page
from backoffice_app.state.pages import ACCESS, SETTINGS, page_at
from backoffice_app.state.settings_users import PEOPLE, UsersState
from backoffice_app.ui.button import button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import field, select_field
from backoffice_app.ui.frame import LANGUAGE_NAMES, page_header
from backoffice_app.ui.kinds import Child, Text, joined
from backoffice_app.ui.layout import figure, push, quiet, row, strong
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import Column, Row, table
from backoffice_app.ui.texts import _, text_of
from backoffice_app.ui.wrong import Wrong

S = UsersState
W = Wrong(S.wrong, S.wrong_field)
LIST = Shown(PEOPLE, "").text
"""What a new colleague is about: the list as a whole."""
P = UsersState.person
ROLES = [(role.value, text_of(name)) for role, name in ROLE_NAMES.items()]
LANGUAGES = [(code, LANGUAGE_NAMES[code]) for code in UI_LANGUAGES]


@page_at(
    "/settings/users",
    i18n._("Users"),
    group=SETTINGS,
    rank=70,
    under=ACCESS,
    right=Right.USERS,
    on_load=[UsersState.load],
)
def settings_users() -> rx.Component:
    """The page; anyone who is not the owner reads that it is not theirs."""
    add = push(button(_("Add user"), look="solid", key="add-user", on_click=S.open("add", 0)))
    mine = rx.fragment(rx.cond(S.ready, _people(), skeleton_rows()), *_dialogs())
    not_mine = empty(
        "lock", _("This page is for the owner of the shop."), _("Ask the owner to change users and API keys.")
    )
    return page(
        rx.cond(held(Right.USERS), mine, not_mine),
        header=page_header(_("Users"), rx.cond(held(Right.USERS), add)),
        here="/settings/users",
        refresh=S.refresh,
        flush=True,
    )


def _people() -> rx.Component:
    return table(
        _("Users"),
        [
            Column(_("Name"), lambda one: strong(one.name), place=1),
            Column(_("E-mail"), lambda one: one.email, place=3),
            Column(_("Role"), lambda one: one.role_name, place=2),
            Column(_("Last seen"), _seen),
            Column(_("Edit user"), _edit, hide_head=True, place=4),
        ],
        S.page.people,
        cards=True,
        sticky=True,
    )


def _seen(one: Row) -> rx.Component:
    return row(figure(one.seen), quiet(one.sessions, small=True), middle=True)


def _edit(one: Row) -> rx.Component:
    name = _("Edit user") + " " + one.name
    return button(
        _("Edit"),
        look="text",
        key=joined("edit-user-", one.id.to(str)),
        on_click=S.open("person", one.id),
        aria_label=name,
    )


def _dialogs() -> list[rx.Component]:
    return [_add(), _person(), _password(), _retire()]


def _dialog(
    form: str, title: Text, *children: Child, opener: Text, description: Text | None = None
) -> rx.Component:
    return dialog(
        title, *children, shown=S.form == form, on_open_change=S.close, opener=opener, description=description
    )


def _new_password(key: str) -> rx.Component:
    hint = text_of(
        i18n._("At least {count} characters, any you like; a few words are easy to keep in mind.").format(
            count=SHORTEST
        )
    )
    return field(
        _("Password"),
        "password",
        hint=hint,
        error=W.at("password"),
        key=key,
        type="password",
        auto_complete="new-password",
    )


def _add() -> rx.Component:
    form = dialog_form(
        field(_("Name"), "name", error=W.at("name"), key="add-name", auto_complete="off"),
        field(_("E-mail"), "email", error=W.at("email"), key="add-email", type="email", auto_complete="off"),
        select_field(_("Role"), "role", ROLES, value="staff", key="add-role"),
        select_field(_("Language"), "language", LANGUAGES, value=S.page.language, key="add-language"),
        _new_password("add-password"),
        on_submit=S.add(LIST),
        submit=_("Add user"),
        error=W.beside("name", "email", "password"),
    )
    return _dialog("add", _("Add user"), form, opener="add-user")


def _person() -> rx.Component:
    form = dialog_form(
        field(_("Name"), "name", value=P.name, error=W.at("name"), key="person-name", auto_complete="off"),
        field(
            _("E-mail"),
            "email",
            value=P.email,
            error=W.at("email"),
            key="person-email",
            type="email",
            auto_complete="off",
        ),
        select_field(_("Role"), "role", ROLES, value=P.role, key="person-role"),
        select_field(_("Language"), "language", LANGUAGES, value=P.language, key="person-language"),
        on_submit=S.change_person(P.about),
        submit=_("Save"),
        error=W.beside("name", "email"),
    )
    more = row(
        button(_("Sign out everywhere"), on_click=S.sign_out(P.about), key="sign-out-everywhere"),
        button(_("Set password"), on_click=S.open("password", P.id), key="set-password"),
        button(_("Retire"), on_click=S.open("retire", P.id), key="retire"),
    )
    return _dialog(
        "person", P.name, form, more, opener=joined("edit-user-", P.id.to(str)), description=P.email
    )


def _password() -> rx.Component:
    form = dialog_form(
        _new_password("person-password"),
        on_submit=S.set_password(P.about),
        submit=_("Set password"),
        error=W.beside("password"),
    )
    said = _("It takes the place of the old one and signs out everywhere.")
    return _dialog(
        "password",
        _("Set password") + ": " + P.name,
        form,
        opener=joined("edit-user-", P.id.to(str)),
        description=said,
    )


def _retire() -> rx.Component:
    form = dialog_form(
        on_submit=S.retire(P.about), submit=_("Retire"), keep=_("Keep user"), error=S.wrong, look="danger"
    )
    said = _(
        "Nobody signs in with this e-mail any more, and open pages end at once. The history keeps the name."
    )
    return _dialog(
        "retire",
        _("Retire") + ": " + P.name,
        form,
        opener=joined("edit-user-", P.id.to(str)),
        description=said,
    )
