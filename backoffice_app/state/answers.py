"""What the buttons of this tab wait for: its events run one after another, so the one behind a press tells that it was
answered.
"""

import reflex as rx

from backoffice_app.state.base import public

LARGEST = 2**53
"""Beyond it the browser's numbers are not exact."""


class Answers(rx.State):
    """The last press of this tab that was answered."""

    last: int = 0

    @rx.event
    @public
    async def reach(self, press: int) -> None:
        """All that was pressed up to this one is done, refused or failed.

        The browser sends it right behind each press.
        """
        if 0 <= press <= LARGEST:
            self.last = press
