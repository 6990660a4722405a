"""Sentences of components: one compiled page holds all languages and shows the user's, switched in place (L-1)."""

import reflex as rx

from backoffice_app import formats, i18n
from backoffice_app.state.me import Me
from backoffice_app.ui.browser import by_selector, call
from backoffice_app.ui.shared import shared


def _(message: str, context: str = "") -> rx.Var[str]:
    """The sentence in the language of the tab, for children and attributes of components.

    The catalogs are read when the page is built.
    """
    return text_of(i18n.LazyText(message, context=context))


def text_of(sentence: i18n.LazyText) -> rx.Var[str]:
    """A sentence of the domain, such as an action's label, for a component.

    Its places must be filled with what is known at build time.
    """
    table = [sentence.in_language(language) for language in i18n.UI_LANGUAGES]
    return rx.Var.create(table).to(list[str])[Me.lang].to(str)


def language_name(code: str) -> rx.Var[str]:
    """What the language `code` is called in the language of the tab."""
    table = [str(formats.locale(language).languages.get(code, code)) for language in i18n.UI_LANGUAGES]
    return rx.Var.create(table).to(list[str])[Me.lang].to(str)


def shell(*page: rx.Component) -> rx.Component:
    """The page once the language is known, a quiet skeleton until then; `<html>` follows language and look."""
    return rx.cond(
        Me.ready, rx.fragment(language_and_look(), *page), rx.el.div(class_name="skeleton", aria_busy="true")
    )


@shared
def language_and_look() -> rx.Component:
    """`<html>` has the language and the look that the user chose."""
    in_language = page_in_language(code=Me.code, key=Me.code)
    return rx.fragment(
        in_language, rx.match(Me.theme, ("light", page_in_light()), ("dark", page_in_dark()), rx.fragment())
    )


@shared
def page_in_language(code: rx.Var[str]) -> rx.Component:
    """A hidden span that is made anew for each language: only it, so that typed text stays on a switch."""
    return rx.el.span(hidden=True, on_mount=call(by_selector("html"), "setAttribute", "lang", code))


@shared
def page_in_light() -> rx.Component:
    """The look that was chosen on whichever device; without a choice the browser's own stays."""
    return rx.el.span(hidden=True, on_mount=rx.style.set_color_mode("light"))


@shared
def page_in_dark() -> rx.Component:
    """As `page_in_light`."""
    return rx.el.span(hidden=True, on_mount=rx.style.set_color_mode("dark"))
