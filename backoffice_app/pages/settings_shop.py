"""Settings of the shop: Company, Administration, Languages. For the owner alone (INV-1, INV-2, L-3, M-4)."""

from collections.abc import Callable, Sequence

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
from backoffice_app.formats import locale
from backoffice_app.i18n import UI_LANGUAGES
from backoffice_app.pages.frame import held, page
from backoffice_app.state.me import Me
from backoffice_app.state.pages import ADVANCED, SHOP, page_at
from backoffice_app.state.pages import SETTINGS as MENU
from backoffice_app.state.settings_shop import OFFER, SETTINGS, ShopState
from backoffice_app.state.unsaved import TICKED
from backoffice_app.ui.button import button
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import check, checks, field, select_field
from backoffice_app.ui.frame import banner, page_header
from backoffice_app.ui.kinds import Child, Event, Text
from backoffice_app.ui.layout import quiet, side_by_side, stack, strong
from backoffice_app.ui.settings import Saving, save_bar, setting, settings, settings_form
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
    under=SHOP,
    right=Right.SETTINGS,
    on_load=[ShopState.load],
)
def settings_company() -> rx.Component:
    """Settings > Company: the seller as it stands on every document."""
    seller = setting(
        _("Seller"),
        _("Stands on every document."),
        side_by_side(
            section_field("company", "name", auto_complete="organization"),
            section_field("company", "legal_form", hint=_("Such as GmbH, if the name does not say it.")),
        ),
        section_field(
            "company",
            "owner",
            hint=_("Where the company is a person, or has to name one."),
            auto_complete="name",
        ),
        section_field("company", "street", auto_complete="street-address"),
        side_by_side(
            section_field("company", "postcode", auto_complete="postal-code"),
            section_field("company", "city", auto_complete="address-level2"),
        ),
        section_select("company", "country", S.countries),
        key="about-seller",
    )
    contact = setting(
        _("Contact"),
        _("How customers reach you."),
        section_field("company", "phone", type="tel", auto_complete="tel"),
        section_field("company", "email", type="email", auto_complete="email"),
        section_field("company", "website", input_mode="url", auto_complete="url"),
        key="about-contact",
    )
    tax = setting(
        _("Tax and registration"),
        _("What the law asks for on invoices and in mails."),
        section_field("company", "vat_id", hint=_("An invoice needs the VAT ID or the tax number.")),
        section_field("company", "tax_number"),
        section_field(
            "company", "registry", hint=_("Court and number, such as Amtsgericht Hamburg, HRB 123456.")
        ),
        section_field("company", "seat", hint=_("Where the company is registered, if it is not its town.")),
        section_field(
            "company",
            "directors",
            hint=_("Stands below each mail, as the law asks of companies in the register."),
        ),
        key="about-tax",
    )
    bank = setting(
        _("Bank account"),
        _("Where customers pay by transfer."),
        section_field("company", "bank"),
        section_field("company", "iban", spell_check=False, auto_complete="off"),
        section_field("company", "bic", spell_check=False, auto_complete="off"),
        key="about-bank-account",
    )
    return shop_page(
        "company",
        "/settings/company",
        _("Company"),
        [seller, contact, tax, bank],
        on_save=[save_of("company", S.save_company)],
        on_top=rx.cond(S.lacking != "", banner(S.lacking)),
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
    invoices = setting(
        _("Invoices"),
        _("When they are made by themselves, and what they promise."),
        section_select("administration", "invoice_policy", policies),
        section_field(
            "administration",
            "payment_days",
            input_mode="numeric",
            hint=_("Counted from the day of the invoice."),
        ),
        section_field("administration", "reminder_days", input_mode="numeric"),
        section_select(
            "administration",
            "small_business",
            [("no", _("No, invoices show VAT")), ("yes", _("Yes, no VAT under § 19 UStG"))],
            hint=_(
                "A small business shows no VAT on its invoices; net prices with VAT on top can't be invoiced then."
            ),
        ),
        section_field(
            "administration",
            "delivery_times",
            hint=_("What an invoice can offer as delivery time, with semicolons between."),
        ),
        key="about-invoices",
    )
    shipments = setting(
        _("Shipments and returns"),
        _("What packing slips print, and how long goods may come back."),
        section_select(
            "administration",
            "comment_on_slips",
            [("yes", _("Print it")), ("no", _("Leave it out"))],
            hint=_("What the customer wrote with the order, for the packer and for who opens the parcel."),
        ),
        section_field(
            "administration",
            "return_days",
            input_mode="numeric",
            hint=_("Counted from the day the last parcel left."),
        ),
        key="about-shipments",
    )
    addresses = setting(
        _("Addresses"),
        text_of(SOURCES),
        section_select(
            "administration",
            "outside_map",
            [(name, name) for name in MAPS],
            hint=_("An address goes there only when somebody presses its map."),
        ),
        key="about-addresses",
    )
    numbers = setting(
        text_of(SECTIONS[SERIES].label),
        _(
            "Where a series begins can be set until its first number is drawn. After that no number is left "
            "out or drawn twice."
        ),
        quiet(_("Write the whole next number, such as 2026-04711. A year in it moves on by itself.")),
        *map(_series, number_series.SERIES.values()),
        key=f"about-{SERIES}",
    )
    return shop_page(
        "administration",
        "/settings/advanced/administration",
        _("Administration"),
        [invoices, shipments, addresses, numbers],
        on_save=[save_of("administration", S.save_administration), save_of(SERIES, S.save_starts)],
        before=[_waiting()],
    )


def _waiting() -> rx.Component:
    """How many invoices wait, where they are listed, and the button that issues those that lack nothing any more
    (INV-1).
    """
    listed = rx.el.a(_("Show the orders"), href="/orders?view=" + INVOICE_WAITS.key)
    create = button(
        _("Create waiting invoices"),
        key="issue-waiting",
        on_click=S.issue_waiting(Shown(SETTINGS, "waiting").text),
        waits=True,
    )
    said = rx.el.p(_("Invoices that wait:") + " " + S.waiting.to_string(), " · ", listed)
    what = _(
        "An invoice waits while its order lacks something that the law asks for, or while its tax case is not clear."
    )
    return rx.cond(
        S.waiting > 0, setting(_("Waiting invoices"), what, said, rx.el.div(create), key="waiting")
    )


@page_at(
    "/settings/languages",
    i18n._("Languages"),
    group=MENU,
    rank=20,
    under=SHOP,
    right=Right.SETTINGS,
    on_load=[ShopState.load],
)
def settings_languages() -> rx.Component:
    """Settings > Languages: language, currency and time zone of the shop, and the languages an invoice can have."""
    offered = S.shown["regional"]["document_languages"].split(",")
    boxes = [check(_language(code), OFFER + code, checked=_is_ticked(code, offered)) for code in LANGUAGES]
    fixed = stack(
        strong(_label("regional", "currency")),
        S.shown["regional"]["currency"],
        quiet(_("It stays, because there are orders in it."), small=True),
    )
    shop = setting(
        _("Shop"),
        _("What holds where an order says nothing else."),
        section_select(
            "regional",
            "language",
            [(code, _language(code)) for code in LANGUAGES],
            hint=_("For orders that come without a language."),
        ),
        rx.cond(S.has_orders, fixed, section_select("regional", "currency", S.currencies)),
        section_select(
            "regional",
            "zone",
            rx.Var.create([[zone, zone.replace("_", " ")] for zone in zones()]).to(list[list[str]]),
            hint=_("Decides which day an invoice bears."),
        ),
        key="about-shop",
    )
    documents = setting(
        _("Documents"),
        _("The languages in which a colleague can print an invoice."),
        checks(_label("regional", "document_languages"), *boxes),
        _wrong_at("document_languages"),
        key="about-offered",
    )
    return shop_page(
        "languages",
        "/settings/languages",
        _("Languages"),
        [shop, documents],
        on_save=[save_of("regional", S.save_regional)],
    )


def shop_page(
    key: str,
    route: str,
    title: Text,
    parts: Sequence[Child],
    *,
    on_save: Sequence[Event],
    before: Sequence[Child] = (),
    after: Sequence[Child] = (),
    on_top: Child | None = None,
) -> rx.Component:
    """A page of the settings: its form with the `parts`, what stands before and after that, and the bar; or that it is
    for the owner.

    `key`: the page, as `state.settings_shop.PAGES` names it; `on_save`: the handlers of its sections, which all get the
    form.
    """
    about = Shown(SETTINGS, key).text
    saving = Saving(
        unsaved=S.unsaved,
        wrong=S.wrong,
        tries=S.tries,
        fresh=S.fresh,
        on_typed=lambda name, text, _kind: S.keep(about, S.fresh, name, text),
        on_save=list(on_save),
        on_discard=S.discard(about),
    )
    whole = rx.fragment(
        settings(*before, settings_form(saving, *parts), *after), save_bar(saving, shown=S.page == key)
    )
    not_mine = empty(
        "lock", _("This page is for the owner of the shop."), _("Ask the owner to change the settings.")
    )
    return page(
        rx.cond(held(Right.SETTINGS), rx.cond(S.ready, whole, skeleton_block()), not_mine),
        header=page_header(title),
        here=route,
        refresh=S.refresh,
        flush=True,
        banner=on_top,
    )


def save_of(section: str, save: Callable[..., Event]) -> Event:
    """The handler that saves a section, with what the page showed of it; it gets the whole form."""
    return save(Shown(SETTINGS, section).text, S.seen[section])


def section_field(section: str, name: str, **more: object) -> rx.Component:
    """A field of a section, with what is wrong with it."""
    error = _error(name)
    hint = rx.cond(error == "", more.pop("hint"), "").to(str) if "hint" in more else ""
    value = more.pop("value", _value(section, name))
    return field(_label(section, name), name, value=value, hint=hint, error=error, key=name, **more)


def section_select(
    section: str, name: str, options: list[tuple[str, rx.Var[str]]] | rx.Var[list[list[str]]], hint: Text = ""
) -> rx.Component:
    """A choice of a section, with what is wrong with it."""
    label, value = _label(section, name), _value(section, name)
    return select_field(label, name, options, value=value, hint=hint, error=_error(name), key=name)


def _series(series: Series) -> rx.Component:
    """Where a series begins, as long as nothing was drawn; then only what comes next."""
    kind = series.key
    label, start, next_one = text_of(series.label), S.shown[SERIES][kind], S.following[kind]
    key = "start-" + kind.replace(" ", "-")
    said, error = _("Next number:") + " " + next_one, _error(kind)
    hint = rx.cond(error == "", said, "").to(str)
    return rx.cond(
        start,
        field(label, kind, value=_typed(kind, start), hint=hint, error=error, key=key, auto_complete="off"),
        stack(strong(label), quiet(said, small=True)),
    )


def _label(section: str, name: str) -> rx.Var[str]:
    return text_of(SECTIONS[section].field_labels[name])


def _value(section: str, name: str) -> rx.Var[str]:
    """What a field starts with: what was typed and not saved, or what is stored."""
    return _typed(name, S.shown[section][name])


def _typed(name: str, stored: Text) -> rx.Var[str]:
    return rx.cond(S.typed.contains(name), S.typed[name], stored).to(str)


def _is_ticked(code: str, offered: rx.Var[list[str]]) -> rx.Var[bool]:
    return _typed(OFFER + code, rx.cond(offered.contains(code), TICKED, "").to(str)) != ""


def _error(name: str) -> rx.Var[str]:
    return rx.cond(S.errors.contains(name), S.errors[name], "").to(str)


def _wrong_at(name: str) -> rx.Component:
    return rx.cond(_error(name) != "", rx.el.span(_error(name), class_name="error"))


def _language(code: str) -> rx.Var[str]:
    """The name of a language in the language of the tab."""
    table = [locale(language).languages[code].capitalize() for language in UI_LANGUAGES]
    return rx.Var.create(table).to(list[str])[Me.lang].to(str)
