"""Resetting a second factor that is lost: one person asks, another confirms within a day, the owner is told of both.

A factor is what keeps a stolen password out: nobody takes it away alone, nobody their own, and not behind its owner's
back. Whoever still signs in with it has not lost it, and that ends the request.
"""

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from applications.models import CaseOfficer
from hdh_portal.accounts.blocking import end_sessions
from hdh_portal.accounts.models import SECOND_FACTORS, User
from hdh_portal.ground import clock
from hdh_portal.operations.models import SecondFactorReset
from hdh_portal.operations.roles import roles_of
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.reasons import reason_of

LONGEST_IDENTITY = 500


def may_reset(by, user):
    """True for another person who operates the portal, or who manages a call in which the person holds a role.

    The factor of an operator is in the hands of operators only: a manager would rise by it.
    """
    if by is None or by.pk == user.pk or not User.objects.filter(pk=by.pk, is_active=True).exists():
        return False
    return by.is_superuser or (not user.is_superuser and managers_over(user).filter(user=by).exists())


def managers_over(user):
    """Offices of those who manage a call in which the person holds a role."""
    calls = {role.call_id for _kind, role in roles_of(user)}
    rows = CaseOfficer.objects.in_office().filter(power=CaseOfficer.Power.MANAGER, call__in=calls, user__is_active=True)
    return rows.exclude(user=user)


def waiting_reset(user, at):
    """The request that may still be confirmed, or None."""
    return SecondFactorReset.objects.waiting(at).filter(user=user).select_related("asked_by").first()


def _waiting(user):
    return SecondFactorReset.objects.unanswered().filter(user=user)


@action
def ask_reset(user, identity, *, by, at):
    """Ask for a reset; returns the `SecondFactorReset`. `identity`: how the person's identity was made sure of."""
    user = _locked(user, by)
    identity = reason_of(
        identity,
        longest=LONGEST_IDENTITY,
        field="identity",
        missing=_("Indiquez comment vous avez vérifié l’identité de la personne."),
    )
    if not user.authenticator_set.filter(type__in=SECOND_FACTORS).exists():
        raise Refused(
            _("Cette personne n’a pas de second facteur\u00a0: le portail lui en fait poser un à sa connexion."),
            code="no_factor",
        )
    for old in _waiting(user).select_for_update(of=("self",)):
        if at < old.expires_at:
            raise Refused(_("Une demande attend déjà une confirmation pour cette personne."), code="already_asked")
        _end(old, at)
    reset = SecondFactorReset.objects.create(user=user, identity=identity, asked_by=by, asked_at=at)
    _mail(reset, "factor_reset_asked", user)
    for other in User.objects.filter(pk__in=managers_over(user).exclude(user=by).values("user")):
        _mail(reset, "factor_reset_to_confirm", other)
    _journal(reset, "second_factor_reset_asked", by, at)
    return reset


@action
def confirm_reset(user, number, *, by, at):
    """Take away every factor of the person and end their sessions; the next sign-in sets up a new one.

    `number`: id of the `SecondFactorReset` that the page showed. Returns it.
    """
    user = _locked(user, by)
    reset = _still_open(user, number, at)
    if by.pk == reset.asked_by_id:
        raise Refused(_("Une autre personne que celle qui a demandé confirme."), code="asked_by_you")
    if not may_reset(reset.asked_by, user):
        raise Refused(
            _("La personne qui a demandé n’en a plus le droit\u00a0: refaites la demande."), code="asker_left"
        )
    if _came_after(by, user, reset):
        raise Refused(
            _("Vous gérez cet appel depuis moins longtemps que la demande\u00a0: une autre personne confirme."),
            code="came_after",
        )
    if _used_since(user, reset):
        raise Refused(
            _("Cette personne s’est connectée avec son second facteur depuis la demande\u00a0: elle ne l’a pas perdu."),
            code="factor_used",
        )
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    reset.confirmed_by, reset.confirmed_at = by, at
    reset.save(update_fields=["confirmed_by", "confirmed_at"])
    _mail(reset, "factor_reset_done", user)
    _journal(reset, "second_factor_reset_confirmed", by, at)
    return reset


@action
def refuse_reset(user, number, *, by, at):
    """End a request without a reset, by whoever may ask or confirm one; returns it."""
    user = _locked(user, by)
    reset = _still_open(user, number, at)
    _end(reset, at)
    _journal(reset, "second_factor_reset_refused", by, at)
    return reset


def _locked(user, by):
    user = User.objects.select_for_update().get(pk=user.pk)
    if not may_reset(by, user):
        raise Refused(
            _(
                "Un second facteur est réinitialisé par deux autres personnes, qui gèrent un appel où la personne "
                "tient un rôle, ou qui exploitent le portail."
            ),
            code="not_allowed",
        )
    return user


def _still_open(user, number, at):
    """The request that the page showed, if it still waits: another one since is to be read first."""
    reset = _waiting(user).select_for_update(of=("self",)).select_related("asked_by").first()
    if reset is None or str(reset.pk) != str(number):
        raise Refused(
            _("Cette demande n’attend plus\u00a0: elle a reçu une réponse, ou une autre l’a suivie. Relisez la page."),
            code="answered",
        )
    if at >= reset.expires_at:
        raise Refused(_("Cette demande a plus de 24 heures\u00a0: refaites-la."), code="expired")
    return reset


def _came_after(by, user, reset):
    """True for a manager whose office is younger than the request: nobody is brought in to confirm one's own."""
    return not by.is_superuser and not managers_over(user).filter(user=by, since__lte=reset.asked_at).exists()


def _used_since(user, reset):
    """True if a factor let its owner in after the request; its stamps are in real time."""
    asked = reset.asked_at - clock.offset()
    return user.authenticator_set.filter(last_used_at__gt=asked).exists()


def _end(reset, at):
    reset.ended_at = at
    reset.save(update_fields=["ended_at"])


def _mail(reset, name, to):
    outbox.queue_message(f"{name}_mail", reset.pk, to=to.email, key=f"{name}-{reset.pk}-{to.pk}")


def _journal(reset, verb, by, at):
    journal.append(journal.portal_chain().pk, verb, by=by, at=at, user=reset.user_id, reset=reset.pk)
