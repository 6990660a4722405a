"""Forms that tell what is typed into their fields, while it is typed."""

from dataclasses import dataclass

import reflex as rx
from reflex_base.vars.object import ObjectVar
from reflex_components_core.el.elements.forms import Form


@dataclass(frozen=True)
class _Field:
    """A field as the browser's event knows it."""

    name: str = ""
    value: str = ""
    type: str = ""
    checked: bool = False


@dataclass(frozen=True)
class _Typing:
    """The browser's event of a field that is typed into, or left."""

    target: _Field = _Field()


def _typed(event: ObjectVar[_Typing]) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str]]:
    """Of the field that is typed into: its name, what it holds, and its kind; "" of what is left and is no field."""
    field = event.target

    def text(said: rx.Var[str]) -> rx.Var[str]:
        found: rx.Var[str] = rx.cond(said, said, "").to(str)
        return found

    return text(field.name), text(field.value), text(field.type)


def _chosen(event: ObjectVar[_Typing]) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str]]:
    """As `_typed`; a box that is not ticked holds ""."""
    (name, text, kind), field = _typed(event), event.target
    return name, rx.cond((kind == "checkbox") & ~field.checked, "", text).to(str), kind


class TypedForm(Form):
    """A form that tells what is typed into any of its fields."""

    on_change: rx.EventHandler[_typed]
    on_blur: rx.EventHandler[_typed]


class ChosenForm(Form):
    """A form that tells what is typed into any of its fields, and which boxes are ticked."""

    on_change: rx.EventHandler[_chosen]
    on_blur: rx.EventHandler[_chosen]
