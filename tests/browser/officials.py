"""Officials who are signed in without their passwords and codes.

A code of the authenticator app does not work twice, so the session is made on the server.
"""

import secrets

from tests import template_databases

SIGN_IN = """
from datetime import timedelta
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
for name, key in {keys!r}.items():
    user = get_user_model().objects.get(username=name)
    values = {{
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend",
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }}
    Session.objects.create(
        session_key=key,
        session_data=SessionStore().encode(values),
        expire_date=timezone.now() + timedelta(hours=1),
    )
"""


def sign_in(database, *names, before=""):
    """Return {name: session key} of sessions of those users.

    before: Python code that makes what is needed first, in the same process.
    """
    keys = {name: secrets.token_hex(16) for name in names}
    code = before + SIGN_IN.format(keys=keys)
    template_databases.manage(database, "shell", "-c", code)
    return keys
