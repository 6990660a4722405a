"""Settings > Users: who may sign in, as what, and which programs hold a key. For the owner alone (SEC-1, API-1)."""

from collections.abc import Callable
from typing import TypeVar

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.domain import people
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.rights import Actor, Right, Role
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.people.views import KeyRow, PeoplePage, PersonRow, people_page
from backoffice_app.i18n import UI_LANGUAGES, LazyText, _
from backoffice_app.state import hub, notices
from backoffice_app.state.base import act, actor_of, changes, look, needs
from backoffice_app.state.reread import reread
from backoffice_app.state.subjects import subject
from backoffice_app.state.visits import with_dialog

PEOPLE, PERSON, KEY = subject("people"), subject("user"), subject("api-key")
FORMS = ("add", "person", "password", "retire", "key", "revoke")
GONE = _("A colleague was faster: this is gone already.")
KEY_UNREAD = _(
    "The API key was created, but the list could not be read anew. Copy the key before you load the page again."
)
Answer = list[EventSpec] | EventSpec | None
Row = TypeVar("Row", PersonRow, KeyRow)


@with_dialog
class UsersState(rx.State):
    """Colleagues and keys, and the one dialog that is open. No password is ever kept here."""

    ready: bool = False
    """Whether the lists were read once; skeletons stand in their place until then."""
    page: PeoplePage = PeoplePage()
    form: str = ""
    """Which dialog is open: one of FORMS, `shown-key`, or none."""
    person: PersonRow = PersonRow()
    """The colleague whom the open dialog is about."""
    key: KeyRow = KeyRow()
    """The API key which the open dialog is about."""
    new_key: str = ""
    """The key that was created just now, until its dialog closes: it is shown this once."""
    wrong: str = ""
    """What the rules or the input object to in the open dialog."""
    wrong_field: str = ""

    @rx.event
    @needs(Right.USERS)
    async def load(self) -> None:
        """The lists as they are now; from now on the tab follows what happens to them."""
        self.form, self.wrong, self.wrong_field, self.new_key = "", "", "", ""
        await self._read()
        hub.watch(self, people.TOPIC, UsersState.refresh)  # type: ignore[arg-type]  # the decorator makes it a handler

    @rx.event
    @needs(Right.USERS)
    async def refresh(self) -> None:
        """The lists, read anew; what is typed into a dialog stays."""
        await self._read()

    @rx.event
    @needs(Right.USERS)
    async def open(self, form: str, which: int) -> None:
        """Opens a dialog; `which`: the id of the colleague or key it is about, 0 for a new one."""
        if form not in FORMS:
            return
        self.person = next((one for one in self.page.people if one.id == which), PersonRow())
        self.key = next((one for one in self.page.api_keys if one.id == which), KeyRow())
        self.form, self.wrong, self.wrong_field, self.new_key = form, "", "", ""

    @rx.event
    @needs(Right.USERS)
    async def close(self, stays: bool) -> None:
        """Closes the dialog that is open; a key that it showed is gone."""
        if stays is not True:
            self.form, self.wrong, self.wrong_field, self.new_key = "", "", "", ""

    @rx.event(temporal=True)
    @needs(Right.USERS)
    @changes(PEOPLE)
    async def add(self, about: str, values: dict[str, str]) -> Answer:  # noqa: ARG002  # the gate judges it
        """Adds the colleague of the form."""
        name, email = _text(values, "name"), _text(values, "email")
        language = _text(values, "language")

        def change(actor: Actor) -> None:
            people.add_user(
                actor,
                email=email,
                name=name,
                role=_role(values),
                password=_text(values, "password"),
                language=language if language in UI_LANGUAGES else self.page.language,
            )

        return await self._do(change, _("{person} may sign in now.").format(person=name.strip()))

    @rx.event(temporal=True)
    @needs(Right.USERS)
    @changes(PERSON)
    async def change_person(self, about: str, values: dict[str, str]) -> Answer:
        """Saves what was changed in the dialog of a colleague; what was left alone there stays, no matter who changed
        it meanwhile.
        """
        who = await self._person(about)
        shown = self.person if self.person.id == who.id else who
        given = {name: _text(values, name) for name in ("name", "email", "language") if name in values}
        changed = {name: value for name, value in given.items() if value != getattr(shown, name)}

        def change(actor: Actor) -> None:
            role = _role(values)
            if changed:
                people.change_user(actor, who.id, **changed)
            if role.value != shown.role:
                people.change_role(actor, who.id, role, seen=Shown.parse(about).version)

        return await self._do(
            change, _("{person} is changed.").format(person=changed.get("name", who.name).strip())
        )

    @rx.event(temporal=True)
    @needs(Right.USERS)
    @changes(PERSON)
    async def set_password(self, about: str, values: dict[str, str]) -> Answer:
        """Gives the colleague of the dialog a new password and ends all their sessions."""
        who = await self._person(about)
        done = _("{person} has a new password and is signed out everywhere.").format(person=who.name)
        return await self._do(
            lambda actor: people.set_password(actor, who.id, _text(values, "password")), done
        )

    @rx.event(temporal=True)
    @needs(Right.USERS)
    @changes(PERSON)
    async def sign_out(self, about: str) -> Answer:
        """Ends all sessions of the colleague of the dialog."""
        who = await self._person(about)
        done = _("{person} is signed out everywhere.").format(person=who.name)
        return await self._do(lambda actor: people.sign_out_everywhere(actor, who.id), done)

    @rx.event(temporal=True)
    @needs(Right.USERS)
    @changes(PERSON)
    async def retire(self, about: str, values: dict[str, str]) -> Answer:  # noqa: ARG002  # a form's submit brings its values
        """Retires the colleague of the dialog."""
        who = await self._person(about)
        return await self._do(
            lambda actor: people.retire_user(actor, who.id), _("{person} is retired.").format(person=who.name)
        )

    @rx.event(temporal=True)
    @needs(Right.USERS)
    @changes(PEOPLE)
    async def create_key(self, about: str, values: dict[str, str]) -> Answer:  # noqa: ARG002
        """Creates the API key of the form and shows it, this once, also if the lists can't be read anew."""
        name, scopes = _text(values, "name"), [scope for scope in people.scopes() if values.get(scope)]
        made: list[str] = []
        said = await self._do(
            lambda actor: made.append(people.create_api_key(actor, name, scopes)), None, KEY_UNREAD
        )
        if made:
            self.form, self.new_key = "shown-key", made[0]
        return said

    @rx.event(temporal=True)
    @needs(Right.USERS)
    @changes(KEY)
    async def revoke(self, about: str, values: dict[str, str]) -> Answer:  # noqa: ARG002  # a form's submit brings its values
        """Revokes the API key of the dialog."""
        which = await self._key(about)
        done = _("The API key {name} is revoked.").format(name=which.name)
        return await self._do(lambda actor: people.revoke_api_key(actor, which.id), done)

    async def _person(self, about: str) -> PersonRow:
        """The colleague that the page showed, as the database knows them.

        Raises Refused where there isn't one any more.
        """
        return _shown((await look(_page_of, await actor_of(self))).people, about)

    async def _key(self, about: str) -> KeyRow:
        """The API key that the page showed. Raises Refused where there isn't one any more."""
        return _shown((await look(_page_of, await actor_of(self))).api_keys, about)

    async def _do(
        self, change: Callable[[Actor], object], done: LazyText | None, unread: LazyText | None = None
    ) -> Answer:
        """One domain call, then the lists anew; a refusal stands in the dialog, and what is done in a notice.

        `unread`: what is said if the lists can't be read anew, instead of the usual sentence.
        """
        actor = await actor_of(self)
        try:
            await act(change, actor)
        except (Invalid, Refused) as no:
            self.wrong = no.reason.in_language(actor.language)
            self.wrong_field = no.field if isinstance(no, Invalid) else ""
            return None
        except NotFound:
            self._close()
            await self._read()
            return notices.tell(GONE)
        self._close()
        said = [notices.tell(done)] if done else []
        if not await reread(self._read):
            said.append(notices.tell(unread, notices.ERROR) if unread else notices.unread(""))
        return said or None

    def _close(self) -> None:
        """No dialog is open."""
        self.form, self.wrong, self.wrong_field = "", "", ""

    async def _read(self) -> None:
        """Anyone who has just taken the right away from themselves sees nothing any more."""
        actor = await actor_of(self)
        try:
            self.page = await look(people_page, actor, actor.language)
        except Refused:
            self.page = PeoplePage()
        self.ready = True


def _page_of(actor: Actor) -> PeoplePage:
    return people_page(actor, actor.language)


def _shown(rows: list[Row], about: str) -> Row:
    number = Shown.parse(about).number
    found = next((row for row in rows if str(row.id) == number), None)
    if found is None:
        raise Refused(GONE)
    return found


def _text(values: dict[str, str], name: str) -> str:
    """A field of a form as text, whatever a client sends."""
    return str(values.get(name) or "")


def _role(values: dict[str, str]) -> Role:
    role = _text(values, "role")
    if role not in set(Role):
        raise Invalid("role", _("There is no such role."))
    return Role(role)
