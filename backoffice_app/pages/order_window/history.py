"""The tab `History`: what happened to the order, newest first, in sentences, all of it or what is about one thing
(T-7).
"""

import reflex as rx

from backoffice_app.domain.window.blocks.history import HistoryTab, HistoryView
from backoffice_app.pages.order_window.components import draws
from backoffice_app.state.order import OrderState
from backoffice_app.ui.button import link_button
from backoffice_app.ui.chips import filter_links
from backoffice_app.ui.empty import empty
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import moment, new_tab, panel, timeline
from backoffice_app.ui.texts import _


@draws("history")
def tab(h: rx.Var[HistoryTab]) -> rx.Component:
    """One line a fact; above them the kinds that occur."""
    facts = rx.foreach(h.facts, _fact)
    nothing = empty(
        "search-x",
        _("Nothing of this kind happened."),
        _("The whole history shows all that happened to the order."),
        link_button(
            _("Show the whole history"),
            joined("/orders/", OrderState.view.number, "/history", OrderState.carried),
        ),
    )
    return rx.fragment(
        filter_links(_("Kind"), h.kinds, h.kind),
        panel(rx.cond(h.facts.length() > 0, timeline(facts, name=_("History")), nothing), padded=True),
    )


def _fact(entry: rx.Var[HistoryView]) -> rx.Component:
    """When, what, and the way to the mail or the document it tells of."""
    mail = rx.cond(entry.mail != "", rx.el.span(" ", rx.el.a(_("Read the mail"), href=entry.mail)))
    file = rx.cond(entry.file != "", rx.el.span(" ", new_tab(_("Open the document"), entry.file)))
    return moment(entry.at, rx.el.span(entry.sentence, mail, file), entry.actor)
