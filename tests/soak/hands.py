"""What a colleague does in an order window: buttons, dialogs, `Undo`, the palette.

Each press goes by what the tab shows at that moment.
"""

from collections.abc import Mapping

from soak import contract
from soak.contract import CUSTOMER_MAIL, DIALOGS, ORDER, Event
from soak.ledger import Press
from soak.tab import Lost, Tab

ADDRESS = ("name", "company", "street", "addition", "postcode", "city", "region", "country")
AT_ONCE = ("pay", "ship", "hold", "resume")
OF_PALETTE = ("pay", "ship", "resume")
"""What a row of the palette does at once; `hold` opens its dialog there."""


class Hands:
    """The hands at one tab."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    async def click(self, key: str, seconds: float = 30) -> Press:
        """A button that does it at once, as it stands there: with no values."""
        return await self._press(key, "", contract.act(self.tab.view, key, {}), seconds)

    async def tell(self, key: str, seconds: float = 30) -> Press:
        """The same from its dialog, told something of its own: a method, a tracking number, a reason."""
        token = self.tab.ledger.token()
        values = {
            "pay": {"method": token, "amount": "1.00"},
            "ship": {"tracking": token},
            "hold": {"reason": token},
        }[key]
        return await self._press(key, token, contract.act(self.tab.view, key, values), seconds)

    async def choose(self, key: str, seconds: float = 30) -> Press:
        """A row of the palette that does an action at once."""
        return await self._press(key, "", contract.choose(self.tab.view, key), seconds)

    async def open_dialog(self, form: str, seconds: float = 30) -> bool:
        """Opens a dialog; False if it did not come."""
        event = contract.open_dialog(self.tab.view, form)
        return await self.tab.step(
            f"dialog {form}", *event, lambda: self.tab.value(ORDER, "form") == form, seconds
        )

    def filled(self, form: str) -> tuple[str, str, dict[str, str]] | None:
        """What a person would type into the open dialog: (action, token, values); None where it offers nothing."""
        token = self.tab.ledger.token()
        if form in {"billing", "shipping"}:
            shown: Mapping[str, str] = self.tab.value(DIALOGS, form) or {}
            if not shown:
                return None
            return (
                "edit-address",
                token,
                {"kind": form, **{name: shown[name] for name in ADDRESS}, "street": token},
            )
        if form == contract.CUSTOMER_MAIL_FORM:
            once = str(self.tab.value(CUSTOMER_MAIL, "once") or "")
            return (
                "customer-mail",
                token,
                {"once": once, "language": "en", "subject": token, "message": f"About {token}."},
            )
        shipment = self.tab.value(DIALOGS, "part_shipment") or {}
        packed = shipment.get("packed") or []
        if not packed:
            return None
        shipped = {"shipped": "on"} if self.tab.dice.random() < 0.4 else {}
        values = {
            "shipment": shipment["number"],
            f"quantities.{packed[0]['rank']}": "1",
            "tracking": token,
            **shipped,
        }
        return "part-shipment", token, values

    async def save(
        self, number: str, about: str | None, typed: tuple[str, str, dict[str, str]], seconds: float = 30
    ) -> Press:
        """`Save` of a dialog that was opened for the order `number`, with what was typed."""
        key, token, values = typed
        event = contract.save(about, key, values)
        return await self._press(key, token, event, seconds, number)

    async def fill_and_save(self, form: str) -> Press | None:
        """Opens a dialog, types and saves, without a disturbance of its own; None if the dialog did not come."""
        number = self.tab.shown
        if not await self.open_dialog(form):
            return None
        typed, about = self.filled(form), contract.asked(self.tab.vars.get(ORDER, {}))
        if typed is None or self.tab.shown != number:
            return None
        if form == contract.CUSTOMER_MAIL_FORM:
            try:
                await self.tab.emit(*contract.draft_mail(about, "message", typed[2]["message"]))
            except Lost:
                return None
        return await self.save(number, about, typed)

    async def undo(self, seconds: float = 30) -> Press | None:
        """`Undo` of the last notice that has one; None where there isn't one."""
        items = [item for item in self.tab.notices() if item.get("undo") and item["key"] in self.tab.told_of]
        if not items:
            return None
        item = items[-1]
        told = self.tab.told_of[item["key"]]
        action = contract.undo_key(item, told.action)
        if not action:
            return None
        # What is undone is written on the notice: the order it speaks of, whatever the window shows by now.
        return await self._press(action, "", contract.undo(item), seconds, told.subject[1])

    async def _press(self, key: str, token: str, event: Event, seconds: float, number: str = "") -> Press:
        press = Press(self.tab.who, ("order", number or self.tab.shown), key, token)
        return await self.tab.press(press, event, seconds)
