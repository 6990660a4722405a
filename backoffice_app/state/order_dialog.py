"""The dialog of the order window that is open: what it is about, what was typed, what is wrong, what it asks (W-16)."""

from backoffice_app.domain.core.actions import ACTIONS
from backoffice_app.domain.core.errors import Asks, Invalid, Refused
from backoffice_app.domain.core.forms import FormView
from backoffice_app.state.order_calls import SURE
from backoffice_app.state.together import Together

ASK = "ask"
"""The dialog that asks a question before a button does what it says."""


class OrderDialog(Together, mixin=True):
    """What `OrderState` says of the dialog that is open."""

    form: str = ""
    """The key of the dialog that is open, or ""."""
    drawn: FormView = FormView()
    """The form of the open dialog, if it is drawn from the input model of its action."""
    drafted: dict[str, str] = {}
    """What this colleague had typed into the open dialog before, by field."""
    wrong: str = ""
    """What the rules or the input object to in the open dialog."""
    wrong_field: str = ""
    errors: dict[str, str] = {}
    """What is wrong with each field of the open dialog."""
    sure: str = ""
    """The questions that the next press of the open dialog says yes to."""
    question: dict[str, str] = {}
    """What the dialog `ask` is about: "key" of the action, its "label", the "text" of the question."""
    told: list[list[str]] = []
    """What the pressed button was told, as [name, value], for the dialog `ask` to send again."""
    _which: str = ""
    """The part of the order that the open dialog is about."""
    _done: tuple[str, str, dict[str, str]] | None = None
    """What this tab did last: the second press of a double click is the same once more."""

    def _ask(self, form: str) -> None:
        """The dialog `form` is open, about the order as the window shows it."""
        raise NotImplementedError

    def _close(self) -> None:
        """No dialog is open, and nothing in one is wrong."""
        self.form, self.asked, self.wrong, self.wrong_field, self.errors, self.sure = "", "", "", "", {}, ""

    def _show_wrong(self, no: Invalid | Refused, language: str) -> None:
        """All that is wrong stands in the open dialog, beside its fields."""
        self.wrong, self.wrong_field, self.errors, self.sure = no.reason.in_language(language), "", {}, ""
        if isinstance(no, Invalid):
            self.wrong_field = no.field
            self.errors = {one.field: one.reason.in_language(language) for one in (*no.others, no)}

    def _show_question(self, asked: Asks, key: str, given: dict[str, str], language: str) -> None:
        """The open dialog asks, if its form can answer (`SURE`); a button asks in a dialog of its own.

        The next press says yes.
        """
        if SURE not in given or self.form in ("", ASK):
            self._ask(ASK)
            self.question = {
                "key": key,
                "label": ACTIONS[key].label.in_language(language),
                "text": asked.reason.in_language(language),
            }
            self.told = [[str(name), str(value)] for name, value in given.items() if name != SURE]
        else:
            self.wrong, self.wrong_field, self.errors = asked.reason.in_language(language), "", {}
        self.sure = f"{given.get(SURE, '')} {asked.answer}".strip()
