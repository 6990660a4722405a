"""Message-IDs of mails, as headers may hold them (RFC 5322)."""

import re

_ID = re.compile(r"<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,200}>")
"""Between angle brackets visible ASCII alone: nothing that could end a header or begin another."""


def is_message_id(text: str) -> bool:
    """Whether a text is the Message-ID of a mail, such as "<7f3@shop.example>"."""
    return _ID.fullmatch(text) is not None
