"""How many notes wait for a colleague to read them, at the menu's entry of the dashboard (W-11)."""

from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.notes import COUNT_TOPIC, unread_by
from backoffice_app.i18n import ngettext
from backoffice_app.state.menu_count import menu_count

NOTES = menu_count(
    "notes",
    right=Right.READ,
    topic=COUNT_TOPIC,
    read=unread_by,
    sentence=lambda number: ngettext("{count} note for you", "{count} notes for you", number),
    of_each=True,
)
