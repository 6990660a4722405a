"""How many tasks of the colleague's own are due today, at the menu's entry of the tasks (W-9)."""

from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.tasks.queries import due_today
from backoffice_app.domain.tasks.subject import COUNT_TOPIC
from backoffice_app.i18n import ngettext
from backoffice_app.state.menu_count import menu_count

TASKS = menu_count(
    "tasks",
    right=Right.READ,
    topic=COUNT_TOPIC,
    read=lambda session, actor: due_today(session, actor, load_shop(session).regional.zone),
    sentence=lambda number: ngettext("{count} is due today", "{count} are due today", number),
    of_each=True,
)
