"""What the owner chooses: sections, checked, saved field by field and told to the history (INV-1, INV-2, L-3, M-4)."""

from backoffice_app.domain.settings.administration import ADMINISTRATION, POLICIES
from backoffice_app.domain.settings.company import COMPANY
from backoffice_app.domain.settings.footers import FOOTERS
from backoffice_app.domain.settings.mailing import MAILING
from backoffice_app.domain.settings.mailserver import MAILSERVER
from backoffice_app.domain.settings.page import SettingsPage, first_forms, settings_page
from backoffice_app.domain.settings.regional import REGIONAL, currencies, zones
from backoffice_app.domain.settings.section import (
    SECTIONS,
    Section,
    SettingsChanged,
    Texts,
    field_label,
    load_section,
    save,
    section,
    section_label,
)
from backoffice_app.domain.settings.starts import SERIES, save_starts

__all__ = [
    "ADMINISTRATION",
    "COMPANY",
    "FOOTERS",
    "MAILING",
    "MAILSERVER",
    "POLICIES",
    "REGIONAL",
    "SECTIONS",
    "SERIES",
    "Section",
    "SettingsChanged",
    "SettingsPage",
    "Texts",
    "currencies",
    "field_label",
    "first_forms",
    "load_section",
    "save",
    "save_starts",
    "section",
    "section_label",
    "settings_page",
    "zones",
]
