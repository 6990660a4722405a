"""The palette: one field that finds pages, orders and actions, by keyboard from anywhere. The browser's own modal <dialog> holds it."""

import reflex as rx
from reflex_components_core.core.window_events import WindowEventListener

from backoffice_app.ui.button import icon_button
from backoffice_app.ui.icons import icon
from backoffice_app.ui.kbd import kbd
from backoffice_app.ui.kinds import Event, joined
from backoffice_app.ui.texts import _

OPEN = rx.run_script("{const box=document.getElementById('palette');box.showModal();box.querySelector('input').value=''}")
CLOSE = rx.run_script("document.getElementById('palette').close()")
WAIT = 150
"""Milliseconds after the last key before it is searched."""

# Marking and pressing happen in the browser: an arrow key that asks the server first is felt. Enter waits for the answer to what was typed.
# Reflex ties the listener to the page, which is there before the palette is.
_LISTEN = """useEffect(() => {
    let waits = false;
    const box = () => document.getElementById("palette");
    const field = () => box()?.querySelector("input");
    const mark = (by) => {
        const all = [...box().querySelectorAll("[role=option]")];
        const was = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
        const at = by ? Math.max(0, Math.min(all.length - 1, was + by)) : 0;
        all.forEach((one, place) => one.setAttribute("aria-selected", place === at));
        field().setAttribute("aria-activedescendant", all[at]?.id ?? "");
        all[at]?.scrollIntoView({block: "nearest"});
    };
    const enter = () => {
        waits = box().dataset.answered !== field().value.trim();
        if (!waits) box().querySelector("[aria-selected=true]")?.click();
    };
    const listen = {
        keydown: (e) => {
            if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() === "k") {
                e.preventDefault();
                if (box()?.open) box().close();
                else if (!document.querySelector("[role=dialog]")) document.getElementById("palette-opener")?.click();
            } else if (e.target === field() && !e.isComposing) {
                const by = {ArrowDown: 1, ArrowUp: -1}[e.key];
                if (by) { e.preventDefault(); mark(by); }
                if (e.key === "Enter") enter();
            }
        },
        click: (e) => {
            const chosen = e.target.closest?.("#palette [role=option]");
            if (chosen && chosen.getAttribute("aria-disabled") !== "true") box().close();
        },
    };
    const answers = new MutationObserver(() => { mark(0); if (waits) enter(); });
    answers.observe(document, {subtree: true, attributeFilter: ["data-turn"]});
    for (const kind in listen) window.addEventListener(kind, listen[kind]);
    return () => { answers.disconnect(); for (const kind in listen) window.removeEventListener(kind, listen[kind]); };
}, [])"""


def palette_button(on_search: Event) -> rx.Component:
    """Opens the palette, as Ctrl-K does; `on_search` gets the text that is searched."""
    return rx.el.button(
        icon("search"),
        rx.el.span(_("Search"), class_name="grow"),
        kbd(_("Ctrl K")),
        type="button",
        id="palette-opener",
        class_name="side-link palette-opener",
        aria_label=_("Search or do something"),
        aria_haspopup="dialog",
        on_click=[OPEN, on_search("")],
    )


def palette(
    found: rx.Var[list[list[str]]], answered: rx.Var[str], turn: rx.Var[int], *, on_search: Event, on_choose: Event
) -> rx.Component:
    """The palette with its rows `found`, each [key, word, what it is about, address or "" for an action, why not, ...].

    `answered`: the text they answer; `turn` grows with each answer. `on_choose` gets the row of an action.
    """
    name = _("Search or do something")
    field = rx.el.input(
        role="combobox",
        type="text",
        aria_label=name,
        placeholder=name,
        aria_expanded=True,
        aria_controls="palette-list",
        custom_attrs={"aria-autocomplete": "list"},
        auto_complete="off",
        spell_check=False,
        max_length=200,
        class_name="input",
        on_change=lambda text: on_search(text).debounce(WAIT),
    )
    nothing = rx.cond((turn > 0) & (found.length() == 0), rx.el.p(_("Nothing found."), class_name="empty-line"))
    return rx.el.dialog(
        WindowEventListener.create(hooks=[_LISTEN]),
        rx.el.div(field, icon_button("x", _("Close"), on_click=CLOSE), class_name="palette-head"),
        rx.el.div(
            rx.foreach(found, lambda row, place: _option(row, joined("palette-", place.to_string()), on_choose)),
            id="palette-list",
            role="listbox",
            aria_label=name,
            class_name="palette-list",
        ),
        rx.el.div(nothing, role="status"),
        id="palette",
        aria_label=name,
        class_name="palette",
        custom_attrs={"closedby": "any", "data-answered": answered, "data-turn": turn},
    )


def _option(row: rx.Var[list[str]], own: rx.Var[str], on_choose: Event) -> rx.Component:
    inside = (rx.el.span(row[1]), rx.el.span(row[2], class_name="quiet-text small"))
    shared = {"id": own, "key": row[0], "role": "option", "class_name": "menu-item"}
    link = rx.el.a(*inside, href=row[3], tab_index=-1, **shared)
    return rx.cond(row[3] != "", link, rx.el.div(*inside, aria_disabled=row[4] != "", on_click=on_choose(row), **shared))
