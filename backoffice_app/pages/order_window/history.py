"""The tab `History`: what happened to the order, newest first, in sentences, all of it or what is about one thing (T-7)."""

import reflex as rx

from backoffice_app.state.order import OrderState
from backoffice_app.ui.button import link_button
from backoffice_app.ui.chips import filter_links
from backoffice_app.ui.empty import empty
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import moment, panel, timeline
from backoffice_app.ui.texts import _

H = OrderState.history


def tab() -> rx.Component:
    """One line a fact; above them the kinds that occur."""
    facts = rx.foreach(H.facts, lambda entry: moment(entry.at, entry.sentence, entry.actor))
    nothing = empty(
        "search-x",
        _("Nothing of this kind happened."),
        _("The whole history shows all that happened to the order."),
        link_button(_("Show the whole history"), joined("/orders/", OrderState.view.number, "/history", OrderState.carried)),
    )
    return rx.fragment(
        filter_links(_("Kind"), H.kinds, H.kind),
        panel(rx.cond(H.facts.length() > 0, timeline(facts, name=_("History")), nothing), padded=True),
    )
