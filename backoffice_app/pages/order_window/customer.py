"""Who ordered: the block, the tab, and their comment (W-8, W-19, T-1)."""

import reflex as rx

from backoffice_app.domain.window.blocks.customer import CommentView, CustomerView, OtherOrderView
from backoffice_app.pages.order_window import customer_mail
from backoffice_app.pages.order_window.components import draws
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Blocks
from backoffice_app.ui.button import link_button
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import block as brick
from backoffice_app.ui.layout import figure, item, items, line, options, quiet, said, strong
from backoffice_app.ui.texts import _

V = OrderState.view


@draws("customer")
def block(c: rx.Var[CustomerView]) -> rx.Component:
    """Name, orders and their sum, a mail to them, other open orders."""
    show = link_button(_("Show"), joined("/orders/", V.number, "/customer", OrderState.carried), look="text")
    count = rx.cond(
        c.orders != "",
        quiet(c.orders, rx.cond(c.total != "", rx.el.span(" · ", figure(c.total))), small=True),
    )
    return brick(
        _("Customer"),
        rx.cond(
            c.name == "",
            rx.el.div(c.company),
            rx.el.div(c.name, rx.cond(c.company != "", quiet(" · ", c.company))),
        ),
        rx.cond(c.email != "", rx.el.a(c.email, href=joined("mailto:", c.email), class_name="line")),
        rx.cond(c.calls != "", rx.el.a(c.phone, href=c.calls, class_name="line")),
        line(count, customer_mail.opener()),
        rx.cond(c.credit != "", rx.el.div(_("Credit"), " ", strong(figure(c.credit)))),
        rx.cond(c.others.length() > 0, _others(c)),
        action=show,
        key="customer",
    )


def _others(c: rx.Var[CustomerView]) -> rx.Component:
    def line(other: rx.vars.ObjectVar[OtherOrderView]) -> rx.Component:
        link = rx.el.a(other.number, href=joined("/orders/", other.number, OrderState.carried))
        return item(
            rx.el.span(link, quiet(" · ", other.status), class_name="grow"),
            quiet(figure(rx.cond(other.total != "", other.total, other.date))),
        )

    return rx.el.div(
        rx.el.h3(_("Other open orders")), items(rx.foreach(c.others, line), name=_("Other open orders"))
    )


@draws("comment")
def comment(v: rx.Var[CommentView]) -> rx.Component:
    """What the customer wrote at the checkout, what colleagues should know of them, and why the order waits stand out,
    at the top of the right column and first on a phone (W-8, W-13, W-19).
    """
    warning, on_hold = Blocks.customer.warning, Blocks.warnings.on_hold
    all_of_it = rx.el.div(
        rx.cond(warning != "", rx.el.div(warning, class_name="said said-act")),
        rx.cond(on_hold != "", rx.el.div(on_hold, class_name="said")),
        rx.cond(v.comment != "", said(_("Comment of the customer"), rx.el.p(v.comment, dir="auto"))),
        rx.cond(v.options != "", said(_("Details from the checkout"), options(v.options))),
        class_name="stack said-block",
    )
    return rx.cond((v.comment != "") | (v.options != "") | (warning != "") | (on_hold != ""), all_of_it)
