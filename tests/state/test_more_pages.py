"""The pages that plug-ins bring stand in the menu of anyone who may see them (EXT-1)."""

from collections.abc import Iterator
from string import ascii_lowercase

import pytest
from databases import OWNER, WAREHOUSE

from backoffice_app import load
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.declared_pages import GROUPS, SHORTCUTS, page
from backoffice_app.domain.window.declared import declare
from backoffice_app.i18n import _
from backoffice_app.lucide import outline
from backoffice_app.registry import forget, registering
from backoffice_app.state import pages
from backoffice_app.state.me import _more


@pytest.fixture(autouse=True)
def gone_afterwards() -> Iterator[None]:
    with registering("pages of this test"):
        yield
    forget("pages of this test")


def test_ext1_the_free_letters_are_those_of_no_page_of_kontor() -> None:
    load.everything()
    taken = {key.key for key in pages.page_keys()}

    assert set(SHORTCUTS) == set(ascii_lowercase) - taken - {"g"}
    assert set(GROUPS) <= {name for name, group in pages.GROUPS.items() if group.inside is None}


def test_ext1_a_page_is_in_its_group_with_icon_and_letter_and_without_one_below_them_all() -> None:
    page("cards", _("Orders"), icon="gift", group="sales", shortcut="w", right=Right.PRICES)(
        lambda look: declare()
    )
    page("bows", _("Customers"))(lambda look: declare())

    seen = _more(OWNER, "de")
    assert seen["more"] == [["Kunden", "/more/bows", outline("puzzle"), ""]]
    assert seen["more_in"] == {name: [] for name in GROUPS} | {
        "sales": [["Bestellungen", "/more/cards", outline("gift"), "w"]]
    }
    assert seen["more_keys"] == [["g w", "Bestellungen"]]
    assert _more(WAREHOUSE, "de")["more_keys"] == []
