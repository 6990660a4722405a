"""Settings > Users: colleagues with their roles, and the keys of the API (SEC-1, API-1)."""

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
from backoffice_app.ui.empty import empty, empty_line
from backoffice_app.ui.field import check, checks, field, select_field
from backoffice_app.ui.frame import LANGUAGE_NAMES, page_header
from backoffice_app.ui.kinds import Child, Text, joined
from backoffice_app.ui.layout import block, figure, push, quiet, row, stack, strong
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import Column, Row, table
from backoffice_app.ui.texts import _, text_of

S = UsersState
LIST = Shown(PEOPLE, "").text
"""What a new colleague or key is about: the list as a whole."""
P = UsersState.person
K = UsersState.key
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
    """The page; whoever is not the owner reads that it is not theirs."""
    add = push(button(_("Add user"), look="solid", key="add-user", on_click=S.open("add", 0)))
    mine = rx.fragment(rx.cond(S.ready, rx.fragment(_people(), _keys()), skeleton_rows()), *_dialogs())
    not_mine = empty("lock", _("This page is for the owner of the shop."), _("Ask the owner to change users and API keys."))
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
    return button(_("Edit"), look="text", key=joined("edit-user-", one.id.to(str)), on_click=S.open("person", one.id), aria_label=name)


def _keys() -> rx.Component:
    listed = table(
        _("API keys"),
        [
            Column(_("Name"), lambda one: one.name, place=1),
            Column(_("Scopes"), lambda one: one.scopes, place=3),
            Column(_("Created"), lambda one: figure(one.created), place=2),
            Column(_("Last used"), lambda one: figure(one.used)),
            Column(_("Revoke API key"), _revoke, hide_head=True, place=4),
        ],
        S.page.api_keys,
        cards=True,
        tight=True,
    )
    none = empty_line(_("No program may use the API yet. A key lets a web shop hand in its orders."))
    create = button(_("Create API key"), look="text", key="create-key", on_click=S.open("key", 0))
    return block(_("API keys"), rx.cond(S.page.api_keys.length() > 0, listed, none), action=create, key="api-keys")


def _revoke(one: Row) -> rx.Component:
    name = _("Revoke API key") + " " + one.name
    return button(_("Revoke"), look="text", key=joined("revoke-key-", one.id.to(str)), on_click=S.open("revoke", one.id), aria_label=name)


def _dialogs() -> list[rx.Component]:
    return [_add(), _person(), _password(), _retire(), _create_key(), _shown_key(), _revoke_key()]


def _dialog(form: str, title: Text, *children: Child, opener: Text, description: Text | None = None) -> rx.Component:
    return dialog(title, *children, shown=S.form == form, on_open_change=S.close, opener=opener, description=description)


def _error(name: str) -> rx.Var[str]:
    return rx.cond(S.wrong_field == name, S.wrong, "").to(str)


def _rest(*named: str) -> rx.Var[str]:
    """What is wrong with no field of the form."""
    at_a_field: rx.Var[bool] = rx.Var.create(False)
    for name in named:
        at_a_field = at_a_field | (S.wrong_field == name)
    return rx.cond(at_a_field, "", S.wrong).to(str)


def _new_password(key: str) -> rx.Component:
    hint = text_of(i18n._("At least {count} characters, any you like; a few words are easy to keep in mind.").format(count=SHORTEST))
    return field(_("Password"), "password", hint=hint, error=_error("password"), key=key, type="password", auto_complete="new-password")


def _add() -> rx.Component:
    form = dialog_form(
        field(_("Name"), "name", error=_error("name"), key="add-name", auto_complete="off"),
        field(_("E-mail"), "email", error=_error("email"), key="add-email", type="email", auto_complete="off"),
        select_field(_("Role"), "role", ROLES, value="staff", key="add-role"),
        select_field(_("Language"), "language", LANGUAGES, value=S.page.language, key="add-language"),
        _new_password("add-password"),
        on_submit=S.add(LIST),
        submit=_("Add user"),
        error=_rest("name", "email", "password"),
    )
    return _dialog("add", _("Add user"), form, opener="add-user")


def _person() -> rx.Component:
    form = dialog_form(
        field(_("Name"), "name", value=P.name, error=_error("name"), key="person-name", auto_complete="off"),
        field(_("E-mail"), "email", value=P.email, error=_error("email"), key="person-email", type="email", auto_complete="off"),
        select_field(_("Role"), "role", ROLES, value=P.role, key="person-role"),
        select_field(_("Language"), "language", LANGUAGES, value=P.language, key="person-language"),
        on_submit=S.change_person(P.about),
        submit=_("Save"),
        error=_rest("name", "email"),
    )
    more = row(
        button(_("Sign out everywhere"), on_click=S.sign_out(P.about), key="sign-out-everywhere"),
        button(_("Set password"), on_click=S.open("password", P.id), key="set-password"),
        button(_("Retire"), on_click=S.open("retire", P.id), key="retire"),
    )
    return _dialog("person", P.name, form, more, opener=joined("edit-user-", P.id.to(str)), description=P.email)


def _password() -> rx.Component:
    form = dialog_form(
        _new_password("person-password"), on_submit=S.set_password(P.about), submit=_("Set password"), error=_rest("password")
    )
    said = _("It takes the place of the old one and signs out everywhere.")
    return _dialog("password", _("Set password") + ": " + P.name, form, opener=joined("edit-user-", P.id.to(str)), description=said)


def _retire() -> rx.Component:
    form = dialog_form(on_submit=S.retire(P.about), submit=_("Retire"), keep=_("Keep user"), error=S.wrong, look="danger")
    said = _("Nobody signs in with this e-mail any more, and open pages end at once. The history keeps the name.")
    return _dialog("retire", _("Retire") + ": " + P.name, form, opener=joined("edit-user-", P.id.to(str)), description=said)


def _create_key() -> rx.Component:
    form = dialog_form(
        field(
            _("Name"),
            "name",
            error=_error("name"),
            hint=_("Which program uses it, such as the web shop."),
            key="key-name",
            auto_complete="off",
        ),
        checks(_("Scopes"), rx.foreach(S.page.scopes, lambda scope: check(scope[1], scope[0]))),
        on_submit=S.create_key(LIST),
        submit=_("Create API key"),
        error=_rest("name"),
    )
    return _dialog("key", _("Create API key"), form, opener="create-key")


def _shown_key() -> rx.Component:
    shown = field(_("API key"), "shown-key", value=S.new_key, read_only=True, key="shown-key")
    copy = button(_("Copy"), picture="copy", key="copy-key", look="solid", on_click=rx.set_clipboard(S.new_key))
    said = _("Keep it safe: it is shown this once and can't be read again.")
    return _dialog("shown-key", _("The new API key"), stack(shown, row(copy)), opener="create-key", description=said)


def _revoke_key() -> rx.Component:
    form = dialog_form(on_submit=S.revoke(K.about), submit=_("Revoke"), keep=_("Keep key"), error=S.wrong, look="danger")
    said = _("The next call with this key is refused. A new key can take its place.")
    return _dialog("revoke", _("Revoke API key") + ": " + K.name, form, opener=joined("revoke-key-", K.id.to(str)), description=said)
