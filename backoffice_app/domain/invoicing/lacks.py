"""What an invoice can lack: each with the sentence that says what to do (INV-1)."""

from collections.abc import Iterable
from enum import StrEnum

from backoffice_app.i18n import LazyText, _, one_after_the_other


class Lack(StrEnum):
    """One thing without which no invoice is issued. The history keeps the words."""

    SELLER_NAME = "seller-name"
    SELLER_STREET = "seller-street"
    SELLER_TOWN = "seller-town"
    SELLER_TAX_NUMBER = "seller-tax-number"
    SELLER_VAT_ID = "seller-vat-id"
    BUYER_NAME = "buyer-name"
    BUYER_ADDRESS = "buyer-address"
    BUYER_VAT_ID = "buyer-vat-id"
    BUYER_EU_VAT_ID = "buyer-eu-vat-id"
    OTHER_EU_COUNTRY = "other-eu-country"
    EXPORT_INSIDE = "export-inside"
    NOT_SUBJECT_BESIDE = "not-subject-beside"
    CATEGORY = "category"
    COST_CATEGORY = "cost-category"
    SMALL_BUSINESS_NET = "small-business-net"
    SUMS = "sums"


OF_SELLER = frozenset(
    {Lack.SELLER_NAME, Lack.SELLER_STREET, Lack.SELLER_TOWN, Lack.SELLER_TAX_NUMBER, Lack.SELLER_VAT_ID}
)
"""What the company's data lack, which is the same for all orders."""
LACK_SENTENCES: dict[Lack, LazyText] = {
    Lack.SELLER_NAME: _("The name of your company is missing (Settings > Company)."),
    Lack.SELLER_STREET: _("The street of your company is missing (Settings > Company)."),
    Lack.SELLER_TOWN: _("The town of your company is missing (Settings > Company)."),
    Lack.SELLER_TAX_NUMBER: _("The tax number or VAT ID of your company is missing (Settings > Company)."),
    Lack.SELLER_VAT_ID: _(
        "Intra-EU supply and reverse charge need the VAT ID of your company (Settings > Company)."
    ),
    Lack.BUYER_NAME: _("The billing address has no name. Only an invoice of up to 250 EUR may go without."),
    Lack.BUYER_ADDRESS: _(
        "The billing address has no street or no town. Only an invoice of up to 250 EUR may go without."
    ),
    Lack.BUYER_VAT_ID: _("Reverse charge needs a valid VAT ID of the customer."),
    Lack.BUYER_EU_VAT_ID: _("Intra-EU supply needs a valid VAT ID of the customer from another EU country."),
    Lack.OTHER_EU_COUNTRY: _("Intra-EU supply goes to another EU country; this order does not."),
    Lack.EXPORT_INSIDE: _("An export leaves the VAT area; this order is delivered inside it."),
    Lack.NOT_SUBJECT_BESIDE: _("“Not subject to VAT” can't stand beside other tax cases on one invoice."),
    Lack.CATEGORY: _("Lines with 0 % VAT don't say why no VAT is due. Choose the tax case."),
    Lack.COST_CATEGORY: _("Shipping or payment cost has 0 % VAT beside goods with VAT. Choose the tax case."),
    Lack.SMALL_BUSINESS_NET: _(
        "Your company is a small business, but this order adds VAT to its net prices."
    ),
    Lack.SUMS: _("The lines don't add up to the total of the order."),
}


def sentences_of(lacks: Iterable[Lack]) -> list[LazyText]:
    """What is missing, a sentence each."""
    return [LACK_SENTENCES[lack] for lack in lacks]


def reason_of(lacks: Iterable[Lack]) -> LazyText | None:
    """What is missing, as one text; None if nothing is."""
    sentences = sentences_of(lacks)
    return one_after_the_other(*sentences) if sentences else None
