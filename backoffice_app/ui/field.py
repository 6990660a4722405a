"""Form fields: label, control, hint, and the error under it.

Uncontrolled: letters are never lost, values are read on submit.
"""

from dataclasses import dataclass
from dataclasses import field as field_of

import reflex as rx
from reflex_base.vars import ObjectVar
from reflex_components_core.el.elements.forms import BaseInput

from backoffice_app.ui.kinds import Child, Flag, Text, joined
from backoffice_app.ui.select import Options, select


def field(
    label: Text,
    name: Text,
    *,
    value: Text = "",
    hint: Text = "",
    error: Text = "",
    lines: int = 1,
    key: Text = "",
    **attributes: object,
) -> rx.Component:
    """A text field (or with `lines` > 1 an area).

    `value` is what it starts with; to put in another one, change `attributes["key"]`.

    `error`: "" or what is wrong and how to mend it; it is read out with the field (WCAG 3.3.1).
    """
    own = _id_of(name, key)
    make = rx.el.textarea if lines > 1 else rx.el.input
    rows = {"rows": str(lines)} if lines > 1 else {}
    return _labelled(
        label,
        own,
        make(default_value=value, **_tied(name, own, hint, error), **rows, **attributes),
        hint,
        error,
    )


def cell_field(name: Text, key: Text, value: Text) -> rx.Component:
    """A text field in the cell of a grid; `name`: what it is called, `key`: its name in the form."""
    return rx.el.input(
        type="text",
        name=key,
        default_value=value,
        aria_label=name,
        auto_complete="off",
        max_length=100,
        class_name="input",
        id=key,
    )


def number_input(
    name: Text, *, value: Text, error: Text, key: Text, about: Text, **named: Text
) -> rx.Component:
    """The input for a number, whose id is `key`; `about`: the ids of what describes it; `named`: its `aria_label` where
    no label is for it.
    """
    return rx.el.input(
        type="text",
        name=name,
        default_value=value,
        input_mode="decimal",
        auto_complete="off",
        class_name="input tabular",
        aria_describedby=about,
        aria_invalid=error != "",
        custom_attrs={"id": key},
        **named,
    )


def quantity_field(
    label: Text, name: Text, *, what: Text, most: Text, error: Text, key: Text, value: Text = "0"
) -> rx.Component:
    """How much of `what` is meant, `value` to begin with, and beside it how much there is at `most`.

    `what` stands above, by its name.
    """
    return rx.el.div(
        rx.el.span(what, class_name="what"),
        rx.el.label(label, html_for=key),
        number_input(name, value=value, error=error, key=key, about=joined(key, "-most ", key, "-more")),
        rx.el.span(most, class_name="hint", id=joined(key, "-most")),
        rx.el.div(rx.cond(error != "", rx.el.span(error, class_name="error")), id=joined(key, "-more")),
        class_name="field quantity",
        key=key,  # another quantity in its place starts with 0 again
    )


def quantity_select(
    label: Text,
    name: Text,
    options: Options,
    *,
    what: Text,
    most: Text,
    error: Text,
    key: Text,
    value: Text = "0",
) -> rx.Component:
    """As `quantity_field`, of pieces that can be counted: chosen from 0 up to how many there are."""
    return rx.el.div(
        rx.el.span(what, class_name="what"),
        rx.el.label(label, html_for=key),
        select(
            name,
            options,
            value=value,
            narrow=True,
            aria_describedby=joined(key, "-most ", key, "-more"),
            aria_invalid=error != "",
            custom_attrs={"id": key},
        ),
        rx.el.span(most, class_name="hint", id=joined(key, "-most")),
        rx.el.div(rx.cond(error != "", rx.el.span(error, class_name="error")), id=joined(key, "-more")),
        class_name="field quantity",
        key=key,
    )


def combo_field(
    label: Text,
    name: Text,
    options: rx.Var[list[str]],
    *,
    value: Text = "",
    hint: Text = "",
    error: Text = "",
    key: Text = "",
) -> rx.Component:
    """A text field that offers what it may hold, the browser's own: one of `options` is chosen, or other words are
    typed.
    """
    own = _id_of(name, key)
    listed = joined(own, "-options")
    control = rx.el.input(
        type="text",
        default_value=value,
        auto_complete="off",
        max_length=200,
        list=listed,
        **_tied(name, own, hint, error),
    )
    offered = rx.el.datalist(rx.foreach(options, lambda option: rx.el.option(value=option)), id=listed)
    return _labelled(label, own, rx.fragment(control, offered), hint, error)


def select_field(
    label: Text,
    name: Text,
    options: Options,
    *,
    value: Text = "",
    hint: Text = "",
    error: Text = "",
    key: Text = "",
    **attributes: object,
) -> rx.Component:
    """A select with its label, hint and error."""
    own = _id_of(name, key)
    tied = _tied(name, own, hint, error)
    tied.pop("class_name")
    tied.pop("name")
    return _labelled(label, own, select(name, options, value=value, **tied, **attributes), hint, error)


def check(label: Text, name: Text, *, checked: Flag = False, **attributes: object) -> rx.Component:
    """A check box with its word at its right; the whole is the target."""
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, default_checked=checked, **attributes),
        rx.el.span(label),
        class_name="check",
    )


def checks(label: Text, *boxes: Child) -> rx.Component:
    """Check boxes that answer one question, under its words."""
    return rx.el.fieldset(rx.el.legend(label, class_name="label"), *boxes, class_name="fieldset")


def pick(name: Text, **attributes: object) -> rx.Component:
    """The check box of a table's row; seen when the row is pointed at, focused or chosen.

    Its column has `extra_class="pick-cell"`.

    `on_change` gets whether it is ticked, and whether Shift was held.
    """
    # A press on it is not one on the row around it.
    box = _Pick.create(type="checkbox", aria_label=name, **attributes)
    return rx.el.label(box, class_name="pick", on_click=rx.stop_propagation)


@dataclass(frozen=True)
class _Ticked:
    """The browser's event of a box that is ticked or unticked."""

    target: dict[str, bool] = field_of(default_factory=dict)
    nativeEvent: dict[str, bool] = field_of(default_factory=dict)  # noqa: N815


def _ticked(event: ObjectVar[_Ticked]) -> tuple[rx.Var[bool], rx.Var[bool]]:
    return event.target.checked.to(bool), event.nativeEvent.shiftKey.to(bool)


class _Pick(BaseInput):
    """A box that tells whether Shift was held when it was ticked."""

    on_change: rx.EventHandler[_ticked]


def hidden_field(name: str, value: Text) -> rx.Component:
    """What a form sends along without being asked."""
    return rx.el.input(type="hidden", name=name, value=value, read_only=True)


def _id_of(name: Text, key: Text) -> Text:
    return key if not isinstance(key, str) or key else joined("field-", name)


def _tied(name: Text, own: Text, hint: Text, error: Text) -> dict[str, object]:
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
