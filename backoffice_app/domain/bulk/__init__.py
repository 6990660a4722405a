"""Actions on many orders at once: choosing, running in the background, a result for each order (O-5)."""

from backoffice_app.domain.bulk import prints
from backoffice_app.domain.bulk.choose import in_list_order, matching_numbers
from backoffice_app.domain.bulk.offers import EXPORT, MOST, BulkOffer, find_offer, offers
from backoffice_app.domain.bulk.start import cancel_run, do_again, start

__all__ = [
    "EXPORT",
    "MOST",
    "BulkOffer",
    "cancel_run",
    "do_again",
    "find_offer",
    "in_list_order",
    "matching_numbers",
    "offers",
    "prints",
    "start",
]
