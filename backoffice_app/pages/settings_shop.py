"""Settings of the shop: Company, Administration, Languages, Mail. For the owner alone (INV-1, INV-2, L-3, M-4)."""

from collections.abc import Callable

import reflex as rx

from backoffice_app import i18n
from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.settings import FIELD_NAMES, POLICIES, SECTION_NAMES, SERIES, countries, currencies, zones
from backoffice_app.i18n import UI_LANGUAGES, locale
from backoffice_app.pages.frame import held, page
from backoffice_app.state.me import Me
from backoffice_app.state.settings_shop import OFFER, SETTINGS, ShopState
from backoffice_app.ui.button import button
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import check, checks, field, select_field
from backoffice_app.ui.frame import banner, page_header
from backoffice_app.ui.kinds import Child, Event, Text
from backoffice_app.ui.layout import block, columns, facts, figure, quiet, side_by_side, stack, strong
from backoffice_app.ui.skeleton import skeleton_block
from backoffice_app.ui.texts import _, text_of

S = ShopState
POLICY_NAMES = {
    "at once": i18n._("When an order comes in"),
    "when paid": i18n._("When an order is paid"),
    "by hand": i18n._("By hand"),
}


def settings_company() -> rx.Component:
    """Settings > Company: the seller as it stands on every document."""
    known = S.shown["company"]
    lacking = S.ready & ((known["name"] == "") | (known["street"] == "") | (known["city"] == ""))
    return _page(
        "company",
        "/settings/company",
        _form(
            "company",
            S.save_company,
            [
                _block(
                    "seller",
                    _("Seller"),
                    _field("company", "name", auto_complete="organization"),
                    _field("company", "owner", hint=_("Where the company is a person, or has to name one."), auto_complete="name"),
                    _field("company", "street", auto_complete="street-address"),
                    side_by_side(
                        _field("company", "postcode", auto_complete="postal-code"),
                        _field("company", "city", auto_complete="address-level2"),
                    ),
                    _select("company", "country", _words(countries(), "territories")),
                )
            ],
            [
                _block(
                    "contact",
                    _("Contact"),
                    _field("company", "phone", type="tel", auto_complete="tel"),
                    _field("company", "email", type="email", auto_complete="email"),
                    _field("company", "website", input_mode="url", auto_complete="url"),
                ),
            ],
            [
                _block(
                    "tax",
                    _("Tax and registration"),
                    _field("company", "vat_id", hint=_("An invoice needs the VAT ID or the tax number.")),
                    _field("company", "tax_number"),
                    _field("company", "registry", hint=_("Court and number, such as Amtsgericht Hamburg, HRB 123456.")),
                ),
                _block(
                    "bank-account",
                    _("Bank account"),
                    _field("company", "bank"),
                    _field("company", "iban", spell_check=False, auto_complete="off"),
                    _field("company", "bic", spell_check=False, auto_complete="off"),
                ),
            ],
        ),
        on_top=rx.cond(lacking, banner(_("Enter your company's data before the first invoice."))),
    )


def settings_administration() -> rx.Component:
    """Settings > Administration: when invoices are made, and where their numbers begin."""
    policies = [(policy, text_of(POLICY_NAMES[policy])) for policy in POLICIES]
    invoices = _form(
        "administration",
        S.save_administration,
        [
            _block(
                "invoices",
                _("Invoices"),
                _select("administration", "invoice_policy", policies),
                _field("administration", "payment_days", input_mode="numeric", hint=_("Counted from the day of the invoice.")),
            )
        ],
    )
    said = quiet(_("Where a series begins can be set until its first number is drawn. After that no number is left out or drawn twice."))
    numbers = _form(SERIES, S.save_starts, [_block(SERIES, text_of(SECTION_NAMES[SERIES]), said, *map(_series, FIELD_NAMES[SERIES]))])
    return _page("administration", "/settings/advanced/administration", invoices, numbers)


def settings_languages() -> rx.Component:
    """Settings > Languages: language, currency and time zone of the shop, and the languages an invoice can have."""
    offered = S.shown["regional"]["document_languages"].split(",")
    boxes = [check(_language(code), OFFER + code, checked=offered.contains(code)) for code in LANGUAGES]
    fixed = stack(
        strong(text_of(FIELD_NAMES["regional"]["currency"])),
        S.shown["regional"]["currency"],
        quiet(_("It stays, because there are orders in it."), small=True),
    )
    return _page(
        "regional",
        "/settings/languages",
        _form(
            "regional",
            S.save_regional,
            [
                _block(
                    "shop",
                    _("Shop"),
                    _select(
                        "regional",
                        "language",
                        [(code, _language(code)) for code in LANGUAGES],
                        hint=_("For orders that come without a language."),
                    ),
                    rx.cond(S.has_orders, fixed, _select("regional", "currency", _words(currencies(), "currencies"))),
                    _select(
                        "regional",
                        "zone",
                        rx.Var.create([[zone, zone.replace("_", " ")] for zone in zones()]).to(list[list[str]]),
                        hint=_("Decides which day an invoice bears."),
                    ),
                )
            ],
            [
                _block(
                    "offered",
                    _("Documents"),
                    checks(text_of(FIELD_NAMES["regional"]["document_languages"]), *boxes),
                    _wrong_at("document_languages"),
                )
            ],
        ),
    )


def settings_mail() -> rx.Component:
    """Settings > Mail: who mails come from, and whether there is a server for them."""
    sender = _block(
        "sender",
        _("Sender and answers"),
        _field("mailing", "sender", hint=_("An address, or a name and the address: My shop <shop@example.com>.")),
        _field("mailing", "reply_to", type="email", auto_complete="email"),
        _field("mailing", "bcc", hint=_("Several addresses with commas between.")),
    )
    none = stack(_("No mail server is set."), quiet(_("Mails stay in the outbox, where they can be read.")))
    unclear = stack(_("The address of the mail server can't be read."), quiet(_("It has the form smtps://user:password@host:port.")))
    server = block(
        _("Mail server"),
        rx.match(S.server, ("", none), ("?", unclear), facts((_("Server"), figure(S.server)))),
        quiet(_("It is set by KONTOR_SMTP_URL where Kontor is started."), small=True),
        key="server",
    )
    return _page("mailing", "/settings/mail", _form("mailing", S.save_mailing, [sender], [server]))


def _page(section: str, route: str, *forms: Child, on_top: Child | None = None) -> rx.Component:
    not_mine = empty("lock", _("This page is for the owner of the shop."), _("Ask the owner to change the settings."))
    mine = rx.cond(S.ready, rx.fragment(*forms), skeleton_block())
    return page(
        rx.cond(held(Right.SETTINGS), mine, not_mine),
        header=page_header(text_of(SECTION_NAMES[section])),
        here=route,
        refresh=S.refresh,
        flush=True,
        banner=on_top,
    )


def _form(section: str, save_shown: Callable[..., Event], *stacks: list[Child]) -> rx.Component:
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


def _block(key: str, title: Text, *children: Child) -> rx.Component:
    return block(title, rx.el.div(*children, class_name="form"), key=f"about-{key}")


def _field(section: str, name: str, **more: object) -> rx.Component:
    error = _error(section, name)
    hint = rx.cond(error == "", more.pop("hint"), "").to(str) if "hint" in more else ""
    return field(text_of(FIELD_NAMES[section][name]), name, value=S.shown[section][name], hint=hint, error=error, key=name, **more)


def _select(section: str, name: str, options: list[tuple[str, rx.Var[str]]] | rx.Var[list[list[str]]], hint: Text = "") -> rx.Component:
    label, value = text_of(FIELD_NAMES[section][name]), S.shown[section][name]
    return select_field(label, name, options, value=value, hint=hint, error=_error(section, name), key=name)


def _series(kind: str) -> rx.Component:
    """Where a series begins, as long as nothing was drawn; then only what comes next."""
    label, start, next_one = text_of(FIELD_NAMES[SERIES][kind]), S.shown[SERIES][kind], S.following[kind]
    key = "start-" + kind.replace(" ", "-")
    said, error = _("Next number:") + " " + next_one, _error(SERIES, kind)
    hint = rx.cond(error == "", said, "").to(str)
    return rx.cond(
        start,
        field(label, kind, value=start, hint=hint, error=error, key=key, input_mode="numeric", auto_complete="off"),
        stack(strong(label), quiet(said, small=True)),
    )


def _error(section: str, name: str) -> rx.Var[str]:
    return rx.cond((S.wrong_form == section) & (S.wrong_field == name), S.wrong, "").to(str)


def _wrong_at(name: str) -> rx.Component:
    return rx.cond(S.wrong_field == name, rx.el.span(S.wrong, class_name="error"))


def _language(code: str) -> rx.Var[str]:
    """The name of a language in the language of the tab."""
    return _in_language([locale(language).languages[code].capitalize() for language in UI_LANGUAGES]).to(str)


def _words(codes: tuple[str, ...], names: str) -> rx.Var[list[list[str]]]:
    """Options (code, word) in the language of the tab, by their words."""
    tables = []
    for language in UI_LANGUAGES:
        words = getattr(locale(language), names)
        tables.append(sorted(([code, f"{words.get(code, code)} ({code})"] for code in codes), key=lambda option: option[1]))
    return _in_language(tables).to(list[list[str]])


def _in_language(table: list[str] | list[list[list[str]]]) -> rx.Var[object]:
    kind = list[str] if isinstance(table[0], str) else list[list[list[str]]]
    return rx.Var.create(table).to(kind)[Me.lang]
