"""What a mail server said, in words for a person (M-4)."""

import pytest

from backoffice_app.domain.mail.causes import in_words


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("[Errno 111] Connection refused", "Nothing answers at this server and port"),
        ("[Errno -2] Name or service not known", "No server of this name"),
        ("timed out", "can't be reached"),
        ("STARTTLS extension not supported by server.", "knows no STARTTLS"),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)", "speaks no TLS at this port"),
        ("535 5.7.8 Authentication credentials invalid", "this user with this password"),
        ("550 5.1.1 User unknown", "knows no such recipient"),
    ],
)
def test_m4_what_a_server_says_is_put_into_words(said: str, meant: str) -> None:
    words = in_words(said)
    assert words is not None
    assert meant in words.in_language("en")
    assert words.in_language("de") != words.in_language("en")


def test_m4_what_is_not_known_stays_as_the_server_said_it() -> None:
    assert in_words("451 greylisted, try again") is None
    assert in_words("") is None
