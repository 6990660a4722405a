"""Who a mail is from: a name and an address, read, kept and written in one way, so that what leaves is what was checked
(M-4).
"""

import re
from email.header import Header, decode_header, make_header
from email.policy import default
from email.utils import parseaddr
from unicodedata import category

from email_validator import validate_email

QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
PLAIN = re.compile(r"[\w &'+!-]*", re.ASCII)
"""Names that stand before an address as they are."""
LINE = 75


def read_sender(text: str) -> tuple[str, str]:
    """Name and address of `My shop <shop@example.com>`, `"My shop" <shop@example.com>` or `shop@example.com`; the name
    may be empty.

    The address is all between the last `<` and the `>` at the end; nothing in the name changes it.
    """
    name, bracket, address = text.strip().rpartition("<")
    if not bracket or not address.endswith(">"):
        return "", text.strip()
    name = name.strip()
    if quoted := QUOTED.fullmatch(name):
        name = re.sub(r"\\(.)", r"\1", quoted[1])
    return name.strip(), address[:-1].strip()


def written_sender(name: str, address: str) -> str:
    """The one text that `read_sender` reads as this name and address: plain where it can be, else the name
    in quotes.
    """
    plain = f"{name} <{address}>" if name else address
    return plain if read_sender(plain) == (name, address) else f"{quoted_name(name)} <{address}>"


def quoted_name(name: str) -> str:
    """A name as it may stand before an address: plain where it can, else in quotes (RFC 5322)."""
    if all(letter.isalnum() or letter in " &'+-_!" for letter in name):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def from_header(name: str, address: str) -> str:
    """What stands in the header `From`, in ASCII but for the address, folded by line breaks.

    What is neither plain nor harmless in quotes is encoded as a whole, so that no part of a name is read as anything
    else (RFC 2047).
    """
    if not name:
        return address
    if name.isascii() and "=?" not in name and len(name) <= LINE - len("From:  <>") - len(address):
        return f"{name if PLAIN.fullmatch(name) else quoted_name(name)} <{address}>"
    return f"{Header(name, 'utf-8', header_name='From', maxlinelen=LINE).encode()}\n <{address}>"


def comes_back(name: str, address: str) -> bool:
    """Whether those who get the mail read this name and this address, and no other."""
    if any(category(letter) == "Cc" for letter in name):
        return False
    flat = from_header(name, address).replace("\n", "")
    seen, found = parseaddr(flat)
    addresses = [one.addr_spec for one in default.header_factory("From", flat).addresses]
    return found == address and addresses == [address] and str(make_header(decode_header(seen))) == name


def with_ascii_domain(address: str) -> str:
    """The address with its domain as the mail system knows it: `a@bücher.example` -> `a@xn--bcher-kva.example`.

    Raises ValueError.

    By the rules it was checked by (IDNA 2008, in which `faß.example` is not `fass.example`); else by the older ones,
    which know more signs.
    """
    local, _at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        known = validate_email(
            f"a@{domain}", check_deliverability=False, globally_deliverable=False
        ).ascii_domain
    except ValueError:
        known = domain.encode("idna").decode()
    return f"{local}@{known}"
