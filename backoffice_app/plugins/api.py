"""All that a plug-in imports: `from backoffice_app.plugins.api import Plugin, action, block, ...` (EXT-1).

What is here keeps its name and its meaning within one first number of `API`. `docs/plugins.md` says what each is for.
"""

from sqlalchemy.orm import object_session
from sqlmodel import Field, Session, SQLModel, col, select

from backoffice_app.db import reading
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import Action, Done, Input, NoInput, Undo, action, perform, preview
from backoffice_app.domain.core.carriers import carrier
from backoffice_app.domain.core.document_kinds import document_kind
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.facts import About, Fact, fact, on
from backoffice_app.domain.core.forms import Asked, Filled
from backoffice_app.domain.core.jobs import declare_job, each_minute, job, queue
from backoffice_app.domain.core.number_series import number_series
from backoffice_app.domain.core.payment_methods import Collects, Pays, payment_method
from backoffice_app.domain.core.rights import WORKER, Actor, Right, Role, right
from backoffice_app.domain.core.shipping_methods import shipping_method
from backoffice_app.domain.core.shop import Regional
from backoffice_app.domain.core.subjects import Subject, lock_row, register
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.declared_pages import PageLook, page, paged_table
from backoffice_app.domain.invoicing.credit import CreditNoteIssued, InvoiceCancelled
from backoffice_app.domain.invoicing.issue import InvoiceIssued
from backoffice_app.domain.listing.parts import Condition, column, list_filter
from backoffice_app.domain.mail import mail_kind, write
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.slip_remarks import slip_remark
from backoffice_app.domain.order.views import list_view
from backoffice_app.domain.orders.facts import (
    AddressChanged,
    OrderCancelled,
    OrderHeld,
    OrderPlaced,
    OrderResumed,
    PiecesCancelled,
)
from backoffice_app.domain.payments import PaymentBooked, PaymentReversed
from backoffice_app.domain.refunds import RefundSettled
from backoffice_app.domain.returns.facts import ReturnCompleted, ReturnCreated, ReturnReceived
from backoffice_app.domain.settings import load_section, section
from backoffice_app.domain.shipping.facts import OrderPickedUp, OrderShipped
from backoffice_app.domain.window.declared import (
    Declared,
    Entry,
    EntryButton,
    buttons,
    chips,
    declare,
    entries,
    facts,
    figures,
    form,
    table,
    text,
)
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import Button, Dialog, Tab, Way, add_dialog, add_tab, block, ways
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Customer, Order, OrderLine, Shipment
from backoffice_app.plugins.about import API, Plugin
from backoffice_app.plugins.tables import table as plugin_table
from backoffice_app.plugins.texts import translations

__all__ = [
    "API",
    "ORDER",
    "WORKER",
    "About",
    "Action",
    "Actor",
    "AddressChanged",
    "Asked",
    "Button",
    "Collects",
    "Condition",
    "CreditNoteIssued",
    "Customer",
    "Declared",
    "Dialog",
    "Done",
    "Entry",
    "EntryButton",
    "Fact",
    "Field",
    "Filled",
    "Input",
    "Invalid",
    "InvoiceCancelled",
    "InvoiceIssued",
    "LazyText",
    "Look",
    "NoInput",
    "NotFound",
    "Order",
    "OrderCancelled",
    "OrderHeld",
    "OrderLine",
    "OrderPickedUp",
    "OrderPlaced",
    "OrderResumed",
    "OrderShipped",
    "PageLook",
    "PaymentBooked",
    "PaymentReversed",
    "Pays",
    "PiecesCancelled",
    "Plugin",
    "RefundSettled",
    "Refused",
    "Regional",
    "ReturnCompleted",
    "ReturnCreated",
    "ReturnReceived",
    "Right",
    "Role",
    "SQLModel",
    "Session",
    "Shipment",
    "Subject",
    "Tab",
    "Undo",
    "Way",
    "Work",
    "_",
    "action",
    "add_dialog",
    "add_tab",
    "block",
    "buttons",
    "carrier",
    "chips",
    "clock",
    "col",
    "column",
    "declare",
    "declare_job",
    "document_kind",
    "each_minute",
    "entries",
    "fact",
    "facts",
    "figures",
    "form",
    "job",
    "list_filter",
    "list_view",
    "load_section",
    "lock_row",
    "mail_kind",
    "number_series",
    "object_session",
    "on",
    "page",
    "paged_table",
    "payment_method",
    "perform",
    "plugin_table",
    "preview",
    "queue",
    "reading",
    "register",
    "right",
    "section",
    "select",
    "shipping_method",
    "slip_remark",
    "table",
    "text",
    "translations",
    "ways",
    "write",
]
