"""Texts of other shops that are longer than Kontor keeps them: cut, and said, since no paid order is lost for a long
name (API-2).
"""

from typing import Any, get_args, get_origin

from pydantic import BaseModel

from backoffice_app.domain.orders.fields import Longest

NEVER_CUT = {
    "external_reference",
    "provider_reference",
    "language",
    "currency",
    "country",
    "email",
    "tracking_numbers",
}
"""Half of these is something else."""


def fitted(data: dict[str, Any], model: type[BaseModel]) -> tuple[dict[str, Any], list[str]]:
    """`data` of a `model` with no text that is too long, and the paths of those that were cut, such as
    `lines[0].name`.
    """
    cut: list[str] = []
    return {name: _fitted(value, model, name, name, cut) for name, value in data.items()}, cut


def _fitted(value: Any, model: type[BaseModel], name: str, path: str, cut: list[str]) -> Any:
    field = model.model_fields.get(name)
    if field is None or name in NEVER_CUT:
        return value
    part = _part_of(field.annotation)
    if isinstance(value, dict) and part:
        return {key: _fitted(inner, part, key, f"{path}.{key}", cut) for key, inner in value.items()}
    if isinstance(value, list):
        longest = _longest(get_args(field.annotation))
        return [
            {key: _fitted(inner, part, key, f"{path}[{i}].{key}", cut) for key, inner in one.items()}
            if part and isinstance(one, dict)
            else _short(one, longest, f"{path}[{i}]", cut)
            for i, one in enumerate(value)
        ]
    return _short(value, _longest(field.metadata), path, cut)


def _short(value: Any, longest: int, path: str, cut: list[str]) -> Any:
    if not longest or not isinstance(value, str) or len(value) <= longest:
        return value
    cut.append(path)
    return value[: longest - 1].rstrip() + "…"


def _longest(metadata: Any) -> int:
    """The `Longest` of a text, also where it is that of a tuple's items."""
    for one in metadata:
        if isinstance(one, Longest):
            return one.characters
        if getattr(one, "__metadata__", None) and (found := _longest(one.__metadata__)):
            return found
    return 0


def _part_of(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as `NewLine`, `NewAddress | None` or `tuple[NewLine, ...]`."""
    if isinstance(annotation, type) and not get_origin(annotation) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _part_of(inner))), None)
