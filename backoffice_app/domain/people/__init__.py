"""Colleagues and API keys: who they are, how they sign in, what they may do (SEC-1, SEC-2, SEC-3)."""

from backoffice_app.domain.people import actions, noted
from backoffice_app.domain.people.accounts import (
    TOPIC,
    add_user,
    change_own_password,
    change_role,
    change_user,
    create_owner,
    has_users,
    retire_user,
    set_password,
    sign_out_everywhere,
    user_id_of,
    users,
)
from backoffice_app.domain.people.attempts import SignInPaused
from backoffice_app.domain.people.browsers import KNOWN_FOR, remember_browser
from backoffice_app.domain.people.demo import DEMO_ACCOUNTS, create_demo_accounts
from backoffice_app.domain.people.keys import (
    actor_of_api_key,
    api_keys,
    create_api_key,
    revoke_api_key,
    scopes,
)
from backoffice_app.domain.people.own_sessions import end_own_session, own_sessions
from backoffice_app.domain.people.passwords import DEMO_PASSWORD
from backoffice_app.domain.people.preferences import set_language, set_single_keys, set_theme
from backoffice_app.domain.people.sessions import (
    actor_of_session,
    end_session,
    of_sessions,
    open_session,
    sign_in,
)
from backoffice_app.domain.people.setup_key import forget_setup_key, is_setup_key, setup_key

__all__ = [
    "DEMO_ACCOUNTS",
    "DEMO_PASSWORD",
    "KNOWN_FOR",
    "TOPIC",
    "SignInPaused",
    "actions",
    "actor_of_api_key",
    "actor_of_session",
    "add_user",
    "api_keys",
    "change_own_password",
    "change_role",
    "change_user",
    "create_api_key",
    "create_demo_accounts",
    "create_owner",
    "end_own_session",
    "end_session",
    "forget_setup_key",
    "has_users",
    "is_setup_key",
    "noted",
    "of_sessions",
    "open_session",
    "own_sessions",
    "remember_browser",
    "retire_user",
    "revoke_api_key",
    "scopes",
    "set_language",
    "set_password",
    "set_single_keys",
    "set_theme",
    "setup_key",
    "sign_in",
    "sign_out_everywhere",
    "user_id_of",
    "users",
]
