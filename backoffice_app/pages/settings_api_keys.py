"""Settings > API keys: which programs may use the API, and for what (API-1)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.pages.frame import held, page
from backoffice_app.state.pages import ACCESS, SETTINGS, page_at
from backoffice_app.state.settings_users import PEOPLE, UsersState
from backoffice_app.ui.button import button, link_button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import check, checks, field
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import Child, Text, joined
from backoffice_app.ui.layout import figure, push, row, stack, strong
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import Column, Row, table
from backoffice_app.ui.texts import _
from backoffice_app.ui.wrong import Wrong

S = UsersState
W = Wrong(S.wrong, S.wrong_field)
K = UsersState.key
LIST = Shown(PEOPLE, "").text
"""What a new key is about: the list as a whole."""


@page_at(
    "/settings/api",
    i18n._("API keys"),
    group=SETTINGS,
    rank=72,
    under=ACCESS,
    right=Right.USERS,
    on_load=[UsersState.load],
)
def settings_api_keys() -> rx.Component:
    """The page; who is not the owner reads that it is for the owner."""
    create = push(button(_("Create API key"), look="solid", key="create-key", on_click=S.open("key", 0)))
    mine = rx.fragment(rx.cond(S.ready, _keys(), skeleton_rows()), _create_key(), _shown_key(), _revoke_key())
    not_mine = empty(
        "lock", _("This page is for the owner of the shop."), _("Ask the owner to change users and API keys.")
    )
    return page(
        rx.cond(held(Right.USERS), mine, not_mine),
        header=page_header(_("API keys"), rx.cond(held(Right.USERS), create)),
        here="/settings/api",
        refresh=S.refresh,
        flush=True,
    )


def _keys() -> rx.Component:
    listed = table(
        _("API keys"),
        [
            Column(_("Name"), lambda one: strong(one.name), place=1),
            Column(_("Scopes"), lambda one: one.scopes, place=3),
            Column(_("Created"), lambda one: figure(one.created), place=2),
            Column(_("Last used"), lambda one: figure(one.used)),
            Column(_("Revoke API key"), _revoke, hide_head=True, place=4),
        ],
        S.page.api_keys,
        cards=True,
        sticky=True,
    )
    none = empty(
        "key-round",
        _("No program may use the API yet."),
        _("A key lets a web shop hand in its orders."),
        link_button(_("How to connect a shop"), "/api/docs", reload_document=True),
    )
    return rx.cond(S.page.api_keys.length() > 0, listed, none)


def _revoke(one: Row) -> rx.Component:
    name = _("Revoke API key") + " " + one.name
    return button(
        _("Revoke"),
        look="text",
        key=joined("revoke-key-", one.id.to(str)),
        on_click=S.open("revoke", one.id),
        aria_label=name,
    )


def _create_key() -> rx.Component:
    form = dialog_form(
        field(
            _("Name"),
            "name",
            error=W.at("name"),
            hint=_("Which program uses it, such as the web shop."),
            key="key-name",
            auto_complete="off",
        ),
        checks(_("Scopes"), rx.foreach(S.page.scopes, lambda scope: check(scope[1], scope[0]))),
        on_submit=S.create_key(LIST),
        submit=_("Create API key"),
        error=W.beside("name"),
    )
    return _dialog("key", _("Create API key"), form, opener="create-key")


def _shown_key() -> rx.Component:
    shown = field(_("API key"), "shown-key", value=S.new_key, read_only=True, key="shown-key")
    copy = button(
        _("Copy"), picture="copy", key="copy-key", look="solid", on_click=rx.set_clipboard(S.new_key)
    )
    said = _("Keep it safe: it is shown this once and can't be read again.")
    return _dialog(
        "shown-key", _("The new API key"), stack(shown, row(copy)), opener="create-key", description=said
    )


def _revoke_key() -> rx.Component:
    form = dialog_form(
        on_submit=S.revoke(K.about), submit=_("Revoke"), keep=_("Keep key"), error=S.wrong, look="danger"
    )
    said = _("The next call with this key is refused. A new key can take its place.")
    return _dialog(
        "revoke",
        _("Revoke API key") + ": " + K.name,
        form,
        opener=joined("revoke-key-", K.id.to(str)),
        description=said,
    )


def _dialog(
    form: str, title: Text, *children: Child, opener: Text, description: Text | None = None
) -> rx.Component:
    return dialog(
        title, *children, shown=S.form == form, on_open_change=S.close, opener=opener, description=description
    )
