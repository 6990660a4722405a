"""Settings > Plug-ins: what is loaded and what is not, and the settings that plug-ins bring (EXT-1). For the owner alone."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.forms import FieldView
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.pages.frame import held, page
from backoffice_app.state.order_calls import BOX
from backoffice_app.state.pages import SETTINGS as MENU
from backoffice_app.state.pages import page_at
from backoffice_app.state.settings_plugins import SECTION, PluginsState, PluginView, SectionView
from backoffice_app.state.settings_shop import SETTINGS
from backoffice_app.ui.button import button
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import hidden_field
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import block, quiet, row, stack
from backoffice_app.ui.plain import drawn_field
from backoffice_app.ui.skeleton import skeleton_block
from backoffice_app.ui.texts import _

S = PluginsState
HERE = "/settings/plugins"


@page_at(HERE, i18n._("Plug-ins"), group=MENU, rank=90, right=Right.SETTINGS, on_load=[S.load])
def settings_plugins() -> rx.Component:
    """One block for each plug-in and each of their sections; how to get one where there is none."""
    nothing = empty("puzzle", _("There are no plug-ins."), _("A file in the folder “plugins” beside the data folder is one."))
    shown = rx.cond(S.found.length() > 0, stack(rx.foreach(S.found, _plugin), rx.foreach(S.sections, _section), wide=True), nothing)
    not_mine = empty("lock", _("Your role does not show the settings."), _("Ask the owner of the shop to change your role."))
    return page(
        rx.cond(held(Right.SETTINGS), rx.cond(S.ready, shown, skeleton_block()), not_mine),
        header=page_header(_("Plug-ins")),
        here=HERE,
        refresh=S.refresh,
    )


def _plugin(one: rx.Var[PluginView]) -> rx.Component:
    wrong = rx.cond(one.error != "", rx.el.p(one.error, class_name="errors"))
    title = joined(one.name, " ", one.version)
    rights = rx.cond(one.rights != "", rx.el.p(_("Rights of its own"), " – ", one.rights))
    return block(title, stack(wrong, rx.el.p(one.adds), rights, quiet(one.source, small=True)), key=joined("plug-in-", one.key))


def _section(section: rx.Var[SectionView]) -> rx.Component:
    here = (S.wrong_form == section.key) & (S.wrong != "")
    said = rx.el.div(rx.cond(here, rx.el.p(_("Not saved."), " ", S.wrong, class_name="errors")), role="alert")
    fields = rx.el.div(rx.foreach(section.fields, lambda asked: _field(section, asked)), class_name="form")
    form = rx.el.form(
        hidden_field(SECTION, section.key),
        stack(fields, said, row(button(_("Save"), look="solid", submit=True, key=joined("save-", section.key), waits=True)), wide=True),
        key=joined(section.key, S.fresh.to_string()),
        on_submit=S.save(Shown(SETTINGS, "plug-ins").text, S.seen),
        no_validate=True,
    )
    return block(section.title, form, key=joined("section-", section.key))


def _field(section: rx.Var[SectionView], asked: rx.Var[FieldView]) -> rx.Component:
    error = rx.cond((S.wrong_form == section.key) & (S.wrong_field == asked.name), S.wrong, "")
    return drawn_field(asked, value=asked.value, error=error, key=joined(section.key, "-", asked.name), box=BOX)
