"""Settings of the shop: Company, Administration, Languages. For the owner alone (INV-1, INV-2, L-3, M-4)."""

from collections.abc import Callable

import reflex as rx

from backoffice_app import i18n
from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain.core import number_series
from backoffice_app.domain.core.number_series import Series
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.order.views import INVOICE_WAITS
from backoffice_app.domain.places.outside import MAPS, SOURCES
from backoffice_app.domain.settings import POLICIES, SECTIONS, SERIES, zones
from backoffice_app.i18n import UI_LANGUAGES, locale
from backoffice_app.pages.frame import held, page
from backoffice_app.state.me import Me
from backoffice_app.state.pages import ADVANCED, page_at
from backoffice_app.state.pages import SETTINGS as MENU
from backoffice_app.state.settings_shop import OFFER, SETTINGS, ShopState
from backoffice_app.ui.button import button
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import check, checks, field, select_field
from backoffice_app.ui.frame import banner, page_header
from backoffice_app.ui.kinds import Child, Event, Text
from backoffice_app.ui.layout import block, columns, quiet, side_by_side, stack, strong
from backoffice_app.ui.skeleton import skeleton_block
from backoffice_app.ui.texts import _, text_of

S = ShopState
POLICY_NAMES = {
    "at once": i18n._("When an order comes in"),
    "when paid": i18n._("When an order is paid"),
    "at shipping": i18n._("When an order ships"),
    "by hand": i18n._("By hand"),
}


@page_at(
    "/settings/company",
    i18n._("Company"),
    group=MENU,
    rank=10,
    right=Right.SETTINGS,
    on_load=[ShopState.load],
)
def settings_company() -> rx.Component:
    """Settings > Company: the seller as it stands on every document."""
    known = S.shown["company"]
    lacking = S.ready & ((known["name"] == "") | (known["street"] == "") | (known["city"] == ""))
    return shop_page(
        "company",
        "/settings/company",
        section_form(
            "company",
            S.save_company,
            [
                section_block(
                    "seller",
                    _("Seller"),
                    side_by_side(
                        section_field("company", "name", auto_complete="organization"),
                        section_field("company", "legal_form", hint=_("Such as GmbH, if the name does not say it.")),
                    ),
                    section_field("company", "owner", hint=_("Where the company is a person, or has to name one."), auto_complete="name"),
                    section_field("company", "street", auto_complete="street-address"),
                    side_by_side(
                        section_field("company", "postcode", auto_complete="postal-code"),
                        section_field("company", "city", auto_complete="address-level2"),
                    ),
                    _select("company", "country", S.countries),
                )
            ],
            [
                section_block(
                    "contact",
                    _("Contact"),
                    section_field("company", "phone", type="tel", auto_complete="tel"),
                    section_field("company", "email", type="email", auto_complete="email"),
                    section_field("company", "website", input_mode="url", auto_complete="url"),
                ),
            ],
            [
                section_block(
                    "tax",
                    _("Tax and registration"),
                    section_field("company", "vat_id", hint=_("An invoice needs the VAT ID or the tax number.")),
                    section_field("company", "tax_number"),
                    section_field("company", "registry", hint=_("Court and number, such as Amtsgericht Hamburg, HRB 123456.")),
                    section_field("company", "seat", hint=_("Where the company is registered, if it is not its town.")),
                    section_field("company", "directors", hint=_("Stands below each mail, as the law asks of companies in the register.")),
                ),
                section_block(
                    "bank-account",
                    _("Bank account"),
                    section_field("company", "bank"),
                    section_field("company", "iban", spell_check=False, auto_complete="off"),
                    section_field("company", "bic", spell_check=False, auto_complete="off"),
                ),
            ],
        ),
        on_top=rx.cond(lacking, banner(_("Enter your company's data before the first invoice."))),
    )


@page_at(
    "/settings/advanced/administration",
    i18n._("Administration"),
    group=ADVANCED,
    rank=10,
    right=Right.SETTINGS,
    on_load=[ShopState.load],
)
def settings_administration() -> rx.Component:
    """Settings > Administration: when invoices are made, and where their numbers begin."""
    policies = [(policy, text_of(POLICY_NAMES[policy])) for policy in POLICIES]
    invoices = section_form(
        "administration",
        S.save_administration,
        [
            section_block(
                "invoices",
                _("Invoices"),
                _select("administration", "invoice_policy", policies),
                section_field("administration", "payment_days", input_mode="numeric", hint=_("Counted from the day of the invoice.")),
                section_field("administration", "reminder_days", input_mode="numeric"),
                _select(
                    "administration",
                    "small_business",
                    [("no", _("No, invoices show VAT")), ("yes", _("Yes, no VAT under § 19 UStG"))],
                    hint=_("A small business shows no VAT on its invoices; net prices with VAT on top can't be invoiced then."),
                ),
                section_field(
                    "administration", "delivery_times", hint=_("What an invoice can offer as delivery time, with semicolons between.")
                ),
            )
        ],
        [
            section_block(
                "shipments",
                _("Shipments and returns"),
                _select(
                    "administration",
                    "comment_on_slips",
                    [("yes", _("Print it")), ("no", _("Leave it out"))],
                    hint=_("What the customer wrote with the order, for whoever packs it and whoever opens the parcel."),
                ),
                section_field("administration", "return_days", input_mode="numeric", hint=_("Counted from the day the last parcel left.")),
            ),
            section_block(
                "addresses",
                _("Addresses"),
                _select(
                    "administration",
                    "outside_map",
                    [(name, name) for name in MAPS],
                    hint=_("An address goes there only when somebody presses its map."),
                ),
                quiet(text_of(SOURCES), small=True),
            ),
        ],
    )
    said = quiet(_("Where a series begins can be set until its first number is drawn. After that no number is left out or drawn twice."))
    whole = quiet(_("Write the whole next number, such as 2026-04711. A year in it moves on by itself."))
    fields = map(_series, number_series.SERIES.values())
    numbers = section_form(SERIES, S.save_starts, [section_block(SERIES, text_of(SECTIONS[SERIES].label), said, whole, *fields)])
    return shop_page("administration", "/settings/advanced/administration", _waiting(), invoices, numbers)


def _waiting() -> rx.Component:
    """How many invoices wait, where they are listed, and the button that issues those that lack nothing any more (INV-1)."""
    listed = rx.el.a(_("Show the orders"), href="/orders?view=" + INVOICE_WAITS.key)
    create = button(
        _("Create waiting invoices"), key="issue-waiting", on_click=S.issue_waiting(Shown(SETTINGS, "waiting").text), waits=True
    )
    said = rx.el.p(_("Invoices that wait:") + " " + S.waiting.to_string(), " · ", listed)
    what = quiet(_("An invoice waits while its order lacks something that the law asks for, or while its tax case is not clear."))
    return rx.cond(S.waiting > 0, block(_("Waiting invoices"), stack(said, what, rx.el.div(create)), key="waiting"))


@page_at(
    "/settings/languages",
    i18n._("Languages"),
    group=MENU,
    rank=40,
    right=Right.SETTINGS,
    on_load=[ShopState.load],
)
def settings_languages() -> rx.Component:
    """Settings > Languages: language, currency and time zone of the shop, and the languages an invoice can have."""
    offered = S.shown["regional"]["document_languages"].split(",")
    boxes = [check(_language(code), OFFER + code, checked=offered.contains(code)) for code in LANGUAGES]
    fixed = stack(
        strong(_label("regional", "currency")),
        S.shown["regional"]["currency"],
        quiet(_("It stays, because there are orders in it."), small=True),
    )
    return shop_page(
        "regional",
        "/settings/languages",
        section_form(
            "regional",
            S.save_regional,
            [
                section_block(
                    "shop",
                    _("Shop"),
                    _select(
                        "regional",
                        "language",
                        [(code, _language(code)) for code in LANGUAGES],
                        hint=_("For orders that come without a language."),
                    ),
                    rx.cond(S.has_orders, fixed, _select("regional", "currency", S.currencies)),
                    _select(
                        "regional",
                        "zone",
                        rx.Var.create([[zone, zone.replace("_", " ")] for zone in zones()]).to(list[list[str]]),
                        hint=_("Decides which day an invoice bears."),
                    ),
                )
            ],
            [
                section_block(
                    "offered",
                    _("Documents"),
                    checks(_label("regional", "document_languages"), *boxes),
                    _wrong_at("document_languages"),
                )
            ],
        ),
    )


def shop_page(section: str, route: str, *forms: Child, on_top: Child | None = None) -> rx.Component:
    """A page of the settings: its forms, or that it is for the owner."""
    not_mine = empty("lock", _("This page is for the owner of the shop."), _("Ask the owner to change the settings."))
    mine = rx.cond(S.ready, rx.fragment(*forms), skeleton_block())
    return page(
        rx.cond(held(Right.SETTINGS), mine, not_mine),
        header=page_header(text_of(SECTIONS[section].label)),
        here=route,
        refresh=S.refresh,
        flush=True,
        banner=on_top,
    )


def section_form(section: str, save_shown: Callable[..., Event], *stacks: list[Child]) -> rx.Component:
    """The blocks of a section with its button, and what is wrong beside it: fields may have scrolled away."""
    here = (S.wrong_form == section) & (S.wrong != "")
    said = rx.el.div(rx.cond(here, rx.el.p(_("Not saved."), " ", S.wrong, class_name="errors")), role="alert")
    save = button(_("Save"), look="solid", submit=True, key=f"save-{section}")
    return rx.el.form(
        rx.el.div(columns(*stacks), key=S.fresh.to_string()),
        rx.el.div(stack(said, rx.el.div(save)), class_name="block"),
        on_submit=save_shown(Shown(SETTINGS, section).text, S.seen[section]),
        no_validate=True,
    )


def section_block(key: str, title: Text, *children: Child) -> rx.Component:
    """A part of a section's form."""
    return block(title, rx.el.div(*children, class_name="form"), key=f"about-{key}")


def section_field(section: str, name: str, **more: object) -> rx.Component:
    """A field of a section, with what is wrong with it."""
    error = _error(section, name)
    hint = rx.cond(error == "", more.pop("hint"), "").to(str) if "hint" in more else ""
    return field(_label(section, name), name, value=S.shown[section][name], hint=hint, error=error, key=name, **more)


def _select(section: str, name: str, options: list[tuple[str, rx.Var[str]]] | rx.Var[list[list[str]]], hint: Text = "") -> rx.Component:
    label, value = _label(section, name), S.shown[section][name]
    return select_field(label, name, options, value=value, hint=hint, error=_error(section, name), key=name)


def _series(series: Series) -> rx.Component:
    """Where a series begins, as long as nothing was drawn; then only what comes next."""
    kind = series.key
    label, start, next_one = text_of(series.label), S.shown[SERIES][kind], S.following[kind]
    key = "start-" + kind.replace(" ", "-")
    said, error = _("Next number:") + " " + next_one, _error(SERIES, kind)
    hint = rx.cond(error == "", said, "").to(str)
    return rx.cond(
        start,
        field(label, kind, value=start, hint=hint, error=error, key=key, auto_complete="off"),
        stack(strong(label), quiet(said, small=True)),
    )


def _label(section: str, name: str) -> rx.Var[str]:
    return text_of(SECTIONS[section].field_labels[name])


def _error(section: str, name: str) -> rx.Var[str]:
    return rx.cond((S.wrong_form == section) & (S.wrong_field == name), S.wrong, "").to(str)


def _wrong_at(name: str) -> rx.Component:
    return rx.cond(S.wrong_field == name, rx.el.span(S.wrong, class_name="error"))


def _language(code: str) -> rx.Var[str]:
    """The name of a language in the language of the tab."""
    table = [locale(language).languages[code].capitalize() for language in UI_LANGUAGES]
    return rx.Var.create(table).to(list[str])[Me.lang].to(str)
