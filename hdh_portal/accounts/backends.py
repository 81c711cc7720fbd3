"""Who a session belongs to, read in one statement with what each request must know of that person."""

from allauth.account.auth_backends import AuthenticationBackend

from hdh_portal.accounts.models import User
from hdh_portal.accounts.offices import with_duties


class Backend(AuthenticationBackend):
    """Sign-in by e-mail; the person of a request comes with `has_role` and `has_factor`, as they stand now."""

    def get_user(self, user_id):
        """The person, or None once the account is closed."""
        user = with_duties(User.objects.filter(pk=user_id)).order_by().first()
        return user if user is not None and self.user_can_authenticate(user) else None
