"""The soak's own judge: a lie is found, and what is true is not called one.

A judge that finds nothing would make every soak green.
"""

import pytest
from soak.ledger import Press
from soak.truth import Effect, judge

ORDER = ("order", "10001")
OTHER = ("order", "10002")


def press(*answers: tuple[str, str], action: str = "pay", token: str = "") -> Press:
    return Press("Ada", ORDER, action, token, list(answers))


DONE = ("done", "Payment booked.")
ALREADY = ("done", "Paid already, booked by Ben at 10:00.")
REFUSED = ("refused", "Nothing is open.")
NOTHING = ("error", "Something went wrong here, and it was noted as error 0a1b. Nothing was changed.")
MAYBE = ("error", "It is not known whether it was done: look at the order.")
UNREAD = ("error", "It was done, but the page could not be read anew. Load it again to see it.")
PAID = Effect("Ada", ORDER, "pay", "")


@pytest.mark.parametrize(
    ("pressed", "happened"),
    [
        ([press(DONE)], [PAID]),
        ([press(ALREADY)], []),
        ([press(REFUSED)], []),
        ([press(NOTHING)], []),
        ([press(MAYBE)], []),
        ([press(MAYBE)], [PAID]),
        ([press()], []),
        ([press()], [PAID]),
        ([press(DONE, UNREAD)], [PAID]),
        ([press(DONE, token="t1")], [Effect("Ada", ORDER, "pay", "with t1")]),
        ([press(DONE), press(REFUSED)], [PAID]),
        ([press(action="hold-back-customer-mail")], [Effect("Ada", ORDER, "hold-back", "")]),
    ],
)
def test_run2_what_is_true_is_not_called_a_lie(pressed: list[Press], happened: list[Effect]) -> None:
    assert judge(pressed, happened) == []


@pytest.mark.parametrize(
    ("pressed", "happened"),
    [
        ([press(DONE)], []),
        ([press(DONE)], [PAID, PAID]),
        ([press(REFUSED)], [PAID]),
        ([press(NOTHING)], [PAID]),
        ([press(DONE, NOTHING)], [PAID]),
        ([press()], [PAID, PAID]),
        ([press(DONE)], [Effect("Ada", OTHER, "pay", "")]),
        ([press()], [Effect("Ada", OTHER, "pay", "")]),
        ([press(DONE)], [Effect("Ben", ORDER, "pay", "")]),
        ([press(DONE, token="t1")], [PAID]),
        ([press(token="t1")], [Effect("Ada", OTHER, "pay", "with t1")]),
        ([], [PAID]),
    ],
)
def test_run2_a_lie_is_found(pressed: list[Press], happened: list[Effect]) -> None:
    assert judge(pressed, happened) != []
