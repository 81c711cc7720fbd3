"""What the second stage shows on pages above it: next things to do, its part of the calendar and of the call page."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.desk import Item, signature_item
from applications.models import CaseOfficer, InterestDeclaration, Release
from hdh_portal.ground import french
from reviews import permissions
from reviews.assigning import reading as assigning
from reviews.criteria import criteria_section
from reviews.models import Rapporteur, Shortlist
from reviews.scoring import worklist


def calendar(call):
    """Steps of the calendar: `{"label", "when", "note", "from", "until"}`, instants aware."""
    window = call.evaluation
    bodies = call.rapporteur_bodies.count()
    note = ngettext("rapporteurs de %(count)s organisme", "rapporteurs de %(count)s organismes", bodies)
    return [
        {
            "label": _("Évaluation"),
            "when": french.day_range(window.opens_at, window.last_moment),
            "note": note % {"count": bodies},
            "from": window.opens_at,
            "until": window.closes_at,
        }
    ]


def call_sections(call):
    """The criteria, with all that the call says of how marks are given and compared."""
    return [criteria_section(call)]


# What a person has to do next --------------------------------------------------------------------------------------


def items(user, at):
    """The next things to do of a person in the second stage, as rapporteur and as who steers the evaluation."""
    held = Rapporteur.objects.in_office().filter(user=user).select_related("call__evaluation", "body")
    declared = InterestDeclaration.objects.values("officer")
    offices = CaseOfficer.objects.in_office().filter(user=user, power="manager", pk__in=declared)
    found = [_rapporteur_item(one, at) for one in held]
    found += [_steering_item(one, at) for one in offices.select_related("call__evaluation", "body")]
    return [item for item in found if item is not None]


def _rapporteur_item(rapporteur, at):
    """The sheets that are expected of a rapporteur while the window is open."""
    window = rapporteur.call.evaluation
    if not window.is_open(at):
        return None
    counts = worklist.counts(rapporteur)
    if not counts.left:
        return None
    title = ngettext("%(count)s fiche est attendue de vous", "%(count)s fiches sont attendues de vous", counts.left) % {
        "count": french.number(counts.left)
    }
    text = _("Vous en avez envoyé %(sent)s sur %(all)s.") % {"sent": counts.sent, "all": counts.all}
    url = reverse("reviews:worklist", args=[rapporteur.call.slug])
    return Item(title, text, url, _("Ouvrir ma liste"), window.closes_at)


def _steering_item(officer, at):
    """What waits for a manager: the assignments, the shortlist to freeze, the shortlist to tell."""
    call, window = officer.call, officer.call.evaluation
    done = set(Release.objects.filter(call=call, confirmed_at__isnull=False).values_list("stage", flat=True))
    if Release.Stage.ADMISSIBILITY not in done or Release.Stage.SHORTLIST in done:
        return None
    if not permissions.can_steer(officer, call):
        return None
    if not window.is_over(at):
        return _assignment_item(call, window)
    url = reverse("reviews:shortlist", args=[call.slug])
    signed = Shortlist.objects.filter(call=call)
    if not signed.filter(confirmed_at__isnull=False).exists():
        text = _(
            "L’évaluation est close. Deux personnes figent la liste que la règle propose, ou qu’elles ont corrigée."
        )
        return signature_item(signed, officer, _("figer la présélection"), text, url)
    text = _("La liste est figée. Deux personnes signent, puis tous les candidats l’apprennent ensemble.")
    url = reverse("applications:release_preview", args=[call.slug, "preselection"])
    signed = Release.objects.filter(call=call, stage=Release.Stage.SHORTLIST)
    return signature_item(signed, officer, _("communiquer la présélection"), text, url)


def _assignment_item(call, window):
    proposal = assigning.proposal(call)
    if not proposal.pairs and not proposal.short:
        return None
    url = reverse("reviews:assignment_list", args=[call.slug])
    if proposal.pairs:
        text = _("Une répartition est proposée. Relisez-la, puis confirmez-la\u00a0: les rapporteurs en sont avertis.")
        return Item(_("confirmer la répartition"), text, url, _("Relire la répartition"), window.closes_at)
    title = ngettext(
        "%(count)s dossier attend des rapporteurs", "%(count)s dossiers attendent des rapporteurs", proposal.short
    ) % {"count": french.number(proposal.short)}
    text = _("Le portail propose une répartition égale, sans lien d’intérêt, entre organismes différents.")
    return Item(title, text, url, _("Répartir les dossiers"), window.closes_at)
