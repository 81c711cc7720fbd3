"""What the stages say of a person, asked through settings: accounts stands below them and imports none.

`HDH_SECOND_FACTOR_ROLES`: dotted paths of `user id -> queryset`, rows of the roles of whoever selects, and so needs a
second factor; the id may be a reference to the column of an outer query.
`HDH_CLOSING_OBSTACLES`: dotted paths of `user -> sentence`, empty where the account may be closed.
"""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Value
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from hdh_portal.accounts.models import SECOND_FACTORS


def needs_second_factor(user):
    """True for an administrator and for whoever holds a role in a call."""
    return user.is_superuser or holds_role(user)


def holds_role(user):
    """True for whoever checks, scores, sits or manages in any call."""
    return any(roles(user.pk).exists() for roles in _named("HDH_SECOND_FACTOR_ROLES"))


def with_duties(users):
    """Adds to users `has_role` (as `holds_role`) and `has_factor` (as `User.has_second_factor`), no statement more."""
    role = Q(Value(False))
    for roles in _named("HDH_SECOND_FACTOR_ROLES"):
        role |= Q(Exists(roles(OuterRef("pk"))))
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    return users.annotate(has_role=role, has_factor=Exists(factors))


def obstacle_to_closing(user):
    """A sentence that says why the account cannot be closed now, or an empty one."""
    if user.is_superuser or holds_role(user):
        return _(
            "Vous tenez un rôle dans un appel. Demandez d’abord à l’équipe de cet appel d’y mettre fin,"
            " puis fermez votre compte."
        )
    return next(filter(None, (said(user) for said in _named("HDH_CLOSING_OBSTACLES"))), "")


def _named(setting):
    return [import_string(path) for path in getattr(settings, setting, [])]
