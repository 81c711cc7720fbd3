"""Where a new person wanted to go when they signed up: the link that confirms their address brings them there.

They may open it on another machine, so no session knows the way. It is kept encrypted until then, for it may hold the
link of an invitation, and no copy of the database alone opens one.
"""

from allauth.account.utils import get_next_redirect_url
from allauth.core import context
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils.module_loading import import_string

from hdh_portal.accounts.adapters import fernet
from hdh_portal.accounts.models import Destination

LONGEST = 2000  # characters


def store(user, request):
    """Keep where the request says that the person goes next; a place outside the portal is none."""
    path = get_next_redirect_url(request)
    if path and len(path) <= LONGEST:
        Destination.objects.update_or_create(user=user, defaults={"sealed": fernet().encrypt(path.encode()).decode()})


def of(user):
    """The path that is kept for a person, or an empty text."""
    found = Destination.objects.filter(user=user).first()
    try:
        return fernet().decrypt(found.sealed.encode()).decode() if found else ""
    except InvalidToken:
        return ""


def invitation_ahead():
    """`{"email", "role", "call"}` if whoever signs in or up comes from an invitation that is open, else None."""
    request = context.request
    path = get_next_redirect_url(request) if request else None
    return import_string(settings.HDH_INVITATION_AHEAD)(path) if path else None
