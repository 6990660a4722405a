"""To whom a mail can go: the usable addresses in a text (M-3)."""

from backoffice_app.domain.mail.sender import with_ascii_domain


def addresses(text: str) -> tuple[str, ...]:
    """The usable addresses in a text, each once whatever its case (M-3)."""
    found = (part.strip() for part in text.replace(";", ",").split(","))
    return tuple(
        {address.casefold(): address for address in reversed(list(found)) if _is_usable(address)}.values()
    )[::-1]


def _is_usable(address: str) -> bool:
    """Whether it may stand in an envelope and a header as it is; what would need quotes is not taken."""
    if (
        address.count("@") != 1
        or not address.isprintable()
        or set(address) & set(' <>()[]"\\')
        or not all(address.split("@"))
    ):
        return False
    try:
        with_ascii_domain(address)
    except ValueError:
        return False
    return True
