"""The cards of the bulk runs that go on, on each page (O-5)."""

import reflex as rx

from backoffice_app.domain.bulk.views import ProgressView
from backoffice_app.state.bulk_progress import BulkProgress
from backoffice_app.state.bulk_run import BulkRunState
from backoffice_app.ui.button import button, icon_button
from backoffice_app.ui.floating import floating_card, floating_list, progress_bar
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.later import later
from backoffice_app.ui.layout import ends, figure, new_tab, row, strong
from backoffice_app.ui.texts import _


def bulk_progress() -> rx.Component:
    """Nothing, or a card for each run: what it does, how far it is, its page, its file."""
    return rx.cond(BulkProgress.runs.length() > 0, _cards())


@later
def _cards() -> rx.Component:
    return floating_list(rx.foreach(BulkProgress.runs, _card), name=_("Bulk actions that run"))


def _card(run: rx.Var[ProgressView]) -> rx.Component:
    return rx.cond(run.is_over, _ended(run), _going_on(run))


def _ended(run: rx.Var[ProgressView]) -> rx.Component:
    """One line, so that what it was about can be seen, until it is closed."""
    says = rx.el.span(strong(run.label), " · ", rx.el.span(figure(run.says), role="status"))
    away = icon_button("x", _("Close") + " " + run.label, on_click=BulkProgress.put_away(run.id))
    return floating_card(says, _links(run), away, is_over=True)


def _going_on(run: rx.Var[ProgressView]) -> rx.Component:
    stop = button(
        _("Leave out the rest"),
        look="text",
        on_click=BulkRunState.cancel(run.about),
        aria_label=_("Leave out the rest"),
    )
    return floating_card(
        strong(run.label),
        progress_bar(run.label, run.done, run.size),
        ends(rx.el.span(figure(run.says), role="status"), row(_links(run), stop, middle=True)),
    )


def _links(run: rx.Var[ProgressView]) -> rx.Component:
    results = rx.el.a(_("Results"), href=joined("/bulk/", run.id))
    return row(file_links(run), results, middle=True)


def file_links(run: rx.Var[ProgressView]) -> rx.Component:
    """The file that a run made, in a new tab; of an export both kinds."""
    sheet = rx.cond(run.xlsx != "", new_tab("XLSX", run.xlsx))
    return rx.cond(run.file != "", rx.fragment(new_tab(run.file_label, run.file), sheet))
