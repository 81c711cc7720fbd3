"""Who a session belongs to, read in one statement with what each request must know of that person."""

import functools

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from hdh_portal.accounts.models import User
from hdh_portal.accounts.offices import with_duties


class Backend(AuthenticationBackend):
    """Sign-in by e-mail; the person of a request comes with `has_role` and `has_factor`, as they stand now."""

    def get_user(self, user_id):
        """The person, or None once the account is closed."""
        user = _people(tuple(settings.HDH_SECOND_FACTOR_ROLES)).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


@functools.cache
def _people(roles):
    """All people with their duties, of these settings: put together once a process, for every request asks it."""
    return with_duties(User.objects.order_by())
