"""The tab `History`: what happened to the order, newest first, in sentences (T-7)."""

import reflex as rx

from backoffice_app.state.order import OrderState
from backoffice_app.ui.layout import moment, panel, timeline
from backoffice_app.ui.texts import _


def tab() -> rx.Component:
    """One line a fact."""
    facts = rx.foreach(OrderState.history, lambda entry: moment(entry.at, entry.sentence, entry.actor))
    return panel(timeline(facts, name=_("History")), padded=True)
