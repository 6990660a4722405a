"""What became of one order of a run, as its row keeps it (O-5)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as field_of
from types import MappingProxyType

from backoffice_app.domain.bulk.subject import ItemState
from backoffice_app.i18n import UI_LANGUAGES, LazyText


@dataclass(frozen=True)
class Result:
    """`status`: what a call for this order alone would have answered.

    `number`, `order_id`: of an order that the run made.

    `outcome`, `invoicing`: of an imported order, as `take_in` names them. `more`: what follows the sentence, by
    language.
    """

    state: ItemState
    status: int
    said: LazyText | None = None
    field: str = ""
    error: str = ""
    number: str = ""
    order_id: int | None = None
    outcome: str = ""
    invoicing: str = ""
    more: Mapping[str, str] = field_of(default_factory=dict)

    @property
    def columns(self) -> dict[str, object]:
        """The values of the row."""
        row: dict[str, object] = {
            "state": self.state.value,
            "status": self.status,
            "said": in_all_languages(self.said, self.more) if self.said else "",
            "field": self.field,
            "error": self.error,
            "outcome": self.outcome,
            "invoicing": self.invoicing,
        }
        return row | ({"number": self.number, "order_id": self.order_id} if self.number else {})


def in_all_languages(sentence: LazyText, more: Mapping[str, str] = MappingProxyType({})) -> str:
    """A sentence as `BulkItem.said` keeps it: in each language of the screen, as it was on the day; `more`
    follows it.
    """
    said = {
        language: f"{sentence.in_language(language)} {more.get(language, '')}".strip()
        for language in UI_LANGUAGES
    }
    return json.dumps(said, ensure_ascii=False)
