"""The shop's policies, as a test wants them."""

from databases import OWNER

from backoffice_app.domain.core.shop import Administration, save_section
from backoffice_app.domain.core.work import work


def invoice_by_hand() -> None:
    """From here on invoices are made by hand."""
    _choose("by hand")


def invoice_when_paid() -> None:
    """From here on the payment that settles an order makes its invoice."""
    _choose("when paid")


def _choose(policy: str) -> None:
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration.model_validate({"invoice_policy": policy}))
