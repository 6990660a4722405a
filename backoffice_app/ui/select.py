"""Choice from a list: the browser's own select, which every keyboard, phone and screen reader knows."""

from collections.abc import Sequence

import reflex as rx

from backoffice_app.ui.kinds import Event, Text

Options = Sequence[tuple[Text, Text]] | rx.Var[list[list[str]]]
"""(value, word) each: fixed, or live as a list of two texts."""


def select(
    name: Text,
    options: Options,
    *,
    label: Text | None = None,
    value: Text = "",
    on_change: Event = None,
    narrow: bool = False,
    **attributes: object,
) -> rx.Component:
    """A select with the options. With `on_change` it follows `value`, else it starts with it.

    `label` names it where no <label> stands beside it.
    """
    held = {"value": value, "on_change": on_change} if on_change is not None else {"default_value": value}
    named = {"aria_label": label} if label is not None else {}
    return rx.el.select(
        *_options(options),
        name=name,
        class_name="input select-narrow" if narrow else "input",
        **held,
        **named,
        **attributes,
    )


def _options(options: Options) -> list[rx.Component]:
    if isinstance(options, rx.Var):
        return [rx.foreach(options, lambda option: rx.el.option(option[1], value=option[0]))]
    return [rx.el.option(word, value=value) for value, word in options]
