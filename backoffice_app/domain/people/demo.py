"""The accounts of the demo, whose password is known to all (SEC-3)."""

from backoffice_app.domain.core.rights import COMMAND, Role
from backoffice_app.domain.core.work import work
from backoffice_app.domain.people.accounts import add_hashed, users
from backoffice_app.domain.people.passwords import DEMO_PASSWORD, hashed
from backoffice_app.domain.people.sessions import OF_THE_BROWSER
from backoffice_app.settings import settings

DEMO_ACCOUNTS: dict[str, tuple[str, Role]] = {
    "owner@demo.test": ("Olga Ohm", Role.OWNER),
    "staff@demo.test": ("Ben Beier", Role.STAFF),
    "warehouse@demo.test": ("Wanda Werk", Role.WAREHOUSE),
    "bookkeeper@demo.test": ("Bruno Buch", Role.BOOKKEEPER),
    "reader@demo.test": ("Rita Reed", Role.READ_ONLY),
}
"""E-mail -> name and role: one colleague of each role."""


def create_demo_accounts() -> None:
    """The demo has one account of each role. Those that are there already stay; outside the demo it is an error."""
    if not settings().demo:
        raise AssertionError("demo accounts outside the demo")
    there = {user.email for user in users(retired=True)}
    missing = {email: who for email, who in DEMO_ACCOUNTS.items() if email not in there}
    if not missing:
        return
    password_hash = hashed(DEMO_PASSWORD)
    with work(COMMAND) as w:
        for email, (name, role) in missing.items():
            add_hashed(
                w, email=email, name=name, role=role, password_hash=password_hash, language=OF_THE_BROWSER
            )
