"""Who ordered: the block, the tab, their comment, and the warning that shows on all their orders (W-8, W-19, T-1)."""

import reflex as rx

from backoffice_app.domain.window.views import OtherOrderView
from backoffice_app.pages.order_window import customer_mail
from backoffice_app.pages.order_window.addresses import billing, shipping
from backoffice_app.state.customer_mail import CustomerMailState
from backoffice_app.state.order import OrderState
from backoffice_app.ui.button import button, link_button
from backoffice_app.ui.frame import banner
from backoffice_app.ui.kinds import Event, joined
from backoffice_app.ui.layout import block as brick
from backoffice_app.ui.layout import columns, facts, figure, item, items, quiet, row, stack, strong
from backoffice_app.ui.texts import _

V = OrderState.view
C = OrderState.view.customer


def block() -> rx.Component:
    """Name, orders and their sum, a mail to them, other open orders."""
    show = link_button(_("Show"), joined("/orders/", V.number, "/customer", OrderState.carried), look="text")
    return brick(
        _("Customer"),
        stack(
            rx.el.div(strong(C.name), rx.cond(C.company != "", quiet(" · ", C.company))),
            rx.cond(C.email != "", rx.el.div(C.email)),
            rx.cond(C.orders != "", quiet(C.orders, rx.cond(C.total != "", rx.el.span(" · ", figure(C.total))))),
            customer_mail.opener(),
            rx.cond(C.others.length() > 0, _others()),
        ),
        action=show,
        key="customer",
    )


def _others() -> rx.Component:
    def line(other: rx.vars.ObjectVar[OtherOrderView]) -> rx.Component:
        link = rx.el.a(other.number, href=joined("/orders/", other.number, OrderState.carried))
        return item(
            rx.el.span(link, quiet(" · ", other.status), class_name="grow"),
            quiet(figure(rx.cond(other.total != "", other.total, other.date))),
        )

    return rx.el.div(rx.el.h3(_("Other open orders")), items(rx.foreach(C.others, line), name=_("Other open orders")))


def warning() -> rx.Component:
    """What colleagues should know of this customer, and why the order waits."""
    return rx.fragment(
        rx.cond(C.warning != "", banner(C.warning)),
        rx.cond(V.hold_reason != "", banner(joined(_("On hold"), ": ", V.hold_reason))),
        rx.cond((V.draft.length() > 0) & (OrderState.form == ""), _unsaved()),
    )


def _unsaved() -> rx.Component:
    """What this colleague typed and did not save is here still, whatever became of the tab it was typed in (W-16)."""

    def go_on(does: Event) -> rx.Component:
        return button(_("Go on"), look="text", key="go-on", on_click=does)

    dialog = go_on(OrderState.open(V.draft[0], V.about, V.draft[1]))
    mail = go_on(CustomerMailState.begin(V.about))
    way = rx.cond(V.draft[0] == customer_mail.FORM, mail, dialog)
    return banner(row(_("What you typed here and did not save is kept."), way, middle=True))


def comment() -> rx.Component:
    """What the customer wrote at the checkout stands out above the lines (W-19)."""
    return rx.cond(
        V.comment != "", rx.el.section(rx.el.h2(_("Comment of the customer")), rx.el.p(V.comment, dir="auto"), class_name="comment")
    )


def tab() -> rx.Component:
    """Everything the customer entered (T-1)."""
    entered = facts(
        (_("Name"), C.name),
        (_("Company"), _or_none(C.company)),
        (_("E-mail"), _or_none(C.email)),
        (_("Phone"), _or_none(C.phone)),
        (_("VAT ID"), _or_none(C.vat_id)),
        (_("Customer number"), _or_none(C.number)),
    )
    order = facts(
        (_("Source"), _or_none(V.source)),
        (_("Reference"), _or_none(V.reference)),
        (_("Payment method"), _or_none(V.payment_method)),
        (_("Shipping method"), _or_none(V.shipping_method)),
        (_("Comment"), _or_none(V.comment)),
        (_("Tags"), rx.cond(V.tags.length() > 0, V.tags.join(", "), "–")),
    )
    return columns([billing()], [shipping()], [brick(_("Customer"), entered, key="who"), brick(_("Checkout"), order, key="checkout")])


def _or_none(value: rx.Var[str]) -> rx.Component:
    return rx.el.span(rx.cond(value != "", value, "–"))
