"""Settings > Mail: the mail server, where the environment names none (M-4)."""

from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.shop import MailServer
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.settings.checks import host, port
from backoffice_app.domain.settings.section import Texts, section
from backoffice_app.i18n import _
from backoffice_app.settings import settings


def judge(w: Work, changed: Texts) -> None:
    """A password goes to the server and the user it was typed for, and to no other; without a user it is forgotten."""
    if settings().smtp_url:
        raise Refused(
            _(
                "The mail server is set by KONTOR_SMTP_URL where Kontor is started. Remove it there to choose one here."
            )
        )
    stored = w.shop.mailserver
    typed = changed.get("password", "")
    new = stored.model_copy(update={name: value for name, value in changed.items() if name != "password"})
    if typed and not new.host:
        raise Invalid("host", _("Write the name of the server."))
    if typed and not new.user:
        raise Invalid("user", _("Write the user name that the password belongs to."))
    if not (new.host and new.user):
        if stored.password:
            changed["password"] = ""
        return
    if typed:
        return
    if not stored.password:
        raise Invalid("password", _("Write the password of this user."))
    if _goes_to(new) != _goes_to(stored):
        raise Invalid(
            "password", _("Write the password again: the kept one goes only where it was meant for.")
        )


def _goes_to(server: MailServer) -> tuple[str, int, str, str]:
    """Where a password goes: to whom, on which way, as whose."""
    return server.host, server.at, server.tls, server.user


MAILSERVER = section(
    "mailserver",
    _("Mail server"),
    MailServer,
    labels={
        "host": _("Server"),
        "port": _("Port"),
        "tls": _("Encryption"),
        "user": _("User name"),
        "password": _("Password"),
    },
    checks={"host": host, "port": port},
    judge=judge,
)
