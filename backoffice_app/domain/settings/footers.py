"""Settings > Mail: the text at the end of invoices, by language (M-1)."""

from backoffice_app.domain.core.shop import InvoiceFooter
from backoffice_app.domain.settings.checks import paragraphs
from backoffice_app.domain.settings.section import section
from backoffice_app.i18n import LazyLanguage, LazyText, _


def _label(code: str) -> LazyText:
    return _("Text ({language})").format(language=LazyLanguage(code))


FOOTERS = section(
    "footers",
    _("Text at the end of invoices"),
    InvoiceFooter,
    labels={code: _label(code) for code in InvoiceFooter.model_fields},
    checks=dict.fromkeys(InvoiceFooter.model_fields, paragraphs),
)
