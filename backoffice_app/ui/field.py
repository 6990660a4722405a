"""Form fields: label, control, hint, and the error under it. Uncontrolled: letters are never lost, values are read on submit."""

import reflex as rx

from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import Child, Event, Flag, Text, joined
from backoffice_app.ui.select import Options, select


def field(
    label: Text, name: str, *, value: Text = "", hint: Text = "", error: Text = "", lines: int = 1, key: Text = "", **attributes: object
) -> rx.Component:
    """A text field (or with `lines` > 1 an area). `value` is what it starts with; to put in another one, change `attributes["key"]`.

    `error`: "" or what is wrong and how to mend it; it is read out with the field (WCAG 3.3.1).
    """
    own = key or "field-" + name
    make = rx.el.textarea if lines > 1 else rx.el.input
    rows = {"rows": str(lines)} if lines > 1 else {}
    return _labelled(label, own, make(default_value=value, **_tied(name, own, hint, error), **rows, **attributes), hint, error)


def quantity_field(label: Text, name: Text, *, what: Text, most: Text, error: Text, key: Text, value: Text = "0") -> rx.Component:
    """How much of `what` is meant, `value` to begin with, and beside it how much there is at `most`."""
    return rx.el.div(
        rx.el.label(label, html_for=key),
        rx.el.input(
            type="text",
            name=name,
            default_value=value,
            input_mode="decimal",
            auto_complete="off",
            class_name="input tabular",
            aria_describedby=joined(key, "-most ", key, "-more"),
            aria_invalid=error != "",
            custom_attrs={"id": key},
        ),
        rx.el.span(most, class_name="hint", id=joined(key, "-most")),
        rx.el.span(what, class_name="hint what"),
        rx.el.div(rx.cond(error != "", rx.el.span(error, class_name="error")), id=joined(key, "-more")),
        class_name="field quantity",
        key=key,  # another quantity in its place starts with 0 again
    )


def select_field(
    label: Text, name: str, options: Options, *, value: Text = "", hint: Text = "", error: Text = "", key: Text = "", **attributes: object
) -> rx.Component:
    """A select with its label, hint and error."""
    own = key or "field-" + name
    tied = _tied(name, own, hint, error)
    tied.pop("class_name")
    tied.pop("name")
    return _labelled(label, own, select(name, options, value=value, **tied, **attributes), hint, error)


def check(label: Text, name: str, *, checked: Flag = False, **attributes: object) -> rx.Component:
    """A check box with its word at its right; the whole is the target."""
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, default_checked=checked, **attributes), rx.el.span(label), class_name="check"
    )


def checks(label: Text, *boxes: Child) -> rx.Component:
    """Check boxes that answer one question, under its words."""
    return rx.el.fieldset(rx.el.legend(label, class_name="label"), *boxes, class_name="fieldset")


def pick(name: Text, **attributes: object) -> rx.Component:
    """The check box of a table's row; seen when the row is pointed at, focused or chosen. Its column has `extra_class="pick-cell"`."""
    return rx.el.label(rx.el.input(type="checkbox", aria_label=name, **attributes), class_name="pick")


def hidden_field(name: str, value: Text) -> rx.Component:
    """What a form sends along without being asked."""
    return rx.el.input(type="hidden", name=name, value=value, read_only=True)


def search_field(label: Text, *, key: str = "search", value: Text = "", on_change: Event = None, **attributes: object) -> rx.Component:
    """The search box of a list; `on_change` gets the text 150 ms after the last key. `value` is what it starts with."""
    heard = {"on_change": on_change} if on_change is not None else {}
    return rx.el.div(
        icon("search"),
        rx.el.input(
            id=key,
            name="q",
            type="text",  # the name "textbox" is a contract: a search field would be called "searchbox"
            enter_key_hint="search",
            aria_label=label,
            placeholder=label,
            default_value=value,
            auto_complete="off",
            spell_check=False,
            class_name="input",
            **heard,
            **attributes,
        ),
        role="search",
        class_name="search",
    )


def _tied(name: str, own: Text, hint: Text, error: Text) -> dict[str, object]:
    # Not as `id`: Reflex sends what has an id of its own a second time, under that id.
    tied: dict[str, object] = {"custom_attrs": {"id": own}, "name": name, "class_name": "input"}
    live = not isinstance(error, str)
    if live or error or not isinstance(hint, str) or hint:
        tied["aria_describedby"] = joined(own, "-more")
    if live:
        tied["aria_invalid"] = error != ""
    elif error:
        tied["aria_invalid"] = True
    return tied


def _labelled(label: Text, own: Text, control: rx.Component, hint: Text, error: Text) -> rx.Component:
    more: list[Child] = []
    if not isinstance(hint, str) or hint:
        more.append(rx.el.span(hint, class_name="hint"))
    if not isinstance(error, str):
        more.append(rx.cond(error != "", rx.el.span(error, class_name="error")))
    elif error:
        more.append(rx.el.span(error, class_name="error"))
    under = [rx.el.div(*more, id=joined(own, "-more"))] if more else []
    return rx.el.div(rx.el.label(label, html_for=own), control, *under, class_name="field")
