"""What the third stage shows on pages above it: next things to do, its part of the calendar and of the call page."""

from dataclasses import replace

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.desk import Item, Stage, signature_item
from applications.models import Call, CaseOfficer, Release
from applications.permissions import can_manage
from hdh_portal.ground import clock, french
from jury.announcement.release import Results
from jury.deliberation.board import Board
from jury.deliberation.reading import deliberation_plan
from jury.hearings.agenda import agenda, preparation, pressing_act
from jury.models import Deliberation, Juror
from jury.permissions import OFFICES, person_at

# `{act of the deliberation: (title, text, label)}`.
DELIBERATING = {
    "record": (
        gettext_lazy("enregistrer la décision sur %(name)s"),
        gettext_lazy("L’équipe est entendue. La personne qui préside confirme ensuite."),
        gettext_lazy("Enregistrer la décision"),
    ),
    "confirm": (
        gettext_lazy("confirmer la décision sur %(name)s"),
        gettext_lazy("Vous présidez ce dossier\u00a0: relisez ce qui est enregistré, puis confirmez."),
        gettext_lazy("Relire la décision"),
    ),
    "propose": (
        gettext_lazy("signer les décisions"),
        gettext_lazy("Chaque projet a sa décision confirmée. La présidence fige ensuite l’ensemble."),
        gettext_lazy("Relire et signer"),
    ),
    "freeze": (
        gettext_lazy("figer les décisions"),
        gettext_lazy("Le secrétariat a signé l’ensemble. Relisez-le, puis figez-le\u00a0: rien ne change plus."),
        gettext_lazy("Relire et figer"),
    ),
}


def calendar(call):
    """Steps of the calendar: `{"key", "label", "when", "note", "from", "until"}`, instants aware."""
    sittings, jury = list(call.sittings.all()), call.jury
    shortlisted = call.evaluation.shortlist_size
    hearings = ngettext("%(n)s projet devant le jury", "%(n)s projets devant le jury", shortlisted)
    steps = [
        {
            "key": "hearings",
            "label": _("Auditions"),
            "when": french.day_range(sittings[0].opens_at, sittings[-1].opens_at),
            "note": hearings % {"n": shortlisted},
            "from": sittings[0].opens_at,
            "until": sittings[-1].closes_at,
        }
    ]
    announced = jury.announcement_earliest.astimezone(clock.PARIS)
    return [
        *steps,
        {
            "key": "announcement",
            "label": _("Annonce"),
            "when": french.day(jury.announcement_day),
            "note": _("des lauréats"),
            "from": announced,
            "until": announced,
        },
    ]


def call_sections(call):
    """Who sits, by seat, under the words in which the call presents its jury."""
    jurors = [juror for juror in call.jurors.select_related("field") if juror.name]
    if not jurors:
        return []
    return [
        {
            "template": "jury/_call_jury.html",
            "title": _("Le jury"),
            "anchor": "jury",
            "jurors": jurors,
            "introduction": call.jury.texts["introduction"],
        }
    ]


def items(user, at):
    """The next things to do of a person in each jury whose dossiers are known, as juror, secretary or manager."""
    return [item for call in _calls_of(user) for item in _items(person_at(call, user), at)]


def _calls_of(user):
    """Calls in which the person sits or holds the secretariat, from the release of the shortlist to the results."""
    notified = Release.objects.filter(call=OuterRef("pk"), confirmed_at__isnull=False)
    seats = Juror.objects.filter(call=OuterRef("pk"), user=user)
    offices = CaseOfficer.objects.in_office().filter(call=OuterRef("pk"), user=user, power__in=OFFICES)
    calls = Call.objects.filter(Exists(seats) | Exists(offices), Exists(notified.filter(stage=Release.Stage.SHORTLIST)))
    calls = calls.filter(~Exists(notified.filter(stage=Release.Stage.RESULTS)))
    return calls.select_related("jury").prefetch_related("window_set").order_by("pk")


def _items(person, at):
    """The act of the sittings and that of the deliberation; a hearing that is only to be prepared comes last."""
    if not person.is_known:
        return []
    found, decision = agenda(person), deliberation_item(person)
    pressing = pressing_act(found, at)
    coming = None if pressing else preparation(found)
    if coming and decision:
        coming = replace(coming, due=None)  # what is due comes first, and nobody waits for this one
    mine = [item for item in (pressing, decision, coming) if item is not None]
    return mine or [item for item in [_release_item(person, at)] if item is not None]


def _release_item(person, at):
    """The release of the results, for a manager who may sign it, once the decisions are frozen."""
    call, officer = person.call, person.officer
    frozen = Deliberation.objects.filter(call=call, confirmed_at__isnull=False)
    if officer is None or not can_manage(officer, call) or not frozen.exists():
        return None
    if at < call.jury.announcement_earliest:
        text = _("Le jury a figé ses décisions. Les résultats se publient à partir du %(at)s.")
        text %= {"at": french.instant(call.jury.announcement_earliest)}
        url = reverse("jury:announcement_preview", args=[call.slug])
        return Item(_("relire l’annonce"), text, url, _("Relire l’annonce"), None)
    text = _("Le jury a figé ses décisions. Deux personnes signent, puis tous les candidats l’apprennent ensemble.")
    url = reverse("applications:release_preview", args=[call.slug, Results.slug])
    signed = Release.objects.filter(call=call, stage=Release.Stage.RESULTS)
    return signature_item(signed, officer, _("publier les résultats"), text, url)


def deliberation_item(person):
    """What the deliberation waits for from this person, or None; managers have no part in it."""
    if not person.is_secretary and person.juror is None:
        return None
    act = Board(person, deliberation_plan(person.call)).next
    if act.name not in DELIBERATING:
        return None
    title, text, label = DELIBERATING[act.name]
    slug = person.call.slug
    if act.line is None:
        return Item(title, text, reverse("jury:deliberation", args=[slug]), label, None)
    url = reverse("jury:decision_edit", args=[slug, act.line.application.reference])
    return Item(title % {"name": act.line.submission.acronym}, text, url, label, None)


# Where the call stands ----------------------------------------------------------------------------------------------


def steering(officer, at):
    """The `Stage` of a call whose shortlist is told, for an officer of it; None before."""
    call = officer.call
    notified = set(Release.objects.filter(call=call, confirmed_at__isnull=False).values_list("stage", flat=True))
    if Release.Stage.SHORTLIST not in notified:
        return None
    if Release.Stage.RESULTS in notified:
        text = _("Toutes les équipes connaissent leur décision\u202f; l’annonce est publique.")
        page = call.get_absolute_url(), _("Voir l’appel")
        return Stage(_("décisions publiées"), None, _("Les décisions sont publiées"), text, *page)
    takes_part = officer.power in OFFICES
    found = _items(person_at(call, officer.user), at) if takes_part else []
    item = found[0] if found else None
    if takes_part:
        page = reverse("jury:sitting_list", args=[call.slug]), _("Voir les auditions")
    else:
        page = reverse("applications:check_list", args=[call.slug]), _("Voir les dossiers")
    if Deliberation.objects.filter(call=call, confirmed_at__isnull=False).exists():
        text = _("Le jury a figé ses décisions. Toutes les équipes les apprendront ensemble, à partir du %(at)s.")
        text %= {"at": french.instant(call.jury.announcement_earliest)}
        return Stage(_("publication des décisions"), item, _("Les décisions sont figées"), text, *page)
    sittings = list(call.sittings.all())
    text = _("Auditions\u00a0: %(days)s. Vous n’avez rien à faire pour l’instant.")
    text %= {"days": french.day_range(sittings[0].opens_at, sittings[-1].opens_at)}
    return Stage(_("jury"), item, _("Le jury entend les équipes présélectionnées"), text, *page)
