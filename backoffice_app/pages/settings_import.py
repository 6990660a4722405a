"""Settings > Import: a file of orders, tried out first (API-2)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.rights import Right
from backoffice_app.pages.frame import held, page
from backoffice_app.state.me import Me
from backoffice_app.state.pages import PROCEDURES, SETTINGS, page_at
from backoffice_app.ui.button import button, link_button
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import check, field
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.layout import panel, push, quiet, stack
from backoffice_app.ui.native_form import upload_form
from backoffice_app.ui.texts import _


@page_at("/settings/import", i18n._("Import"), group=SETTINGS, rank=80, under=PROCEDURES, right=Right.IMPORT)
def settings_import() -> rx.Component:
    """The form that sends the file; its dry run is a page of its own."""
    own = "import-file"
    form = upload_form(
        "/imports",
        rx.el.label(_("File of orders"), html_for=own, class_name="label"),
        rx.el.input(
            type="file",
            name="file",
            accept=".json",
            required=True,
            custom_attrs={"id": own},
            class_name="input",
        ),
        quiet(
            _(
                "Orders of Kontor, WooCommerce or Shopify as JSON; whose they are is recognised. At most 20 MB."
            ),
            small=True,
        ),
        field(
            _("Name of the shop"),
            "source",
            hint=_("Only where you have several shops of one kind."),
            auto_complete="off",
            max_length=100,
        ),
        check(_("Invoice orders of the past too"), "issue"),
        quiet(
            _(
                "Orders of the past are shipped, completed, cancelled, or older than your first day in Kontor."
            ),
            small=True,
        ),
        check(_("Notify customers"), "notify"),
        rx.el.div(button(_("Try out"), look="solid", submit=True, key="try-import")),
    )
    first = quiet(
        _(
            "First all orders are tried out and nothing is kept. You see what would become of each, and then "
            "import them."
        )
    )
    not_mine = empty(
        "lock", _("This page is for those who import orders."), _("Ask the owner of the shop for the right.")
    )
    return page(
        rx.cond(held(Right.IMPORT), panel(stack(first, form, wide=True), padded=True), not_mine),
        header=page_header(_("Import"), push(link_button(_("My bulk actions"), "/bulk"))),
        here="/settings/import",
        flush=True,
        refresh=Me.load,
    )
