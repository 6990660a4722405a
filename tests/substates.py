"""The states of one tab, as a test reads and drives them."""

from typing import Any

import reflex as rx


def substate(root: rx.State, kind: type[rx.State]) -> Any:
    """The state of this kind in the tree of `root`; `Any`, as the fields of a class are Vars to a type checker."""
    return root.get_substate(kind.get_full_name().split("."))
