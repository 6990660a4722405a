"""The test mail: shows the owner whether mails arrive, by the way that all mails go (M-4)."""

import secrets
from typing import Annotated

from pydantic import Field

from backoffice_app.domain.core.actions import Done, Input, action
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shop import SETTINGS, Shop
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail.addressing import addresses
from backoffice_app.domain.mail.footer import footer_of, with_footer
from backoffice_app.domain.mail.html import Meaning, html_of
from backoffice_app.domain.mail.kinds import TEST
from backoffice_app.domain.mail.server import NONE_SET, is_set
from backoffice_app.domain.mail.templates import Text
from backoffice_app.domain.mail.write import Letter, put_in
from backoffice_app.i18n import _


class TestMail(Input):
    """`recipient`: where it goes."""

    __test__ = False
    recipient: Annotated[str, Asked(_("Recipient"))] = Field(max_length=254)


@action(
    subject=SETTINGS,
    key="send-test-mail",
    label=_("Send test mail"),
    right=Right.SETTINGS,
    why_not=lambda _shop: None,
    input=TestMail,
)
def send_test_mail(w: Work, shop: Shop, data: TestMail) -> Done:
    """Put a test mail into the outbox. What became of it is said there, and beside the button."""
    if not is_set(shop):
        raise Refused(NONE_SET)
    if len(addresses(data.recipient)) != 1:
        raise Invalid("recipient", _("“{value}” is no e-mail address.").format(value=data.recipient))
    language = w.actor.language
    subject = _("Test mail from {shop}").format(shop=shop.company.name or "Kontor").in_language(language)
    said = _("If you can read this, mails from Kontor arrive here.").in_language(language)
    text = Text(subject, said + "\n")
    footer = footer_of(shop.company, language)
    whole = with_footer(text, footer)
    letter = Letter(
        whole.subject, whole.body, html_of(text, Meaning(), language, shop=shop.company.name, footer=footer)
    )
    mail = put_in(
        w,
        {"key": f"test/{secrets.token_hex(8)}", "order_id": None, "kind": TEST, "language": language},
        letter,
        data.recipient,
        0,
    )
    if mail is None:
        raise AssertionError("a random key was taken")
    return Done(_("The test mail to {recipient} is on its way.").format(recipient=data.recipient))
