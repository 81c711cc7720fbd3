"""The mails that tell people what was decided on their roles and accounts."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hdh_portal.accounts.emails import ACCOUNT
from hdh_portal.ground import french
from hdh_portal.operations.models import Departure, SecondFactorReset
from hdh_portal.operations.roles import Offered
from hdh_portal.records.mail import Mail
from hdh_portal.records.renderers import renderer


@renderer("role_ended_mail", gettext_noop("Fin d’un rôle"))
def role_ended(subject):
    """To whom a role was taken: what closes, what stays, whom to ask. `subject`: id of the `Departure`."""
    departure = Departure.objects.select_related("call", "body").get(pk=subject)
    label = Offered(departure.role, departure.body, departure.seat).label
    return _mail(
        _("Votre rôle dans un appel à projets a pris fin"),
        _("Votre rôle dans l’appel «\u202f%(call)s\u202f» (%(role)s) a pris fin le %(at)s.")
        % {"call": departure.call.title, "role": label, "at": french.instant(departure.at)},
        _("Les pages de ce rôle vous sont fermées. Votre compte et vos autres rôles demeurent."),
        _("Ce que vous avez signé, envoyé ou conclu reste, à votre nom."),
        _("Pour savoir pourquoi, écrivez-nous depuis la page «\u202fContact\u202f»\u00a0:"),
        settings.HDH_BASE_URL,
    )


@renderer("factor_reset_asked_mail", ACCOUNT)
def factor_reset_asked(subject):
    """To the owner of a factor that is said to be lost. `subject`: id of the `SecondFactorReset`."""
    reset = SecondFactorReset.objects.get(pk=subject)
    return _mail(
        _("La réinitialisation de votre second facteur est demandée"),
        _("Une personne demande que votre second facteur soit réinitialisé, parce que vous l’auriez perdu."),
        _("Une autre personne doit confirmer avant le %(until)s.") % {"until": french.instant(reset.expires_at)},
        _("Si vous ne l’avez pas perdu, connectez-vous maintenant avec lui\u00a0: la demande devient sans objet."),
        settings.HDH_BASE_URL + reverse("account_login"),
        _("Prévenez-nous aussi, depuis la page «\u202fContact\u202f»\u00a0: quelqu’un parle à votre place."),
    )


@renderer("factor_reset_to_confirm_mail", ACCOUNT)
def factor_reset_to_confirm(subject):
    """To those who may confirm. `subject`: id of the `SecondFactorReset`."""
    reset = SecondFactorReset.objects.select_related("user", "asked_by").get(pk=subject)
    facts = {"who": reset.asked_by, "for": reset.user, "until": french.instant(reset.expires_at)}
    return _mail(
        _("Un second facteur est à réinitialiser à deux"),
        _("%(who)s demande que le second facteur de %(for)s soit réinitialisé, et attend votre confirmation.") % facts,
        _("Avant de confirmer, joignez vous-même la personne par un moyen que vous connaissiez déjà."),
        _("La demande se lit sur la page «\u202fPersonnes\u202f» de l’appel, et tombe le %(until)s.") % facts,
        settings.HDH_BASE_URL,
    )


@renderer("factor_reset_done_mail", ACCOUNT)
def factor_reset_done(subject):
    """To the owner of a factor that was reset. `subject`: id of the `SecondFactorReset`."""
    return _mail(
        _("Votre second facteur est réinitialisé"),
        _("Deux personnes ont réinitialisé votre second facteur. Vos connexions et codes de secours sont fermés."),
        _("À votre prochaine connexion, le portail vous demandera d’en poser un nouveau\u00a0:"),
        settings.HDH_BASE_URL + reverse("account_login"),
        _("Si vous n’avez rien demandé, changez votre mot de passe sans attendre, et écrivez-nous\u00a0:"),
        settings.HDH_BASE_URL + reverse("account_reset_password"),
    )


def _mail(title, *paragraphs):
    signature = f"{settings.HDH_PORTAL_NAME}\n{settings.HDH_OPERATORS}\n{settings.HDH_BASE_URL}"
    automatic = _("Ce message est envoyé par le portail\u202f; les réponses n’y sont pas lues.")
    return Mail(title, "\n\n".join([_("Madame, Monsieur,"), *paragraphs, automatic, signature]) + "\n")
