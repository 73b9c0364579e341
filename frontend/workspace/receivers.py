"""What the workspace does when an official logs out."""

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.middleware.csrf import rotate_token


@receiver(user_logged_out)
def rotate_csrf_token(sender, request, **kwargs):
    """Give the browser another CSRF cookie, as a log-in does.

    The page on the spot reads from it, also without a network, that the records stored on the phone
    belong to somebody who has logged out.
    """
    if request:
        rotate_token(request)
