"""Translations that a plug-in brings in its own file (EXT-1, L-2)."""

from collections.abc import Mapping

from backoffice_app import i18n
from backoffice_app.registry import Registry, current_owner


def _put_together() -> None:
    i18n.ADDED.clear()
    for key, sentences in TRANSLATIONS.items():
        i18n.ADDED.setdefault(key.partition(" ")[0], {}).update(sentences)
    i18n.catalog.cache_clear()


TRANSLATIONS: Registry[Mapping[str, str]] = Registry("translation", _put_together)
"""Language and plug-in -> sentence -> translation."""


def translations(language: str, sentences: Mapping[str, str]) -> None:
    """Adds the translations of the plug-in's own English sentences into `language`: {"Gift note": "Geschenknotiz"}.

    Raises ValueError for a second call for the same language from one plug-in, and for a sentence that Kontor or
    another plug-in translates in another way: such a word needs a context, `_("Note", "gift")`.
    """
    TRANSLATIONS.add(f"{language} {current_owner()}", sentences)
    i18n.catalog(language)
