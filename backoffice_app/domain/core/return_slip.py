"""The return slip: what the customer puts into the parcel that comes back (RET-3)."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from backoffice_app.domain.core.document_kinds import document_kind
from backoffice_app.domain.core.number_series import RETURNS
from backoffice_app.domain.core.snapshot import Exact, Frozen, Party, Seller
from backoffice_app.i18n import _


class ReturnedLine(Frozen):
    """One row of a return slip: `quantity` comes back.

    `options`: what the customer chose or wrote for it, one a line.
    """

    position: int
    sku: str = ""
    name: str
    options: str = ""
    quantity: Exact
    unit: str = ""


class ReturnSlipSnapshot(Frozen):
    """What comes back to the shop; no prices on it. `reason`, `action`: as chosen or typed.

    `pays`: who pays the way back, or "".
    """

    kind: Literal["return slip"] = "return slip"
    number: str
    issued_on: date
    issued_at: AwareDatetime
    language: str
    seller: Seller
    customer: Party
    order_number: str = ""
    ordered_on: date | None = None
    customer_number: str = ""
    known_number: str = ""
    reason: str = ""
    action: str = ""
    pays: Literal["", "customer", "shop"] = ""
    lines: tuple[ReturnedLine, ...]


RETURN_SLIP = document_kind("return slip", _("Return slip"), series=RETURNS, snapshot=ReturnSlipSnapshot)
