"""The registry of pages: what is in it is what there is, and a wrong registration is an error at start (EXT-1)."""

from collections.abc import Iterator

import pytest

from backoffice_app.backoffice_app import app
from backoffice_app.domain.core.rights import Right
from backoffice_app.i18n import LazyText
from backoffice_app.pages import menu
from backoffice_app.state import pages
from backoffice_app.state.pages import (
    GROUPS,
    PAGES,
    SALES,
    SETTINGS,
    Group,
    menu_group,
    menu_pages,
    page_at,
    page_keys,
)
from backoffice_app.ui.texts import shell

LABEL = LazyText("Made up")


@pytest.fixture(autouse=True)
def only_for_this_test() -> Iterator[None]:
    pages, groups = dict(PAGES), dict(GROUPS)
    yield
    PAGES.clear()
    PAGES.update(pages)
    GROUPS.clear()
    GROUPS.update(groups)


def test_ext1_every_page_of_the_app_is_registered() -> None:
    assert {route.strip("/") or "index" for route in PAGES} == {
        route.strip("/") for route in app._unevaluated_pages
    }


def test_ext1_the_menu_is_in_the_order_of_the_help_page() -> None:
    assert [(page.route, page.above("de")) for page in menu_pages()] == [
        ("/dashboard", ""),
        ("/orders", "Verkäufe"),
        ("/invoices", "Verkäufe"),
        ("/shipments", "Verkäufe"),
        ("/returns", "Verkäufe"),
        ("/customers", ""),
        ("/products", ""),
        ("/tickets", "Service"),
        ("/tasks", "Service"),
        ("/mail-templates", "Service"),
        ("/outbox", "Service"),
        ("/settings/company", "Allgemein > Einstellungen"),
        ("/settings/languages", "Allgemein > Einstellungen"),
        ("/settings/payment-methods", "Allgemein > Einstellungen"),
        ("/settings/shipping-methods", "Allgemein > Einstellungen"),
        ("/settings/mail", "Allgemein > Einstellungen"),
        ("/settings/advanced/administration", "Allgemein > Einstellungen > Erweiterte Einstellungen"),
        ("/settings/workflow/order-status", "Allgemein > Einstellungen > Workflow"),
        ("/settings/users", "Allgemein > Einstellungen"),
        ("/settings/api", "Allgemein > Einstellungen"),
        ("/settings/import", "Allgemein > Einstellungen"),
        ("/settings/plugins", "Allgemein > Einstellungen"),
    ]
    assert [[entry.route for entry in group.entries] for group in menu.menu("")] == [
        ["/dashboard"],
        ["/orders", "/invoices", "/shipments", "/returns"],
        ["/customers"],
        ["/products"],
        ["/tickets", "/tasks", "/mail-templates", "/outbox"],
        ["/settings"],
    ]


def test_ext1_the_groups_have_the_order_of_the_help_page_while_their_pages_come_later() -> None:
    outer = sorted((group for group in GROUPS.values() if not group.inside), key=lambda group: group.rank)

    assert [group.name for group in outer] == ["home", "sales", "customers", "products", "service", "general"]
    assert pages.ADVANCED.rank < pages.WORKFLOW.rank
    assert pages.WORKFLOW.path() == [pages.GENERAL, SETTINGS, pages.WORKFLOW]


def test_ext1_a_made_up_page_is_in_menu_keys_and_inner_menu() -> None:
    page_at("/gifts", LABEL, group=SALES, rank=5, icon="gift", key="q")(shell)
    page_at("/settings/gifts", LABEL, group=pages.WORKFLOW, right=Right.SETTINGS)(shell)

    assert [page.route for page in menu_pages()][:3] == ["/dashboard", "/gifts", "/orders"]
    assert [(key.key, key.route) for key in page_keys()] == [
        ("d", "/dashboard"),
        ("q", "/gifts"),
        ("o", "/orders"),
        ("i", "/invoices"),
        ("l", "/shipments"),
        ("r", "/returns"),
        ("c", "/customers"),
        ("p", "/products"),
        ("k", "/tickets"),
        ("a", "/tasks"),
        ("m", "/mail-templates"),
        ("x", "/outbox"),
        ("s", "/settings"),
    ]
    inner = str(menu.beside_inner_menu("/settings/gifts", "the page")[0])
    order = [
        inner.index(f'"{route}"')
        for route in ("/settings/company", "/settings/advanced/administration", "/settings/gifts")
    ]
    assert order == sorted(order)
    assert '"tablist"' in inner


def test_ext1_the_inner_menu_has_words_above_its_entries_and_those_without_come_last() -> None:
    page_at("/settings/gifts", LABEL, group=SETTINGS, rank=1)(shell)

    inner = str(menu.beside_inner_menu("/settings/users", "the page")[0])
    expected = (
        "Shop",
        '"/settings/mail"',
        "Procedures",
        '"/settings/plugins"',
        "Access",
        '"/settings/users"',
        '"/settings/api"',
    )
    order = [inner.index(word) for word in (*expected, '"/settings/gifts"')]
    assert order == sorted(order)


def test_ext1_a_page_outside_of_the_settings_has_no_inner_menu() -> None:
    assert menu.beside_inner_menu("/orders", "the page") == ["the page"]
    assert (menu.entry_of("/orders"), menu.entry_of("/settings/users")) == ("/orders", "/settings")


@pytest.mark.parametrize(
    ("route", "more", "sentence"),
    [
        ("/orders", {}, "registers a page '/orders', which kontor"),
        ("orders", {}, "needs a route that begins with a slash"),
        ("/gifts", {"group": SALES}, "is in the menu and needs an icon"),
        ("/gifts", {"group": SALES, "icon": "gift", "key": "o"}, "wants the key 'o', which '/orders' has"),
        ("/gifts", {"group": SALES, "icon": "gift", "key": "s"}, "wants the key 's', which 'settings' has"),
        (
            "/gifts",
            {"group": Group("gifts", LABEL, 1), "icon": "gift"},
            "menu group 'gifts', which is not registered",
        ),
    ],
)
def test_ext1_a_wrong_page_is_an_error_with_a_sentence(
    route: str, more: dict[str, object], sentence: str
) -> None:
    before = dict(PAGES)

    with pytest.raises(ValueError, match=sentence):
        page_at(route, LABEL, **more)(shell)  # type: ignore[arg-type]

    assert before == PAGES


def test_ext1_an_icon_that_there_is_not_is_an_error_at_start() -> None:
    page_at("/gifts", LABEL, group=SALES, icon="gfit")(shell)

    with pytest.raises(ValueError, match="There is no icon 'gfit'"):
        menu.require_icons(PAGES["/gifts"])


def test_ext1_two_groups_of_one_name_or_in_an_unknown_group_are_errors() -> None:
    with pytest.raises(ValueError, match="registers a menu group 'sales', which kontor"):
        menu_group("sales", LABEL, rank=1)
    with pytest.raises(ValueError, match="'gifts' is in the menu group 'nowhere', which is not registered"):
        menu_group("gifts", LABEL, rank=1, inside=Group("nowhere", LABEL, 1))
    with pytest.raises(ValueError, match="The menu group 'gifts' wants the key 'x', which '/outbox' has"):
        menu_group("gifts", LABEL, rank=1, key="x")
