"""Sales > Returns: all returns, and the reasons and actions that can be chosen for one (RET-2)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.choice_lists import NAME
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.returns.choices import ACTION, PAYS, PAYS_NAMES, REASON, ChoiceRow
from backoffice_app.i18n import DOCUMENT_LANGUAGES
from backoffice_app.pages.choice_list import changing, names, value_of
from backoffice_app.pages.frame import held, page
from backoffice_app.state.pages import SALES, page_at
from backoffice_app.state.returns import LISTS, ReturnsState
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import button, link_button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import select_field
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import Child, Event, Text, joined
from backoffice_app.ui.layout import figure, push, quiet, strong, toolbar
from backoffice_app.ui.popover import exports
from backoffice_app.ui.search import Searching, live_search, stay
from backoffice_app.ui.shortcuts import STEP_KEYS, focus, step
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import Column, Row, or_dash, table
from backoffice_app.ui.tabs import live_tabs, tab_panel
from backoffice_app.ui.texts import _, text_of
from backoffice_app.ui.wrong import Wrong

S = ReturnsState
W = Wrong(S.wrong, S.wrong_field)
FIELDS = [PAYS, *(NAME + code for code in DOCUMENT_LANGUAGES)]
O = ReturnsState.chosen  # noqa: E741
ID, NUMBER, ORDER, CUSTOMER, _STEP, STATE, REASON_OF, ACTION_OF, QUANTITY, AMOUNT, TIME, CLOCK, TONE, MARK = (
    range(14)
)
LINKS = "a[id^=return-]"
LIST = Shown(LISTS, "").text
"""What a new reason or action is about: the lists as a whole."""
WHO = [(value, text_of(name)) for value, name in PAYS_NAMES.items()]


@page_at(
    "/returns", i18n._("Returns"), group=SALES, rank=40, icon="undo-2", key="r", on_load=[ReturnsState.load]
)
def returns() -> rx.Component:
    """The page: tabs for the list, the reasons and the actions."""
    how = Searching(S.text, S.box, S.find, S.all_of_it, on_typed=S.typed, on_left=S.left)
    search = rx.cond(S.tab == "returns", live_search(_("Return, order or customer"), how))
    shown = rx.match(
        S.tab,
        ("reasons", tab_panel(_("Reasons for return"), _choices(REASON))),
        ("actions", tab_panel(_("Return actions"), _choices(ACTION))),
        tab_panel(_("Returns"), _returns()),
    )
    return page(
        toolbar(live_tabs(_("Returns"), S.pages, S.tab)),
        shown,
        _add(REASON),
        _add(ACTION),
        _edit(REASON),
        _edit(ACTION),
        header=page_header(_("Returns"), search),
        here="/returns",
        refresh=S.refresh,
        on_menu_press=[stay(), S.left(False)],
        flush=True,
        keys={"/": focus("search"), "j": step(LINKS, 1), "k": step(LINKS, -1)},
        listed=[("/", _("Search")), (STEP_KEYS, _("Next and previous row")), ("Enter", _("Open the order"))],
    )


def _returns() -> rx.Component:
    filters = toolbar(live_tabs(_("State"), S.tabs, S.state), push(exports(_("Export"), S.csv, S.xlsx)))
    return rx.fragment(
        filters, rx.cond(S.ready, rx.cond(S.rows.length() > 0, _list(), _nothing()), skeleton_rows())
    )


def _list() -> rx.Component:
    shown = table(
        _("Returns"),
        [
            Column(_("Return"), _number, place=1),
            Column(_("State"), _state, place=2),
            Column(_("Order"), lambda r: figure(r[ORDER]), place=4, named=True),
            Column(_("Customer"), lambda r: r[CUSTOMER], place=3),
            Column(_("Reason for return"), lambda r: or_dash(r[REASON_OF]), place=5),
            Column(_("Return action"), lambda r: or_dash(r[ACTION_OF]), place=6),
            Column(_("Quantity"), lambda r: figure(r[QUANTITY]), number=True),
            Column(
                _("Amount credited"),
                lambda r: figure(or_dash(r[AMOUNT])),
                number=True,
                shown=held(Right.PRICES),
            ),
            Column(_("Date"), lambda r: quiet(figure(r[TIME])), place=7),
        ],
        S.rows,
        cards=True,
        sticky=True,
        known_by=ID,
    )
    newest = rx.cond(S.first != "", link_button(_("Newest"), S.first, id="newest"))
    older = rx.cond(S.older != "", link_button(_("Older"), S.older, id="older"))
    return rx.fragment(shown, toolbar(newest, older))


def _number(one: Row) -> rx.Component:
    return rx.el.a(
        figure(one[NUMBER]), href=joined("/orders/", one[ORDER], "/returns"), id=joined("return-", one[ID])
    )


def _state(one: Row) -> rx.Component:
    """The state, and of a withdrawal whose money is due that it is (RET-4)."""
    clock = rx.cond(one[CLOCK] != "", badge("act", "triangle-alert", one[CLOCK]))
    return rx.fragment(badge(one[TONE], one[MARK], one[STATE]), clock)


def _nothing() -> rx.Component:
    filtered = (S.state != "") | (S.text != "")
    none_like_this = empty(
        "undo-2",
        _("No such return."),
        _("Another filter or search shows more."),
        link_button(_("Show all returns"), "/returns"),
    )
    none_yet = empty(
        "undo-2",
        _("No return yet."),
        _("Open an order of which something was shipped, and press “Create return”."),
    )
    return rx.cond(filtered, none_like_this, none_yet)


def _choices(kind: str) -> rx.Component:
    """The list of reasons or actions in their order."""
    is_reason = kind == REASON
    name, rows = (_("Reasons for return"), S.reasons) if is_reason else (_("Return actions"), S.actions)
    word = _("Add reason") if is_reason else _("Add action")
    add = rx.cond(
        held(Right.EDIT),
        push(button(word, look="solid", key=f"add-{kind}", on_click=S.open(f"add-{kind}", ""))),
    )
    listed = table(
        name,
        [
            Column(
                _("Name"), lambda one: rx.cond(one.is_retired, quiet(one.name), strong(one.name)), place=1
            ),
            *([Column(_("Who pays the way back"), lambda one: one.pays, place=3)] if is_reason else []),
            Column(
                _("State"),
                lambda one: rx.cond(one.is_retired, badge("neutral", "archive", _("Retired"))),
                place=2,
            ),
            Column(
                _("Actions"),
                lambda one: _changing(kind, one),
                hide_head=True,
                place=4,
                shown=held(Right.EDIT),
            ),
        ],
        rows,
        cards=True,
        sticky=True,
    )
    none_yet = empty(
        "undo-2",
        _("No reason yet.") if is_reason else _("No action yet."),
        _("What stands here can be chosen when a return is created."),
        rx.cond(
            held(Right.EDIT),
            button(
                _("Add the usual ones"), key=f"usual-{kind}", on_click=S.add_usual(LIST, kind), waits=True
            ),
        ),
    )
    return rx.fragment(
        toolbar(add), rx.cond(S.ready, rx.cond(rows.length() > 0, listed, none_yet), skeleton_rows())
    )


def _changing(kind: str, one: rx.Var[ChoiceRow]) -> rx.Component:
    change = S.change_reason if kind == REASON else S.change_action
    return changing(one, kind, on_edit=S.open(kind, one.id), on_change=lambda what: change(one.about, what))


def _add(kind: str) -> rx.Component:
    word = _("Add reason") if kind == REASON else _("Add action")
    none: dict[str, str] = {}
    form = dialog_form(
        *_fields(f"new-{kind}", kind, rx.Var.create(none).to(dict[str, str])),
        on_submit=S.add(LIST, kind),
        submit=word,
        error=W.beside(*FIELDS),
    )
    return _dialog(f"add-{kind}", word, form, opener=f"add-{kind}")


def _edit(kind: str) -> rx.Component:
    save = S.save_reason if kind == REASON else S.save_action
    form = dialog_form(
        *_fields(f"edit-{kind}", kind, O.texts),
        on_submit=save(O.about, S.seen),
        submit=_("Save"),
        error=W.beside(*FIELDS),
    )
    told = _("Returns that have it already keep their words.")
    return _dialog(kind, O.name, form, opener=joined(f"edit-{kind}-", O.id), description=told)


def _fields(key: str, kind: str, values: rx.Var[dict[str, str]]) -> list[Child]:
    """Who pays the way back, and the name in each language of the documents."""
    who = select_field(
        _("Who pays the way back"),
        PAYS,
        WHO,
        value=value_of(values, PAYS),
        error=W.at(PAYS),
        key=f"{key}-pays",
    )
    own, others = names(values, W, key, longest=200)
    return [own, *([who] if kind == REASON else []), others]


def _dialog(
    form: str, title: Text, *children: Child, opener: Text, description: Text | None = None
) -> rx.Component:
    close: Event = S.close
    return dialog(
        title, *children, shown=S.form == form, on_open_change=close, opener=opener, description=description
    )
