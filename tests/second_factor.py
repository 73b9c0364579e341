"""The codes of an authenticator app (TOTP, RFC 6238)."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value


def code_now(secret):
    """The code that an app with this secret displays now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
