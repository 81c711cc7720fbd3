"""Mails of the desk."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hdh_portal.accounts.models import Invitation
from hdh_portal.desk import invitations
from hdh_portal.desk.offers import OFFERS
from hdh_portal.ground.french import long_day
from hdh_portal.records.mail import Mail
from hdh_portal.records.renderers import renderer


@renderer("invitation_mail", gettext_noop("Invitation"))
def invitation(subject):
    """The offer of a role, with its link. `subject`: id of the `Invitation`."""
    offer = Invitation.objects.select_related("body").get(pk=subject)
    facts = {
        "call": invitations.call_of(offer).title,
        "role": f"{OFFERS[offer.role].label}, {_for_whom(offer)}",
        "day": long_day(offer.expires_at),
    }
    paragraphs = [
        _("Madame, Monsieur,"),
        _("Vous êtes invité ou invitée à tenir un rôle dans l’appel à projets «\u202f%(call)s\u202f».") % facts,
        _("Rôle\u00a0: %(role)s.") % facts,
        _("Pour voir ce que ce rôle demande, puis l’accepter ou le décliner, ouvrez ce lien\u00a0:"),
        invitations.link_of(offer),
        _("L’invitation vaut pour cette adresse seulement, une fois, jusqu’au %(day)s.") % facts,
        _("Une question\u202f? Répondez à ce message\u202f: le service chargé de l’appel le lit."),
        f"{settings.HDH_PORTAL_NAME}\n{settings.HDH_OPERATORS}\n{settings.HDH_BASE_URL}",
    ]
    subject = _("Invitation à tenir un rôle dans un appel à projets")
    return Mail(subject, "\n\n".join(paragraphs) + "\n", reply_to=_reader(offer))


@renderer("manager_invited_mail", gettext_noop("Invitation d’un gestionnaire"))
def manager_invited(subject):
    """To those who manage a call: somebody is invited to manage it with them. `subject`: id of the `Invitation`."""
    offer = Invitation.objects.select_related("body").get(pk=subject)
    facts = {"call": invitations.call_of(offer).title, "body": offer.body.with_article}
    paragraphs = [
        _("Madame, Monsieur,"),
        _("Une personne est invitée à gérer avec vous l’appel «\u202f%(call)s\u202f», pour %(body)s.") % facts,
        _("Si elle accepte, elle pourra signer à deux avec vous. Les invitations se lisent sur cette page\u00a0:"),
        f"{settings.HDH_BASE_URL}{reverse('operations:person_list', args=[offer.call_slug])}?vue=invitations",
        _("Une question\u202f? Répondez à ce message\u202f: le service chargé de l’appel le lit."),
        f"{settings.HDH_PORTAL_NAME}\n{settings.HDH_OPERATORS}\n{settings.HDH_BASE_URL}",
    ]
    subject = _("Une personne est invitée à gérer l’appel avec vous")
    return Mail(subject, "\n\n".join(paragraphs) + "\n", reply_to=_reader(offer))


def _reader(offer):
    """The service that answers for the call of an invitation."""
    return invitations.call_of(offer).texts["contact"]["email"]


def _for_whom(offer):
    """The body that one acts for, or the seat that one takes."""
    if OFFERS[offer.role].needs_seat:
        return _("siège %(seat)s") % {"seat": offer.seat}
    return _("pour %(body)s") % {"body": offer.body.with_article}
