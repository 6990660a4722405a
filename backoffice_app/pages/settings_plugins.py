"""Settings > Plug-ins: what is loaded and what is not, and the settings that plug-ins bring (EXT-1).

For the owner alone.
"""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.forms import FieldView
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.pages.frame import held, page
from backoffice_app.state.order_calls import BOX
from backoffice_app.state.pages import PROCEDURES, page_at
from backoffice_app.state.pages import SETTINGS as MENU
from backoffice_app.state.settings_plugins import PAGE, PluginsState, PluginView, SectionView
from backoffice_app.state.settings_shop import SETTINGS
from backoffice_app.ui.empty import empty
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.plain import drawn_field
from backoffice_app.ui.settings import Saving, save_bar, setting, settings, settings_form
from backoffice_app.ui.skeleton import skeleton_block
from backoffice_app.ui.texts import _

S = PluginsState
HERE = "/settings/plugins"
ABOUT = Shown(SETTINGS, PAGE).text


@page_at(
    HERE, i18n._("Plug-ins"), group=MENU, rank=90, under=PROCEDURES, right=Right.SETTINGS, on_load=[S.load]
)
def settings_plugins() -> rx.Component:
    """What is loaded, and the form of all settings that plug-ins bring; how to get one where there isn't one."""
    saving = Saving(
        unsaved=S.unsaved,
        wrong=S.wrong,
        tries=S.tries,
        fresh=S.fresh,
        on_typed=lambda name, text, _kind: S.keep(ABOUT, S.fresh, name, text),
        on_save=S.save(ABOUT, S.seen),
        on_discard=S.discard(ABOUT),
    )
    nothing = empty(
        "puzzle",
        _("There are no plug-ins."),
        _("A file in the folder “plugins” beside the data folder is one."),
    )
    whole = settings(rx.foreach(S.found, _plugin), settings_form(saving, rx.foreach(S.sections, _section)))
    shown = rx.cond(S.found.length() > 0, rx.fragment(whole, save_bar(saving, shown=True)), nothing)
    not_mine = empty(
        "lock",
        _("Your role does not show the settings."),
        _("Ask the owner of the shop to change your role."),
    )
    return page(
        rx.cond(held(Right.SETTINGS), rx.cond(S.ready, shown, skeleton_block()), not_mine),
        header=page_header(_("Plug-ins")),
        here=HERE,
        refresh=S.refresh,
        flush=True,
    )


def _plugin(one: rx.Var[PluginView]) -> rx.Component:
    wrong = rx.cond(
        one.error != "",
        rx.fragment(
            rx.el.p(one.error, class_name="errors"),
            rx.el.p(_("Kontor runs without it. Give this message to who wrote the plug-in.")),
        ),
    )
    about = rx.cond(one.description != "", rx.el.p(one.description))
    title = joined(one.name, " ", one.version)
    rights = rx.cond(one.rights != "", rx.el.p(_("Rights of its own"), " – ", one.rights))
    return setting(
        title,
        one.source,
        wrong,
        about,
        rx.foreach(one.adds, rx.el.p),
        rights,
        key=joined("plug-in-", one.key),
    )


def _section(section: rx.Var[SectionView]) -> rx.Component:
    return setting(section.title, "", rx.foreach(section.fields, _field), key=joined("section-", section.key))


def _field(asked: rx.Var[FieldView]) -> rx.Component:
    value = rx.cond(S.typed.contains(asked.name), S.typed[asked.name], asked.value).to(str)
    error = rx.cond(S.errors.contains(asked.name), S.errors[asked.name], "").to(str)
    return drawn_field(asked, value=value, error=error, key=asked.name, box=BOX)
