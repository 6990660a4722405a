"""All tables under one name; they stand in `tables/`, one file an area."""

from backoffice_app.tables.bulk import BulkItem, BulkRun
from backoffice_app.tables.columns import BIG, Micros, Moment
from backoffice_app.tables.customers import Customer, Product
from backoffice_app.tables.documents import ArchivedFile, Document, DocumentVersion
from backoffice_app.tables.history import ChainHead, History, HistoryPersonal
from backoffice_app.tables.jobs import WorkerProcess
from backoffice_app.tables.lists import OrderColumns, OrderFacet, OrderSearch, SavedView, ViewCount
from backoffice_app.tables.mail import (
    MailAttachment,
    MailFile,
    MailPaper,
    MailTemplate,
    OutboxMail,
    ShopFile,
    TextBlock,
)
from backoffice_app.tables.notes import OrderFile, OrderNote
from backoffice_app.tables.orders import Order, OrderAddress, OrderLine
from backoffice_app.tables.payments import Allocation, Payment, Refund
from backoffice_app.tables.people import (
    ApiKey,
    Draft,
    IdempotencyKey,
    KnownBrowser,
    SignInAttempt,
    User,
    UserSession,
)
from backoffice_app.tables.places import GeocodedPlace
from backoffice_app.tables.returns import OrderReturn, ReturnAction, ReturnLine, ReturnReason
from backoffice_app.tables.shipments import Parcel, Shipment, ShipmentLine
from backoffice_app.tables.shop import CustomStatus, NumberSeries, PaymentMethod, Setting, ShippingMethod
from backoffice_app.tables.stock import StockMovement
from backoffice_app.tables.tasks import Task
from backoffice_app.tables.tickets import Ticket, TicketMessage

__all__ = [
    "BIG",
    "Allocation",
    "ApiKey",
    "ArchivedFile",
    "BulkItem",
    "BulkRun",
    "ChainHead",
    "CustomStatus",
    "Customer",
    "Document",
    "DocumentVersion",
    "Draft",
    "GeocodedPlace",
    "History",
    "HistoryPersonal",
    "IdempotencyKey",
    "KnownBrowser",
    "MailAttachment",
    "MailFile",
    "MailPaper",
    "MailTemplate",
    "Micros",
    "Moment",
    "NumberSeries",
    "Order",
    "OrderAddress",
    "OrderColumns",
    "OrderFacet",
    "OrderFile",
    "OrderLine",
    "OrderNote",
    "OrderReturn",
    "OrderSearch",
    "OutboxMail",
    "Parcel",
    "Payment",
    "PaymentMethod",
    "Product",
    "Refund",
    "ReturnAction",
    "ReturnLine",
    "ReturnReason",
    "SavedView",
    "Setting",
    "Shipment",
    "ShipmentLine",
    "ShippingMethod",
    "ShopFile",
    "SignInAttempt",
    "StockMovement",
    "Task",
    "TextBlock",
    "Ticket",
    "TicketMessage",
    "User",
    "UserSession",
    "ViewCount",
    "WorkerProcess",
]
