"""Founds the shop of a soak in the database of the environment: colleagues, company, an API key. Prints the key."""

import sys

from soak.premises import PASSWORD, email_of, name_of

from backoffice_app import db, load
from backoffice_app.domain import people
from backoffice_app.domain.core.rights import COMMAND, Role
from backoffice_app.domain.core.shop import Company, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.migrate import migrate


def found(colleagues: int) -> str:
    """The shop is there, with so many colleagues, the first of them owner; returns the API key."""
    load.domain()
    migrate(db.engine())
    company = Company(
        name="Soak GmbH",
        street="Am Hafen 1",
        postcode="20457",
        city="Hamburg",
        vat_id="DE136695976",
        email="shop@soak.example",
    )
    with work(COMMAND) as w:
        save_section(w.session, "company", company)
    people.create_owner(email=email_of(0), name=name_of(0), password=PASSWORD, language="en")
    for n in range(1, colleagues):
        people.add_user(
            COMMAND, email=email_of(n), name=name_of(n), role=Role.STAFF, password=PASSWORD, language="en"
        )
    for n in range(1, 3):  # nobody signs in as these: they are there to be given another role
        people.add_user(
            COMMAND,
            email=f"nobody{n}@soak.example",
            name=f"Nobody {n}",
            role=Role.STAFF,
            password=PASSWORD,
            language="en",
        )
    return people.create_api_key(COMMAND, "Soak", ["orders:write", "orders:read"])


if __name__ == "__main__":
    sys.stdout.write(found(int(sys.argv[1])))
