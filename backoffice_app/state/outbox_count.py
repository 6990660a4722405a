"""How many mails need a person, at the menu's entry of the outbox (M-3, R-5)."""

from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.mail.queries import needs_a_person
from backoffice_app.domain.mail.write import NEEDS_A_PERSON
from backoffice_app.i18n import ngettext
from backoffice_app.state.menu_count import menu_count

OUTBOX = menu_count(
    "outbox",
    right=Right.MAIL,
    topic=NEEDS_A_PERSON,
    read=lambda session, _actor: needs_a_person(session),
    sentence=lambda number: ngettext("{count} needs a person", "{count} need a person", number),
    alarms=True,
)
