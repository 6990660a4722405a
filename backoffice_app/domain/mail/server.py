"""Where mails are handed over: the server of the environment, else the one that the owner chose (M-4)."""

from backoffice_app import kept_secrets
from backoffice_app.db import reading
from backoffice_app.domain.core.shop import MailServer, Shop, load_shop
from backoffice_app.i18n import _
from backoffice_app.settings import settings

NONE_SET = _("There is no mail server the mail could go to. Set one at Settings > Mail.")


class PasswordLost(Exception):  # noqa: N818
    """The password of the mail server is not in the data folder any more, such as after a restore without it."""

    def __init__(self) -> None:
        super().__init__(
            "the password of the mail server is not in the data folder: enter it again at Settings > Mail"
        )


def is_set(shop: Shop) -> bool:
    """Whether there is a server that mails could go to."""
    return bool(settings().smtp_url or shop.mailserver.host)


def chosen_server() -> tuple[MailServer, str]:
    """The server that the owner chose, without a host for none, and its password. Raises PasswordLost, Away."""
    for _attempt in range(2):  # a password that was changed in between is read anew
        with reading() as session:
            chosen = load_shop(session).mailserver
        password = kept_secrets.read(chosen.password) if chosen.password else ""
        if password is not None:
            return chosen, password
    raise PasswordLost
