"""What is wrong in a form: at the field it is about, or beside them all."""

from dataclasses import dataclass

import reflex as rx

from backoffice_app.ui.kinds import Text


@dataclass(frozen=True)
class Wrong:
    """`said`: what the rules or the input object to; `field`: the field that it is about, "" where it is about none."""

    said: rx.Var[str]
    field: rx.Var[str]

    def at(self, name: Text) -> rx.Var[str]:
        """What is wrong with the field `name`."""
        return rx.cond(self.field == name, self.said, "").to(str)

    def beside(self, *named: str) -> rx.Var[str]:
        """What is wrong with none of the fields of the form, which are `named` so."""
        return rx.cond(rx.Var.create(list(named)).contains(self.field), "", self.said).to(str)
