"""What the second stage shows on pages above it: next things to do, its part of the calendar and of the call page."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.desk import Item, Stage, signature_item
from applications.models import CaseOfficer, InterestDeclaration, Release
from applications.permissions import is_free_of
from applications.release.reading import is_released
from hdh_portal.ground import french
from reviews import permissions
from reviews.assigning import reading as assigning
from reviews.criteria import criteria_section
from reviews.models import Rapporteur, Shortlist
from reviews.ranking.reading import ranked
from reviews.scoring import worklist
from reviews.sheets import reading as sheets


def calendar(call):
    """Steps of the calendar: `{"key", "label", "when", "note", "from", "until"}`, instants aware."""
    window = call.evaluation
    bodies = call.rapporteur_bodies.count()
    note = ngettext("rapporteurs de %(count)s organisme", "rapporteurs de %(count)s organismes", bodies)
    return [
        {
            "key": "evaluation",
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
    """The next things to do of a person in the second stage, as rapporteur and as who manages the evaluation."""
    held = Rapporteur.objects.in_office().filter(user=user).select_related("call__evaluation", "body")
    declared = InterestDeclaration.objects.values("officer")
    offices = CaseOfficer.objects.in_office().filter(user=user, power="manager", pk__in=declared)
    found = [_rapporteur_item(one, at) for one in held]
    found += [_manager_item(one, at) for one in offices.select_related("call__evaluation", "body")]
    return [item for item in found if item is not None]


def _rapporteur_item(rapporteur, at):
    """The sheets that are expected of a rapporteur while the window is open."""
    window = rapporteur.call.evaluation
    if not window.is_open(at):
        return None
    counts = worklist.counts(rapporteur)
    if not counts.left:
        return None
    title = french.ngettext(
        "il vous reste %(count)s\u00a0fiche à remplir", "il vous reste %(count)s\u00a0fiches à remplir", counts.left
    )
    text = _("Vous en avez envoyé %(sent)s sur %(all)s.") % {"sent": counts.sent, "all": counts.all}
    url = reverse("reviews:worklist", args=[rapporteur.call.slug])
    return Item(title, text, url, _("Ouvrir ma liste"), window.closes_at)


def _manager_item(officer, at):
    """What waits for a manager: the assignments, the shortlist to freeze, the shortlist to tell."""
    call, window = officer.call, officer.call.evaluation
    done = set(Release.objects.filter(call=call, confirmed_at__isnull=False).values_list("stage", flat=True))
    if Release.Stage.ADMISSIBILITY not in done or Release.Stage.SHORTLIST in done:
        return None
    if not permissions.can_manage(officer, call):
        return None
    if not window.is_over(at):
        return _assignment_item(officer, window)
    url = reverse("reviews:shortlist", args=[call.slug])
    signed = Shortlist.objects.filter(call=call)
    if not signed.filter(confirmed_at__isnull=False).exists():
        if not is_free_of(officer.user, ranked(call)):
            return None
        text = _(
            "L’évaluation est close. Deux personnes figent la liste que la règle propose, ou qu’elles ont corrigée."
        )
        return signature_item(signed, officer, _("figer la présélection"), text, url)
    text = _("La liste est figée. Deux personnes signent, puis tous les candidats l’apprennent ensemble.")
    url = reverse("applications:release_preview", args=[call.slug, "preselection"])
    signed = Release.objects.filter(call=call, stage=Release.Stage.SHORTLIST)
    return signature_item(signed, officer, _("publier la présélection"), text, url)


def _assignment_item(officer, window):
    call = officer.call
    proposal = assigning.proposal(call, officer.user)
    if not proposal.pairs and not proposal.short:
        return _missing_item(officer, window)
    url = reverse("reviews:assignment_list", args=[call.slug])
    if proposal.pairs:
        text = _("Une répartition est proposée. Relisez-la, puis confirmez-la\u00a0: les rapporteurs en sont avertis.")
        return Item(_("confirmer la répartition"), text, url, _("Relire la répartition"), window.closes_at)
    title = ngettext(
        "%(count)s dossier attend des rapporteurs", "%(count)s dossiers attendent des rapporteurs", proposal.short
    ) % {"count": french.number(proposal.short)}
    text = _("Le portail propose une répartition égale, sans lien d’intérêts, entre organismes différents.")
    return Item(title, text, url, _("Répartir les dossiers"), window.closes_at)


def _missing_item(officer, window):
    """The sheets that are still expected, of dossiers that are open to the manager."""
    people, _bodies = sheets.loads(officer.call, officer.user)
    missing, late = sum(one.left for one in people), sum(one.left > 0 for one in people)
    if not missing:
        return None
    title = french.ngettext("suivre %(count)s\u00a0fiche attendue", "suivre %(count)s\u00a0fiches attendues", missing)
    text = french.ngettext(
        "%(count)s\u00a0personne n’a pas encore tout envoyé.",
        "%(count)s\u00a0personnes n’ont pas encore tout envoyé.",
        late,
    )
    url = reverse("reviews:sheet_list", args=[officer.call.slug])
    return Item(title, text, url, _("Suivre les fiches"), window.closes_at)


# Where the call stands ----------------------------------------------------------------------------------------------


def steering(officer, at):
    """The `Stage` of a call whose admissibility is told, for an officer of it; None before.

    What is counted is of dossiers that are open to a manager; others read how far it is, without a number.
    """
    call = officer.call
    if not is_released(call):
        return None
    window = call.evaluation
    item = _manager_item(officer, at) if permissions.can_manage(officer, call) else None
    ends = (_("Fin de l’évaluation"), window)
    dossiers = reverse("applications:check_list", args=[call.slug]), _("Voir les dossiers")
    if not permissions.can_manage(officer, call):
        if window.is_over(at):
            text = _(
                "Les gestionnaires de l’appel figent la présélection, puis toutes les équipes l’apprennent ensemble."
            )
            return Stage(_("présélection"), None, _("L’évaluation est close"), text, *dossiers, ends)
        text = _("Les rapporteurs évaluent les dossiers recevables jusqu’au %(day)s inclus.")
        text %= {"day": french.day(window.last_moment)}
        return Stage(_("évaluation"), None, _("L’évaluation est en cours"), text, *dossiers, ends)
    people, _bodies = sheets.loads(call, officer.user)
    counts = (sum(one.sent for one in people), sum(one.expected for one in people))
    missing = counts[1] - counts[0]
    figures = (
        (counts[1], french.ngettext("fiche confiée", "fiches confiées", counts[1])),
        (counts[0], french.ngettext("fiche reçue", "fiches reçues", counts[0])),
        (missing, french.ngettext("fiche qui manque", "fiches qui manquent", missing)),
    )
    if window.is_over(at):
        text = _("Vous n’avez rien à faire pour l’instant\u00a0: la suite revient à d’autres gestionnaires.")
        url = reverse("reviews:shortlist", args=[call.slug])
        title, label = _("La présélection est en cours"), _("Voir la présélection")
        return Stage(_("présélection"), item, title, text, url, label, ends, figures)
    text = _("Toutes les fiches attendues sont arrivées. La liste se fige après le %(day)s.")
    text %= {"day": french.day(window.last_moment)}
    url = reverse("reviews:sheet_list", args=[call.slug])
    title, label = _("L’évaluation est en cours"), _("Voir les fiches")
    return Stage(_("évaluation"), item, title, text, url, label, ends, figures)
