"""Colleagues and API keys: who they are, how they sign in, what they may do (SEC-1, SEC-2, SEC-3)."""

from backoffice_app.domain.people import noted
from backoffice_app.domain.people.accounts import (
    TOPIC,
    add_user,
    change_own_password,
    change_role,
    create_owner,
    has_users,
    retire_user,
    set_password,
    sign_out_everywhere,
    user_id_of,
    users,
)
from backoffice_app.domain.people.attempts import SignInPaused
from backoffice_app.domain.people.demo import DEMO_ACCOUNTS, create_demo_accounts
from backoffice_app.domain.people.keys import SCOPES, actor_of_api_key, api_keys, create_api_key, revoke_api_key
from backoffice_app.domain.people.passwords import DEMO_PASSWORD
from backoffice_app.domain.people.preferences import set_language, set_single_keys, set_theme
from backoffice_app.domain.people.sessions import actor_of_session, end_session, of_sessions, open_session, sign_in

__all__ = [
    "DEMO_ACCOUNTS",
    "DEMO_PASSWORD",
    "SCOPES",
    "TOPIC",
    "SignInPaused",
    "actor_of_api_key",
    "actor_of_session",
    "add_user",
    "api_keys",
    "change_own_password",
    "change_role",
    "create_api_key",
    "create_demo_accounts",
    "create_owner",
    "end_session",
    "has_users",
    "of_sessions",
    "noted",
    "open_session",
    "retire_user",
    "revoke_api_key",
    "set_language",
    "set_password",
    "set_single_keys",
    "set_theme",
    "sign_in",
    "sign_out_everywhere",
    "user_id_of",
    "users",
]
